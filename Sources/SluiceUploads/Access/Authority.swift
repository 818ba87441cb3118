// Who may call: bearer tokens, and the roles that routes need.

package import SluiceModel

/// Knows the tokens.
package protocol Authority: Sendable {
    /// May read the store.
    /// - Parameter token: as it stands behind `Bearer`.
    /// - Returns: `nil` for a token that is unknown or revoked.
    func caller(bearing token: String) throws(SluiceError) -> Caller?
    /// The same from memory alone.
    /// - Returns: `nil` for a token that is not remembered, whatever it is.
    func remembered(bearing token: String) -> Caller?
    /// Tokens have changed: what was remembered of them may be wrong.
    func forget()
}

extension Authority {
    package func remembered(bearing token: String) -> Caller? { nil }
    package func forget() {}
}

/// Knows none.
package struct NoTokens: Authority {
    package init() {}

    package func caller(bearing token: String) throws(SluiceError) -> Caller? { nil }
}
