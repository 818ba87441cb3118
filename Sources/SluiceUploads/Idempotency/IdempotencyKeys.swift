// Idempotency keys: who sends a request again gets the first answer again, also while the first one is still being worked on, on whatever node.
//
// Within a process those who wait are woken. Among nodes a lease says that a key is being worked on, and those who wait look again and again. A node that
// dies leaves a lease behind that runs out, and the next one works on the request.
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

    /// Of the lease on a key. It is extended while the request is worked on, so it is as long as a node may be stopped without another one taking over
    /// (chosen).
    private static let lease = Duration.seconds(10)
    /// How long a request waits for another node that works on the same (chosen: longer than the longest inspection).
    private static let patience = Duration.seconds(300)

    private struct Running {
        var request: Digest
        var lease: KeptLease?
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let store: KeptResponseDesk
    private let running = Mutex<[[String]: Running]>([:])
    private let leases: LeaseKeeper

    package init(_ store: KeptResponseDesk, _ leases: LeaseKeeper) {
        self.store = store
        self.leases = leases
    }

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
                do throws(SluiceError) {
                    if try await isTaken(key, of: caller, for: request) { return .mine }
                } catch {
                    release([caller, key])
                    throw error
                }
                // Between the first look and the claim somebody has finished.
                release([caller, key])
            }
        }
    }

    /// Takes the key among all nodes, for a request that has it in this process.
    /// - Returns: false where there is an answer by now.
    private func isTaken(_ key: String, of caller: String, for request: Digest) async throws(SluiceError) -> Bool {
        func isAnswered() throws(SluiceError) -> Bool {
            guard let given = try store.answer(to: key, of: caller) else { return false }
            return given.body != nil || given.request != request
        }
        let lease = try await leases.take(
            "key/" + Self.digest(caller, key), LeaseTerms(Self.lease), within: Self.patience, unless: isAnswered)
        guard let lease else { return false }
        // Whoever had it before keeps the answer first and then gives the right back.
        if try isAnswered() { return false }
        running.withLock { $0[[caller, key]]?.lease = lease }
        return true
    }

    /// Names of leases are short, and a key is nobody's business.
    private static func digest(_ caller: String, _ key: String) -> String {
        TokenDesk.digest("\(caller.utf8.count) \(caller) \(key)").hexadecimal
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
        let ended = running.withLock { $0.removeValue(forKey: name) }
        ended?.lease?.giveBack()
        for one in ended?.waiting ?? [] { one.resume() }
    }
}
