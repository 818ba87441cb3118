// Who a token speaks for, asked of the store and remembered for a moment: every request asks.

package import SluiceModel
package import SluiceStore
import Synchronization

/// Tokens of the ticket store.
package final class TokenAuthority: Authority {
    /// How long a token that was right is not asked for again: a token that another process revokes opens nothing after that (chosen).
    static let remembered = Duration.seconds(5)
    /// Tokens that are remembered (chosen: a few megabytes at most).
    private static let most = 4096

    private struct Known {
        let caller: Caller
        let until: ContinuousClock.Instant
    }

    private let desk: TokenDesk
    /// By digest: no secret stays in memory. Only tokens that were right.
    private let known = Mutex<[Digest: Known]>([:])

    package init(_ desk: TokenDesk) { self.desk = desk }

    package func caller(bearing token: String) throws(SluiceError) -> Caller? {
        guard token.utf8.count <= TokenText.longest else { return nil }
        let digest = TokenDesk.digest(token)
        let now = ContinuousClock.now
        if let known = known.withLock({ $0[digest] }), known.until > now { return known.caller }
        guard let found = try desk.check(token) else { return nil }
        let caller = Caller(role: found.role, name: found.submitter, ticket: found.ticket, token: found.id)
        known.withLock { known in
            if known.count >= Self.most { known.removeAll(keepingCapacity: true) }
            known[digest] = Known(caller: caller, until: now.advanced(by: Self.remembered))
        }
        return caller
    }

    package func forget() { known.withLock { $0.removeAll() } }
}
