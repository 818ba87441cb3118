// Thousands of damaged files from built ones: no reader may crash or run long, and none may prove what has bytes glued to it.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

/// SplitMix64: small, seeded, the same everywhere.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

struct OfficeMutationTests {
    static var recognizers: [any Recognizer.Type] {
        [
            CompoundFileRecognizer.self, OldExcelRecognizer.self, OldWordRecognizer.self, EventLogRecognizer.self,
            PacketCaptureRecognizer.self,
        ]
    }

    static let seeds: [[UInt8]] = [
        OfficeBuilder.wordFile(template: "http://x/y.dot").stream("Macros/VBA/dir", MacroProjectTests.listing(["A"]))
            .build(),
        OfficeBuilder.excelFile(OfficeBuilder.workbook(globals: OfficeBuilder.name(Array("auto_open".utf8)))).build(),
        MacroProjectTests.file(source: "Attribute VB_Name = \"A\"\r\n").build(),
        OfficeBuilder.excelFile(OfficeBuilder.workbook(version: 0x0500), stream: "Book").with(\.sectorSize, 4096)
            .build(),
        OfficeBuilder.encryptedPackage().build(), LogBundleBuilder.capture(), LogBundleBuilder.captureNext(),
        OfficeBuilder.record(0x0409, [0, 0, 0x10, 0]) + OfficeBuilder.record(0x0042, [1, 0])
            + OfficeBuilder.record(0x000A),
    ]

    @Test func `Damaged files never break a reader`() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(state: seed)
        print("seed \(seed)")
        for round in 0..<3000 {
            var bytes = Self.seeds[round % Self.seeds.count]
            for _ in 0..<Int.random(in: 1...4, using: &generator) { Self.damage(&bytes, &generator) }
            var context = InspectionContext(InspectionOrder(), magic: MagicDatabase())
            for one in Self.recognizers where one.claims(bytes.span) { _ = one.recognize(bytes.span, &context) }
        }
    }

    private static func damage(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        guard bytes.count > 16 else { return }
        // Tables and heads are what readers go by: half of the damage is done there.
        let range = Bool.random(using: &generator) ? 0..<min(1200, bytes.count) : 0..<bytes.count
        let at = Int.random(in: range, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
        case 1:
            for index in at..<min(at + 4, bytes.count) { bytes[index] = 0xFF }
        case 2: bytes.removeSubrange(at..<min(at + Int.random(in: 1...600, using: &generator), bytes.count))
        case 3:
            bytes.insert(contentsOf: [UInt8](repeating: UInt8.random(in: 0...255, using: &generator), count: 5), at: at)
        default: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        }
    }

    @Test(arguments: [
        Array("plain text, a line\n".utf8), Array("w\0i\0d\0e\0r\0".utf8), Array("%PDF-1.4\n".utf8),
        CompoundFileTests.emptyZip,
        [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10], [0xFF, 0xD8, 0xFF, 0xE0], OfficeBuilder.excelFile().build(),
    ])
    func `Nothing glued behind a document is proven`(tail: [UInt8]) {
        for padded in [tail, tail + [UInt8](repeating: 0, count: (512 - tail.count % 512) % 512)] {
            for file in [OfficeBuilder.wordFile(), OfficeBuilder.excelFile()] {
                let answer = inspectOffice(file.with(\.trailing, padded).build())
                #expect(answer.type?.basis == .signature)
                #expect(answer.codes.contains("office.trailing-data"))
            }
        }
    }
}
