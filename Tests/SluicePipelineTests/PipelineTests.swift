import Foundation
import SluiceFiles
import SluiceModel
import SluicePolicy
import SluiceStorage
import Synchronization
import Testing

@testable import SluicePipeline

/// An inspector that calls everything proven plain text.
private struct AgreeableInspector: Inspector {
    func inspect(
        _ attachment: SpooledAttachment, of submission: Submission, _ order: InspectionOrder
    ) async throws(SluiceError) -> Inspection {
        Inspection(recognized: RecognizedType(.plainText, .proven))
    }
}

/// An inspector that cannot be started.
private struct AbsentInspector: Inspector {
    func inspect(
        _ attachment: SpooledAttachment, of submission: Submission, _ order: InspectionOrder
    ) async throws(SluiceError) -> Inspection {
        throw SluiceError("inspector.unavailable", what: "None.", why: "None.", mend: "None.")
    }
}

/// A recorder that counts what reaches it.
private final class CountingRecorder: Recorder {
    private let decisions = Mutex<[Decision]>([])

    var count: Int { decisions.withLock { $0.count } }

    func record(_ decision: Decision) async throws(SluiceError) -> Receipt {
        decisions.withLock { $0.append(decision) }
        return Receipt(
            outcome: Outcome(decision.judgement.verdict), attachment: "A", ticket: decision.submission.ticket!,
            digest: decision.spooled?.digest, verdict: decision.judgement.verdict, recordedAt: 1)
    }
}

/// A body that counts how much of it was asked for.
private struct CountedBody: AttachmentBody {
    let size: Int
    let counter: Counter
    var announcedSize: ByteCount?
    private var sent = 0

    init(size: Int, announced: Int?, counter: Counter) {
        self.size = size
        self.counter = counter
        announcedSize = announced.map { ByteCount($0) }
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SluiceError) -> Int {
        let count = min(buffer.count, size - sent)
        buffer.prefix(count).initializeMemory(as: UInt8.self, repeating: 0x61)
        sent += count
        counter.total.add(count, ordering: .relaxed)
        return count
    }
}

private final class Counter: Sendable {
    let total = Atomic<Int>(0)
}

@Suite struct PipelineTests {
    private let recorder = CountingRecorder()

    private func pipeline(_ inspector: any Inspector = AgreeableInspector()) -> Pipeline {
        Pipeline(spool: MemorySpool(), inspector: inspector, policy: .portal, recorder: recorder)
    }

    private func submission(_ name: String = "a.txt") -> Submission {
        Submission(declaredName: DeclaredName(name), ticket: TicketID("T-1"), source: .batch)
    }

    @Test(arguments: [(-1, Outcome.accepted), (0, .accepted), (1, .rejected)])
    func receptionStopsRightBehindTheLimitWhateverWasAnnounced(difference: Int, outcome: Outcome) async throws {
        for announced in [nil, 1, 15_728_640] as [Int?] {
            let counter = Counter()
            let body = CountedBody(size: 15_728_640 + difference, announced: announced, counter: counter)
            let answer = try await pipeline().ingest(submission(), body: body)
            #expect(answer.outcome == outcome)
            #expect(counter.total.load(ordering: .relaxed) <= 15_728_640 + 65_536)
        }
    }

    @Test func anEndlessBodyIsReadNoFurtherThanAPieceBehindTheLimit() async throws {
        let counter = Counter()
        let body = CountedBody(size: 1 << 40, announced: nil, counter: counter)
        let answer = try await pipeline().ingest(submission(), body: body)
        #expect(answer.outcome == .rejected)
        #expect(counter.total.load(ordering: .relaxed) - 15_728_640 <= 65_536)
    }

    @Test func whatTheNameOrTheAnnouncedSizeRefusesIsNotRead() async throws {
        let counter = Counter()
        let byName = try await pipeline().ingest(
            submission("a.exe"), body: CountedBody(size: 10, announced: 10, counter: counter))
        let bySize = try await pipeline().ingest(
            submission(), body: CountedBody(size: 1 << 30, announced: 1 << 30, counter: counter))
        #expect(byName.outcome == .rejected && bySize.outcome == .rejected)
        #expect(counter.total.load(ordering: .relaxed) == 0)
        #expect(recorder.count == 2)
    }

    @Test func whenNoInspectorCanBeReachedNothingIsDecided() async {
        await #expect(throws: SluiceError.self) {
            _ = try await pipeline(AbsentInspector()).ingest(submission(), body: BytesBody([1]))
        }
        #expect(recorder.count == 0)
    }

    @Test func whatIsHandedOnIsWhatWasReceived() async throws {
        let bytes = Array("hello\n".utf8)
        let answer = try await pipeline().ingest(submission(), body: BytesBody(bytes))
        let spooled = try #require(answer.decision.spooled)
        var back = [UInt8](repeating: 0, count: 64)
        #expect(pread(spooled.descriptor, &back, 64, 0) == 6)
        #expect(Array(back[..<6]) == bytes)
        #expect(spooled.digest.hexadecimal == "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03")
    }
}
