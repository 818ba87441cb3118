// What every ticket store and every blob store has to do, run on each of them.

import Foundation
import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceStorage

enum StoreKind: CaseIterable, CustomTestStringConvertible {
    case files, memory, postgres, objects, postgresAndObjects

    var testDescription: String { "\(self)" }

    func make(_ folder: OwnFolder) throws -> Storage {
        switch self {
        case .files: try LocalStore.open(folder.store)
        case .memory: LocalStore.inMemory()
        case .objects: try LocalStore.open(folder.store, blobs: ObjectServer.shared.address())
        case .postgres: try LocalStore.open(folder.store, database: folder.postgres)
        case .postgresAndObjects:
            try LocalStore.open(folder.store, database: folder.postgres, blobs: ObjectServer.shared.address())
        }
    }

    /// Whether bytes that were placed and not recorded are removed at once. An object store has no lock under which that is safe.
    var takesPlacedBytesBack: Bool { self != .objects && self != .postgresAndObjects }
}

struct StoreConformanceTests {
    @Test("A recorded attachment can be read back, with everything known about it", arguments: StoreKind.allCases)
    func roundTrip(kind: StoreKind) throws {
        let folder = try OwnFolder()
        let stores = try kind.make(folder)
        let manifest = Manifest(
            entries: [
                ManifestEntry(
                    name: EntryName(bytes: [0x61, 0xFF]), kind: .file, size: ByteCount(12), depth: 1,
                    recognized: RecognizedType(.plainText, .structure, detail: "text")),
                ManifestEntry(
                    name: EntryName("d/"), kind: .directory, size: .zero, depth: 2, recognized: .unrecognized),
            ], expandedSize: ByteCount(12))
        let category = CategoryJudgement(.logFile, basis: "lines", confidence: 0.5)
        let made = decision(
            try stores.spool.receive(bytes("content")), verdict: .quarantined, name: "a\u{0}b\n.zip",
            findings: [finding("first", .quarantine, entry: "a/b"), finding("second \"quoted\"", .note)],
            manifest: manifest,
            entries: [JudgedEntry(manifest.entries[0], category), JudgedEntry(manifest.entries[1], nil)])
        let receipt = try stores.record(made)[0].get()
        #expect(receipt.outcome == .quarantined)
        let id = try #require(receipt.attachment)
        let stored = try #require(try stores.tickets.attachment(id))
        #expect(stored.facts.submission == made.submission)
        #expect(stored.facts.recognized == made.inspection.recognized)
        #expect(stored.facts.secondOpinion == .plainText)
        #expect(stored.facts.category == .logFile)
        #expect(stored.facts.ownCategory == made.judgement.ownCategory)
        #expect(stored.facts.policyVersion == "portal")
        #expect(stored.facts.size == ByteCount(7))
        #expect(stored.digest == made.spooled?.digest)
        #expect(stored.verdict == .quarantined)
        #expect(stored.entries == 2)
        #expect(stored.expandedSize == ByteCount(12))
        let findings = try stores.tickets.findings(of: id)
        #expect(findings.map(\.severity) == [.quarantine, .note])
        #expect(findings.map(\.entry) == [EntryName("a/b"), nil])
        #expect(findings.map(\.message) == made.judgement.findings.map(\.finding.message))
        #expect(findings.map(\.remedy) == made.judgement.findings.map(\.finding.remedy))
        let entries = try stores.tickets.entries(of: id)
        #expect(entries.map(\.name) == manifest.entries.map(\.name))
        #expect(entries.map(\.kind) == [.file, .directory])
        #expect(entries.map(\.recognized) == manifest.entries.map(\.recognized))
        #expect(entries.map(\.category) == [category, nil])
        #expect(entries.map(\.depth) == [1, 2])
        let reader = try #require(try stores.blobs.open(BlobAddress(stored.digest, in: .quarantined)))
        #expect(reader.size == ByteCount(7))
        #expect(try readAll(reader) == bytes("content"))
        #expect(try stores.blobs.open(BlobAddress(stored.digest, in: .accepted)) == nil)
        #expect(try stores.database.checkIntegrity() == [])
    }

    @Test(
        "The same bytes under the same name on the same ticket are one attachment, whatever is decided the second time",
        arguments: StoreKind.allCases, Verdict.allCases)
    func duplicate(kind: StoreKind, second: Verdict) throws {
        let folder = try OwnFolder()
        let stores = try kind.make(folder)
        let first = try stores.record(decision(stores.spool.receive(bytes("x"))))[0].get()
        let again = try stores.record(decision(stores.spool.receive(bytes("x")), verdict: second))[0].get()
        #expect(again.outcome == .duplicate)
        #expect(again.attachment == first.attachment)
        #expect(again.verdict == .accepted)
        #expect(try stores.tickets.attachments(of: ticket("T-1"), after: nil, limit: 100).count == 1)
        #expect(try stores.tickets.rejections(on: ticket("T-1"), after: 0, limit: 100).isEmpty)
    }

    @Test(
        "A verdict that rests on a failed inspection is replaced when the same bytes are inspected cleanly",
        arguments: StoreKind.allCases, Verdict.allCases)
    func judgedAnew(kind: StoreKind, clean: Verdict) throws {
        let folder = try OwnFolder()
        let stores = try kind.make(folder)
        var failed = decision(try stores.spool.receive(bytes("x")), verdict: .quarantined)
        let finding = Finding(.inspectionFailed, [.text("it ran longer than 10 s")])
        failed.inspection.findings = [finding]
        failed.judgement.findings = [JudgedFinding(finding, .quarantine)]
        let first = try stores.record(failed)[0].get()
        #expect(first.outcome == .quarantined)
        let second = try stores.record(decision(stores.spool.receive(bytes("x")), verdict: clean))[0].get()
        #expect(second.outcome == Outcome(clean))
        let kept = try stores.tickets.attachments(of: ticket("T-1"), after: nil, limit: 100)
        #expect(kept.map(\.verdict) == (clean == .rejected ? [] : [clean]))
        if clean != .rejected { #expect(second.attachment == first.attachment) }
        // From now on it is an attachment like any other.
        let third = try stores.record(decision(stores.spool.receive(bytes("x")), verdict: clean))[0].get()
        #expect(third.outcome == (clean == .rejected ? .rejected : .duplicate))
    }

    @Test("A duplicate inside one group is one attachment", arguments: StoreKind.allCases)
    func duplicateInGroup(kind: StoreKind) throws {
        let folder = try OwnFolder()
        let stores = try kind.make(folder)
        let receipts = try stores.record(
            decision(stores.spool.receive(bytes("x"))), decision(stores.spool.receive(bytes("x"))),
            decision(stores.spool.receive(bytes("x")), name: "other.log"),
            decision(stores.spool.receive(bytes("x")), on: "T-2")
        ).map { try $0.get() }
        #expect(receipts.map(\.outcome) == [.accepted, .duplicate, .accepted, .accepted])
        #expect(receipts[0].attachment == receipts[1].attachment)
        #expect(Set(receipts.map(\.attachment)).count == 3)
        #expect(try stores.tickets.referenceTotals().attachments == 1)
        #expect(try stores.tickets.tickets(after: nil, limit: 10).map(\.attachments) == [2, 1])
        #expect(try stores.tickets.tickets(after: ticket("T-1"), limit: 10).map(\.id) == [ticket("T-2")])
    }

    @Test("Accepted on one ticket and quarantined on another: both areas have the bytes", arguments: StoreKind.allCases)
    func bothAreas(kind: StoreKind) throws {
        let folder = try OwnFolder()
        let stores = try kind.make(folder)
        let results = stores.record(
            decision(try stores.spool.receive(bytes("x"))),
            decision(try stores.spool.receive(bytes("x")), verdict: .quarantined, on: "T-2"))
        let digest = try #require(try results[0].get().digest)
        for area in BlobArea.allCases {
            let reader = try #require(try stores.blobs.open(BlobAddress(digest, in: area)))
            #expect(try readAll(reader) == bytes("x"))
            #expect(try stores.tickets.isReferenced(BlobAddress(digest, in: area)))
            #expect(try stores.tickets.references(in: area, beginningWith: digest.bytes[0]).map(\.digest) == [digest])
        }
        #expect(try stores.tickets.referenceTotals().attachments == 2)
    }

    @Test("What is rejected leaves its decision and no bytes; told again it is counted", arguments: StoreKind.allCases)
    func rejected(kind: StoreKind) throws {
        let folder = try OwnFolder()
        let stores = try kind.make(folder)
        for _ in 0..<3 {
            let made = decision(
                try stores.spool.receive(bytes("bad")), verdict: .rejected, findings: [finding("why", .reject)])
            let receipt = try stores.record(made)[0].get()
            #expect(receipt.outcome == .rejected)
            #expect(receipt.attachment == nil)
            #expect(try stores.blobs.open(BlobAddress(made.spooled!.digest, in: .accepted)) == nil)
            #expect(try stores.blobs.open(BlobAddress(made.spooled!.digest, in: .quarantined)) == nil)
        }
        let overLimit = decision(nil, verdict: .rejected, name: "big.log", size: .mebibytes(16))
        #expect(try stores.record(overLimit)[0].get().digest == nil)
        _ = stores.record(decision(try stores.spool.receive(bytes("bad")), verdict: .rejected, policy: "stricter"))
        let kept = try stores.tickets.rejections(on: ticket("T-1"), after: 0, limit: 100)
        #expect(kept.map(\.count) == [3, 1, 1])
        #expect(kept[0].findings.map(\.message) == [finding("why", .reject).finding.message])
        #expect(kept[0].lastAt > kept[0].facts.receivedAt)
        #expect(kept[1].facts.size == .mebibytes(16))
        #expect(kept[1].facts.digest == nil)
        #expect(try stores.tickets.attachments(of: ticket("T-1"), after: nil, limit: 100).isEmpty)
    }

    @Test("A decision that cannot be recorded is our error and takes no other with it", arguments: StoreKind.allCases)
    func defects(kind: StoreKind) throws {
        let folder = try OwnFolder()
        let stores = try kind.make(folder)
        let spooled = try stores.spool.receive(bytes("x"))
        let results = stores.record(
            decision(spooled, on: nil), decision(nil), decision(spooled, size: ByteCount(2)), decision(spooled))
        for result in results[..<3] {
            #expect(throws: SluiceError.self) { try result.get() }
        }
        #expect(try results[3].get().outcome == .accepted)
    }

    @Test("When rows cannot be written, nothing is visible and the next time works", arguments: StoreKind.allCases)
    func failedCommit(kind: StoreKind) throws {
        let folder = try OwnFolder()
        let stores = try kind.make(folder)
        let spooled = try stores.spool.receive(bytes("x"))
        for isUndecided in [false, true] {
            let referenced: ReferenceCheck = { (addresses) throws(SluiceError) in
                try stores.tickets.referenced(addresses)
            }
            let placement = try stores.blobs.place([BlobOrder(spooled, in: .accepted)], referenced)
            if isUndecided { placement.settle() } else { placement.withdraw(referenced) }
            // Undecided rows may turn up: then their bytes must be there.
            let kept = try stores.blobs.open(BlobAddress(spooled.digest, in: .accepted))
            #expect((kept != nil) == (isUndecided || !kind.takesPlacedBytesBack))
        }
        #expect(try stores.record(decision(spooled))[0].get().outcome == .accepted)
    }
}
