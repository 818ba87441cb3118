// Two nodes over one store: keys, holds, decisions and quotas mean the same on both. A node here is what a process has: its own commits, its own memory.

import SluiceModel
import SluicePipeline
import SluiceStorage
import SluiceSystem
import SluiceTestSupport
import Synchronization
import Testing

@testable import SluiceFiles
@testable import SluiceServer
@testable import SluiceUploads

private struct Pair {
    let first: Storage
    let second: Storage
    let bytes = MemoryPartialBytes()

    init(leases: any Leases = LocalLeases()) {
        let (rows, blobs, bytes) = (MemoryDatabase(leases: leases), MemoryBlobStore(), bytes)
        (first, second) = (
            Storage(rows, blobs: blobs, spool: MemorySpool(), partialBytes: bytes, pacing: .prompt),
            Storage(rows, blobs: blobs, spool: MemorySpool(), partialBytes: bytes, pacing: .prompt)
        )
    }

    func close() {
        first.close()
        second.close()
    }

    func uploads(_ node: Storage) -> ResumableUploads {
        ResumableUploads(partials: node.partials, bytes: bytes, node.leases)
    }
}

struct TwoNodesTests {
    private static let caller = Caller(role: .submitter, name: "ann", token: "t1")
    private static let submission = Submission(
        declaredName: DeclaredName("a.log"), ticket: TicketID("T-1")!, submitter: "ann", source: .endpoint)
    private static let request = Digest([UInt8](repeating: 1, count: 32))!

    @Test("The same key on two nodes at once: one works on it, the others get its answer; another request conflicts")
    func keys() async throws {
        let nodes = Pair()
        let keys = [nodes.first, nodes.second].map { IdempotencyKeys($0.answers, $0.leases) }
        let answers = try await withThrowingTaskGroup(of: (isMine: Bool, body: String?).self) { tasks in
            for number in 0..<10 {
                tasks.addTask {
                    let keys = keys[number % 2]
                    switch try await keys.claim("k", of: "a", for: Self.request) {
                    case .mine:
                        await keys.finish(
                            "k", of: "a",
                            with: KeptResponse(request: Self.request, status: 201, body: "\(number)", givenAt: 0))
                        return (true, "\(number)")
                    case .given(let answer): return (false, answer.body)
                    case .otherRequest: return (false, nil)
                    }
                }
            }
            return try await tasks.reduce(into: [(isMine: Bool, body: String?)]()) { $0.append($1) }
        }
        #expect(answers.count { $0.isMine } == 1)
        #expect(Set(answers.map(\.body)).count == 1 && answers[0].body != nil)
        let other = try await keys[1].claim("k", of: "a", for: Digest([UInt8](repeating: 2, count: 32))!)
        guard case .otherRequest = other else {
            Issue.record("\(other)")
            return
        }
        nodes.close()
    }

    @Test("A node that dies with a key is replaced once its lease has run out")
    func deadNode() async throws {
        let clock = Mutex(ContinuousClock.now)
        let nodes = Pair(leases: LocalLeases { clock.withLock { $0 } })
        let dead = IdempotencyKeys(nodes.first.answers, nodes.first.leases)
        guard case .mine = try await dead.claim("k", of: "a", for: Self.request) else {
            Issue.record("it is not mine")
            return
        }
        // Nothing extends its lease any more: the thread that did so is gone with its node.
        nodes.first.leases.close()
        let keys = IdempotencyKeys(nodes.second.answers, nodes.second.leases)
        let isTaken = Flag()
        async let claim = {
            let claim = try await keys.claim("k", of: "a", for: Self.request)
            isTaken.set()
            return claim
        }()
        clock.withLock { $0 += .seconds(9) }
        #expect(!isTaken.isSet)
        clock.withLock { $0 += .seconds(2) }
        guard case .mine = try await claim else {
            Issue.record("it is not taken over")
            return
        }
        withExtendedLifetime(dead) {}
        nodes.close()
    }

    @Test(
        "An upload is held by one node at a time, and by another one when its sender has been silent for three seconds")
    func holds() throws {
        let nodes = Pair()
        let (first, second) = (nodes.uploads(nodes.first), nodes.uploads(nodes.second))
        let id = try nodes.bytes.create()
        func take(_ uploads: ResumableUploads) throws(Problem) -> UploadHold {
            try uploads.holds.take(id) { () throws(Problem) in
                UploadHold(id, offset: ((try? nodes.bytes.size(id)) ?? .zero)?.bytes ?? 0, nodes.bytes)
            }
        }
        func write(_ hold: UploadHold) -> String {
            let outcome = Array("abc".utf8).withUnsafeBytes { raw in
                Result<Void, Problem> { () throws(Problem) in try hold.append(raw) }
            }
            return refusal { () throws(Problem) in try outcome.get() }
        }
        let held = try take(first)
        #expect(write(held) == "none")
        #expect(refusal { () throws(Problem) in try take(second) } == "423 tus.locked")
        first.holds.giveBack(held)
        let next = try take(second)
        #expect(next.offset == 3 && write(next) == "none")
        // The second node is silent from now on.
        let silent = ContinuousClock.now
        var taken: UploadHold?
        while taken == nil, silent.duration(to: .now) < .seconds(20) { taken = try? take(first) }
        #expect(taken?.offset == 6)
        #expect(write(next) == "409 tus.taken-over")
        #expect(try nodes.bytes.size(id) == ByteCount(6))
        nodes.close()
    }

    private final class CountingDecider: UploadDecider {
        let count = Mutex(0)

        private func decided() -> DecidedUpload {
            count.withLock { $0 += 1 }
            let result = IngestResult(
                decision: Decision(
                    submission: TwoNodesTests.submission, spooled: nil, size: .zero, inspection: Inspection(),
                    judgement: Judgement(
                        verdict: .rejected, category: .other,
                        ownCategory: CategoryJudgement(.other, basis: "test", confidence: 1), findings: [],
                        policyVersion: "test")), receipt: nil)
            return DecidedUpload(result: .answered(result), object: "{}")
        }

        func decide(_: Submission, _: some AttachmentBody & Sendable) async -> DecidedUpload {
            // Long enough for the others to come while it is under way.
            try? await Task.sleep(for: .milliseconds(60))
            return decided()
        }
        func decide(_: Submission, _: SpooledAttachment) async -> DecidedUpload { decided() }
    }

    @Test("A complete upload is decided once, on whatever nodes it is asked for")
    func decision() async throws {
        let nodes = Pair()
        let uploads = [nodes.uploads(nodes.first), nodes.uploads(nodes.second)]
        let partial = try uploads[0].begin(
            Self.submission, length: 0, metadata: "", caller: Self.caller, hours: 1)
        let decider = CountingDecider()
        let states = try await withThrowingTaskGroup(of: Partial.State.self) { tasks in
            for number in 0..<8 {
                tasks.addTask { try await uploads[number % 2].decide(partial, with: decider).state }
            }
            return try await tasks.reduce(into: [Partial.State]()) { $0.append($1) }
        }
        #expect(states == Array(repeating: .decided, count: 8))
        #expect(decider.count.withLock { $0 } == 1)
        nodes.close()
    }

    @Test("Of many senders on two nodes for the last bytes exactly as many are recorded as fit")
    func quota() async throws {
        let nodes = Pair()
        let stores = [nodes.first, nodes.second]
        let quotas = Quotas(ticketSize: .atMost(50), submitterSizePerDay: .unlimited)
        let ledgers = stores.map { QuotaLedger(quotas, StoredUsage($0.tickets)) }
        let told = try await withThrowingTaskGroup(of: String.self) { tasks in
            for number in 0..<20 {
                let (store, ledger) = (stores[number % 2], ledgers[number % 2])
                let reception = try store.spool.begin(limit: ByteCount(100))
                try Array("content \(number % 10) \(number / 10)".utf8).withUnsafeBytes { try reception.append($0) }
                let spooled = try reception.finish()
                let decision = Decision(
                    submission: Self.submission, spooled: spooled, size: spooled.size, inspection: Inspection(),
                    judgement: Judgement(
                        verdict: .accepted, category: .logFile,
                        ownCategory: CategoryJudgement(.logFile, basis: "test", confidence: 1), findings: [],
                        policyVersion: "test"))
                tasks.addTask {
                    do throws(SluiceError) {
                        return try await store.record(decision) { (rows) throws(SluiceError) in
                            try ledger.checkRecording(decision, in: rows)
                        }.outcome.rawValue
                    } catch {
                        let problem = Problem(error)
                        return "\(problem.status) \(problem.code) \(problem.evidence.map(\.value))"
                    }
                }
            }
            return try await tasks.reduce(into: [String]()) { $0.append($1) }
        }
        // Each has eleven bytes; four fit into fifty, and six are left.
        #expect(told.filter { $0 == "accepted" }.count == 4)
        #expect(Set(told) == ["accepted", "413 quota.ticket-size [\"6\"]"])
        #expect(try nodes.first.tickets.usage(of: TicketID("T-1")!) == Usage(attachments: 4, size: ByteCount(44)))
        // A refused attachment leaves no event.
        #expect(try nodes.first.tickets.lastEvent() == 4)
        nodes.close()
    }

    @Test("Of many uploads begun on two nodes exactly as many are begun as may be open")
    func opening() throws {
        let nodes = Pair()
        let ledger = QuotaLedger(Quotas(openUploads: .atMost(3)), StoredUsage(nodes.first.tickets))
        let uploads = [nodes.uploads(nodes.first), nodes.uploads(nodes.second)]
        let told = (0..<6).map { number in
            refusal { () throws(Problem) in
                try uploads[number % 2].begin(
                    Self.submission, length: 1, metadata: "", caller: Self.caller, hours: 1
                ) { (partial, rows) throws(SluiceError) in try ledger.checkOpening(partial, in: rows) }
            }
        }
        #expect(told == Array(repeating: "none", count: 3) + Array(repeating: "429 quota.open-uploads", count: 3))
        // What was refused has no bytes, either.
        #expect(try nodes.bytes.list().count == 3)
        nodes.close()
    }
}
