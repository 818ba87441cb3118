// The reply of a confined process that a hostile attachment may have taken over.

import SluiceModel

@testable import SluiceInspection
@testable import SluiceSandbox

extension FuzzTarget {
    /// Whatever is taken is written again to the same bytes: nothing has two spellings.
    static let wireReply = FuzzTarget(
        name: "wire", longest: 1024,
        seeds: {
            var features = TextFeatures(encoding: .utf16BigEndian)
            for (index, feature) in TextFeature.allCases.enumerated() { features[feature] = index * 1001 }
            let entry = ManifestEntry(
                name: EntryName("a/b.log"), kind: .file, size: ByteCount(12), depth: 1,
                recognized: RecognizedType(.plainText, .proven, detail: "ASCII text"), text: features)
            let full = Inspection(
                recognized: RecognizedType(.zip, .structure, detail: "2 entries — ü"), secondOpinion: "application/zip",
                manifest: Manifest(entries: [entry, entry], expandedSize: ByteCount(12)), text: features,
                findings: [
                    Finding(
                        .memberExecutable, entry: EntryName("a/b"), [.text("ELF"), .bytes([0, 255]), .number(-1)]),
                    Finding(.inspectionIncomplete, [.size(ByteCount(5)), .number(.max)]),
                ])
            return [full, Inspection()].map { message(WireReply(nonce: 7, inspection: $0)) }
        }
    ) { content, _ in
        let bytes = content.withUnsafeBufferPointer { Array($0) }
        guard let reply = try? WireReply(bytes[...], answering: order) else { return true }
        precondition(message(reply) == bytes, "a second spelling")
        // What a person would be shown of it.
        for finding in reply.inspection.findings.prefix(3) { _ = finding.message }
        return true
    }

    private static let order = InspectionOrder(archives: ArchiveBudgets(entries: 20, depth: 2))

    private static func message(_ reply: WireReply) -> [UInt8] {
        Array(reply.framed(for: order)[WireFrame.prefix...])
    }
}
