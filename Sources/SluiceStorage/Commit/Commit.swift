// One commit: what is known already is answered, bytes are placed, rows are written. Which units share a commit is GroupCommit's.

import SluiceModel
import Synchronization

/// Commits groups of units, one group at a time.
final class Commit: Sendable {
    /// How often units are held back and run again before their senders are told (chosen: each needs another removal of the same bytes in between).
    private static let mostAttempts = 5

    private let database: any Database
    private let blobs: any BlobStore
    /// The highest number of a removal that an earlier commit saw; `nil` before the first one. Too low a number costs a second placing at most.
    private let lastRemoval = Mutex<Int64?>(nil)

    init(_ database: any Database, _ blobs: any BlobStore) {
        self.database = database
        self.blobs = blobs
    }

    /// Finishes every unit. A unit's answer is told only when it is durable.
    func run(_ units: [any WaitingUnit]) {
        let open: [any WaitingUnit]
        do throws(SluiceError) {
            // On one state of the rows: beginning to read costs as much as asking.
            open = try database.read { (reader) throws(SluiceError) in units.filter { !isAnswered($0, reader) } }
        } catch {
            for unit in units { unit.finish(error) }
            return
        }
        if open.isEmpty { return }
        var left = open
        for _ in 0..<Self.mostAttempts {
            left = write(left)
            if left.isEmpty { return }
        }
        for unit in left { unit.finish(GuardedUnit.bytesAreRemoved(unit.what)) }
    }

    /// Whether nothing is left to do for a unit. Then it is finished.
    private func isAnswered(_ unit: any WaitingUnit, _ reader: any StoreReader) -> Bool {
        do throws(SluiceError) {
            guard try unit.answerWithoutWriting(reader) else { return false }
            unit.finish(nil)
        } catch { unit.finish(error) }
        return true
    }

    /// Writes units and finishes them.
    /// - Returns: those that are not finished, because their bytes were removed meanwhile.
    private func write(_ units: [any WaitingUnit]) -> [any WaitingUnit] {
        let orders = Self.orders(units)
        guard !orders.isEmpty, database.agreesInRows(with: blobs) else {
            let failure = failure { () throws(SluiceError) in try write(units, placing: orders) }
            for unit in units { unit.finish(failure) }
            return []
        }
        do throws(SluiceError) {
            let placed = Set(orders.map(\.address))
            let watch = RemovalWatch(units[0].what, placed, after: try knownRemoval())
            let guarded = units.map { GuardedUnit($0, watch) }
            try write([watch] + guarded, placing: orders)
            lastRemoval.withLock { $0 = watch.last }
            let heldBack = guarded.filter(\.isHeldBack).map(\.unit)
            for one in guarded where !one.isHeldBack { one.unit.finish(nil) }
            if heldBack.isEmpty { return [] }
            let isSettled = (try? RemovalWait(database).settle(watch.concerned ?? placed)) ?? false
            if isSettled { return heldBack }
            for unit in heldBack { unit.finish(GuardedUnit.bytesAreRemoved(unit.what)) }
        } catch { for unit in units { unit.finish(error) } }
        return []
    }

    private func failure(_ body: () throws(SluiceError) -> Void) -> SluiceError? {
        do throws(SluiceError) {
            try body()
            return nil
        } catch { return error }
    }

    private func write(_ units: [any CommitUnit], placing orders: [BlobOrder]) throws(SluiceError) {
        let referenced: ReferenceCheck = { (addresses) throws(SluiceError) in
            try self.database.reader.referenced(addresses)
        }
        let placement = try blobs.place(orders, referenced)
        do throws(CommitFailure) { try database.commit(units) } catch {
            if error.isUndecided { placement.settle() } else { placement.withdraw(referenced) }
            throw error.error
        }
        placement.settle()
    }

    /// A number that no removal of bytes which are placed from now on has.
    private func knownRemoval() throws(SluiceError) -> Int64 {
        if let known = lastRemoval.withLock({ $0 }) { return known }
        return try database.reader.lastRemoval()
    }

    /// Each blob once.
    private static func orders(_ units: [any WaitingUnit]) -> [BlobOrder] {
        var seen: Set<BlobAddress> = []
        return units.flatMap(\.orders).filter { seen.insert($0.address).inserted }
    }
}
