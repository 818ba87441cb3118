import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

/// Bytes in places of an archive that no program shows (Threats, T21), and budgets over the whole of it (T20).
@Suite struct HiddenBytesTests {
    private static let program = Array("MZ".utf8) + [UInt8](repeating: 0, count: 266)
    private static let noise = (0..<300).map { UInt8(truncatingIfNeeded: $0 * 7 + 1) }

    private func codes(_ bytes: [UInt8]) -> [String] {
        var context = InspectionContext(InspectionOrder(), magic: MagicDatabase())
        _ = ContentRecognizer.recognize(bytes.span, &context)
        return context.log.findings.map(\.code)
    }

    private func zip(_ change: (inout ZipBuilder) -> Void) -> [UInt8] {
        var zip = ZipBuilder().file(Array("app.log".utf8), TextBuilder.log(lines: 40))
        change(&zip)
        return zip.build()
    }

    private static func field(_ identifier: Int, _ data: [UInt8]) -> [UInt8] {
        littleEndian16(identifier) + littleEndian16(data.count) + data
    }

    @Test(arguments: [
        (0x4141, program, ["content.hidden-file"]), (0x4141, noise, ["content.hidden-bytes"]),
        (0x4141, [UInt8](repeating: 0, count: 300), []), (0x4141, [1, 2, 3], []),
        (0x5455, program, ["content.hidden-file"]), (0xD935, [UInt8](repeating: 0, count: 4000), []),
        (0x7875, [1, 4, 0xE8, 3, 0, 0, 4, 0xE8, 3, 0, 0], []),
        (0x000A, [0, 0, 0, 0, 1, 0, 24, 0] + [UInt8](repeating: 7, count: 24), []),
    ])
    func `Extra fields are looked at`(identifier: Int, data: [UInt8], expected: [String]) {
        let extra = Self.field(identifier, data)
        #expect(codes(zip { $0.members[0].localExtra = extra }) == expected)
        #expect(codes(zip { $0.members[0].extra = extra }) == expected)
        let both = zip {
            $0.members[0].localExtra = extra
            $0.members[0].extra = extra
        }
        #expect(codes(both) == expected)
    }

    private func gzip(_ flags: UInt8, _ fields: [UInt8]) -> [UInt8] {
        let plain = GzipBuilder().stored(TextBuilder.log(lines: 20))
        return Array(plain.prefix(3)) + [flags] + Array(plain[4..<10]) + fields + Array(plain[10...])
    }

    @Test func `The header of a gzip is looked at`() {
        #expect(codes(gzip(0, [])).isEmpty)
        #expect(codes(gzip(4, littleEndian16(Self.program.count) + Self.program)) == ["content.hidden-file"])
        #expect(codes(gzip(4, littleEndian16(6) + Array("BC".utf8) + [2, 0, 9, 9])).isEmpty)
        #expect(codes(gzip(16, Array("a comment of an honest length, nothing more".utf8) + [0])).isEmpty)
        #expect(codes(gzip(16, Array("<?php system($_GET[0]); ?>".utf8) + [0])) == ["content.hidden-file"])
    }
}

@Suite struct ExpansionBudgetTests {
    private func spent(_ members: Int, size: Int, ratio: Int, zeros: Bool = false) -> ExpansionBudget {
        var budget = ExpansionBudget(ArchiveBudgets())
        let piece = [UInt8](repeating: zeros ? 0 : 0x61, count: 1 << 20)
        for _ in 0..<members {
            var total = 0
            while total < size {
                total += piece.count
                if !budget.spend(piece.span, memberTotal: total, stored: size / ratio) { return budget }
            }
        }
        return budget
    }

    @Test func `Many members below the floor of one are a bomb together`() {
        guard case .whole(let ratio, _, let limit) = spent(24, size: 16 << 20, ratio: 1000).exhausted else {
            Issue.record("24 members of 16 MiB, 1 000 : 1")
            return
        }
        #expect(ratio == 500)
        #expect(limit == .mebibytes(64))
    }

    @Test(arguments: [(6, 16 << 20, 340), (20, 16 << 20, 20), (4, 16 << 20, 1000), (60, 1 << 20, 400)])
    func `Rotated logs that compress well are none`(members: Int, size: Int, ratio: Int) {
        #expect(spent(members, size: size, ratio: ratio).exhausted == nil)
    }

    @Test func `Holes of zeros do not count towards the whole`() {
        #expect(spent(6, size: 16 << 20, ratio: 1000, zeros: true).exhausted == nil)
        guard case .expandedSize = spent(1, size: 500 << 20, ratio: 10, zeros: true).exhausted else {
            Issue.record("500 MiB of zeros")
            return
        }
    }

    @Test func `A member past its floor is a bomb by itself`() {
        guard case .ratio = spent(1, size: 20 << 20, ratio: 1000).exhausted else {
            Issue.record("20 MiB, 1 000 : 1")
            return
        }
    }
}
