// What only PostgreSQL can show: several nodes on one database, round trips, lost connections, a server that restarts.

import Foundation
import SluiceModel
import SluicePostgres
import SluiceSystem
import SluiceTestSupport
import Synchronization
import Testing

@testable import SluiceStorage

struct PostgresStoreTests {
    private func postgres(_ store: Storage) throws -> PostgresDatabase {
        try #require(store.database as? PostgresDatabase)
    }

    @Test("A small upload waits for the database twice: once before it is placed, once for its rows")
    func roundTrips() async throws {
        let folder = try OwnFolder()
        let store = try StoreKind.postgres.make(folder)
        func record(_ text: String) async throws -> Outcome {
            try await store.record(decision(store.spool.receive(bytes(text)), findings: [finding("why", .note)]))
                .outcome
        }
        // The first ones prepare the statements and learn which questions have no answer.
        for number in 0..<3 { #expect(try await record("first \(number)") == .accepted) }
        let before = try postgres(store).roundTrips
        for number in 0..<5 { #expect(try await record("\(number)") == .accepted) }
        let after = try postgres(store).roundTrips
        #expect(after.reading - before.reading == 5)
        #expect(after.writing - before.writing == 5)
        // A guess that is wrong costs a second run, and changes no answer.
        let twice = try store.record(
            decision(store.spool.receive(bytes("same"))), decision(store.spool.receive(bytes("same"))))
        #expect(try twice.map { try $0.get().outcome } == [.accepted, .duplicate])
        #expect(try store.database.checkIntegrity() == [])
        store.close()
    }

    @Test("Nodes that start together prepare the tables once, and all can write")
    func migration() async throws {
        let folder = try OwnFolder()
        let address = try folder.postgres
        let stores = try await withThrowingTaskGroup(of: Storage.self) { tasks in
            for number in 0..<4 {
                tasks.addTask { try LocalStore.open(folder.path + "/node-\(number)", database: address) }
            }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        for (number, store) in stores.enumerated() {
            let spooled = try store.spool.receive(bytes("\(number)"))
            #expect(try store.record(decision(spooled))[0].get().outcome == .accepted)
        }
        #expect(try stores[0].tickets.lastEvent() == 4)
        for store in stores { store.close() }
    }

    @Test("Four nodes write at once: one row of each attachment, and a reader never sees a gap between events")
    func severalNodes() async throws {
        let folder = try OwnFolder()
        let address = try folder.postgres
        let stores = try (0..<4).map { _ in try LocalStore.open(folder.store, database: address) }
        let reader = try LocalStore.open(folder.store, database: address)
        let isOver = Atomic(false)
        async let seen = Task.detached { () throws -> [Int64] in
            var numbers: [Int64] = []
            while true {
                let isLast = isOver.load(ordering: .acquiring)
                let page = try reader.tickets.events(after: numbers.last ?? 0, limit: 50)
                numbers += page.map(\.number)
                if isLast && page.isEmpty { return numbers }
            }
        }.value
        let receipts = try await withThrowingTaskGroup(of: Receipt.self) { tasks in
            for number in 0..<200 {
                let store = stores[number % 4]
                let spooled = try store.spool.receive(bytes("content \(number / 2)"))
                tasks.addTask { try await store.record(decision(spooled)) }
            }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        isOver.store(true, ordering: .releasing)
        #expect(try await seen == Array(1...100))
        #expect(receipts.count { $0.outcome == .accepted } == 100)
        #expect(receipts.count { $0.outcome == .duplicate } == 100)
        #expect(try reader.database.checkIntegrity() == [])
        for store in stores + [reader] { store.close() }
    }

    @Test(
        "A connection that is cut around a commit: written once, and the sender is told so",
        arguments: CuttingSocket.Cut.allCases)
    func cut(cut: CuttingSocket.Cut) throws {
        let proxy = try CuttingSocket(to: PostgresServer.shared.socket)
        let name = try PostgresServer.shared.makeDatabase()
        let database = try PostgresDatabase(
            PostgresAddress(PostgresServer.shared.address(of: name, through: proxy.folder)), patience: .seconds(10))
        func append(_ text: String) throws {
            let failures = Mutex<[SluiceError]>([])
            let unit = ClosureUnit(
                "It cannot be written.", placing: [], known: nil,
                { (work) throws(SluiceError) in
                    try work.append(
                        Event(
                            .attachmentErased, at: 1, ticket: ticket("T-1"), attachment: nil, digest: nil, name: nil,
                            note: text))
                },
                told: { (result: Result<Void, SluiceError>) in
                    if case .failure(let error) = result { failures.withLock { $0.append(error) } }
                })
            try database.commit([unit])
            unit.finish(nil)
            #expect(failures.withLock { $0.isEmpty })
        }
        for number in 0..<3 { try append("before \(number)") }
        proxy.cutNext(cut)
        try append("cut")
        try append("after")
        let events = try database.reader.events(after: 0, limit: 10)
        #expect(events.map(\.note) == ["before 0", "before 1", "before 2", "cut", "after"])
        #expect(events.map(\.number) == [1, 2, 3, 4, 5])
        database.close()
    }

    @Test("A server that is away is an error that says so; when it is back, everything works again by itself")
    func restart() throws {
        let server = try PostgresServer(isDurable: true)
        let folder = try OwnFolder()
        let store = try LocalStore.open(folder.store, database: server.address(of: server.makeDatabase()))
        #expect(try store.record(decision(store.spool.receive(bytes("a"))))[0].get().outcome == .accepted)
        for immediately in [false, true] {
            try server.stop(immediately: immediately)
            let error = #expect(throws: SluiceError.self) {
                try store.record(decision(store.spool.receive(bytes("\(immediately)"))))[0].get()
            }
            #expect(error?.code == "store.unavailable")
            let reading = #expect(throws: SluiceError.self) { try store.tickets.lastEvent() }
            #expect(reading?.code == "store.unavailable")
            try server.start()
            let receipt = try store.record(decision(store.spool.receive(bytes("\(immediately)"))))[0].get()
            #expect(receipt.outcome == .accepted)
        }
        #expect(try store.tickets.events(after: 0, limit: 9).map(\.number) == [1, 2, 3])
        store.close()
        try server.stop(immediately: true)
    }

    @Test("Largest numbers, texts with NUL and names longer than a key of an index are kept")
    func extremes() throws {
        let folder = try OwnFolder()
        let store = try StoreKind.postgres.make(folder)
        let name = String((0..<5000).map { _ in Character(Unicode.Scalar(UInt8.random(in: 97...122))) })
        for verdict in [Verdict.rejected, .accepted] {
            for _ in 0..<2 {
                var made = decision(
                    try store.spool.receive(bytes("x")), verdict: verdict, name: name,
                    findings: [finding("a\u{0}b", verdict == .rejected ? .reject : .note)])
                made.submission.comment = "a\u{0}b"
                made.inspection.manifest = Manifest(entries: [], expandedSize: ByteCount(Int64.max))
                _ = try store.record(made)[0].get()
            }
        }
        let refused = try #require(try store.tickets.rejections(on: ticket("T-1"), after: 0, limit: 9).first)
        #expect(refused.count == 2)
        let kept = try #require(try store.tickets.attachments(of: ticket("T-1"), after: nil, limit: 9).first)
        #expect(kept.facts.submission.declaredName == DeclaredName(name))
        #expect(kept.facts.submission.comment == "a\u{FFFD}b")
        #expect(kept.expandedSize == ByteCount(Int64.max))
        store.close()
    }

    @Test("A lease is one worker's until it is given back or has run out, on whichever node")
    func leases() throws {
        let folder = try OwnFolder()
        let nodes = try (0..<2).map { _ in
            try PostgresDatabase(PostgresAddress(folder.postgres), patience: .seconds(10)).leases
        }
        let first = try #require(try nodes[0].take("key", for: .seconds(60)))
        #expect(try nodes[1].take("key", for: .seconds(60)) == nil)
        #expect(try nodes[1].take("other", for: .seconds(60)) != nil)
        #expect(try nodes[0].extend(first, for: .seconds(60)))
        nodes[0].giveBack(first)
        let second = try #require(try nodes[1].take("key", for: .zero))
        #expect(second.number > first.number)
        // It has run out: another node takes it, and the first one learns that.
        let third = try #require(try nodes[0].take("key", for: .seconds(60)))
        #expect(third.number > second.number)
        #expect(try !nodes[1].extend(second, for: .seconds(60)))
        nodes[1].giveBack(second)
        #expect(try nodes[1].take("key", for: .seconds(60)) == nil)
    }

    @Test(
        "A database that is not ours to change is refused and stays as it is",
        arguments: [
            ("CREATE TABLE theirs (x int)", "store.foreign-database"),
            (
                "CREATE TABLE sluice_schema (version bigint, reached_at timestamptz); INSERT INTO sluice_schema VALUES (99)",
                "store.newer-schema"
            ),
            ("SELECT 1", "store.missing"),
        ])
    func refused(example: (setup: String, code: String)) throws {
        let server = PostgresServer.shared
        let name = try server.makeDatabase()
        try server.sql(example.setup, on: name)
        let error = #expect(throws: SluiceError.self) {
            try PostgresDatabase(PostgresAddress(server.address(of: name)), patience: .seconds(1), creating: false)
        }
        #expect(error?.code == example.code)
        #expect(try server.sql("SELECT to_regclass('ticket')", on: name).trimmingCharacters(in: .newlines) == "")
    }

    @Test("A database or a user that is not there is an error that says so, without what was not asked for")
    func notThere() throws {
        let address = PostgresServer.shared.address(of: "no_such_database")
        let error = #expect(throws: SluiceError.self) {
            try PostgresDatabase(PostgresAddress(address), patience: .seconds(1))
        }
        #expect(error?.code == "store.missing")
        let user = address.replacing("sluice@", with: "nobody_here@")
        let other = #expect(throws: SluiceError.self) {
            try PostgresDatabase(PostgresAddress(user), patience: .seconds(1))
        }
        #expect(other?.code == "store.not-permitted")
    }

    @Test("A manifest of 100 000 entries is recorded and read back")
    func manyRows() throws {
        let folder = try OwnFolder()
        let store = try StoreKind.postgres.make(folder)
        let entries = (0..<100_000).map {
            ManifestEntry(
                name: EntryName("dir/file-\($0).log"), kind: .file, size: ByteCount($0), depth: 1,
                recognized: RecognizedType(.plainText, .proven, detail: "UTF-8 text"))
        }
        let receipt = try store.record(
            decision(
                store.spool.receive(bytes("zip")), manifest: Manifest(entries: entries, expandedSize: .mebibytes(48)),
                entries: entries.map { JudgedEntry($0, nil) }))[0].get()
        let stored = try store.tickets.entries(of: try #require(receipt.attachment))
        #expect(stored.count == 100_000 && stored.last?.name == entries.last?.name)
        store.close()
    }
}
