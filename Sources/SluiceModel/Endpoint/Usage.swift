// How much of the store one ticket or one submitter uses, and what the policy lets them use.

/// An upper limit that may be absent. Zero means zero.
public enum Quota: Sendable, Hashable {
    case unlimited
    case atMost(Int64)

    /// What is left after `used`; `nil` where there is no limit.
    public func left(_ used: Int64) -> Int64? {
        switch self {
        case .unlimited: nil
        case .atMost(let most): max(0, most - used)
        }
    }
}

/// What one ticket and one submitter may use at the endpoint.
public struct Quotas: Sendable, Hashable {
    /// Bytes and attachments of one ticket, whoever sent them.
    public var ticketSize: Quota
    public var ticketAttachments: Quota
    /// Bytes kept and attachments decided of one submitter between midnight and midnight, UTC.
    public var submitterSizePerDay: Quota
    public var submitterAttachmentsPerDay: Quota
    /// Unfinished uploads of one submitter, and the bytes that they have announced.
    public var openUploads: Quota
    public var unfinishedSize: Quota
    /// How long an unfinished upload is kept.
    public var uploadHours: Int

    /// Chosen: wide for people and for portals that send on behalf of many, and no single sender fills a disk in a day.
    public init(
        ticketSize: Quota = .atMost(10 << 30), ticketAttachments: Quota = .atMost(100_000),
        submitterSizePerDay: Quota = .atMost(10 << 30), submitterAttachmentsPerDay: Quota = .atMost(100_000),
        openUploads: Quota = .atMost(500), unfinishedSize: Quota = .atMost(4 << 30), uploadHours: Int = 24
    ) {
        self.ticketSize = ticketSize
        self.ticketAttachments = ticketAttachments
        self.submitterSizePerDay = submitterSizePerDay
        self.submitterAttachmentsPerDay = submitterAttachmentsPerDay
        self.openUploads = openUploads
        self.unfinishedSize = unfinishedSize
        self.uploadHours = uploadHours
    }
}

/// What is used.
public struct Usage: Sendable, Hashable {
    public var attachments: Int64
    public var size: ByteCount

    public init(attachments: Int64 = 0, size: ByteCount = .zero) {
        self.attachments = attachments
        self.size = size
    }
}

/// A day, counted from 1970-01-01, UTC.
public struct Day: Sendable, Hashable {
    public static let microseconds: Int64 = 86_400_000_000
    public var number: Int64

    /// - Parameter time: microseconds since 1970, UTC; not negative.
    public init(of time: Int64) { number = time / Self.microseconds }

    /// When the next one begins, in microseconds since 1970, UTC.
    public var end: Int64 { (number + 1) * Self.microseconds }
}
