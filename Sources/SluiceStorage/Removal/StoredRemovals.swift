// Removes bytes that no row refers to. An object store has no lock that keeps a removal and a commit apart, so both agree in rows: a removal is on record
// before the bytes go, and no commit refers to bytes whose removal is on record and not done (CommitGuard.swift).

package import SluiceModel
import SluiceSystem

extension Storage {
    /// Removes a blob that no row refers to any more, and the note about it.
    func finishRemoval(of address: BlobAddress) throws(SluiceError) {
        // Kept: another node removes it just now, and the note stays until it is known to be gone.
        if try removeUnreferenced(address) == .kept { return }
        try transactionBlocking("The removal of bytes cannot be noted.") { (work) throws(SluiceError) in
            try work.finishRemoval(of: address)
        }
    }

    /// Removes a blob that no row refers to.
    /// - Parameter moment: as `BlobStore.remove` takes it.
    @discardableResult
    func removeUnreferenced(
        _ address: BlobAddress, namedBefore moment: Int64? = .max
    ) throws(SluiceError) -> BlobRemoval {
        let referenced: ReferenceCheck = { (addresses) throws(SluiceError) in try self.tickets.referenced(addresses) }
        guard database.agreesInRows(with: blobs) else {
            return try blobs.remove(address, namedBefore: moment, referenced)
        }
        let before = try blobs.remove(address, namedBefore: nil, referenced)
        guard before == .kept, let moment else { return before }
        return try underLease(on: address) { (mayDelete) throws(SluiceError) in
            let number = try transactionBlocking("The removal of bytes cannot be noted.") {
                (work) throws(SluiceError) -> Int64? in
                if try work.isReferenced(address) { return nil }
                return try work.beginRemoval(of: address, at: WallClock.microseconds())
            }
            guard let number else { return .referenced }
            return try delete(address, number, namedBefore: moment, mayDelete)
        } ?? .kept
    }

    /// Finishes what nodes have left behind that died or lost their way to a server: removals that were begun, and those that were only noted. Forgets
    /// old removals. Blocks.
    package func finishRemovals() throws(SluiceError) {
        for address in try tickets.unfinishedRemovals() { try finishRemoval(of: address) }
        guard database.agreesInRows(with: blobs) else { return }
        let now = WallClock.microseconds()
        let undone = try tickets.removals(after: .max)
        for removal in undone where removal.beganAt < now - RemovalTimes.abandonedAfter { try takeOver(removal) }
        guard try tickets.lastRemoval() > 0 else { return }
        try transactionBlocking("Old removals cannot be forgotten.") { (work) throws(SluiceError) in
            try work.forgetRemovals(before: now - RemovalTimes.remembered)
        }
    }

    private func takeOver(_ removal: NumberedRemoval) throws(SluiceError) {
        try underLease(on: removal.address) { (mayDelete) throws(SluiceError) in
            // Looked at again under the lease: it may have been ended meanwhile, and the bytes may be referred to.
            guard try tickets.removals(after: .max).contains(where: { $0.number == removal.number }) else { return }
            _ = try delete(removal.address, removal.number, namedBefore: .max, mayDelete)
        }
    }

    /// - Parameter number: of the removal, which is on record.
    private func delete(
        _ address: BlobAddress, _ number: Int64, namedBefore moment: Int64, _ mayDelete: () -> Bool
    ) throws(SluiceError) -> BlobRemoval {
        guard mayDelete() else {
            throw SluiceError(
                "store.busy", what: "Bytes that nothing refers to cannot be removed.",
                why: "Noting their removal took too long.", mend: "Nothing need be done: it is tried again later.")
        }
        let removal = try blobs.remove(address, namedBefore: moment) { (addresses) throws(SluiceError) in
            try tickets.referenced(addresses)
        }
        try transactionBlocking("The removal of bytes cannot be noted.") { (work) throws(SluiceError) in
            try work.endRemoval(number)
        }
        return removal
    }

    /// Runs `body` under the lease on an address. Where `body` fails the lease is left to run out: a deletion may be on its way to the object store yet.
    /// - Returns: `nil` where another node has the lease.
    @discardableResult
    private func underLease<Answer>(
        on address: BlobAddress, _ body: (_ mayDelete: () -> Bool) throws(SluiceError) -> Answer
    ) throws(SluiceError) -> Answer? {
        let asked = ContinuousClock.now
        guard let lease = try database.leases.take(RemovalTimes.leaseName(address), for: RemovalTimes.lease) else {
            return nil
        }
        let answer = try body { asked.duration(to: .now) < RemovalTimes.mostBeforeDeleting }
        database.leases.giveBack(lease)
        return answer
    }
}

extension Database {
    /// Whether removals and commits have to agree in rows. They need not where one machine has the store and its blobs are kept apart by a lock.
    func agreesInRows(with blobs: any BlobStore) -> Bool { !(isOfOneMachine && blobs.locksRemovals) }
}
