// Keeps rows from referring to bytes that another node removes. The first unit of a commit asks for removals that began after the bytes were placed, or that
// are not done; a unit whose bytes are concerned is held back, and its bytes are placed again.

import SluiceModel
import Synchronization

/// Asks for removals, as the first unit of a transaction. Units behind it ask it.
final class RemovalWatch: CommitUnit {
    let what: String
    private let placed: Set<BlobAddress>
    private let after: Int64
    private let found = Mutex<[NumberedRemoval]?>(nil)

    /// - Parameters:
    ///   - placed: the addresses whose bytes were placed.
    ///   - after: the highest number of a removal that was known before that.
    init(_ what: String, _ placed: Set<BlobAddress>, after: Int64) {
        self.what = what
        self.placed = placed
        self.after = after
    }

    func run(_ work: any UnitOfWork) throws(SluiceError) {
        let removals = try work.removals(after: after)
        found.withLock { $0 = removals }
    }

    func fail(_ error: SluiceError) { found.withLock { $0 = nil } }

    /// The highest number that the transaction saw.
    var last: Int64 { found.withLock { max(after, $0?.map(\.number).max() ?? 0) } }

    /// Of the bytes that were placed, those that may be gone; `nil` where nobody knows.
    var concerned: Set<BlobAddress>? {
        found.withLock { $0.map { Set($0.map(\.address)).intersection(placed) } }
    }
}

/// A unit that writes only where its bytes stay.
final class GuardedUnit: CommitUnit {
    let unit: any WaitingUnit
    private let watch: RemovalWatch
    private let heldBack = Mutex(false)

    init(_ unit: any WaitingUnit, _ watch: RemovalWatch) {
        self.unit = unit
        self.watch = watch
    }

    var what: String { unit.what }
    /// Nothing of it was written, and it is to be run again once its bytes are placed anew.
    var isHeldBack: Bool { heldBack.withLock { $0 } }

    func run(_ work: any UnitOfWork) throws(SluiceError) {
        let isFree = watch.concerned.map { concerned in unit.orders.allSatisfy { !concerned.contains($0.address) } }
        heldBack.withLock { $0 = isFree != true }
        guard isFree == true else { throw Self.bytesAreRemoved(what) }
        try unit.run(work)
    }

    func fail(_ error: SluiceError) { if !isHeldBack { unit.fail(error) } }

    /// What the sender is told where the removal does not end.
    static func bytesAreRemoved(_ what: String) -> SluiceError {
        SluiceError(
            "store.busy", what: what, why: "The same bytes are being removed from the store.",
            mend: "Try again in a moment.")
    }
}
