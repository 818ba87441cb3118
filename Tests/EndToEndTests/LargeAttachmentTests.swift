// What the larger policy allows has to fit into the confinement's limits, and what does not fit is never accepted.

import Foundation
import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceSandbox

@Suite(.serialized, .timeLimit(.minutes(10)))
struct LargeAttachmentTests {
    /// Logs of 90 MB in all, as a support bundle has them.
    @Test(arguments: ["tar", "zip"])
    func `A bundle of ninety megabytes is inspected`(format: String) throws {
        let place = try Workplace()
        let log = TextBuilder.log(lines: 12_000)
        let script = """
            set -e
            mkdir in
            copies=$((9000000 / $(stat -c %s one.log) + 1))
            for member in 0 1 2 3 4 5 6 7 8 9; do for copy in $(seq $copies); do cat one.log; done > in/service-$member.log; done
            case \(format) in tar) tar -cf bundle.tar in ;; zip) zip -q -0 -r bundle.zip in ;; esac
            rm -r in
            """
        try place.write("one.log", log)
        let made = try place.run("bash", ["-c", script])
        #expect(made.status == 0, "\(made.errors)")
        let answer = try #require(
            try place.checking(place.path("bundle.\(format)"), options: ["--policy", "bundle"]).answers().first)
        #expect(answer["outcome"] as? String == "accepted", "\(answer)")
        #expect((answer["size"] as? Int ?? 0) >= 90_000_000)
    }

    @Test func `An attachment beyond the memory is never accepted`() async throws {
        let place = try Workplace()
        let path = try place.write("large.txt", [UInt8]())
        let file = open(path, O_RDWR)
        try #require(file >= 0 && ftruncate(file, 300 << 20) == 0)
        let digest = try #require(Digest([UInt8](repeating: 0, count: Digest.byteCount)))
        let pool = try InspectorPool(jobs: 1, path: Workplace.program("sluice-inspector").path)
        let inspection = try await pool.inspect(
            SpooledAttachment(size: .mebibytes(300), digest: digest, owning: file),
            of: Submission(declaredName: DeclaredName("large.txt"), source: .batch), InspectionOrder())
        #expect(inspection.findings.map(\.code) == ["inspection.failed"])
        #expect(inspection.recognized == .unrecognized)
    }
}
