// Who a token speaks for, asked of the store and remembered for a moment: every request asks.

package import SluiceModel
package import SluiceStorage
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
        // A token that speaks for nobody speaks for itself: what it sends belongs together, and to no other.
        // Nor does one that was made when names in the form of a token's own were still taken.
        let name = found.submitter.flatMap { SubmitterName($0)?.text } ?? SubmitterName.ofToken(found.id)
        let caller = Caller(
            role: found.role, name: name, ticket: found.ticket, token: found.id, seesAllTickets: found.seesAllTickets)
        known.withLock { known in
            if known.count >= Self.most { known.removeAll(keepingCapacity: true) }
            known[digest] = Known(caller: caller, until: now.advanced(by: Self.remembered))
        }
        return caller
    }

    package func remembered(bearing token: String) -> Caller? {
        guard token.utf8.count <= TokenText.longest else { return nil }
        let digest = TokenDesk.digest(token)
        return known.withLock { $0[digest] }.flatMap { $0.until > .now ? $0.caller : nil }
    }

    package func forget() { known.withLock { $0.removeAll() } }
}
