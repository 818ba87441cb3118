// How much of the store one ticket or one submitter uses. Quotas.swift says how much they may use.

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
