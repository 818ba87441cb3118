// Bytes are removed by one node while another one places the same bytes: there is never a row without bytes, in whatever order the two come. The blob
// store has no lock, as an object store has none.

import Foundation
import SluiceModel
import SluiceObjects
import SluicePostgres
import SluiceSystem
import SluiceTestSupport
import Testing

@testable import SluiceFiles
import SluicePostgres
@testable import SluiceSQLite
@testable import SluiceStorage

/// Two nodes of one store: rows in one database, bytes in one place, everything else each its own.
private final class TwoNodes: Sendable {
    let folder: OwnFolder
    let blobs: HookedBlobStore
    let engine: any Database
    let (firstRows, secondRows): (HookedDatabase, HookedDatabase)
    let (first, second): (Storage, Storage)

    /// Of the rows; bytes are in memory.
    static let engines: [StoreKind] = [.files, .memory]

    init(_ kind: StoreKind) throws {
        folder = try OwnFolder()
        blobs = HookedBlobStore(
            kind == .objects || kind == .postgresAndObjects
                ? try ObjectBlobStore(ObjectAddress(ObjectServer.shared.address()), ObjectServer.credentials)
                : MemoryBlobStore())
        switch kind {
        case .files, .objects:
            try FileManager.default.createDirectory(atPath: folder.store, withIntermediateDirectories: true)
            engine = try SQLiteDatabase(path: folder.store + "/sluice.sqlite", timeout: .seconds(10))
        case .memory: engine = MemoryDatabase()
        case .postgres, .postgresAndObjects:
            engine = try PostgresDatabase(PostgresAddress(folder.postgres), patience: .seconds(10))
        }
        (firstRows, secondRows) = (HookedDatabase(engine), HookedDatabase(engine))
        (first, second) = (Self.node(firstRows, blobs), Self.node(secondRows, blobs))
    }

    private static func node(_ rows: HookedDatabase, _ blobs: HookedBlobStore) -> Storage {
        Storage(rows, blobs: blobs, spool: MemorySpool(), partialBytes: MemoryPartialBytes(), pacing: .prompt)
    }

    deinit {
        first.close()
        second.close()
        engine.close()
    }

    static let content = bytes("the same bytes")
    static let address = BlobAddress(Digest(sha256Of: content), in: .accepted)

    func record(_ node: Storage, on ticket: String = "T-1") throws -> Result<Receipt, SluiceError> {
        node.record(decision(try node.spool.receive(Self.content), on: ticket))[0]
    }

    /// Bytes that no row refers to, as a failed commit leaves them.
    func leaveBytes() throws {
        let placement = try blobs.place([BlobOrder(try first.spool.receive(Self.content), in: .accepted)]) {
            (_) throws(SluiceError) in []
        }
        placement.settle()
    }

    var isSound: Bool {
        get throws { try first.verify { _ in }.isSound }
    }
}

private final class Signal: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    func give() { semaphore.signal() }
    /// - Returns: whether it came in time.
    func wait() -> Bool { semaphore.wait(timeout: .now() + 20) == .success }
}

struct RemovalTests {
    @Test(
        "Bytes that are placed while another node is about to delete them are placed again",
        arguments: TwoNodes.engines)
    func placedDuringRemoval(kind: StoreKind) throws {
        let nodes = try TwoNodes(kind)
        try nodes.leaveBytes()
        let (heldBack, recorded) = (Signal(), Signal())
        nodes.secondRows.afterCommit { heldBack.give() }
        let before = nodes.blobs.placed
        nodes.blobs.beforeRemoving {
            // The removal is on record, and the bytes are there yet.
            Thread.detachNewThread {
                if (try? nodes.record(nodes.second).get()) != nil { recorded.give() }
            }
            #expect(heldBack.wait())
        }
        #expect(try nodes.first.removeUnreferenced(TwoNodes.address) == .removed)
        #expect(recorded.wait())
        #expect(nodes.blobs.placed == before + 2)
        #expect(try nodes.blobs.open(TwoNodes.address) != nil)
        #expect(try nodes.isSound)
    }

    @Test(
        "Bytes that another node removes between their placing and their row are placed again",
        arguments: TwoNodes.engines)
    func removedAfterPlacing(kind: StoreKind) throws {
        let nodes = try TwoNodes(kind)
        let before = nodes.blobs.placed
        nodes.blobs.afterPlacing {
            #expect((try? nodes.first.removeUnreferenced(TwoNodes.address)) == .removed)
        }
        #expect(try nodes.record(nodes.second).get().outcome == .accepted)
        #expect(nodes.blobs.placed == before + 2)
        #expect(try nodes.isSound)
        // And the other way round: what a row refers to is not removed.
        #expect(try nodes.first.removeUnreferenced(TwoNodes.address) == .referenced)
        #expect(try nodes.blobs.open(TwoNodes.address) != nil)
    }

    @Test("Other units of the same commit do not wait for a removal", arguments: TwoNodes.engines)
    func othersGoOn(kind: StoreKind) throws {
        let nodes = try TwoNodes(kind)
        let other = decision(try nodes.second.spool.receive(bytes("other")), name: "b.log")
        let same = decision(try nodes.second.spool.receive(TwoNodes.content))
        nodes.blobs.afterPlacing { _ = try? nodes.first.removeUnreferenced(TwoNodes.address) }
        let results = nodes.second.record(other, same)
        #expect(try results.map { try $0.get().outcome } == [.accepted, .accepted])
        // The first transaction had both behind its watch and wrote one; the second one had the other.
        #expect(nodes.secondRows.unitsOfCommits == [3, 2])
        #expect(try nodes.first.tickets.events(after: 0, limit: 9).map(\.number) == [1, 2])
        #expect(try nodes.isSound)
    }

    @Test(
        "A removal whose node died stops a commit for a moment only, and is ended by the next one",
        arguments: TwoNodes.engines)
    func abandoned(kind: StoreKind) throws {
        let nodes = try TwoNodes(kind)
        try nodes.leaveBytes()
        func begin(ago: Int64) throws -> Int64 {
            try nodes.first.transactionBlocking("") { (work) throws(SluiceError) in
                try work.beginRemoval(of: TwoNodes.address, at: WallClock.microseconds() - ago)
            }
        }
        // Perhaps its node is only slow: the sender is told to come again, and nothing is written.
        let young = try begin(ago: 10_000_000)
        let refused = try nodes.record(nodes.second)
        #expect(throws: SluiceError.self) { try refused.get() }
        if case .failure(let error) = refused { #expect(error.code == "store.busy") }
        #expect(try nodes.first.tickets.tickets(after: nil, limit: 1).isEmpty)
        try nodes.first.transactionBlocking("") { (work) throws(SluiceError) in try work.endRemoval(young) }
        // It is old, but its node has the lease yet: the clocks of the two differ.
        _ = try begin(ago: 61_000_000)
        let lease = try #require(
            try nodes.engine.leases.take(RemovalTimes.leaseName(TwoNodes.address), for: .seconds(60)))
        #expect(throws: SluiceError.self) { try nodes.record(nodes.second).get() }
        nodes.engine.leases.giveBack(lease)
        #expect(try nodes.record(nodes.second).get().outcome == .accepted)
        #expect(try nodes.first.tickets.removals(after: .max).isEmpty)
        #expect(try nodes.isSound)
    }

    @Test("A removal does not begin while another node has the lease on its address", arguments: TwoNodes.engines)
    func leased(kind: StoreKind) throws {
        let nodes = try TwoNodes(kind)
        try nodes.leaveBytes()
        // Another node has the lease: this one does not even begin.
        let lease = try #require(
            try nodes.engine.leases.take(RemovalTimes.leaseName(TwoNodes.address), for: .seconds(60)))
        #expect(try nodes.first.removeUnreferenced(TwoNodes.address) == .kept)
        #expect(try nodes.first.tickets.lastRemoval() == 0)
        nodes.engine.leases.giveBack(lease)
        #expect(try nodes.first.removeUnreferenced(TwoNodes.address) == .removed)
    }

    @Test(
        "What dead nodes left of removals is finished: bytes go, old records are forgotten",
        arguments: TwoNodes.engines)
    func finished(kind: StoreKind) throws {
        let nodes = try TwoNodes(kind)
        try nodes.leaveBytes()
        let now = WallClock.microseconds()
        let quarantined = BlobAddress(TwoNodes.address.digest, in: .quarantined)
        try nodes.first.transactionBlocking("") { (work) throws(SluiceError) in
            // One long ago and done; one abandoned; one that may be under way; and one that was only noted.
            try work.endRemoval(try work.beginRemoval(of: quarantined, at: now - 2 * RemovalTimes.remembered))
            _ = try work.beginRemoval(of: TwoNodes.address, at: now - 61_000_000)
            _ = try work.beginRemoval(of: quarantined, at: now)
            try work.noteRemoval(of: TwoNodes.address)
        }
        try nodes.second.finishRemovals()
        #expect(try nodes.blobs.open(TwoNodes.address) == nil)
        #expect(try nodes.first.tickets.unfinishedRemovals().isEmpty)
        #expect(try nodes.first.tickets.removals(after: .max).map(\.address) == [quarantined])
        #expect(try !nodes.first.tickets.removals(after: 0).contains { $0.beganAt < now - RemovalTimes.remembered })
    }

    @Test("A removal that fails stays on record until it is known what became of it", arguments: TwoNodes.engines)
    func deletionFails(kind: StoreKind) throws {
        let nodes = try TwoNodes(kind)
        let failing = FailingRemovals(nodes.blobs)
        let node = Storage(
            HookedDatabase(nodes.engine), blobs: failing, spool: MemorySpool(), partialBytes: MemoryPartialBytes())
        try nodes.leaveBytes()
        #expect(throws: SluiceError.self) { try node.removeUnreferenced(TwoNodes.address) }
        #expect(try nodes.first.tickets.removals(after: .max).count == 1)
        // Nobody else begins meanwhile: the deletion may be on its way.
        #expect(try nodes.first.removeUnreferenced(TwoNodes.address) == .kept)
        #expect(throws: SluiceError.self) { try nodes.record(nodes.second).get() }
        node.close()
    }

    @Test("A commit asks once for removals, and not at all where the store has a lock")
    func statements() throws {
        let nodes = try TwoNodes(.memory)
        _ = try nodes.record(nodes.second)
        #expect(nodes.secondRows.unitsOfCommits == [2])
        _ = try nodes.second.tokens.create(.submitter)
        #expect(nodes.secondRows.unitsOfCommits == [2, 1])
        let folder = try OwnFolder()
        let folders = try StoreFolders(folder.store, creating: true)
        let rows = HookedDatabase(
            try folders.openDatabase { (path) throws(SluiceError) in
                try SQLiteDatabase(path: path, timeout: .seconds(1))
            })
        let local = folders.storage(rows)
        defer { local.close() }
        _ = local.record(decision(try local.spool.receive(bytes("x"))))
        #expect(rows.unitsOfCommits == [1])
        #expect(try local.removeUnreferenced(TwoNodes.address) == .missing)
        #expect(try local.tickets.lastRemoval() == 0)
    }

    @Test(
        "Many that record and remove the same few bytes at once leave no row without bytes",
        arguments: TwoNodes.engines)
    func manyAtOnce(kind: StoreKind) throws {
        let nodes = try TwoNodes(kind)
        let contents = (0..<3).map { bytes("content \($0)") }
        DispatchQueue.concurrentPerform(iterations: 6) { worker in
            var random = SystemRandomNumberGenerator()
            let node = worker % 2 == 0 ? nodes.first : nodes.second
            for round in 0..<40 {
                let content = contents.randomElement(using: &random)!
                let address = BlobAddress(Digest(sha256Of: content), in: .quarantined)
                switch round % 3 {
                case 0:
                    guard let spooled = try? node.spool.receive(content) else { continue }
                    _ = node.record(
                        decision(spooled, verdict: .quarantined, name: "\(worker)-\(round)", on: "T-\(worker)"))
                case 1:
                    guard let waiting = try? node.tickets.quarantined(on: nil, after: nil, limit: 1).first else {
                        continue
                    }
                    _ = try? node.review.delete(waiting.id, by: "rita", note: "n")
                default: _ = try? node.removeUnreferenced(address)
                }
            }
        }
        #expect(try nodes.first.verify { _ in }.problems.keys.allSatisfy(\.isHarmless))
        // Something was done at all.
        #expect(try nodes.first.tickets.lastEvent() > 20 && nodes.first.tickets.lastRemoval() > 0)
    }
}

/// A blob store whose removals fail.
private final class FailingRemovals: BlobStore {
    private let inner: any BlobStore
    init(_ inner: any BlobStore) { self.inner = inner }

    func place(_ orders: [BlobOrder], _ referenced: ReferenceCheck) throws(SluiceError) -> any Placement {
        try inner.place(orders, referenced)
    }
    func open(_ address: BlobAddress) throws(SluiceError) -> (any BlobReader)? { try inner.open(address) }
    func remove(
        _ address: BlobAddress, namedBefore moment: Int64?, _ referenced: ReferenceCheck
    ) throws(SluiceError) -> BlobRemoval {
        if moment != nil { throw .unavailable("Bytes cannot be removed.", "object store", cause: "test") }
        return try inner.remove(address, namedBefore: nil, referenced)
    }
    func list(in area: BlobArea, beginningWith byte: UInt8) throws(SluiceError) -> BlobListing { BlobListing() }
    func foreignNames(in area: BlobArea) throws(SluiceError) -> [String] { [] }
    func sweepLeftovers(namedBefore moment: Int64?) throws(SluiceError) -> [SpoolLeftover] { [] }
    func path(of address: BlobAddress) -> String { "" }
}
