// Zips as people make them: split ones, ones with more entries than the budget, what `jar` writes, names in East Asian code pages.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

@Suite struct ZipHabitsTests {
    private static let log = Array("2026-11-21 09:00:00 INFO started\n".utf8)

    private static func inspect(_ bytes: [UInt8], _ budgets: ArchiveBudgets = ArchiveBudgets()) -> Inspection {
        AttachmentInspection().inspect(bytes.span, InspectionOrder(archives: budgets))
    }

    // MARK: Split

    /// A zip behind the mark of a split archive; all offsets count the mark.
    private static func marked(_ mark: [UInt8]) -> [UInt8] {
        var bytes = mark + ZipBuilder().file("a.log", "one\n").build()
        let end = bytes.count - 22
        let directory = Int(bytes[end + 16]) | Int(bytes[end + 17]) << 8
        bytes[end + 16] += 4
        bytes[4 + directory + 42] += 4
        return bytes
    }

    @Test(arguments: [[0x50, 0x4B, 7, 8], Array("PK00".utf8)])
    func `A split archive of one part is whole`(_ mark: [UInt8]) {
        let inspection = Self.inspect(Self.marked(mark))
        #expect(inspection.recognized.mediaType == .zip)
        #expect(inspection.recognized.basis == .proven)
        #expect(inspection.findings.map(\.code) == ["zip.split-marker"])
        #expect(inspection.manifest?.entries.map(\.name.description) == ["a.log"])
    }

    @Test func `Other bytes before the first entry stay refused`() {
        #expect(Self.inspect(Self.marked([0x50, 0x4B, 7, 9])).recognized.basis != .proven)
    }

    @Test func `The first part and the last part of several are called that`() {
        let whole = ZipBuilder().stored("a.bin", [UInt8](repeating: 200, count: 3000)).build()
        let first = [0x50, 0x4B, 7, 8] + Array(whole[..<2000])
        var numbers = SeededNumbers(seed: 11)
        let noise = (0..<5000).map { _ in UInt8.random(in: 0 ... .max, using: &numbers) }
        for part in [first, noise + ZipBuilder().file("a", "b").with { $0.disk = 2 }.build()] {
            let inspection = Self.inspect(part)
            #expect(inspection.recognized == RecognizedType(.zip, .signature))
            #expect(inspection.findings.map(\.code) == ["zip.several-disks"], "\(part.count)")
            let inside = Self.inspect(ZipBuilder().stored("x.zip", part).build())
            #expect(inside.findings.map(\.code) == ["archive.nested-damaged"])
        }
        // A whole second archive behind other bytes is two things, as before.
        let two = Self.inspect(noise + ZipBuilder().file("a", "b").build())
        #expect(two.findings.map(\.code) == ["content.second-format"])
    }

    // MARK: Budget

    @Test func `Over the entry budget the members within it are looked at, and one thing is said`() throws {
        var zip = ZipBuilder()
        for index in 0..<30 { zip = zip.file("n\(index).log", "2026-11-21 09:00:00 INFO \(index)\n") }
        let budgets = ArchiveBudgets(entries: 20)
        let inspection = Self.inspect(zip.build(), budgets)
        #expect(inspection.findings.map(\.code) == ["archive.budget-entries"])
        #expect(inspection.findings.first?.entry == nil)
        let entries = try #require(inspection.manifest).entries
        #expect(entries.count == 20)
        #expect(entries.allSatisfy { $0.text != nil })
        var hostile = ZipBuilder().stored("run", StreamSample.programContent)
        for index in 0..<30 { hostile = hostile.file("n\(index)", "x") }
        let found = Self.inspect(hostile.build(), budgets).manifest?.entries.first
        #expect(found?.recognized.mediaType.isProgram == true)
    }

    // MARK: jar

    @Test func `What jar packs is a zip, and a program only with classes`() {
        func jar(_ more: String...) -> [UInt8] {
            var zip = ZipBuilder().directory("META-INF/").file("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n")
            for name in more { zip = zip.file(name, "x") }
            return zip.build()
        }
        #expect(Self.inspect(jar("logs/server.log")).recognized.mediaType == .zip)
        #expect(Self.inspect(jar("messages", "a.png")).recognized.mediaType == .zip)
        for name in ["a/B.class", "lib/x.jar", "classes.dex"] {
            #expect(Self.inspect(jar("logs/server.log", name)).recognized.mediaType == "application/java-archive")
        }
        for resources in [jar(), jar("icon.png")] {
            #expect(Self.inspect(resources).recognized.mediaType == "application/java-archive")
        }
    }

    // MARK: Names

    /// Characters of Shift JIS, Big5 and GBK whose second byte is 0x5C.
    @Test(
        arguments: [
            [0x83, 0x5C, 0x74, 0x2E, 0x6C, 0x6F, 0x67], [0x95, 0x5C, 0x2F, 0x94, 0x5C, 0x2E, 0x74, 0x78, 0x74],
            [0xB8, 0xDB, 0xB5, 0x5C, 0x2E, 0x74], [0x97, 0x5C],
        ] as [[UInt8]])
    func `A second half of a character is no backslash`(_ name: [UInt8]) {
        #expect(!EntryPath(name, limit: ByteCount(1024)).problems.contains(.backslash))
        let inspection = Self.inspect(ZipBuilder().file(name, Self.log).build())
        #expect(!inspection.findings.contains { $0.definition.severity > .note }, "\(inspection.findings.map(\.code))")
        #expect(inspection.recognized.basis == .proven)
        #expect(inspection.manifest?.entries.first?.text != nil)
    }

    @Test(
        arguments: [
            Array("a\\b.log".utf8), Array("\u{FC}\\b.log".utf8), [0x83, 0x5C, 0x5C, 0x61], [0x61, 0x5C, 0x83, 0x5C],
        ])
    func `A backslash of its own stays one`(_ name: [UInt8]) {
        #expect(EntryPath(name, limit: ByteCount(1024)).problems.contains(.backslash))
    }

    @Test func `What could climb in any reading climbs`() {
        let name: [UInt8] = [0x83, 0x5C] + Array("..\\..\\..\\x".utf8)
        #expect(EntryPath(name, limit: ByteCount(1024)).problems.contains(.escapes))
    }
}
