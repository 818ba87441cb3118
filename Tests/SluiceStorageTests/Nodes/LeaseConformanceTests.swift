// What every engine's leases have to do, run on each of them.

import Foundation
import SluiceModel
import SluiceTestSupport
import Synchronization
import Testing

@testable import SluiceStorage

struct LeaseConformanceTests {
    private static let long = Duration.seconds(60)

    @Test(
        "A right is one worker's until it is given back, and each taking has a higher number",
        arguments: StoreKind.allCases)
    func exclusive(kind: StoreKind) throws {
        let folder = try OwnFolder()
        let store = try kind.make(folder)
        defer { store.close() }
        let leases = store.database.leases
        let first = try #require(try leases.take("a", for: Self.long))
        #expect(first.name == "a")
        #expect(try leases.take("a", for: Self.long) == nil)
        // Another right is another's.
        #expect(try leases.take("b", for: Self.long) != nil)
        leases.giveBack(first)
        let second = try #require(try leases.take("a", for: Self.long))
        #expect(second.number > first.number)
        // The first taking is over: it neither extends nor gives back the second.
        #expect(try !leases.extend(first, for: Self.long))
        leases.giveBack(first)
        #expect(try leases.take("a", for: Self.long) == nil)
        #expect(try leases.extend(second, for: Self.long))
    }

    @Test("A right that has run out is the next one's, and its former holder is told so", arguments: StoreKind.allCases)
    func runsOut(kind: StoreKind) throws {
        let folder = try OwnFolder()
        let store = try kind.make(folder)
        defer { store.close() }
        let leases = store.database.leases
        let first = try #require(try leases.take("a", for: .milliseconds(50)))
        let second = try #require(try Self.taken("a", leases))
        #expect(second.number > first.number)
        #expect(try !leases.extend(first, for: Self.long))
        #expect(try leases.extend(second, for: Self.long))
    }

    @Test("A right is kept for as long as it is extended", arguments: StoreKind.allCases)
    func extended(kind: StoreKind) throws {
        let folder = try OwnFolder()
        let store = try kind.make(folder)
        defer { store.close() }
        let leases = store.database.leases
        let held = try #require(try leases.take("a", for: .milliseconds(200)))
        #expect(try leases.extend(held, for: Self.long))
        // The first time would be over when this one is.
        let other = try #require(try leases.take("b", for: .milliseconds(300)))
        #expect(try #require(try Self.taken("b", leases)).number > other.number)
        #expect(try leases.take("a", for: Self.long) == nil)
        // An extension counts from its moment on, also where it is shorter.
        #expect(try leases.extend(held, for: .milliseconds(1)))
        #expect(try Self.taken("a", leases) != nil)
    }

    @Test("Of many that take at once one has it", arguments: StoreKind.allCases)
    func together(kind: StoreKind) throws {
        let folder = try OwnFolder()
        let store = try kind.make(folder)
        defer { store.close() }
        let leases = store.database.leases
        for round in 0..<20 {
            let taken = Mutex<[Lease]>([])
            DispatchQueue.concurrentPerform(iterations: 8) { _ in
                guard let lease = try? leases.take("round \(round)", for: Self.long) else { return }
                taken.withLock { $0.append(lease) }
            }
            #expect(taken.withLock { $0.count } == 1)
        }
    }

    /// Takes a right as soon as it is free, which is soon.
    private static func taken(_ name: String, _ leases: any Leases) throws -> Lease? {
        let deadline = ContinuousClock.now.advanced(by: .seconds(20))
        while ContinuousClock.now < deadline {
            if let lease = try leases.take(name, for: long) { return lease }
            usleep(5_000)
        }
        return nil
    }
}
