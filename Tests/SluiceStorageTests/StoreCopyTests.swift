// A copy of a store has every row and every byte, whenever it was interrupted, and never goes into somebody else's store.

import SluiceModel
import SluiceTestSupport
import Synchronization
import Testing

@testable import SluiceSQLite
@testable import SluiceStorage

struct StoreCopyTests {
    /// A store with what most of its tables can hold.
    private func filled(_ folder: OwnFolder) async throws -> Storage {
        let store = try LocalStore.open(folder.store)
        var held = ""
        for number in 0..<40 {
            let spooled = try store.spool.receive(bytes("content \(number)"))
            let verdict: Verdict = number % 5 == 4 ? .quarantined : number % 7 == 6 ? .rejected : .accepted
            let receipt = try await store.record(
                decision(
                    spooled, verdict: verdict, name: "\(number)\u{0}.log",
                    findings: [finding("first", verdict == .quarantined ? .quarantine : .note, entry: "a/b")]))
            if verdict == .quarantined { held = receipt.attachment! }
            if number == 0 { _ = try store.review.correct(receipt.attachment!, to: .configuration, by: "rita") }
        }
        _ = try store.review.release(held, by: "rita", note: "known")
        _ = try store.tokens.create(.submitter, ticket: ticket("T-1"))
        try await store.answers.keep(
            KeptResponse(request: Digest(sha256Of: [1]), status: 201, headers: ["a: b"], body: "{}", givenAt: 5),
            to: "key", of: "caller")
        return store
    }

    private func copy(_ source: Storage, _ target: Storage) throws -> CopySummary {
        try StoreCopy(from: source, to: target) { _ in }.run()
    }

    @Test("Every column of every table is copied or left out by name")
    func columns() throws {
        let folder = try OwnFolder()
        let store = try LocalStore.open(folder.store)
        let reader = try #require(store.tickets as? any SQLReader)
        let names = try reader.query { (connection) throws(SluiceError) in
            // Not those that SQLite makes for itself.
            try connection.all(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            ) { (row) throws(SluiceError) in row.text(0) }
        }
        #expect(Set(names).subtracting(StoredTable.left) == Set(StoredTable.all.map(\.name)))
        for table in StoredTable.all {
            let columns = try reader.query { (connection) throws(SluiceError) in
                try connection.all("PRAGMA table_info(\(table.name))") { (row) throws(SluiceError) in
                    (name: row.text(1), isKey: row.integer(5) > 0)
                }
            }
            #expect(Set(columns.map(\.name)) == Set(table.columns.map(\.name)), "\(table.name)")
            #expect(
                Set(columns.filter(\.isKey).map(\.name)) == Set(table.columns.prefix(table.keys).map(\.name)),
                "\(table.name)")
        }
    }

    @Test("A copy is the same store, and goes on working as one")
    func whole() async throws {
        let (folder, other) = (try OwnFolder(), try OwnFolder())
        let source = try await filled(folder)
        let target = try LocalStore.open(other.store)
        let summary = try copy(source, target)
        #expect(summary.blobs > 20)
        #expect(try target.verify { _ in }.problems.isEmpty)
        #expect(try target.tickets.events(after: 0, limit: 1000) == source.tickets.events(after: 0, limit: 1000))
        #expect(
            try target.tickets.attachments(of: ticket("T-1"), after: nil, limit: 100)
                == source.tickets.attachments(of: ticket("T-1"), after: nil, limit: 100))
        #expect(try target.tickets.usage(of: ticket("T-1")) == source.tickets.usage(of: ticket("T-1")))
        // New rows get numbers of their own.
        let last = try target.tickets.lastEvent()
        let receipt = try await target.record(
            decision(try target.spool.receive(bytes("new")), verdict: .accepted, name: "new.log"))
        #expect(receipt.outcome == .accepted)
        #expect(try target.tickets.lastEvent() == last + 1)
        #expect(try target.verify { _ in }.problems.isEmpty)
    }

    @Test("A copy that was interrupted anywhere goes on and ends whole", arguments: [0, 1, 7, 25, 60, 90])
    func interrupted(after steps: Int) async throws {
        let (folder, other) = (try OwnFolder(), try OwnFolder())
        let source = try await filled(folder)
        let target = try LocalStore.open(other.store)
        let left = Mutex(steps)
        let first = try StoreCopy(
            from: source, to: target,
            isCancelled: {
                left.withLock { left in
                    left -= 1
                    return left < 0
                }
            }, report: { _ in }
        ).run()
        #expect(first.wasInterrupted)
        #expect(try !copy(source, target).wasInterrupted)
        #expect(try target.tickets.lastEvent() == source.tickets.lastEvent())
        #expect(try target.verify { _ in }.problems.isEmpty)
    }

    @Test("Another store is not added to, and a change meanwhile is told")
    func refused() async throws {
        let (folder, other) = (try OwnFolder(), try OwnFolder())
        let source = try await filled(folder)
        let target = try LocalStore.open(other.store)
        _ = try copy(source, target)
        // A row that lies in the middle has changed.
        let first = try #require(try source.tickets.quarantined(on: nil, after: nil, limit: 1).first)
        _ = try source.review.release(first.id, by: "rita", note: "")
        let changed = #expect(throws: SluiceError.self) { try copy(source, target) }
        #expect(changed?.code == "store.copy-changed")
        // What was recorded there is of no source.
        _ = try await target.record(
            decision(try target.spool.receive(bytes("x")), verdict: .accepted, name: "zz.log"))
        let foreign = #expect(throws: SluiceError.self) { try copy(source, target) }
        #expect(foreign?.code == "store.copy-target")
    }
}
