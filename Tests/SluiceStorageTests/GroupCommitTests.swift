// Recording from many tasks at once, and that one bad decision does not spoil a group.

import Foundation
import SluiceModel
import SluiceSystem
import SluiceTestSupport
import Synchronization
import Testing

@testable import SluiceFiles
@testable import SluiceStorage

struct GroupCommitTests {
    @Test("Many that record at once share few commits and each gets its own receipt")
    func many() async throws {
        let folder = try OwnFolder()
        let store = try LocalStore.open(folder.store)
        let receipts = try await withThrowingTaskGroup(of: Receipt.self) { tasks in
            for number in 0..<300 {
                let spooled = try store.spool.receive(bytes("content \(number % 100)"))
                tasks.addTask {
                    try await store.record(decision(spooled, name: "file-\(number % 200).log"))
                }
            }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        #expect(receipts.count == 300)
        #expect(receipts.count { $0.outcome == .accepted } == 200)
        #expect(receipts.count { $0.outcome == .duplicate } == 100)
        #expect(folder.files(in: "blobs").count == 100)
        #expect(try store.verify { _ in }.isSound)
    }

    @Test("A unit that fails, by itself or in the database, fails alone", arguments: StoreKind.allCases)
    func poison(kind: StoreKind) async throws {
        let folder = try OwnFolder()
        let store = try kind.make(folder)
        let token = StoredToken(id: "t", role: .admin, createdAt: 1)
        let secret = Digest([UInt8](repeating: 1, count: 32))!
        let told = Mutex<[String: Bool]>([:])
        func unit(
            _ name: String, _ work: @escaping @Sendable (any UnitOfWork) throws(SluiceError) -> Void
        ) -> any WaitingUnit {
            ClosureUnit("It cannot be written.", placing: [], known: nil, work) { (result: Result<Void, SluiceError>) in
                told.withLock { $0[name] = (try? result.get()) != nil }
            }
        }
        Commit(store.database, store.blobs).run([
            unit("good") { (work) throws(SluiceError) in try work.openTicket(ticket("T-1"), at: 1) },
            unit("own") { (work) throws(SluiceError) in
                try work.openTicket(ticket("T-2"), at: 1)
                throw SluiceError.storeInternal("refused", cause: "test")
            },
            unit("token") { (work) throws(SluiceError) in try work.add(token, secret: secret) },
            unit("constraint") { (work) throws(SluiceError) in
                try work.openTicket(ticket("T-3"), at: 1)
                try work.append(
                    Event(.attachmentErased, at: 1, ticket: ticket("T-3"), attachment: nil, digest: nil, name: nil))
                // The same token twice is against a rule of the database; memory has none.
                if kind == .memory { throw SluiceError.storeInternal("refused", cause: "test") }
                try work.add(token, secret: secret)
            },
            unit("last") { (work) throws(SluiceError) in
                try work.append(
                    Event(.attachmentErased, at: 2, ticket: ticket("T-1"), attachment: nil, digest: nil, name: nil))
            },
        ])
        #expect(
            told.withLock { $0 } == ["good": true, "own": false, "token": true, "constraint": false, "last": true])
        #expect(try store.tickets.tickets(after: nil, limit: 9).map(\.id) == [ticket("T-1")])
        // What failed leaves no gap.
        #expect(try store.tickets.events(after: 0, limit: 9).map(\.number) == [1])
        #expect(try store.tickets.tokens().count == 1)
    }

    @Test("After closing, nothing more is taken, and what was taken is answered")
    func closing() async throws {
        let folder = try OwnFolder()
        let store = try LocalStore.open(folder.store)
        let spooled = try store.spool.receive(bytes("x"))
        #expect(try await store.record(decision(spooled)).outcome == .accepted)
        store.close()
        await #expect(throws: SluiceError.self) { try await store.record(decision(spooled)) }
    }

    @Test("Bytes that the disk refused once are never recorded")
    func distrusted() async throws {
        let folder = try OwnFolder()
        let store = try LocalStore.open(folder.store)
        let spooled = try store.spool.receive(bytes("x"))
        spooled.distrust()
        let error = await #expect(throws: SluiceError.self) { try await store.record(decision(spooled)) }
        #expect(error?.code == "store.io")
        let again = try store.spool.receive(bytes("x"))
        #expect(try await store.record(decision(again)).outcome == .accepted)
    }

    @Test("A torn blob that no row speaks of is replaced, and a row's blob of the wrong size is mended")
    func torn() async throws {
        let folder = try OwnFolder()
        let store = try LocalStore.open(folder.store)
        for round in 0..<2 {
            let spooled = try store.spool.receive(bytes("whole"))
            let path = folder.store + "/blobs/" + StoreFolders.blobPath(spooled.digest)
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try? FileManager.default.removeItem(atPath: path)
            try Data(bytes("who")).write(to: URL(fileURLWithPath: path))
            let receipt = try await store.record(decision(spooled, on: "T-\(round)"))
            #expect(receipt.outcome == .accepted)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(bytes("whole")))
        }
        #expect(folder.files(in: "spool") == [])
    }

    @Test("A manifest of 10 000 entries is recorded and read back")
    func largeManifest() async throws {
        let folder = try OwnFolder()
        let store = try LocalStore.open(folder.store)
        let entries = (0..<10_000).map {
            ManifestEntry(
                name: EntryName("dir/file-\($0).log"), kind: .file, size: ByteCount($0), depth: 1,
                recognized: RecognizedType(.plainText, .proven, detail: "UTF-8 text"))
        }
        let manifest = Manifest(entries: entries, expandedSize: .mebibytes(48))
        let receipt = try await store.record(
            decision(
                store.spool.receive(bytes("zip")), manifest: manifest, entries: entries.map { JudgedEntry($0, nil) }))
        let stored = try store.tickets.entries(of: try #require(receipt.attachment))
        #expect(stored.map(\.name) == entries.map(\.name))
    }
}
