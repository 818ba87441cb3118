// The folders of one drop folder, opened together. Missing folders are made.

import Glibc
import SluiceModel
import SluiceSystem

/// The open folders.
struct DropFolderTree: Sendable {
    let root: Folder
    let input: Folder
    let outcomes: OutcomeFolders
    let claims: Folder
    /// Copies that are being made; see JudgedCopies.swift.
    let copies: Folder
    let suspects: Folder
    /// `in/` was missing: perhaps the operator meant another folder.
    let hasMadeInput: Bool

    /// - Throws: `drop.not-permitted`, `drop.io`, `drop.no-space`, `drop.busy`, `drop.other-disk`.
    /// - Parameter creating: make the drop folder itself where there is none. The folders in it are made in any case.
    init(_ path: [UInt8], creating: Bool) throws(SluiceError) {
        if creating { _ = path.withCString { mkdir($0, 0o777) } }
        root = try Folder.named(path)
        hasMadeInput = root.sighting(Array("in".utf8)) == nil
        input = try root.folder(TreePath("in"), making: true)!
        outcomes = try OutcomeFolders(in: root)
        // No other user may see claimed files.
        _ = mkdirat(root.descriptor, ".sluice", 0o700)
        claims = try root.folder(ClaimSession.place, making: true, mode: 0o700)!
        copies = try root.folder(JudgedCopies.place, making: true, mode: 0o700)!
        suspects = try root.folder(CrashSuspects.place, making: true, mode: 0o700)!
        let disks = [input, claims, copies] + OutcomeFolder.allCases.map { outcomes.root($0) }
        guard Set(disks.compactMap { $0.sighting(Array(".".utf8))?.device }).count == 1 else {
            throw .drop(
                "fstat", EXDEV, "The drop folder \(SafeText.display(path)) is spread over several file systems.")
        }
    }
}
