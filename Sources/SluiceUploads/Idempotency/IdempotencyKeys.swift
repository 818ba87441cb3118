// Idempotency keys: who sends a request again gets the first answer again, also while the first one is still being worked on.
//
// An answer is kept after what it speaks of, in a transaction of its own. Who is killed between the two has not answered: the same request sent again
// finds the same bytes under the same name on the ticket and is told `duplicate`, and nothing is there twice. Only the first words are lost, and
// with them that other bytes under this key are a conflict. A resumable upload that was begun there is begun again; the first one expires.

import SluiceModel
package import SluiceStorage
import Synchronization

/// Keys under which requests are being worked on, and the answers that were given.
package final class IdempotencyKeys: Sendable {
    /// How long an answer is kept.
    static let kept: Int64 = 24 * 3600 * 1_000_000
    /// A longer answer is not kept; the request is then worked on again, which adds nothing (chosen).
    private static let longest = 1 << 20

    enum Claim: Sendable {
        /// Nobody has used the key, or what was done under it failed: go on, and `finish` it.
        case mine
        case given(KeptResponse)
        case otherRequest
    }

    private struct Running {
        var request: Digest
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let store: KeptResponseDesk
    private let running = Mutex<[[String]: Running]>([:])

    package init(_ store: KeptResponseDesk) { self.store = store }

    /// Waits while a request with the same key is being worked on.
    func claim(_ key: String, of caller: String, for request: Digest) async throws(SluiceError) -> Claim {
        while true {
            if let given = try store.answer(to: key, of: caller) {
                guard given.request == request else { return .otherRequest }
                // Too long to be kept: it is worked on again.
                if given.body != nil { return .given(given) }
            }
            enum Look { case mine, other, busy }
            let look = running.withLock { running -> Look in
                guard let known = running[[caller, key]] else {
                    running[[caller, key]] = Running(request: request)
                    return .mine
                }
                return known.request == request ? .busy : .other
            }
            switch look {
            case .other: return .otherRequest
            case .busy: await wait([caller, key])
            case .mine:
                // Between the first look and the claim somebody may have finished.
                if let given = try? store.answer(to: key, of: caller), given.body != nil || given.request != request {
                    release([caller, key])
                    continue
                }
                return .mine
            }
        }
    }

    /// Ends a claim.
    /// - Parameter answer: `nil` when there is none that would be given again.
    func finish(_ key: String, of caller: String, with answer: KeptResponse?) async {
        if var answer {
            if let body = answer.body, body.utf8.count > Self.longest { answer.body = nil }
            // The attachment is recorded; without its answer the same request adds nothing either.
            try? await store.keep(answer, to: key, of: caller)
        }
        release([caller, key])
    }

    private func wait(_ name: [String]) async {
        await withCheckedContinuation { me in
            let isOver = running.withLock { running in
                guard running[name] != nil else { return true }
                running[name]!.waiting.append(me)
                return false
            }
            if isOver { me.resume() }
        }
    }

    private func release(_ name: [String]) {
        let waiting = running.withLock { $0.removeValue(forKey: name)?.waiting ?? [] }
        for one in waiting { one.resume() }
    }
}
