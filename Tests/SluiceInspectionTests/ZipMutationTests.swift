// Thousands of damaged archives and streams: never a crash, never a hang, and the two inflaters agree. The seed is printed on failure.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

/// A small, seeded generator: the same rounds on every machine.
struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        // SplitMix64.
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }

    /// Flips, cuts, inserts or overwrites a few bytes.
    mutating func damage(_ bytes: [UInt8]) -> [UInt8] {
        var out = bytes
        for _ in 0...Int.random(in: 0..<4, using: &self) where !out.isEmpty {
            let at = Int.random(in: 0..<out.count, using: &self)
            switch Int.random(in: 0..<6, using: &self) {
            case 0: out[at] ^= 1 << UInt8.random(in: 0..<8, using: &self)
            case 1: out[at] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &self)!
            case 2: out.removeSubrange(at..<min(out.count, at + Int.random(in: 1..<9, using: &self)))
            case 3: out.insert(contentsOf: out[at..<min(out.count, at + 9)], at: at)
            case 4: for index in at..<min(out.count, at + 4) { out[index] = 0xFF }
            default: out[at] = UInt8.random(in: 0...255, using: &self)
            }
        }
        return out
    }
}

@Suite struct ZipMutationTests {
    private static let text = Array(String(repeating: "2026-11-21 09:00:00 INFO started\n", count: 30).utf8)

    private static let originals: [[UInt8]] = [
        ZipBuilder().file(Array("a.log".utf8), text).directory("d/").stored("d/b", [1, 2, 3]).build(),
        ZipBuilder().file("a", "abc") { $0.descriptor = .signature32 }.file("b", "def") { $0.descriptor = .plain64 }
            .build(),
        ZipBuilder().file("a", "abc") { $0.isZip64 = true }.with {
            ($0.isZip64, $0.comment) = (true, Array("comment".utf8))
        }.build(),
        OpenXMLBuilder.word().external("hyperlink", "https://example.org/").build(),
        OpenXMLBuilder.excel().build(),
    ]

    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func `Damaged archives are answered`(_ seed: UInt64) {
        var dice = Dice(state: seed)
        for round in 0..<500 {
            let original = Self.originals[round % Self.originals.count]
            let damaged = dice.damage(original)
            let reading = ZipReading(damaged)
            // An archive that passes without a finding has the contents that it had: no damage goes unseen but to what says nothing about them.
            if reading.severity == nil, reading.structure != nil {
                #expect(reading.expanded.count == reading.structure!.entries.count, "seed \(seed) round \(round)")
            }
            var context = InspectionContext(InspectionOrder(), magic: MagicDatabase())
            _ = OpenXMLRecognizer.recognize(damaged.span, &context)
        }
    }

    /// What one engine says about a stream, and what came out.
    private static func answer(_ stream: [UInt8], _ engine: Inflater.Engine, _ inflater: Inflater) -> (
        Inflater.Ending, [UInt8]
    ) {
        var out: [UInt8] = []
        let ending = inflater.inflate(stream.span, with: engine) { piece in
            out += piece.copy(0..<piece.count)
            return out.count < 4 << 20
        }
        return (ending, out)
    }

    @Test(arguments: [5, 6, 7] as [UInt64]) func `The two inflaters agree on damaged streams`(_ seed: UInt64) {
        var dice = Dice(state: seed)
        let inflater = Inflater()
        let streams = [
            Deflater.deflate(Self.text), Deflater.deflate([UInt8](repeating: 7, count: 300_000)),
            Deflater.storedBlock([1, 2, 3], isFinal: false) + Deflater.deflate(Self.text), Self.dynamic,
        ]
        var refused = 0
        for round in 0..<1500 {
            let stream = dice.damage(streams[round % streams.count])
            let (one, text) = Self.answer(stream, .zlib, inflater)
            let (other, otherText) = Self.answer(stream, .isal, inflater)
            switch (one, other) {
            case (.finished, _):
                #expect(one == other, "seed \(seed) round \(round)")
                // Not compared inside the macro: it would spell out the difference of long arrays.
                let isSame = text == otherText
                #expect(isSame, "seed \(seed) round \(round)")
            // ISA-L reads incomplete code sets; Inflater's opening paragraph says why that is harmless.
            case (.invalid, .finished):
                #expect(stream.count > 2 && round % streams.count == 3, "seed \(seed) round \(round)")
            case (.truncated, .finished), (.stopped, .finished): Issue.record("seed \(seed) round \(round)")
            default: refused += 1
            }
        }
        #expect(refused > 100)
    }

    /// One block with codes of its own (RFC 1951, 3.2.7), as zlib 1.2.13 writes a few letters at level 9.
    private static let dynamic: [UInt8] = [
        0x35, 0x8A, 0xC1, 0x0D, 0x00, 0x30, 0x10, 0x82, 0x66, 0x45, 0xED, 0xFE, 0x2B, 0x94, 0x34, 0xE9, 0x3D, 0x3C,
        0x25, 0x10, 0x28, 0xC6, 0xF8, 0xED, 0x10, 0xCF, 0xD1, 0x0E, 0x52, 0x9A, 0x71, 0x42, 0x56, 0xA9, 0x86, 0x2F,
        0x4C, 0xF7, 0x55, 0xB9, 0x8E, 0x9E, 0xEC, 0x02,
    ]

    @Test(arguments: Inflater.Engine.allCases) func `An inflater forgets the stream before`(_ engine: Inflater.Engine) {
        let inflater = Inflater()
        let whole = Deflater.deflate(Self.text)
        #expect(Self.answer(Array(whole.dropLast(9)), engine, inflater).0 == .truncated)
        #expect(Self.answer(whole, engine, inflater) == (.finished(consumed: whole.count), Self.text))
        // Distance 1 at the very beginning: nothing of the earlier output may be within reach.
        #expect(Self.answer([0x03, 0x02], engine, inflater).0 != .finished(consumed: 2))
        #expect(Self.answer(Self.dynamic, engine, inflater).0 == .finished(consumed: Self.dynamic.count))
    }

    @Test(arguments: Inflater.Engine.allCases) func `What follows a stream is not part of it`(_ engine: Inflater.Engine)
    {
        let inflater = Inflater()
        for tail in 0..<20 {
            let stream = Deflater.deflate(Array("abc".utf8))
            #expect(
                Self.answer(stream + Array(repeating: 0xAB, count: tail), engine, inflater).0
                    == .finished(consumed: stream.count))
        }
    }

    @Test func `Pieces are as large as promised and the check runs over all of them`() {
        let content = [UInt8](repeating: 9, count: 1_000_000)
        for engine in Inflater.Engine.allCases {
            var check = CyclicCheck()
            var sizes: [Int] = []
            let stream = Deflater.deflate(content)
            _ = Inflater().inflate(stream.span, with: engine) { piece in
                sizes.append(piece.count)
                check.add(piece)
                return true
            }
            #expect(sizes.dropLast().allSatisfy { $0 >= 64 << 10 })
            #expect(sizes.reduce(0, +) == content.count)
            #expect(check.value == CRC32.of(content))
        }
    }
}
