// The second reader: silent where both list alike, and naming the first difference where they do not (Threats, Z16, TR12).

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

@Suite struct ArchiveWitnessTests {
    private typealias Tar = TarBuilder
    private static let bytes = Tar().folder("d/").file("d/caf\u{E9}.log", "hello").symlink("d/l", to: "a").build()

    /// What the witness says about the bytes when our own reader had listed them as `change` leaves the list.
    private func difference(_ bytes: [UInt8], _ change: (inout TarStructure) -> Void) throws -> String? {
        var context = InspectionContext(InspectionOrder(), magic: MagicDatabase())
        var structure = try #require(TarStructure.read(bytes.span, &context))
        change(&structure)
        ArchiveWitness.check(structure, bytes.span, &context)
        return context.log.findings.first { $0.code == "archive.readers-disagree" }?.message
    }

    @Test func `The second reader agrees on what is there`() throws {
        #expect(try difference(Self.bytes) { _ in } == nil)
        #expect(try difference(Tar().build()) { _ in } == nil)
    }

    @Test func `Names in both unicode forms are one`() throws {
        // libarchive composes names from extended headers.
        let bytes = Tar().pax(Tar.record("path", "cafe\u{301}.log")).file("cafe.log", "x").build()
        #expect(try difference(bytes) { _ in } == nil)
    }

    @Test func `Another name is told`() throws {
        let message = try #require(try difference(Self.bytes) { $0.entries[1].name = Array("d/other.log".utf8) })
        #expect(message.contains("entry 2 is d/other.log or d/café.log"))
    }

    @Test func `Another size is told`() throws {
        let message = try #require(try difference(Self.bytes) { $0.entries[1].data = 1024..<1028 })
        #expect(message.contains("entry 2 has 4 or 5 bytes"))
    }

    @Test func `Missing and additional members are told`() throws {
        #expect(try difference(Self.bytes) { $0.entries.removeLast() }?.contains("finds more than 2") == true)
        #expect(try difference(Self.bytes) { $0.entries.append($0.entries[0]) }?.contains("4 members or 3") == true)
    }

    @Test func `It is told where the other reader stops`() throws {
        var bytes = Tar().file("a", "x").file("b", "x").build()
        var context = InspectionContext(InspectionOrder(), magic: MagicDatabase())
        let structure = try #require(TarStructure.read(bytes.span, &context))
        bytes[1024] ^= 1  // the second header's checksum
        ArchiveWitness.check(structure, bytes.span, &context)
        #expect(context.log.findings.map(\.code) == ["archive.readers-disagree"])
    }
}
