// Evidence on its way into the rows and back.

package import SluiceModel
import SluiceSystem

extension StoredEvidence {
    /// The most that evidence expands to: a hundred thousand entries with long names (chosen).
    private static let most = 256 << 20

    /// - Parameter inspection: what the attachment was judged on.
    package init(_ inspection: Inspection) {
        self.init(version: EvidenceCoding.version, bytes: Compression.compress(EvidenceCoding.encode(inspection)))
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
        guard let expanded = Compression.expand(bytes, most: Self.most) else { throw damaged("no whole frame") }
        do throws(CodingDefect) { return try EvidenceCoding.decode(expanded, version: version) } catch {
            throw damaged("its \(error.part) is not what was written")
        }
    }
}
