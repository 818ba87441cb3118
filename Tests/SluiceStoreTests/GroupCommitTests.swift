// Recording from many tasks at once, and that one bad decision does not spoil a group.

import Foundation
import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceStore

struct GroupCommitTests {
    @Test("Many that record at once share few commits and each gets its own receipt")
    func many() async throws {
        let folder = try OwnFolder()
        let store = try Store.open(folder.store)
        let receipts = try await withThrowingTaskGroup(of: Receipt.self) { tasks in
            for number in 0..<300 {
                let spooled = try store.spool.receive(bytes("content \(number % 100)"))
                tasks.addTask {
                    try await store.recorder.record(decision(spooled, name: "file-\(number % 200).log"))
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

    @Test("A decision that the database refuses fails alone")
    func poison() async throws {
        let folder = try OwnFolder()
        let store = try Store.open(folder.store)
        let tickets = RefusingTicketStore(store.tickets, refusing: "poison")
        let results = Commit(tickets, store.blobs).run([
            decision(try store.spool.receive(bytes("1")), name: "good-1"),
            decision(try store.spool.receive(bytes("2")), name: "poison"),
            decision(try store.spool.receive(bytes("3")), name: "good-2"),
        ])
        #expect(try results[0].get().outcome == .accepted)
        #expect(throws: SluiceError.self) { try results[1].get() }
        #expect(try results[2].get().outcome == .accepted)
        #expect(folder.files(in: "blobs").count == 2)
    }

    @Test("After closing, nothing more is taken, and what was taken is answered")
    func closing() async throws {
        let folder = try OwnFolder()
        let store = try Store.open(folder.store)
        let spooled = try store.spool.receive(bytes("x"))
        #expect(try await store.recorder.record(decision(spooled)).outcome == .accepted)
        store.close()
        await #expect(throws: SluiceError.self) { try await store.recorder.record(decision(spooled)) }
    }

    @Test("Bytes that the disk refused once are never recorded")
    func distrusted() async throws {
        let folder = try OwnFolder()
        let store = try Store.open(folder.store)
        let spooled = try store.spool.receive(bytes("x"))
        spooled.distrust()
        let error = await #expect(throws: SluiceError.self) { try await store.recorder.record(decision(spooled)) }
        #expect(error?.code == "store.io")
        let again = try store.spool.receive(bytes("x"))
        #expect(try await store.recorder.record(decision(again)).outcome == .accepted)
    }

    @Test("A torn blob that no row speaks of is replaced, and a row's blob of the wrong size is mended")
    func torn() async throws {
        let folder = try OwnFolder()
        let store = try Store.open(folder.store)
        for round in 0..<2 {
            let spooled = try store.spool.receive(bytes("whole"))
            let path = folder.store + "/blobs/" + StoreLayout.blobPath(spooled.digest)
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try? FileManager.default.removeItem(atPath: path)
            try Data(bytes("who")).write(to: URL(fileURLWithPath: path))
            let receipt = try await store.recorder.record(decision(spooled, on: "T-\(round)"))
            #expect(receipt.outcome == .accepted)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(bytes("whole")))
        }
        #expect(folder.files(in: "spool") == [])
    }

    @Test("Ids sort by time and do not repeat")
    func ids() {
        let made = (0..<1000).map { AttachmentID.make(at: 1_700_000_000_000_000 + $0) }
        #expect(made == made.sorted())
        #expect(Set((0..<1000).map { _ in AttachmentID.make(at: 1) }).count == 1000)
        #expect(made.allSatisfy { $0.utf8.count == 26 })
    }

    @Test("A manifest of 10 000 entries is recorded and read back")
    func largeManifest() async throws {
        let folder = try OwnFolder()
        let store = try Store.open(folder.store)
        let entries = (0..<10_000).map {
            ManifestEntry(
                name: EntryName("dir/file-\($0).log"), kind: .file, size: ByteCount($0), depth: 1,
                recognized: RecognizedType(.plainText, .proven, detail: "UTF-8 text"))
        }
        let manifest = Manifest(entries: entries, expandedSize: .mebibytes(48))
        let receipt = try await store.recorder.record(decision(store.spool.receive(bytes("zip")), manifest: manifest))
        let stored = try store.tickets.entries(of: try #require(receipt.attachment))
        #expect(stored.map(\.name) == entries.map(\.name))
    }
}

/// A ticket store that cannot write decisions with one name.
private struct RefusingTicketStore: TicketStore {
    let inner: any TicketStore
    let name: DeclaredName

    init(_ inner: any TicketStore, refusing name: String) {
        self.inner = inner
        self.name = DeclaredName(name)
    }

    func record(_ decisions: [Decision]) throws(RecordFailure) -> [Receipt] {
        if decisions.contains(where: { $0.submission.declaredName == name }) {
            throw RecordFailure(.storeInternal("refused", cause: "test"), isAboutOneDecision: true)
        }
        return try inner.record(decisions)
    }

    func receipts(alreadyGivenFor decisions: [Decision]) throws(SluiceError) -> [Receipt?] {
        try inner.receipts(alreadyGivenFor: decisions)
    }
    func isReferenced(_ digest: Digest, in area: BlobArea) throws(SluiceError) -> Bool {
        try inner.isReferenced(digest, in: area)
    }
    func tickets(after: TicketID?, limit: Int) throws(SluiceError) -> [Ticket] { [] }
    func attachments(of ticket: TicketID) throws(SluiceError) -> [StoredAttachment] { [] }
    func card(of attachment: String) throws(SluiceError) -> String? { nil }
    func correct(_ attachment: String, to category: Category, by person: String) throws(SluiceError) -> Bool { false }
    func corrections(of attachment: String) throws(SluiceError) -> [CategoryCorrection] { [] }
    func corrections() throws(SluiceError) -> [CategoryCorrection] { [] }
    func attachment(_ id: String) throws(SluiceError) -> StoredAttachment? { nil }
    func findings(of attachment: String) throws(SluiceError) -> [StoredFinding] { [] }
    func entries(of attachment: String) throws(SluiceError) -> [StoredEntry] { [] }
    func rejections(on ticket: TicketID) throws(SluiceError) -> [StoredRejection] { [] }
    func references(in area: BlobArea, beginningWith byte: UInt8) throws(SluiceError) -> [BlobReference] { [] }
    func referenceTotals() throws(SluiceError) -> (count: Int, size: ByteCount) { (0, .zero) }
    func checkIntegrity() throws(SluiceError) -> [String] { [] }
}
