// What a commit does about removals of the bytes that it places: waits for those that are under way, and ends those that a node has abandoned.

import Glibc
import SluiceModel
import SluiceSystem

struct RemovalWait {
    private let database: any Database

    init(_ database: any Database) { self.database = database }

    /// - Returns: whether none of these blobs is being removed any more. Then their bytes have to be placed again.
    func settle(_ addresses: Set<BlobAddress>) throws(SluiceError) -> Bool {
        let deadline = ContinuousClock.now.advanced(by: RemovalTimes.patience)
        var pause: useconds_t = 1_000
        while true {
            let undone = try database.reader.removals(after: .max).filter { addresses.contains($0.address) }
            let now = WallClock.microseconds()
            var isOver = true
            for removal in undone where try !end(removal, now) { isOver = false }
            if isOver { return true }
            // Whoever removes it is dead, perhaps: other commits must not wait for that.
            let isYoung = undone.allSatisfy { $0.beganAt > now - RemovalTimes.youngFor }
            guard isYoung, ContinuousClock.now < deadline else { return false }
            usleep(pause)
            pause = min(pause * 2, 50_000)
        }
    }

    /// Ends a removal that was abandoned. Its bytes are placed again in any case, so they need not be deleted first.
    private func end(_ removal: NumberedRemoval, _ now: Int64) throws(SluiceError) -> Bool {
        guard removal.beganAt < now - RemovalTimes.abandonedAfter else { return false }
        let name = RemovalTimes.leaseName(removal.address)
        guard let lease = try database.leases.take(name, for: RemovalTimes.lease) else { return false }
        defer { database.leases.giveBack(lease) }
        try database.write("The removal of bytes cannot be noted.") { (work) throws(SluiceError) in
            try work.endRemoval(removal.number)
        }
        return true
    }
}

extension Database {
    /// Runs one unit in a transaction of its own. Blocks.
    func write<Answer: Sendable>(
        _ what: String, _ work: @escaping @Sendable (any UnitOfWork) throws(SluiceError) -> Answer
    ) throws(SluiceError) -> Answer {
        let waiting = BlockingResult<Result<Answer, SluiceError>>()
        let unit = ClosureUnit(what, placing: [], known: nil, work) { waiting.give($0) }
        do throws(CommitFailure) {
            try commit([unit])
            unit.finish(nil)
        } catch { unit.finish(error.error) }
        return try waiting.wait().get()
    }
}
