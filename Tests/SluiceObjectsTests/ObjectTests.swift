// Objects on a real server: names, sizes, ranges, listings, blobs, parts.

import Foundation
import Glibc
import SluiceModel
import SluiceStorage
import SluiceSystem
import SluiceTestSupport
import Testing

@testable import SluiceObjects

struct ObjectTests {
    @Test(
        "What is written is read back, whatever its size",
        arguments: [0, 1, 4096, 256 << 10, (256 << 10) + 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 5 << 20])
    func roundTrip(size: Int) throws {
        let store = try store()
        let bytes = content(size)
        try store.put("a/b", bytes)
        let reader = try #require(try store.open("a/b"))
        #expect(reader.size == ByteCount(size))
        #expect(reader.descriptor == nil)
        #expect(try readAll(reader) == bytes)
        try store.delete("a/b")
        try store.delete("a/b")
        #expect(try store.open("a/b") == nil)
    }

    @Test("A part of a file is written from its place, and an object into a file at another place")
    func files() throws {
        let store = try store()
        let bytes = content(3 << 20)
        let source = try spooled(bytes)
        try store.put("part", from: source.descriptor, at: 1000, count: 2 << 20)
        let file = try #require(tmpfile())
        defer { fclose(file) }
        #expect(try store.get("part", into: fileno(file), at: 17) == 2 << 20)
        var read = [UInt8](repeating: 0, count: 2 << 20)
        #expect(pread(fileno(file), &read, read.count, 17) == read.count)
        #expect(read == Array(bytes[1000..<1000 + (2 << 20)]))
        #expect(try store.get("none", into: fileno(file), at: 0) == nil)
    }

    @Test("Reads at any offset, also backwards and beyond the end")
    func ranges() throws {
        let store = try store()
        let bytes = content(3 << 20)
        try store.put("r", bytes)
        let reader = try #require(try store.open("r"))
        var buffer = [UInt8](repeating: 0, count: 1000)
        for offset in [2 << 20, 0, bytes.count - 10, 300_000, bytes.count, bytes.count + 5, 1 << 19] {
            let count = try buffer.withUnsafeMutableBytes { try reader.read(into: $0, at: Int64(offset)) }
            let expected = offset < bytes.count ? Array(bytes[offset..<min(offset + 1000, bytes.count)]) : []
            #expect(Array(buffer[..<count]) == Array(expected.prefix(count)))
            #expect((count == 0) == expected.isEmpty)
        }
    }

    @Test("Names with every printable character are kept apart")
    func names() throws {
        let store = try store()
        // No folder-like store keeps a name that is "." or ends in a slash; a backslash separates for some.
        let characters = (0x20...0x7E).map { UnicodeScalar(UInt8($0)) }.filter { $0 != "/" && $0 != "\\" }
        let names = characters.map { "every/x\(Character($0))y" } + ["every/ä€😀", "every/a%20b", "every/a+b c"]
        for name in names { try store.put(name, Array(name.utf8)) }
        for name in names { #expect(try store.bytes(of: name) == Array(name.utf8), "\(name)") }
        #expect(
            try store.list("every/", after: nil).map(\.name)
                == Set(names).sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
    }

    @Test("Listings go on over their pages, and each object stands in them once")
    func pages() throws {
        let store = try store()
        let names = (0..<1005).map { String(format: "many/%04d", $0) }
        let orders = names.map { (BlobAddress(Digest([UInt8](repeating: 0, count: 32))!, in: .accepted), $0) }
        try orders.map(\.1).forEachAtOnce { try store.put($0, Array($0.utf8)) }
        var listed: [String] = []
        try store.client.forEach(store.client.key("many/")) { (page) throws(ObjectFailure) in
            listed += page.items.map { store.client.name($0.key)! }
        }
        #expect(listed == names)
        var paged: [String] = []
        while case let page = try store.list("many/", after: paged.last), !page.isEmpty { paged += page.map(\.name) }
        #expect(paged == names)
        // Small pages, as a store with another limit gives them.
        let first = try store.client.list(store.client.key("many/"), most: 3)
        #expect(first.items.count == 3 && first.isTruncated)
    }

    @Test("Blobs are placed, listed, found by their digest and removed")
    func blobs() throws {
        let store = try store()
        let attachments = try (0..<40).map { try spooled(content(100 + $0, seed: UInt64($0))) }
        let orders = attachments.flatMap { one in BlobArea.allCases.map { BlobOrder(one, in: $0) } }
        let before = store.requests
        _ = try store.arrivalProofName()
        let asked = store.requests
        try store.place(orders, nothing).settle()
        // One request for each new blob, and nothing else.
        #expect(store.requests - asked == orders.count)
        #expect(asked > before)
        for area in BlobArea.allCases {
            var found: Set<Digest> = []
            for byte in 0...255 {
                let listing = try store.list(in: area, beginningWith: UInt8(byte))
                #expect(listing.foreign.isEmpty)
                found.formUnion(listing.blobs.map(\.digest))
            }
            #expect(found == Set(attachments.map(\.digest)))
            #expect(try store.foreignNames(in: area).isEmpty)
        }
        let address = BlobAddress(attachments[0].digest, in: .accepted)
        #expect(try readAll(try #require(try store.open(address))) == content(100, seed: 0))
        #expect(try store.remove(address, namedBefore: .max, everything) == .referenced)
        #expect(try store.remove(address, namedBefore: nil, nothing) == .kept)
        #expect(try store.remove(address, namedBefore: WallClock.seconds() - 3600, nothing) == .kept)
        #expect(try store.remove(address, namedBefore: .max, nothing) == .removed)
        #expect(try store.remove(address, namedBefore: .max, nothing) == .missing)
        #expect(try store.open(address) == nil)
    }

    @Test("What a row refers to is not sent again; a damaged object that no row refers to is replaced")
    func again() throws {
        let store = try store()
        let attachment = try spooled(content(5000))
        let address = BlobAddress(attachment.digest, in: .accepted)
        let name = store.path(of: address)
        _ = try store.arrivalProofName()
        try store.put(name, content(5000, seed: 9))
        try store.place([BlobOrder(attachment, in: .accepted)], nothing).settle()
        #expect(try store.bytes(of: name) == content(5000))
        let before = store.requests
        try store.place([BlobOrder(attachment, in: .accepted)], everything).settle()
        #expect(store.requests - before == 1)
        // A row refers to it, and it is gone.
        try store.delete(name)
        try store.place([BlobOrder(attachment, in: .accepted)], everything).settle()
        #expect(try store.bytes(of: name) == content(5000))
    }

    @Test("A body that does not match its digest is never acknowledged")
    func wrongDigest() throws {
        let store = try store()
        let lie = Digest([UInt8](repeating: 7, count: 32))!
        for size in [5000, 2 << 20] {
            let attachment = try spooled(content(size), claiming: lie)
            let error = #expect(throws: SluiceError.self) {
                try store.place([BlobOrder(attachment, in: .accepted)], nothing)
            }
            #expect(error?.code == "store.io")
        }
    }

    @Test("A large object is sent in parts; one that does not match its digest leaves nothing")
    func parts() throws {
        let store = try store()
        let bytes = content(1 << 20)
        let file = try #require(tmpfile())
        defer { fclose(file) }
        let size = Int(Upload.inPartsFrom) + 12345
        var running = SHA256()
        for at in stride(from: 0, to: size, by: bytes.count) {
            let piece = bytes.prefix(size - at)
            piece.withUnsafeBytes { running.update($0) }
            #expect(pwrite(fileno(file), Array(piece), piece.count, at) == piece.count)
        }
        let digest = Digest(running.finish())!
        let whole = SpooledAttachment(size: ByteCount(size), digest: digest, owning: dup(fileno(file)))
        try store.place([BlobOrder(whole, in: .accepted)], nothing).settle()
        let key = store.client.key(store.path(of: BlobAddress(digest, in: .accepted)))
        #expect(try store.client.digest(key)?.digest == digest.bytes)
        let lie = Digest([UInt8](repeating: 7, count: 32))!
        let wrong = SpooledAttachment(size: ByteCount(size), digest: lie, owning: dup(fileno(file)))
        let error = #expect(throws: SluiceError.self) { try store.place([BlobOrder(wrong, in: .accepted)], nothing) }
        #expect(error?.code == "store.io")
        #expect(try store.open(BlobAddress(lie, in: .accepted)) == nil)
        #expect(try store.client.unfinishedUploads(store.client.key("")).isEmpty)
    }

    @Test("Uploads in parts that a crash has left are told, and aborted when they are old")
    func leftovers() throws {
        let store = try store()
        var begin = ObjectRequest(method: .post, key: store.client.key("blobs/left"))
        begin.query = [("uploads", "")]
        _ = try store.client.send(begin)
        let told = try store.sweepLeftovers(namedBefore: nil)
        #expect(told.map(\.isRemoved) == [false])
        #expect(told[0].name.hasPrefix("blobs/left"))
        #expect(try store.sweepLeftovers(namedBefore: WallClock.seconds() - 3600).map(\.isRemoved) == [false])
        #expect(try store.sweepLeftovers(namedBefore: WallClock.seconds() + 3600).map(\.isRemoved) == [true])
        #expect(try store.sweepLeftovers(namedBefore: nil).isEmpty)
    }

    @Test("The store can be tried out, and leaves nothing behind")
    func probe() throws {
        let store = try store()
        let probe = try store.probe()
        #expect(!probe.isUnprotected)
        #expect(abs(try #require(probe.clockDifference)) < 60)
        #expect(try store.list("", after: nil).isEmpty)
    }

    @Test("A bucket that is not there, and keys that are wrong, are said so")
    func refused() throws {
        let good = try ObjectAddress(ObjectServer.shared.address())
        let query = "?endpoint=\(good.endpoint.text)&region=\(good.region)"
        let missing = try store("s3://no-such-bucket-here/p\(query)")
        #expect(throws: SluiceError.self) { try missing.probe() }
        let error = #expect(throws: SluiceError.self) {
            try missing.place([BlobOrder(spooled([1]), in: .accepted)], nothing)
        }
        #expect(error?.code == "store.missing")
        var wrong = ObjectServer.environment
        wrong["AWS_SECRET_ACCESS_KEY"] = "wrong"
        let known = wrong
        let refused = ObjectBlobStore(good, ObjectCredentials { known[$0] })
        let second = #expect(throws: SluiceError.self) { try refused.probe() }
        #expect(second?.code == "store.not-permitted")
        #expect(second.map { !"\($0)".contains("wrong") } == true)
    }
}

extension [String] {
    /// Runs `body` for each on several threads; fails where one fails.
    fileprivate func forEachAtOnce(_ body: @escaping @Sendable (String) throws -> Void) throws {
        let failures = Failures()
        DispatchQueue.concurrentPerform(iterations: 8) { worker in
            for index in stride(from: worker, to: count, by: 8) {
                do { try body(self[index]) } catch { failures.add(error) }
            }
        }
        if let first = failures.first { throw first }
    }
}

private final class Failures: @unchecked Sendable {
    private let lock = NSLock()
    // guarded by: lock
    private var all: [any Error] = []
    var first: (any Error)? { lock.withLock { all.first } }
    func add(_ error: any Error) { lock.withLock { all.append(error) } }
}
