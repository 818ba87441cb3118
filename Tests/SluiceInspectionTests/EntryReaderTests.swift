// Single entries: what is handed out for a line of the manifest is what was put into the archive under that name, and nothing that is broken,
// encrypted or too much comes out as whole.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

@Suite struct EntryReaderTests {
    private static func extract(
        _ address: EntryAddress, _ bytes: [UInt8], _ order: InspectionOrder = InspectionOrder()
    ) -> (ending: EntryEnding, bytes: [UInt8]) {
        var out: [UInt8] = []
        let ending = AttachmentInspection().extract(address, from: bytes.span, order) { piece in
            piece.withUnsafeBufferPointer { out += $0 }
        }
        return (ending, out)
    }

    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private static let log = bytes(
        (0..<4000).map { "2024-02-29 12:00:\($0 % 60) INFO request \($0) served\n" }.joined())
    private static let noise: [UInt8] = {
        var numbers = SeededNumbers(seed: 5)
        return (0..<200_000).map { _ in UInt8.random(in: 0 ... .max, using: &numbers) }
    }()

    /// Archives, and what lies in each under which name.
    private struct Sample: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let content: [String: [UInt8]]
    }

    private static let samples: [Sample] = {
        let zip = ZipBuilder().file("a.log", "first\n").directory("d/").stored("d/b.bin", noise)
            .file(bytes("d/c.log"), log).symlink("d/link", to: "c.log").file("e.txt", "").build()
        let inZip = ["a.log": bytes("first\n"), "d/b.bin": noise, "d/c.log": log, "e.txt": []]
        let tar = TarBuilder().folder("t").file("t/x.log", "x\n").entry("t/y.bin", noise)
            .symlink("t/l", to: "x.log").pax(TarBuilder.record("path", "t/long.log")).entry("t/short", log).build()
        let inTar = ["t/x.log": bytes("x\n"), "t/y.bin": noise, "t/long.log": log]
        let tgz = GzipBuilder().stored(tar)
        let gz = GzipBuilder(name: "plain.log").stored(log)
        let word = OpenXMLBuilder.word().build()
        func under(_ name: String, _ content: [String: [UInt8]]) -> [String: [UInt8]] {
            Dictionary(uniqueKeysWithValues: content.map { ("\(name)!/\($0)", $1) })
        }
        let nested = ZipBuilder().file("first.txt", "1").file(bytes("in.zip"), zip).stored("in.tar", tar)
            .file("middle.txt", "2").stored("in.tgz", tgz).file(bytes("in.gz"), gz).stored("w.docx", word)
            .file("last.txt", "3").build()
        var inNested = [
            "first.txt": bytes("1"), "in.zip": zip, "in.tar": tar, "middle.txt": bytes("2"), "in.tgz": tgz,
            "in.gz": gz, "in.gz!/plain.log": log, "w.docx": word, "last.txt": bytes("3"),
        ]
        for more in [under("in.zip", inZip), under("in.tar", inTar), under("in.tgz", inTar)] {
            inNested.merge(more) { _, new in new }
        }
        let tarOfTar = TarBuilder().file("0.txt", "0").entry("n.tar", tar).build()
        return [
            Sample(testDescription: "zip", bytes: zip, content: inZip),
            Sample(testDescription: "tar", bytes: tar, content: inTar),
            Sample(testDescription: "tar.gz", bytes: tgz, content: inTar),
            Sample(testDescription: "gz", bytes: gz, content: ["plain.log": log]),
            Sample(testDescription: "gz of noise", bytes: GzipBuilder().stored(noise), content: ["content": noise]),
            Sample(testDescription: "gz in gz", bytes: GzipBuilder().stored(gz), content: ["plain.log": log]),
            Sample(
                testDescription: "gz of a docx", bytes: GzipBuilder(name: "w.docx").stored(word),
                content: ["w.docx": word]),
            Sample(
                testDescription: "gz of a broken tar",
                bytes: GzipBuilder(name: "t.tar").stored(Array(tar.dropLast(1500))),
                content: ["t.tar": Array(tar.dropLast(1500))]),
            Sample(
                testDescription: "tar in tar", bytes: tarOfTar,
                content: under("n.tar", inTar).merging(["0.txt": bytes("0"), "n.tar": tar]) { _, new in new }),
            Sample(testDescription: "everything nested", bytes: nested, content: inNested),
        ]
    }()

    @Test(arguments: samples)
    private func `Every file of a manifest comes out as it was put in`(_ sample: Sample) throws {
        let inspected = AttachmentInspection().inspect(sample.bytes.span, InspectionOrder())
        let entries = try #require(inspected.manifest).entries
        var seen: [String: [UInt8]] = [:]
        for index in entries.indices where entries[index].kind == .file {
            let address = try #require(EntryAddress(index, in: entries))
            let got = Self.extract(address, sample.bytes)
            #expect(got.ending == .complete, "\(entries[index].name)")
            #expect(Int64(got.bytes.count) == entries[index].size.bytes, "\(entries[index].name)")
            seen[entries[index].name.description] = got.bytes
        }
        #expect(seen.keys.sorted() == sample.content.keys.sorted())
        for (name, content) in sample.content { #expect(seen[name] == content, "\(name)") }
    }

    @Test(
        arguments: [
            ([6], EntryEnding.missing), ([1], .missing), ([4], .missing), ([0, 0], .missing), ([2, 0], .missing),
            ([Int(Int32.max)], .missing),
        ])
    func `A place that is not there, or is no file, is missing`(_ row: (places: [Int], ending: EntryEnding)) throws {
        let address = try #require(EntryAddress(places: row.places, size: .zero))
        #expect(Self.extract(address, Self.samples[0].bytes).ending == row.ending)
    }

    private static func first(_ bytes: [UInt8], _ budgets: ArchiveBudgets = ArchiveBudgets()) throws -> EntryEnding {
        let address = try #require(EntryAddress(places: [0], size: .zero))
        return extract(address, bytes, InspectionOrder(archives: budgets)).ending
    }

    @Test func `What cannot be read is told apart from what is broken`() throws {
        let plain = ZipBuilder()
        #expect(try Self.first(plain.file("a", "text") { $0.flags = 1 }.build()) == .unreadable)
        let packed = plain.file("a", "text") {
            $0.method = 12
            $0.stored = [1, 2, 3]
        }
        #expect(try Self.first(packed.build()) == .unreadable)
        let wrongCheck = plain.file("a", "text") { ($0.localCRC, $0.centralCRC) = (5, 5) }
        #expect(try Self.first(wrongCheck.build()) == .damaged)
        let noStream = plain.file("a", "text") { $0.stored = [0xFF, 0xFF] }
        #expect(try Self.first(noStream.build()) == .damaged)
        #expect(try Self.first(GzipBuilder(checkOffBy: 1).stored(Self.log)) == .damaged)
        #expect(try Self.first(GzipBuilder(checkOffBy: 1).stored(Self.samples[1].bytes)) == .damaged)
        for noArchive in [Self.log, [], Self.samples[0].bytes.dropLast(8), OpenXMLBuilder.word().build()] {
            #expect(try Self.first(Array(noArchive)) == .missing)
        }
    }

    @Test func `Budgets hold as they do for an inspection`() throws {
        let big = [UInt8](repeating: 0x41, count: 1 << 20)
        let zip = ZipBuilder().file(Self.bytes("a"), big).build()
        let tar = TarBuilder().entry("a", big).build()
        let gzip = GzipBuilder().stored(big)
        let limited = ArchiveBudgets(expandedSize: ByteCount(1 << 19))
        let steep = ArchiveBudgets(ratio: 10, ratioFloor: ByteCount(1 << 16))
        for archive in [zip, tar, gzip] {
            #expect(try Self.first(archive) == .complete)
            #expect(try Self.first(archive, limited) == .overBudget)
            #expect(try Self.first(archive, ArchiveBudgets(depth: 0)) == .missing)
        }
        #expect(try Self.first(zip, steep) == .overBudget)
        // Held on the way inward, and so bounded by what may be held.
        let outer = ZipBuilder().file(Self.bytes("in.zip"), zip).build()
        let inner = try #require(EntryAddress(places: [0, 0], size: .zero))
        #expect(Self.extract(inner, outer).ending == .complete)
        let narrow = ArchiveBudgets(heldMember: ByteCount(100))
        #expect(Self.extract(inner, outer, InspectionOrder(archives: narrow)).ending != .complete)
        #expect(Self.extract(inner, outer, InspectionOrder(archives: ArchiveBudgets(depth: 1))).ending == .missing)
    }

    @Test func `Mutated archives never hand out more than the budget, and never crash`() throws {
        let budgets = ArchiveBudgets(expandedSize: .mebibytes(2))
        for (index, sample) in Self.samples.enumerated() where sample.bytes.count < 1 << 20 {
            for places in [[0], [2], [1, 0], [4, 2]] {
                let address = try #require(EntryAddress(places: places, size: .zero))
                mutate(sample.bytes, rounds: 40, seed: UInt64(100 + index)) { bytes in
                    let got = Self.extract(address, bytes, InspectionOrder(archives: budgets))
                    #expect(got.bytes.count <= 3 << 20)
                }
            }
        }
    }
}
