// Leases are kept while they are in use, and no longer.

import Foundation
import SluiceModel
import SluiceTestSupport
import Synchronization
import Testing

@testable import SluiceStorage

struct LeaseKeeperTests {
    /// Looks until `condition` holds.
    private func reaches(_ condition: () throws -> Bool) rethrows -> Bool {
        let deadline = ContinuousClock.now.advanced(by: .seconds(20))
        while try !condition() {
            if ContinuousClock.now > deadline { return false }
            usleep(5_000)
        }
        return true
    }

    @Test("What is in use is extended, what is not runs out, and its holder is told")
    func inUse() throws {
        let leases = LocalLeases()
        let keeper = LeaseKeeper(leases)
        defer { keeper.close() }
        let isUsed = Mutex(true)
        let kept = try #require(
            try keeper.take("a", LeaseTerms(.milliseconds(1200)) { isUsed.withLock { $0 } }))
        // Taken later and for longer than the first: when it has run out, the first one would have as well.
        let other = try #require(try leases.take("b", for: .milliseconds(2500)))
        #expect(try reaches { try leases.take("b", for: .seconds(9)) != nil })
        #expect(other.number > 0)
        #expect(try leases.take("a", for: .seconds(9)) == nil)
        #expect(try kept.isHeld())
        isUsed.withLock { $0 = false }
        #expect(try reaches { try leases.take("a", for: .seconds(9)) != nil })
        #expect(try !kept.isHeld())
    }

    @Test("A lease that ran out while nobody wanted it goes on; given back, it is free at once")
    func goesOn() throws {
        let clock = Mutex(ContinuousClock.now)
        let leases = LocalLeases { clock.withLock { $0 } }
        let keeper = LeaseKeeper(leases)
        defer { keeper.close() }
        let kept = try #require(try keeper.take("a", LeaseTerms(.milliseconds(1)) { false }))
        clock.withLock { $0 += .seconds(1) }
        #expect(try reaches { try kept.isHeld(for: .seconds(1)) })
        kept.giveBack()
        #expect(try !kept.isHeld())
        #expect(try leases.take("a", for: .seconds(9)) != nil)
    }

    @Test("A lease whose object goes is free")
    func dropped() throws {
        let leases = LocalLeases()
        let keeper = LeaseKeeper(leases)
        var kept = try keeper.take("a", LeaseTerms(.seconds(60)))
        #expect(try keeper.take("a", LeaseTerms(.seconds(60))) == nil)
        #expect(kept != nil)
        kept = nil
        #expect(try leases.take("a", for: .seconds(60)) != nil)
        keeper.close()
    }

    @Test("Waiting ends with the right, with its not being wanted, or with the patience")
    func waiting() async throws {
        let leases = LocalLeases()
        let keeper = LeaseKeeper(leases)
        let terms = LeaseTerms(.seconds(60))
        let first = try #require(try keeper.take("a", terms))
        let looks = Mutex(0)
        let none = try await keeper.take("a", terms, within: .seconds(20)) { () throws(SluiceError) in
            looks.withLock {
                $0 += 1
                return $0 == 2
            }
        }
        #expect(none == nil && looks.withLock { $0 } == 2)
        let error = await #expect(throws: SluiceError.self) {
            try await keeper.take("a", terms, within: .zero) { () throws(SluiceError) in false }
        }
        #expect(error?.code == "store.busy")
        let second = try await keeper.take("a", terms, within: .seconds(20)) { () throws(SluiceError) in
            first.giveBack()
            return false
        }
        #expect(second != nil)
        keeper.close()
    }
}
