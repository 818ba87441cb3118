// The schema's history, other programs' files, and a database that others hold.

import Foundation
import Glibc
import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceSQLite
@testable import SluiceStorage

struct DatabaseTests {
    /// An empty file for SQLite to use.
    private func empty(_ folder: OwnFolder) throws -> String {
        let path = folder.path + "/some.sqlite"
        try Data().write(to: URL(fileURLWithPath: path))
        return path
    }

    private func number(_ sql: String, _ connection: SQLiteConnection) throws -> Int64? {
        try connection.number(sql)
    }

    @Test("Steps are taken once, in their order")
    func order() throws {
        let folder = try OwnFolder()
        let connection = try SQLiteConnection(path: empty(folder), timeout: .seconds(1))
        let first = Migration(version: 1, statements: "CREATE TABLE a (x) ; INSERT INTO a VALUES (1)")
        let second = Migration(version: 2, statements: "UPDATE a SET x = x + 1")
        try Migrations.apply([first], to: connection)
        try Migrations.apply([second, first], to: connection)
        try Migrations.apply([first, second], to: connection)
        #expect(try number("SELECT x FROM a", connection) == 2)
        #expect(try number("PRAGMA user_version", connection) == 2)
    }

    @Test("A step that fails leaves nothing of itself")
    func failingStep() throws {
        let folder = try OwnFolder()
        let connection = try SQLiteConnection(path: empty(folder), timeout: .seconds(1))
        let good = Migration(version: 1, statements: "CREATE TABLE a (x)")
        let bad = Migration(version: 2, statements: "CREATE TABLE b (x); INSERT INTO missing VALUES (1)")
        #expect(throws: SluiceError.self) { try Migrations.apply([good, bad], to: connection) }
        #expect(try number("PRAGMA user_version", connection) == 1)
        #expect(try number("SELECT count(*) FROM sqlite_schema", connection) == 1)
    }

    @Test(
        "A database that is not ours to change is refused and stays as it is",
        arguments: [
            ("PRAGMA application_id = 0x536C7569; PRAGMA user_version = 99", "store.newer-schema"),
            ("CREATE TABLE theirs (x)", "store.foreign-database"),
            ("PRAGMA application_id = 7", "store.foreign-database"),
        ])
    func refused(example: (setup: String, code: String)) throws {
        let folder = try OwnFolder()
        try FileManager.default.createDirectory(atPath: folder.store, withIntermediateDirectories: true)
        let path = folder.store + "/sluice.sqlite"
        try Data().write(to: URL(fileURLWithPath: path))
        try SQLiteConnection(path: path, timeout: .seconds(1)).execute(example.setup)
        let error = #expect(throws: SluiceError.self) { try LocalStore.open(folder.store) }
        #expect(error?.code == example.code)
        let tables = try number(
            "SELECT count(*) FROM sqlite_schema WHERE name = 'ticket'",
            SQLiteConnection(path: path, timeout: .seconds(1)))
        #expect(tables == 0)
    }

    @Test("A file that is no database is an error that says so")
    func noDatabase() throws {
        let folder = try OwnFolder()
        try FileManager.default.createDirectory(atPath: folder.store, withIntermediateDirectories: true)
        try Data(repeating: 0x41, count: 5000).write(to: URL(fileURLWithPath: folder.store + "/sluice.sqlite"))
        let error = #expect(throws: SluiceError.self) { try LocalStore.open(folder.store) }
        #expect(error?.code == "store.damaged")
    }

    @Test("Opening what is not there and is not to be made is an error and makes nothing")
    func missing() throws {
        let folder = try OwnFolder()
        let error = #expect(throws: SluiceError.self) { try LocalStore.open(folder.store, creating: false) }
        #expect(error?.code == "store.missing")
        #expect(!FileManager.default.fileExists(atPath: folder.store))
    }

    @Test("A database that another program holds is busy, nothing is visible, and it works again afterwards")
    func busy() async throws {
        let folder = try OwnFolder()
        let store = try LocalStore.open(folder.store, patience: .milliseconds(100))
        let spooled = try store.spool.receive(bytes("x"))
        let other = try SQLiteConnection(path: folder.store + "/sluice.sqlite", timeout: .seconds(1))
        try other.execute("BEGIN IMMEDIATE")
        let error = await #expect(throws: SluiceError.self) { try await store.record(decision(spooled)) }
        #expect(error?.code == "store.busy")
        #expect(folder.files(in: "blobs") == [])
        try other.execute("ROLLBACK")
        // The very same call is made again.
        #expect(try await store.record(decision(spooled)).outcome == .accepted)
        #expect(try store.verify { _ in }.isSound)
    }

    @Test("Rows, once acknowledged, are synced: the connection that writes says so")
    func durableSettings() throws {
        let folder = try OwnFolder()
        let settings = try SQLiteDatabase.connect(empty(folder), .seconds(1))
        #expect(try settings.number("PRAGMA synchronous") == 2)
        #expect(try settings.number("PRAGMA foreign_keys") == 1)
    }

    @Test("Two openings of one store keep one copy and one row of the same attachment")
    func twoAtOnce() async throws {
        let folder = try OwnFolder()
        let stores = try (0..<3).map { _ in try LocalStore.open(folder.store) }
        let receipts = try await withThrowingTaskGroup(of: Receipt.self) { tasks in
            for number in 0..<90 {
                let store = stores[number % 3]
                let spooled = try store.spool.receive(bytes("content \(number / 3)"))
                tasks.addTask { try await store.record(decision(spooled)) }
            }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        #expect(receipts.count { $0.outcome == .accepted } == 30)
        #expect(receipts.count { $0.outcome == .duplicate } == 60)
        #expect(Set(receipts.map(\.attachment)).count == 30)
        #expect(folder.files(in: "blobs").count == 30)
        #expect(try stores[0].verify { _ in }.isSound)
    }

    @Test("A finding's facts are kept as JSON")
    func facts() {
        let facts: [Fact] = [.number(3), .size(ByteCount(4096)), .text("a\"b\\\n"), .bytes([0x2E, 0xFF])]
        #expect(
            FactText.json(facts)
                == #"[{"number":3},{"size":4096},{"text":"a\"b\\\n"},{"bytes":"2eff"}]"#)
    }
}
