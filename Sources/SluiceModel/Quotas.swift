// What the policy lets one ticket and one submitter use at the endpoint.

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
