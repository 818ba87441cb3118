// Who may call the endpoint: tokens, what they allow, and how their text is built. Their secrets are never kept, only their digests.

/// What a token allows; each role allows what those before it allow.
public enum Role: String, Sendable, CaseIterable, Comparable {
    /// Sends attachments and reads what became of them.
    case submitter
    /// Also sees and decides what is quarantined.
    case reviewer
    /// Also makes and revokes tokens.
    case admin

    private var rank: Int { Self.allCases.firstIndex(of: self)! }
    public static func < (one: Role, other: Role) -> Bool { one.rank < other.rank }
}

/// A token as it is kept: everything but its secret. Times are microseconds since 1970, UTC.
public struct StoredToken: Sendable, Hashable {
    public var id: String
    public var role: Role
    /// The only ticket that it reaches; `nil` for all.
    public var ticket: TicketID?
    /// Whom it speaks for; attachments and quotas are booked on this name.
    public var submitter: String?
    /// Whether a submitter that is bound to no ticket sees what others sent. Without it, it sees what was sent under its own name.
    public var seesAllTickets: Bool
    public var createdAt: Int64
    /// `nil` while it is valid.
    public var revokedAt: Int64?

    public init(
        id: String, role: Role, ticket: TicketID? = nil, submitter: String? = nil, seesAllTickets: Bool = false,
        createdAt: Int64, revokedAt: Int64? = nil
    ) {
        self.id = id
        self.role = role
        self.ticket = ticket
        self.submitter = submitter
        self.seesAllTickets = seesAllTickets
        self.createdAt = createdAt
        self.revokedAt = revokedAt
    }
}

/// The text of a token: `slc_<id>_<secret>`. The beginning lets people and scanners of leaked secrets see what it is.
public struct TokenText: Sendable, Hashable {
    public static let beginning = "slc_"
    /// No token is longer (chosen: ours have 70 characters).
    public static let longest = 128

    public let id: String
    public let secret: String

    public init(id: String, secret: String) {
        self.id = id
        self.secret = secret
    }

    /// - Returns: `nil` for what no token looks like.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.longest, text.hasPrefix(Self.beginning) else { return nil }
        let pieces = text.utf8.dropFirst(Self.beginning.utf8.count).split(
            separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        guard pieces.count == 2, pieces.allSatisfy({ !$0.isEmpty && $0.allSatisfy(Self.mayHold) }) else { return nil }
        id = String(decoding: pieces[0], as: UTF8.self)
        secret = String(decoding: pieces[1], as: UTF8.self)
    }

    public var text: String { "\(Self.beginning)\(id)_\(secret)" }

    /// Lower-case letters and digits.
    private static func mayHold(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
