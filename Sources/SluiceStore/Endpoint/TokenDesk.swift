// Makes tokens and checks them. A secret passes through here and is not kept.

import CCrypto
public import SluiceModel

/// Tokens of one store. Every call blocks.
public struct TokenDesk: Sendable {
    private let rows: any TokenStore

    public init(_ rows: any TokenStore) { self.rows = rows }

    /// - Returns: the token's text, which is told this once and never again.
    public func create(
        _ role: Role, ticket: TicketID? = nil, submitter: String? = nil, seesAllTickets: Bool = false
    ) throws(SluiceError) -> (text: String, token: StoredToken) {
        // 60 bits tell tokens apart, 260 bits cannot be guessed; so much randomness needs no slow hash.
        let text = TokenText(id: RandomText.make(12), secret: RandomText.make(52))
        let token = StoredToken(
            id: text.id, role: role, ticket: ticket, submitter: submitter, seesAllTickets: seesAllTickets,
            createdAt: currentMicroseconds())
        try rows.add(token, secret: Self.digest(text.secret))
        return (text.text, token)
    }

    /// - Returns: the token when its secret is right and it is not revoked.
    public func check(_ text: String) throws(SluiceError) -> StoredToken? {
        guard let given = TokenText(text), let known = try rows.token(given.id) else { return nil }
        guard Self.isSame(Self.digest(given.secret), known.secret), known.token.revokedAt == nil else { return nil }
        return known.token
    }

    /// In the order in which they were made, revoked ones included.
    public func all() throws(SluiceError) -> [StoredToken] { try rows.tokens() }

    /// - Returns: false where there is no such token.
    public func revoke(_ id: String) throws(SluiceError) -> Bool { try rows.revoke(id, at: currentMicroseconds()) }

    /// What a cache of checked tokens may keep in place of the text.
    public static func digest(_ text: String) -> Digest {
        var bytes = text
        return bytes.withUTF8 { SHA256.digest(of: UnsafeRawBufferPointer($0)) }
    }

    /// In time that does not depend on where they differ (man 3 CRYPTO_memcmp).
    private static func isSame(_ one: Digest, _ other: Digest) -> Bool {
        CRYPTO_memcmp(one.bytes, other.bytes, Digest.byteCount) == 0
    }
}
