// What fuzzing found, each with the smallest input that shows it. All of these once trapped, hung or broke a promise.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

@Suite struct FoundByFuzzingTests {
    private static func codes(_ bytes: [UInt8]) -> [String] {
        AttachmentInspection().inspect(bytes.span, InspectionOrder()).findings.map(\.code)
    }

    /// Two members beyond the directory, behind one whose data descriptor is missing: the cursor went beyond the directory, too.
    @Test func `A missing descriptor before members beyond the directory is no way out of the archive`() {
        let zip = ZipBuilder().file("a", "abc") {
            $0.descriptor = .signature32
            $0.omitsDescriptor = true
        }.file("b", "b") { $0.centralOffset = 0x00FF_0000 }.file("c", "c") { $0.centralOffset = 0x00FF_0001 }
        let codes = Self.codes(zip.build())
        #expect(codes.contains("zip.descriptor"))
        #expect(codes.count(where: { $0 == "zip.local-header-missing" }) == 2, "\(codes)")
    }
}
