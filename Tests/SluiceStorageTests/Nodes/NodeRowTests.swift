// Rows by which nodes agree: numbered removals and parts of partial uploads, on each engine.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceStorage

struct NodeRowTests {
    private static let digests = (1...3).map { Digest([UInt8](repeating: $0, count: 32))! }

    private func partial(_ id: String, length: Int = 100) -> Partial {
        Partial(
            id: id,
            submission: Submission(declaredName: DeclaredName("a.log"), ticket: ticket("T-1"), source: .endpoint),
            token: nil, length: ByteCount(length), createdAt: 1, expiresAt: 2, metadata: "")
    }

    @Test(
        "Removals are numbered upwards for ever, and told while they are new or not done", arguments: StoreKind.allCases
    )
    func removals(kind: StoreKind) throws {
        let folder = try OwnFolder()
        let store = try kind.make(folder)
        defer { store.close() }
        let rows = store.tickets
        #expect(try rows.lastRemoval() == 0)
        let addresses = [
            BlobAddress(Self.digests[0], in: .accepted), BlobAddress(Self.digests[0], in: .quarantined),
            BlobAddress(Self.digests[1], in: .accepted),
        ]
        let numbers = try store.transactionBlocking("") { (work) throws(SluiceError) in
            var numbers: [Int64] = []
            for (index, address) in addresses.enumerated() {
                numbers.append(try work.beginRemoval(of: address, at: Int64(index + 10)))
            }
            return numbers
        }
        #expect(numbers == numbers.sorted() && Set(numbers).count == 3)
        #expect(try rows.lastRemoval() == numbers[2])
        try store.transactionBlocking("") { (work) throws(SluiceError) in try work.endRemoval(numbers[1]) }
        let all = try rows.removals(after: 0).sorted { $0.number < $1.number }
        #expect(all.map(\.address) == addresses && all.map(\.isDone) == [false, true, false])
        #expect(all.map(\.beganAt) == [10, 11, 12])
        #expect(try Set(rows.removals(after: numbers[2]).map(\.number)) == [numbers[0], numbers[2]])
        try store.transactionBlocking("") { (work) throws(SluiceError) in
            for number in numbers { try work.endRemoval(number) }
            try work.forgetRemovals(before: 12)
        }
        #expect(try rows.removals(after: 0).map(\.number) == [numbers[2]])
        let next = try store.transactionBlocking("") { (work) throws(SluiceError) in
            try work.forgetRemovals(before: .max)
            return try work.beginRemoval(of: addresses[0], at: 1)
        }
        #expect(next > numbers[2])
    }

    @Test(
        "A part counts only where it begins at the end of the others, and only while its upload is open",
        arguments: StoreKind.allCases)
    func parts(kind: StoreKind) throws {
        let folder = try OwnFolder()
        let store = try kind.make(folder)
        defer { store.close() }
        let rows = store.tickets
        try store.partials.add(partial("one"))
        try store.partials.add(partial("two"))
        func add(_ begins: Int64, _ size: Int64, _ object: String, to id: String = "one") throws -> Bool {
            try store.transactionBlocking("") { (work) throws(SluiceError) in
                try work.add(PartialPart(begins: begins, size: size, object: object), to: id)
            }
        }
        #expect(try rows.openOffset(of: "one") == .zero && rows.openOffset(of: "none") == nil)
        #expect(try !add(1, 5, "gap"))
        #expect(try add(0, 5, "a"))
        #expect(try !add(0, 5, "again") && !add(4, 5, "overlap"))
        #expect(try add(5, 7, "b"))
        #expect(try !add(0, 1, "x", to: "none"))
        #expect(
            try rows.parts(of: "one") == [
                PartialPart(begins: 0, size: 5, object: "a"), PartialPart(begins: 5, size: 7, object: "b"),
            ])
        #expect(try rows.openOffset(of: "one") == ByteCount(12))
        #expect(try rows.partTotals() == ["one": ByteCount(12), "two": .zero])
        #expect(try rows.finishedParts().isEmpty)
        try store.partials.end("one")
        #expect(try !add(12, 1, "late"))
        #expect(try rows.openOffset(of: "one") == nil && rows.partTotals() == ["two": .zero])
        #expect(try rows.finishedParts().mapValues { $0.map(\.object).sorted() } == ["one": ["a", "b"]])
        try store.transactionBlocking("") { (work) throws(SluiceError) in try work.removeParts(of: "one") }
        #expect(try rows.parts(of: "one").isEmpty && rows.finishedParts().isEmpty)
    }
}
