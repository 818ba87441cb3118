// The folders of one drop folder, opened together; those that are missing are made.

import Glibc
import SluiceModel

/// The open folders.
struct Places: Sendable {
    let root: Folder
    let input: Folder
    let outcomes: OutcomeFolders
    let claims: Folder

    /// - Throws: `drop.not-permitted`, `drop.io`, `drop.no-space`, `drop.busy`, `drop.other-disk`.
    init(_ path: [UInt8], creating: Bool = true) throws(SluiceError) {
        if creating { _ = path.withCString { mkdir($0, 0o777) } }
        root = try Folder.named(path)
        input = try root.folder(TreePath("in"), making: true)!
        outcomes = try OutcomeFolders(in: root)
        // What is claimed is for nobody else's eyes.
        _ = mkdirat(root.descriptor, ".sluice", 0o700)
        claims = try root.folder(ClaimSession.place, making: true)!
        let disks = [input, claims] + OutcomeFolder.allCases.map { outcomes.root($0) }
        guard Set(disks.compactMap { $0.sighting(Array(".".utf8))?.device }).count == 1 else {
            throw .drop(
                "fstat", EXDEV, "The drop folder \(SafeText.display(path)) is spread over several file systems.")
        }
    }
}
