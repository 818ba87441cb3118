// Makes tokens and checks them. A secret passes through here and is not kept.

public import SluiceModel
import SluiceSystem

/// Tokens of one store. Every call blocks.
public struct TokenDesk: Sendable {
    private let storage: Storage

    init(_ storage: Storage) { self.storage = storage }

    /// - Returns: the token's text, which is told this once and never again.
    public func create(
        _ role: Role, ticket: TicketID? = nil, submitter: String? = nil, seesAllTickets: Bool = false
    ) throws(SluiceError) -> (text: String, token: StoredToken) {
        // 60 bits tell tokens apart, 260 bits cannot be guessed; so much randomness needs no slow hash.
        let text = TokenText(id: RandomText.make(12), secret: RandomText.make(52))
        let token = StoredToken(
            id: text.id, role: role, ticket: ticket, submitter: submitter, seesAllTickets: seesAllTickets,
            createdAt: WallClock.microseconds())
        try storage.transactionBlocking("The token cannot be recorded.") { (work) throws(SluiceError) in
            try work.add(token, secret: Self.digest(text.secret))
        }
        return (text.text, token)
    }

    /// - Returns: the token when its secret is right and it is not revoked.
    public func check(_ text: String) throws(SluiceError) -> StoredToken? {
        guard let given = TokenText(text), let known = try storage.tickets.token(given.id) else { return nil }
        guard isSameSecret(Self.digest(given.secret).bytes, known.secret.bytes), known.token.revokedAt == nil else {
            return nil
        }
        return known.token
    }

    /// In the order in which they were made, revoked ones included.
    public func all() throws(SluiceError) -> [StoredToken] { try storage.tickets.tokens() }

    /// - Returns: false where there is no such token.
    public func revoke(_ id: String) throws(SluiceError) -> Bool {
        try storage.transactionBlocking("The token cannot be revoked.") { (work) throws(SluiceError) in
            try work.revokeToken(id, at: WallClock.microseconds())
        }
    }

    /// What a cache of checked tokens may keep in place of the text.
    public static func digest(_ text: String) -> Digest { Digest(sha256Of: Array(text.utf8)) }
}

extension Digest {
    package init(sha256Of bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { Digest(SHA256.bytes(of: $0))! }
    }
}

extension Storage {
    public var tokens: TokenDesk { TokenDesk(self) }
}
