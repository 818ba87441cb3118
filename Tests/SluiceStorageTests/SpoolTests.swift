// Receiving bytes: limits, digests, and that nothing is visible.

import Foundation
import Glibc
import SluiceModel
import SluiceSystem
import SluiceTestSupport
import Testing

@testable import SluiceFiles
@testable import SluiceStorage

enum SpoolKind: CaseIterable {
    case disk, folder, scratch

    func make(_ folder: OwnFolder) throws -> any Spool {
        switch self {
        case .disk: try LocalStore.open(folder.store).spool
        case .folder: FileSpool(try SpoolFolder(folder.path + "/spool"))
        case .scratch: MemorySpool()
        }
    }
}

struct SpoolTests {
    @Test(
        "The digest is that of the bytes", arguments: SpoolKind.allCases,
        [
            // FIPS 180-4 examples.
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ])
    func knownDigests(kind: SpoolKind, example: (text: String, digest: String)) throws {
        let folder = try OwnFolder()
        let spooled = try kind.make(folder).receive(bytes(example.text))
        #expect(spooled.digest.hexadecimal == example.digest)
        #expect(spooled.size == ByteCount(example.text.utf8.count))
    }

    @Test(
        "However the bytes are cut, the same arrives", arguments: SpoolKind.allCases,
        [1000, 65_537, 131_072, 131_073, 400_000])
    func cuts(kind: SpoolKind, piece: Int) throws {
        let folder = try OwnFolder()
        let content = (0..<500_003).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let spooled = try kind.make(folder).receive(content, piece: piece)
        let again = try #require(
            try SHA256.bytes(reading: { (buffer, offset) throws(SystemCallFailure) in
                try readAt(offset, of: spooled.descriptor, into: buffer)
            }))
        #expect(again.digest == spooled.digest.bytes)
        #expect(again.size == Int64(content.count))
        #expect(Digest(sha256Of: content) == spooled.digest)
    }

    @Test(
        "The byte after the limit ends the reception", arguments: SpoolKind.allCases,
        [(-1, false), (0, false), (1, true)])
    func limit(kind: SpoolKind, example: (beyond: Int, isOver: Bool)) throws {
        let folder = try OwnFolder()
        for limit in [0, 10, 200_000] where limit + example.beyond >= 0 {
            let reception = try kind.make(folder).begin(limit: ByteCount(limit))
            let content = [UInt8](repeating: 7, count: limit + example.beyond)
            try content.withUnsafeBytes { try reception.append($0) }
            #expect(reception.isOverLimit == example.isOver, "limit \(limit)")
            #expect(reception.received == ByteCount(content.count))
            if example.isOver {
                #expect(throws: SluiceError.self) { try reception.finish() }
            } else {
                #expect(try reception.finish().size == ByteCount(content.count))
            }
        }
    }

    @Test("A spool of its own makes its folder, and no other")
    func ownFolder() throws {
        let folder = try OwnFolder()
        let spooled = try SpoolKind.folder.make(folder).receive([UInt8](repeating: 1, count: 300_000))
        #expect(spooled.size == ByteCount(300_000))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["spool"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/spool").isEmpty)
    }

    @Test("On a fresh machine a spool makes the folders around its own")
    func foldersAround() throws {
        let folder = try OwnFolder()
        let spool = FileSpool(try SpoolFolder(folder.path + "/.local/state/sluice"))
        #expect(try spool.receive(bytes("abc")).size == ByteCount(3))
        _ = try SpoolFolder(folder.path + "/.local/state/sluice")
    }

    @Test("What is received has no name in the store, and is gone with its object")
    func nothingVisible() throws {
        let folder = try OwnFolder()
        let store = try LocalStore.open(folder.store)
        let spooled = try store.spool.receive([UInt8](repeating: 1, count: 300_000))
        #expect(folder.files(in: "spool") == [])
        #expect(folder.files(in: "blobs") == [])
        var facts = stat()
        #expect(fstat(spooled.descriptor, &facts) == 0)
        #expect(facts.st_nlink == 0)
    }

    @Test("Whoever inspects received bytes cannot change them", arguments: SpoolKind.allCases)
    func frozen(kind: SpoolKind) throws {
        let folder = try OwnFolder()
        let spooled = try kind.make(folder).receive(bytes("original"))
        #expect(pwrite(spooled.descriptor, "x", 1, 0) == -1)
        #expect(ftruncate(spooled.descriptor, 0) == -1)
    }

    @Test("Folders and files are for their owner only")
    func rights() async throws {
        let folder = try OwnFolder()
        let store = try LocalStore.open(folder.store)
        let receipt = try await store.record(decision(store.spool.receive(bytes("secret"))))
        let digest = try #require(receipt.digest)
        let paths = ["", "/spool", "/blobs", "/quarantine", "/sluice.sqlite", "/sluice.sqlite-wal"]
        for path in paths + ["/blobs/" + StoreFolders.blobPath(digest)] {
            let rights =
                try FileManager.default.attributesOfItem(atPath: folder.store + path)[.posixPermissions] as? Int
            #expect(try #require(rights) & 0o077 == 0, "\(path)")
        }
    }
}
