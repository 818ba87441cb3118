// What crashes leave behind: blobs without a row, names in the spool. Also what else lies beside the blobs and is not Sluice's.

import SluiceModel

struct LeftoverCheck {
    private let storage: Storage
    private let rows: any StoreReader
    private let blobs: any BlobStore
    private let log: VerificationLog
    /// Seconds since 1970: what is younger stays; `nil` removes nothing.
    private let moment: Int64?

    init(_ storage: Storage, _ log: VerificationLog, removingFrom moment: Int64?) {
        self.storage = storage
        rows = storage.tickets
        blobs = storage.blobs
        self.log = log
        self.moment = moment
    }

    /// Blobs that a shard's check found without a row.
    func checkUnreferenced() throws(SluiceError) { for blob in log.unreferenced { try check(blob) } }

    func checkNames() throws(SluiceError) {
        for area in BlobArea.allCases {
            for path in try blobs.foreignNames(in: area) {
                log.add(StoreProblem(.foreignFile, path, what: "This is no file of Sluice's."))
            }
        }
        for leftover in try blobs.sweepLeftovers(namedBefore: moment) {
            var problem = StoreProblem(
                .spoolLeftover, leftover.name, what: "A crash left this name in the spool.")
            problem.isMended = leftover.isRemoved
            log.add(problem)
        }
    }

    private func check(_ blob: VerificationLog.Unreferenced) throws(SluiceError) {
        let isMisplaced = try isMissed(blob.address)
        // Somebody's only copy is never removed.
        let removal = try storage.removeUnreferenced(blob.address, namedBefore: isMisplaced ? nil : moment)
        if removal == .referenced || removal == .missing { return }
        var what = "No row speaks of these bytes."
        if !blob.isWhole { what += " They are not whole, either." }
        if isMisplaced { what += " They belong into the other area, where they are missing." }
        var problem = StoreProblem(.unreferenced, blobs.path(of: blob.address), what: what)
        problem.isMended = removal == .removed
        log.add(problem)
    }

    /// Whether a row refers to these bytes in the other area, where they are not.
    private func isMissed(_ address: BlobAddress) throws(SluiceError) -> Bool {
        let other = BlobAddress(address.digest, in: address.area.other)
        guard try rows.isReferenced(other) else { return false }
        return try blobs.open(other) == nil
    }
}
