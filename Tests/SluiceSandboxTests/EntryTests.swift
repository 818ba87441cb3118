// Single entries out of confined processes: whatever such a process does, nobody gets a byte more than the manifest says, nobody waits for ever,
// and an end that is told as good was one. The faults stand in Tests/StubInspector.

import Glibc
import SluiceModel
import Testing

@testable import SluiceSandbox

@Suite(.serialized, .timeLimit(.minutes(5)))
struct EntryTests {
    static func pool(jobs: Int = 2, deadline: Duration = .seconds(10)) throws -> InspectorPool {
        try InspectorPool(jobs: jobs, path: TestProgram.stub.path, deadline: deadline, allowWeak: true)
    }

    static func open(
        _ pool: InspectorPool, _ command: String, size: Int = 100_000, _ budgets: ArchiveBudgets = ArchiveBudgets()
    ) throws -> any EntryBytes {
        let attachment = try SpooledAttachment.of(command)
        let entry = try #require(EntryAddress(places: [0], size: ByteCount(size)))
        return try pool.open(entry, in: attachment.descriptor, size: attachment.size, budgets)
    }

    /// All that came before it ended, and the error's code if that was how.
    static func drain(_ open: () throws -> any EntryBytes) throws -> (bytes: [UInt8], code: String?) {
        var bytes: [UInt8] = []
        do throws(any Error) {
            let entry = try open()
            while let piece = try entry.next() {
                #expect((1...WireBounds.piece).contains(piece.count))
                bytes += piece
            }
            #expect(try entry.next() == nil)
            return (bytes, nil)
        } catch let error as SluiceError { return (bytes, error.code) }
    }

    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 3_000_000])
    func `An entry's bytes arrive whole and in order`(_ size: Int) throws {
        let pool = try Self.pool()
        let got = try Self.drain { try Self.open(pool, "entry-fine", size: size) }
        #expect(got.code == nil)
        #expect(got.bytes == (0..<size).map { UInt8(truncatingIfNeeded: $0) })
    }

    @Test(
        arguments: [
            ("entry-long", "entry.failed"), ("entry-short", "entry.failed"), ("entry-damaged", "entry.damaged"),
            ("entry-missing", "entry.missing"), ("entry-segv", "entry.failed"), ("entry-flood", "entry.failed"),
            ("entry-silent", "entry.failed"), ("entry-throw", "entry.failed"), ("entry-garbage", "entry.failed"),
            ("entry-forged", "entry.failed"), ("entry-huge", "entry.failed"), ("entry-empty", "entry.failed"),
        ])
    func `A process that lies or breaks is an error, hands out no byte too many, and the next one is served`(
        _ fault: (command: String, code: String)
    ) throws {
        let pool = try Self.pool()
        for _ in 0..<5 {
            let got = try Self.drain { try Self.open(pool, fault.command) }
            #expect(got.code == fault.code)
            #expect(got.bytes.count <= 100_000)
            #expect(try Self.drain { try Self.open(pool, "entry-fine") }.code == nil)
        }
    }

    @Test(arguments: ["entry-hang", "entry-stall"])
    func `A process that hangs is ended at the deadline`(_ command: String) throws {
        let pool = try Self.pool(deadline: .milliseconds(300))
        let start = ContinuousClock.now
        #expect(try Self.drain { try Self.open(pool, command) }.code == "entry.failed")
        #expect(start.duration(to: .now) < .seconds(20))
    }

    @Test func `Not a byte beyond the budget arrives, whatever the manifest said`() throws {
        let pool = try Self.pool()
        let got = try Self.drain {
            try Self.open(pool, "entry-fine", size: 300_000, ArchiveBudgets(expandedSize: ByteCount(150_000)))
        }
        #expect(got.code == "entry.failed")
        #expect(got.bytes.count <= 150_000)
    }

    @Test func `Whoever takes the bytes may take their time`() throws {
        let pool = try Self.pool(deadline: .milliseconds(1500))
        let entry = try Self.open(pool, "entry-fine", size: 1 << 20)
        var received = 0
        while let piece = try entry.next() {
            received += piece.count
            if received <= 4 * WireBounds.piece { usleep(500_000) }
        }
        #expect(received == 1 << 20)
    }

    @Test func `So many are read at once and no more, and one that is dropped makes room`() throws {
        let pool = try Self.pool(jobs: 1)
        var open: [any EntryBytes] = []
        for _ in 0..<4 { open.append(try Self.open(pool, "entry-fine", size: 3_000_000)) }
        #expect(try Self.drain { try Self.open(pool, "entry-fine") }.code == "entry.busy")
        open.removeLast()
        #expect(try Self.drain { try Self.open(pool, "entry-fine") }.code == nil)
        // Its end makes room too, not only its release.
        while try open[0].next() != nil {}
        open.append(try Self.open(pool, "entry-fine"))
        #expect(open.count == 4)
    }

    @Test func `Inspections go on while entries are being read`() async throws {
        let pool = try Self.pool(jobs: 1)
        let entry = try Self.open(pool, "entry-fine", size: 3_000_000)
        let attachment = try SpooledAttachment.of("fine")
        let inspection = try await pool.inspect(attachment, of: InspectorPoolTests.submission(), InspectionOrder())
        #expect(inspection.recognized.detail == "1")
        #expect(try entry.next() != nil)
    }

    // MARK: The wire

    @Test func `Messages survive the wire, and nothing else does`() throws {
        for message in [WireEntryMessage.piece([7]), .piece([UInt8](repeating: 1, count: WireBounds.piece))]
            + EntryEnding.allCases.map({ .end($0) })
        {
            let frame = message.framed(nonce: 77)
            #expect(WireFrame.length(frame[...]) == frame.count - WireFrame.prefix)
            let bytes = frame[WireFrame.prefix...]
            #expect(try WireEntryMessage(bytes, answering: 77) == message)
            #expect(throws: CodingDefect.self) { try WireEntryMessage(bytes, answering: 78) }
            #expect(throws: CodingDefect.self) { try WireEntryMessage(bytes.prefix(9), answering: 77) }
            if case .end = message {
                #expect(throws: CodingDefect.self) { try WireEntryMessage(bytes + [0], answering: 77) }
            }
        }
        let number: [UInt8] = [77, 0, 0, 0, 0, 0, 0, 0]
        for wrong in [[], [0], [2, 0], [1], [1, UInt8(EntryEnding.allCases.count)]] as [[UInt8]] {
            #expect(throws: CodingDefect.self, "\(wrong)") {
                try WireEntryMessage((number + wrong)[...], answering: 77)
            }
        }
        #expect(throws: CodingDefect.self) {
            try WireEntryMessage(
                (number + [0] + [UInt8](repeating: 1, count: WireBounds.piece + 1))[...], answering: 77)
        }
    }

    @Test func `An order for the deepest entry survives the wire and fits its bound`() throws {
        let places = [Int](repeating: Int(Int32.max), count: EntryAddress.deepest)
        let entry = try #require(EntryAddress(places: places, size: ByteCount(1 << 40)))
        let longest = FileExtension(String(repeating: "\u{10FFFF}", count: 400))
        let order = WireOrder(
            nonce: 1, size: ByteCount(5), order: InspectionOrder(declaredExtension: longest), entry: entry)
        let frame = order.framed
        #expect(frame.count <= WireBounds.order)
        #expect(try WireOrder(frame[WireFrame.prefix...]).entry == entry)
    }
}
