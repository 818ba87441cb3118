// Evidence on its way into the rows and back.

package import SluiceModel
import SluiceSystem

extension StoredEvidence {
    /// The most that evidence expands to: a hundred thousand entries with long names (chosen).
    private static let most = 256 << 20

    /// The first byte of what is kept: how the rest has to be read.
    private enum Form: UInt8 { case plain, compressed }
    /// Up to here evidence is kept as it is: that of a small log has some 200 bytes, and compressing it took longer than everything else about it.
    private static let plainUpTo = 288

    /// - Parameter inspection: what the attachment was judged on.
    package init(_ inspection: Inspection) {
        let encoded = EvidenceCoding.encode(inspection)
        let isPlain = encoded.count <= Self.plainUpTo
        let form: Form = isPlain ? .plain : .compressed
        self.init(
            version: EvidenceCoding.version,
            bytes: [form.rawValue] + (isPlain ? encoded : Compression.compress(encoded)))
    }

    /// - Returns: `nil` for a version that this program does not know.
    /// - Throws: `store.damaged` where the bytes are not what the program has written.
    package func inspection() throws(SluiceError) -> Inspection? {
        func damaged(_ cause: String) -> SluiceError {
            SluiceError(
                "store.damaged", what: "The evidence of an attachment cannot be read.",
                why: "The ticket store's database is damaged.",
                mend: "Run `sluice verify`; restore sluice.sqlite from a backup.", cause: cause)
        }
        guard version == EvidenceCoding.version else { return nil }
        guard let form = bytes.first.flatMap({ Form(rawValue: $0) }) else { throw damaged("no form") }
        let kept = Array(bytes.dropFirst())
        let encoded = form == .plain ? kept : Compression.expand(kept, most: Self.most)
        guard let encoded else { throw damaged("no whole frame") }
        do throws(CodingDefect) { return try EvidenceCoding.decode(encoded, version: version) } catch {
            throw damaged("its \(error.part) is not what was written")
        }
    }
}
