// Partial uploads in an object store: what was acknowledged is any node's, and what was not may be lost.

import SluiceModel
import SluiceSystem
import SluiceTestSupport
import Synchronization
import Testing

@testable import SluiceFiles
@testable import SluiceStorage

struct ObjectPartialsTests {
    private let rows = MemoryDatabase()
    private let objects = MemoryObjectStore()

    private func node() -> (partials: ObjectPartials, store: Storage) {
        let spool = MemorySpool()
        let partials = ObjectPartials(rows, objects, spool)
        return (partials, Storage(rows, blobs: MemoryBlobStore(), spool: spool, partialBytes: partials))
    }

    private func begin(_ node: (partials: ObjectPartials, store: Storage), length: Int = 1 << 30) throws -> String {
        let id = try node.partials.create()
        try node.store.partials.add(
            Partial(
                id: id,
                submission: Submission(
                    declaredName: DeclaredName("a.log"), ticket: ticket("T-1"), source: .endpoint), token: nil,
                length: ByteCount(length), createdAt: 1, expiresAt: .max, metadata: ""))
        return id
    }

    private func append(_ content: [UInt8], to id: String, at offset: Int, _ partials: ObjectPartials) throws {
        try content.withUnsafeBytes { try partials.append($0, to: id, at: ByteCount(offset)) }
    }

    @Test("What was synced on one node is there on another; what was not is not; both go on at the offset that is told")
    func nodes() throws {
        let (first, second) = (node(), node())
        let id = try begin(first)
        #expect(try second.partials.size(id) == .zero && second.partials.size("none") == nil)
        try append(bytes("abc"), to: id, at: 0, first.partials)
        try append(bytes("de"), to: id, at: 3, first.partials)
        #expect(try second.partials.size(id) == .zero)
        try first.partials.sync(id, through: ByteCount(5))
        #expect(try second.partials.size(id) == ByteCount(5))
        #expect(objects.names.count == 1)
        // The first node has more, which nobody acknowledged, and another one goes on.
        try append(bytes("XX"), to: id, at: 5, first.partials)
        try append(bytes("fgh"), to: id, at: 5, second.partials)
        try second.partials.sync(id, through: ByteCount(8))
        let error = #expect(throws: SluiceError.self) { try first.partials.sync(id, through: ByteCount(7)) }
        #expect(error?.code == "tus.taken-over")
        #expect(try first.partials.size(id) == ByteCount(8))
        let received = try #require(try first.partials.received(id))
        #expect(received.digest == Digest(sha256Of: bytes("abcdefgh")) && received.size == ByteCount(8))
        #expect(try readAll(try #require(try second.partials.open(id))) == bytes("abcdefgh"))
        // The object of the bytes that were given up is gone.
        #expect(objects.names.count == 2)
        #expect(try second.partials.list().map(\.name) == [id])
        try second.store.partials.end(id)
        try second.partials.remove(id)
        #expect(objects.names.isEmpty)
        #expect(try first.partials.size(id) == nil && rows.reader.finishedParts().isEmpty)
    }

    @Test("Eight mebibytes ask for room, which puts them; what came before a cut is kept")
    func parts() throws {
        let (first, second) = (node(), node())
        let id = try begin(first)
        let piece = [UInt8](repeating: 7, count: 3 << 20)
        for number in 0..<4 {
            #expect(first.partials.needsRoom(id) == (number == 3))
            if first.partials.needsRoom(id) { try first.partials.makeRoom(id) }
            try append(piece, to: id, at: number * piece.count, first.partials)
        }
        #expect(!first.partials.needsRoom(id))
        #expect(try second.partials.size(id) == ByteCount(9 << 20))
        first.partials.keepUnsynced(id)
        #expect(try second.partials.size(id) == ByteCount(12 << 20))
        #expect(try rows.reader.parts(of: id).map(\.size) == [9 << 20, 3 << 20])
    }

    @Test("While the object store is away nothing acknowledged is lost, and afterwards it goes on")
    func away() throws {
        let first = node()
        let id = try begin(first)
        try append(bytes("abc"), to: id, at: 0, first.partials)
        try first.partials.sync(id, through: ByteCount(3))
        objects.fail(with: .unavailable("", "object store", cause: "test"))
        try append(bytes("de"), to: id, at: 3, first.partials)
        #expect(throws: SluiceError.self) { try first.partials.sync(id, through: ByteCount(5)) }
        #expect(try first.partials.size(id) == ByteCount(3))
        objects.fail(with: nil)
        try append(bytes("de"), to: id, at: 3, first.partials)
        try first.partials.sync(id, through: ByteCount(5))
        #expect(try #require(try first.partials.received(id)).digest == Digest(sha256Of: bytes("abcde")))
    }

    @Test("Parts of an upload that ended while a node died are removed")
    func leftovers() throws {
        let first = node()
        let (over, open) = (try begin(first), try begin(first))
        for id in [over, open] {
            try append(bytes("abc"), to: id, at: 0, first.partials)
            try first.partials.sync(id, through: ByteCount(3))
        }
        try first.store.partials.end(over)
        try first.partials.removeLeftovers()
        #expect(objects.names.allSatisfy { $0.hasPrefix("partials/\(open)/") } && objects.names.count == 1)
        #expect(try first.partials.sizes(of: [over, open]) == [open: ByteCount(3)])
    }

    @Test("What was given up is never told as durable, whoever gave it up")
    func givenUp() throws {
        let first = node()
        let id = try begin(first)
        try append(bytes("abc"), to: id, at: 0, first.partials)
        objects.fail(with: .unavailable("", "object store", cause: "test"))
        // Another request to this node makes durable what came, and fails.
        first.partials.keepUnsynced(id)
        objects.fail(with: nil)
        for content in ["", "de"] {
            if !content.isEmpty { try append(bytes(content), to: id, at: 3, first.partials) }
            let error = #expect(throws: SluiceError.self) {
                try first.partials.sync(id, through: ByteCount(3 + content.count))
            }
            #expect(error?.code == "tus.taken-over")
        }
        #expect(try first.partials.size(id) == .zero && objects.names.isEmpty)
    }

    @Test("Bytes that come while another request makes the former ones durable are not lost")
    func appendsAndSyncs() throws {
        let first = node()
        let id = try begin(first)
        let isOver = Mutex(false)
        let partials = first.partials
        let syncing = BlockingThread { while !isOver.withLock({ $0 }) { partials.keepUnsynced(id) } }
        var total = 0
        // Until bytes have been made durable while others came, which needs the other thread to have had its turn.
        while try rows.reader.parts(of: id).count < 3, total < 1_000_000 {
            for _ in 0..<500 {
                try append([UInt8(total % 251)], to: id, at: total, partials)
                total += 1
            }
        }
        isOver.withLock { $0 = true }
        syncing.join()
        try partials.sync(id, through: ByteCount(total))
        let received = try #require(try partials.received(id))
        #expect(received.digest == Digest(sha256Of: (0..<total).map { UInt8($0 % 251) }))
        #expect(try rows.reader.parts(of: id).count > 1)
    }
}
