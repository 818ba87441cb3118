// The fuzz targets in a short form, in the build with all checks; Scripts/fuzz runs them at length.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

@Suite struct FuzzTargetTests {
    /// OpenXML is reached through the zip recognizer, so it has a target but no place in that list.
    @Test func `Every recognizer has a target`() {
        let targeted = Set(FuzzTarget.all.flatMap { $0.recognizers.map { ObjectIdentifier($0) } })
        for recognizer in ContentRecognizer.recognizers {
            #expect(targeted.contains(ObjectIdentifier(recognizer)), "\(recognizer) is not fuzzed")
        }
        #expect(Set(FuzzTarget.all.map(\.name)).count == FuzzTarget.all.count)
    }

    @Test(arguments: FuzzTarget.all.map(\.name)) func `Seeds reach their reader`(_ name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let ground = FuzzGround(isDeep: true)
        for (index, seed) in target.seeds().enumerated() {
            let isTaken = target.run(seed.span, ground)  // the macros cannot take a span
            #expect(isTaken, "seed \(index)")
        }
    }

    /// The parts that the OpenXML target packs are a document to the reader, not only a zip.
    @Test func `Packed parts are documents`() {
        for (builder, type) in [(OpenXMLBuilder.word(), MediaType.wordOpenXML), (.excel(), .excelOpenXML)] {
            let package = StoredZip.package(StoredZip.parts(of: builder).span)
            let inspection = AttachmentInspection().inspect(package.span, InspectionOrder())
            #expect(inspection.recognized.mediaType == type)
            #expect(inspection.recognized.basis == .proven, "\(inspection.findings.map(\.code))")
        }
    }

    @Test func `Mended checksums are right`() throws {
        var tar = TarBuilder().file("a", "x").build()
        let untouched = ChecksumMending.tar(tar.span)
        #expect(untouched == nil)
        tar[0] = UInt8(ascii: "b")
        let mendedTar = ChecksumMending.tar(tar.span)
        let mended = try #require(mendedTar)
        let holds = TarHeader.checksumHolds(mended.span, at: 0)
        #expect(holds)

        let zip = ZipBuilder().stored("a", [1, 2]).build()
        let broken = ZipBuilder().stored("a", [1, 2]) { ($0.localCRC, $0.centralCRC) = (1, 2) }.build()
        let (whole, again) = (ChecksumMending.zip(zip.span), ChecksumMending.zip(broken.span))
        #expect(whole == nil)
        #expect(again == zip)
    }

    /// Only the targets whose readers have no such test of their own beside their other tests.
    @Test(arguments: ["openxml", "text", "path", "deflate", "entry", "bundle", "multipart", "stream", "foreign"])
    func `Mutations keep the promises`(
        _ name: String
    ) throws {
        let target = try #require(FuzzTarget.named(name))
        let seed = UInt64.random(in: 0 ... .max)
        print("\(name): seed \(seed)")
        var numbers = SeededNumbers(seed: seed)
        let ground = FuzzGround(isDeep: false)
        let seeds = target.seeds()
        for round in 0..<2000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 1...4, using: &numbers) where !bytes.isEmpty {
                let at = Int.random(in: 0..<bytes.count, using: &numbers)
                switch Int.random(in: 0..<5, using: &numbers) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &numbers)
                case 1: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
                case 2: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...40, using: &numbers)))
                case 3: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 40)], at: at)
                default:
                    for index in at..<min(at + 4, bytes.count) { bytes[index] = 0xFF }
                }
            }
            _ = target.run(bytes.span, ground)
        }
    }
}
