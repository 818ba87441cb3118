// How much of something each caller has at one moment: bytes in the spool, entries that are being read. Bounded by caller, so that one cannot take all.

import Synchronization

/// Amounts by caller.
package final class Shares: Sendable {
    private let mostOfCaller: Int64
    private let amounts = Mutex<[String: Int64]>([:])

    package init(mostOfCaller: Int64) { self.mostOfCaller = mostOfCaller }

    /// An empty share, to be enlarged.
    package func share(of caller: String) -> Share { Share(self, caller) }

    /// What this caller has now.
    package func amount(of caller: String) -> Int64 { amounts.withLock { $0[caller] ?? 0 } }

    fileprivate func add(_ amount: Int64, of caller: String) -> Bool {
        amounts.withLock { amounts in
            let sum = (amounts[caller] ?? 0) + amount
            guard amount <= 0 || sum <= mostOfCaller else { return false }
            amounts[caller] = sum > 0 ? sum : nil
            return true
        }
    }
}

/// One request's part of what its caller has. Given back when this object goes. Used by one thread at a time.
package final class Share: @unchecked Sendable {
    private let shares: Shares
    private let caller: String
    // guarded by: whoever holds this object, one thread at a time.
    private var amount: Int64 = 0

    fileprivate init(_ shares: Shares, _ caller: String) {
        self.shares = shares
        self.caller = caller
    }

    deinit { _ = shares.add(-amount, of: caller) }

    /// - Returns: false where the caller would have too much.
    package func enlarge(by more: Int64) -> Bool {
        guard shares.add(more, of: caller) else { return false }
        amount += more
        return true
    }
}
