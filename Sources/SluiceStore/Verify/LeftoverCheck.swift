// What crashes leave behind: bytes without a row, names in the spool. Also what else lies in the store's folders and is not Sluice's.

import Glibc
import SluiceModel

struct LeftoverCheck {
    private let layout: StoreLayout
    private let tickets: any TicketStore
    private let log: VerificationLog
    private let mending: Bool
    private let oldest: Int64

    init(_ layout: StoreLayout, _ tickets: any TicketStore, _ log: VerificationLog, mending: Bool, age: Duration) {
        self.layout = layout
        self.tickets = tickets
        self.log = log
        self.mending = mending
        oldest = currentMicroseconds() / 1_000_000 - age.components.seconds
    }

    func run() throws(SluiceError) {
        for area in BlobArea.allCases {
            for name in try FolderListing.names(".", at: layout.folder(area)) where !Self.isShard(name) {
                log.add(
                    StoreProblem(
                        .foreignFile, "\(StoreLayout.folderName(area))/\(SafeText.display(name))",
                        what: "This is no file of Sluice's."))
            }
        }
        // An own file description: the lock must exclude the commits of this process, too.
        let locked = try OwnedDescriptor.openFolder("spool", at: layout.root)
        for blob in log.unreferenced {
            // While this is held nobody is between naming bytes and writing their row, so no row means no row. It is given back
            // after each file: commits wait for one unlink at most.
            try FolderLock.takeExclusive(locked.number)
            defer { FolderLock.giveBack(locked.number) }
            try check(blob)
        }
        try FolderLock.takeExclusive(locked.number)
        defer { FolderLock.giveBack(locked.number) }
        for name in try FolderListing.names(".", at: layout.spool) {
            var problem = StoreProblem(
                .spoolLeftover, "spool/\(SafeText.display(name))", what: "A crash left this name in the spool.")
            problem.isMended = removeIfOld(name, at: layout.spool)
            log.add(problem)
        }
    }

    private func check(_ blob: VerificationLog.Unreferenced) throws(SluiceError) {
        if try tickets.isReferenced(blob.digest, in: blob.area) { return }
        let path = StoreLayout.blobPath(blob.digest)
        let folder = layout.folder(blob.area)
        if faccessat(folder, path, F_OK, AT_SYMLINK_NOFOLLOW) != 0 { return }
        var what = "No row speaks of these bytes."
        if !blob.isWhole { what += " They are not whole, either." }
        let isMisplaced = try isMissed(blob)
        if isMisplaced { what += " They belong into the other area, where they are missing." }
        var problem = StoreProblem(.unreferenced, "\(StoreLayout.folderName(blob.area))/\(path)", what: what)
        problem.isMended = !isMisplaced && removeIfOld(path, at: folder)
        log.add(problem)
    }

    /// Whether a row speaks of these bytes in the other area, where they are not: then this is somebody's only copy.
    private func isMissed(_ blob: VerificationLog.Unreferenced) throws(SluiceError) -> Bool {
        let other: BlobArea = blob.area == .accepted ? .quarantined : .accepted
        guard try tickets.isReferenced(blob.digest, in: other) else { return false }
        return faccessat(layout.folder(other), StoreLayout.blobPath(blob.digest), F_OK, 0) != 0
    }

    /// - Returns: whether it was removed.
    private func removeIfOld(_ path: String, at folder: CInt) -> Bool {
        var facts = stat()
        guard mending, fstatat(folder, path, &facts, AT_SYMLINK_NOFOLLOW) == 0 else { return false }
        // The time of the last change of the file's names: when it was linked, not when its bytes came.
        guard Int64(facts.st_ctim.tv_sec) <= oldest else { return false }
        return unlinkat(folder, path, 0) == 0
    }

    private static func isShard(_ name: String) -> Bool {
        let digits = Array(name.utf8)
        return digits.count == 2
            && digits.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
}
