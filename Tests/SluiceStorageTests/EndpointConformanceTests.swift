// What every store behind the endpoint has to do, run on each of them: tokens, partials, answers, usage, reviews.

import Foundation
import Glibc
import SluiceModel
import SluiceSystem
import SluiceTestSupport
import Testing

@testable import SluiceFiles
@testable import SluiceSQLite
@testable import SluiceStorage

/// A store of one kind, with its folder.
private struct EndpointStores {
    let folder: OwnFolder
    let kind: StoreKind
    let stores: Storage
    var tokens: TokenDesk { stores.tokens }
    var partials: PartialDesk { stores.partials }
    var bytes: any PartialBytes { stores.partialBytes }
    var answers: KeptResponseDesk { stores.answers }
    var usage: any StoreReader { stores.tickets }
    var review: ReviewDesk { stores.review }

    init(_ kind: StoreKind) throws {
        self.kind = kind
        folder = try OwnFolder()
        stores = try kind.make(folder)
    }

    func record(_ text: String, _ verdict: Verdict, name: String = "app.log", on id: String = "T-1") throws -> Receipt {
        try stores.record(
            decision(
                stores.spool.receive(Array(text.utf8)), verdict: verdict, name: name, on: id,
                findings: [finding("first", .quarantine), finding("again", .quarantine), finding("a note", .note)]))[0]
            .get()
    }

    func waiting(after: String?, limit: Int) throws -> [StoredAttachment] {
        try stores.tickets.quarantined(on: nil, after: after, limit: limit)
    }
}

private func partial(
    _ id: String, length: Int = 100, submitter: String? = "ann", ticket name: String = "T-1", expires: Int64 = 2_000
) -> Partial {
    Partial(
        id: id,
        submission: Submission(
            declaredName: DeclaredName(bytes: [0x61, 0xFF, 0x2E]), declaredType: .plainText,
            declaredCategory: .configuration, ticket: ticket(name), submitter: submitter, comment: "c",
            source: .endpoint),
        token: "t1", length: ByteCount(length), createdAt: 1_000, expiresAt: expires, metadata: "filename YQ==")
}

struct EndpointConformanceTests {
    @Test("A token opens with its secret until it is revoked", arguments: StoreKind.allCases)
    func tokens(kind: StoreKind) throws {
        let all = try EndpointStores(kind)
        let desk = all.tokens
        let (text, token) = try desk.create(.reviewer, ticket: ticket("T-9"), submitter: "ann")
        #expect(text.hasPrefix("slc_\(token.id)_"))
        #expect(try desk.check(text) == token)
        let (other, _) = try desk.create(.admin)
        #expect(try desk.all().map(\.role) == [.reviewer, .admin])
        #expect(try desk.all()[0].ticket == ticket("T-9") && desk.all()[1].submitter == nil)
        // Another's secret, a secret that is nearly right, and what is no token at all.
        let parts = try #require(TokenText(other))
        let wrong = TokenText(id: token.id, secret: parts.secret).text
        let nearly = String(text.dropLast()) + (text.hasSuffix("0") ? "1" : "0")
        for text in [wrong, nearly, text + "0", "slc_none_\(parts.secret)", "", "slc_", "slc__", "slc_a_b_c", "Bearer"]
        {
            #expect(try desk.check(text) == nil, "\(text)")
        }
        #expect(try desk.revoke(token.id))
        #expect(try desk.check(text) == nil)
        let revoked = try #require(try desk.all().first?.revokedAt)
        #expect(try desk.revoke(token.id))
        #expect(try desk.all()[0].revokedAt == revoked)
        #expect(try desk.revoke("none") == false)
        #expect(try desk.check(other) != nil)
    }

    @Test("A secret is not in the store")
    func secrets() throws {
        let folder = try OwnFolder()
        let store = try LocalStore.open(folder.store)
        let text = try store.tokens.create(.admin).text
        let secret = try #require(TokenText(text)).secret
        store.close()
        for name in ["sluice.sqlite", "sluice.sqlite-wal"] {
            let content = FileManager.default.contents(atPath: folder.store + "/" + name) ?? Data()
            #expect(content.range(of: Data(secret.utf8)) == nil, "\(name)")
        }
    }

    @Test(
        "A partial is kept as it was begun, is decided or ended once, and is counted while it is open",
        arguments: StoreKind.allCases)
    func partials(kind: StoreKind) throws {
        let stores = try EndpointStores(kind)
        let store = stores.partials
        let all = [
            partial("a"), partial("b", length: 7, submitter: nil), partial("c", length: 20, ticket: "T-2"),
            partial("d"),
        ]
        for one in all { try store.add(one) }
        #expect(try store.partial("a") == all[0])
        #expect(try store.partial("none") == nil)
        #expect(try store.openPartials() == all)
        #expect(try store.openTotals(submitter: "ann") == PartialTotals(count: 3, length: ByteCount(220)))
        #expect(try store.openTotals(submitter: nil) == PartialTotals(count: 1, length: ByteCount(7)))
        #expect(try store.openTotals(ticket: ticket("T-2")) == PartialTotals(count: 1, length: ByteCount(20)))
        try store.decide("a", .quarantined, attachment: "x1", answer: "{\"a\":1}")
        // Too late: it is decided.
        try store.decide("a", .rejected, attachment: nil, answer: "{}")
        let decided = try #require(try store.partial("a"))
        #expect(decided.state == .decided && decided.outcome == .quarantined)
        #expect(decided.attachment == "x1" && decided.answer == "{\"a\":1}")
        try store.end("a")
        #expect(try store.partial("a")?.state == .ended && store.partial("a")?.outcome == .quarantined)
        try store.end("d")
        try store.decide("d", .accepted, attachment: nil, answer: "{}")
        #expect(try store.partial("d")?.state == .ended)
        #expect(try store.openTotals(submitter: "ann") == PartialTotals(count: 1, length: ByteCount(20)))
    }

    @Test("What is not finished in time is ended, and forgotten later", arguments: StoreKind.allCases)
    func expiry(kind: StoreKind) throws {
        let all = try EndpointStores(kind)
        let store = all.partials
        try store.add(partial("old", expires: 1_500))
        try store.add(partial("young", expires: 3_000))
        try store.add(partial("done", expires: 1_400))
        try store.decide("done", .accepted, attachment: "x", answer: "{}")
        #expect(try store.expire(before: 1_500, forgetting: 0) == [])
        #expect(try store.expire(before: 2_000, forgetting: 1_000) == ["old"])
        #expect(try store.partial("old")?.state == .ended && store.partial("done")?.state == .decided)
        #expect(try store.expire(before: 2_000, forgetting: 1_450) == [])
        #expect(try store.partial("done") == nil && store.partial("old") != nil)
        #expect(try store.expire(before: 5_000, forgetting: 4_000) == ["young"])
        #expect(try store.openPartials().isEmpty)
    }

    @Test("The bytes of a partial grow at their end only, and vanish when it is removed", arguments: StoreKind.allCases)
    func partialBytes(kind: StoreKind) throws {
        let stores = try EndpointStores(kind)
        let store = stores.bytes
        let id = try store.create()
        let other = try store.create()
        #expect(id != other)
        for id in [id, other] { try stores.partials.add(partial(id, expires: 1_000)) }
        #expect(try store.size(id) == .zero)
        try Array("hello ".utf8).withUnsafeBytes { try store.append($0, to: id, at: .zero) }
        #expect(throws: SluiceError.self) {
            try Array("x".utf8).withUnsafeBytes { try store.append($0, to: id, at: ByteCount(5)) }
        }
        try Array("world".utf8).withUnsafeBytes { try store.append($0, to: id, at: ByteCount(6)) }
        try store.sync(id, through: ByteCount(11))
        let reader = try #require(try store.open(id))
        #expect(try readAll(reader) == Array("hello world".utf8))
        #expect(reader.size == ByteCount(11))
        // One without bytes has no object, and may have a file.
        #expect(Set(try store.list().map(\.name)).union([other]) == [id, other])
        try store.remove(id)
        try store.remove(id)
        try stores.partials.end(id)
        #expect(try store.size(id) == nil && store.open(id) == nil)
        #expect(try Set(store.list().map(\.name)).isSubset(of: [other]))
    }

    @Test("A complete partial becomes a blob without a copy, and its bytes are whole once its own name has gone")
    func received() throws {
        let stores = try EndpointStores(.files)
        let id = try stores.bytes.create()
        let content = [UInt8](repeating: 7, count: 300_000)
        try content.withUnsafeBytes { try stores.bytes.append($0, to: id, at: .zero) }
        let spooled = try #require(try stores.bytes.received(id))
        #expect(spooled.digest == Digest(sha256Of: content) && spooled.size == ByteCount(content.count))
        // Placed before, and not recorded: the same file is placed once more, and nothing is left over.
        let storage = stores.stores
        let referenced: ReferenceCheck = { (addresses) throws(SluiceError) in try storage.tickets.referenced(addresses)
        }
        try storage.blobs.place([BlobOrder(spooled, in: .accepted)], referenced).settle()
        _ = try storage.record(decision(spooled))[0].get()
        func inode(_ path: String) -> UInt64? {
            var facts = stat()
            return stat(stores.folder.store + "/" + path, &facts) == 0 ? UInt64(facts.st_ino) : nil
        }
        let blob = stores.stores.blobs.path(of: BlobAddress(spooled.digest, in: .accepted))
        #expect(inode(blob) != nil && inode(blob) == inode("partials/\(id)"))
        try stores.bytes.remove(id)
        #expect(try stores.stores.verify { _ in }.problems == [:])
        #expect(try stores.bytes.received(id) == nil)
    }

    @Test("No text but an id of ours becomes a path", arguments: ["../sluice.sqlite", "a/b", "", "."])
    func paths(id: String) throws {
        let stores = try EndpointStores(.files)
        #expect(throws: SluiceError.self) { try stores.bytes.size(id) }
        #expect(throws: SluiceError.self) { try stores.bytes.remove(id) }
        #expect(throws: SluiceError.self) { try stores.bytes.open(id) }
    }

    @Test("Partials and their bytes are there after a restart")
    func restart() throws {
        let folder = try OwnFolder()
        let store = try LocalStore.open(folder.store)
        let id = try store.partialBytes.create()
        try store.partials.add(partial(id))
        try [UInt8](repeating: 7, count: 60).withUnsafeBytes {
            try store.partialBytes.append($0, to: id, at: .zero)
        }
        store.close()
        let again = try LocalStore.open(folder.store, creating: false)
        #expect(try again.partials.openPartials().map(\.id) == [id])
        #expect(try again.partialBytes.size(id) == ByteCount(60))
    }

    @Test("The first answer under a key stays, for each caller his own", arguments: StoreKind.allCases)
    func answers(kind: StoreKind) async throws {
        let all = try EndpointStores(kind)
        let store = all.answers
        func answer(_ number: UInt8, body: String?, at time: Int64 = 10) -> KeptResponse {
            KeptResponse(
                request: Digest([UInt8](repeating: number, count: 32))!, status: 201,
                headers: ["Location: /x", "A: b"],
                body: body, givenAt: time)
        }
        let first = answer(1, body: "{\"é\":1}")
        try await store.keep(first, to: "k", of: "a")
        try await store.keep(answer(2, body: "{}"), to: "k", of: "a")
        try await store.keep(answer(3, body: nil, at: 20), to: "k", of: "b")
        #expect(try store.answer(to: "k", of: "a") == first)
        #expect(try store.answer(to: "k", of: "b") == answer(3, body: nil, at: 20))
        #expect(try store.answer(to: "K", of: "a") == nil && store.answer(to: "k", of: "c") == nil)
        try store.forgetAnswers(before: 20)
        #expect(try store.answer(to: "k", of: "a") == nil && store.answer(to: "k", of: "b") != nil)
    }

    @Test("Usage counts what is kept, once, on its ticket and for its submitter's day", arguments: StoreKind.allCases)
    func usage(kind: StoreKind) throws {
        let all = try EndpointStores(kind)
        for (text, verdict, name, id) in [
            ("12345", Verdict.accepted, "a.log", "T-1"), ("12345", .accepted, "a.log", "T-1"),
            ("12345", .accepted, "b.log", "T-1"), ("123", .quarantined, "c.log", "T-1"),
            ("1234567", .rejected, "d.log", "T-1"), ("1234567", .rejected, "d.log", "T-1"),
            ("1", .accepted, "a", "T-2"),
        ] { _ = try all.record(text, verdict, name: name, on: id) }
        #expect(try all.usage.usage(of: ticket("T-1")) == Usage(attachments: 3, size: ByteCount(13)))
        #expect(try all.usage.usage(of: ticket("T-2")) == Usage(attachments: 1, size: ByteCount(1)))
        #expect(try all.usage.usage(of: ticket("T-3")) == Usage())
        let received = try #require(try all.stores.tickets.attachments(of: ticket("T-1"), after: nil, limit: 100).first)
            .facts.receivedAt
        let day = Day(of: received)
        // Four kept and one refused; a duplicate and a refusal told again are none.
        #expect(try all.usage.usage(of: "ann@example.org", on: day) == Usage(attachments: 5, size: ByteCount(14)))
        #expect(try all.usage.usage(of: "bob", on: day) == Usage())
        #expect(try all.usage.usage(of: nil, on: day) == Usage())
        #expect(try all.usage.usage(of: "ann@example.org", on: Day(of: day.end)) == Usage())
    }

    @Test("Only what comes through the endpoint counts for a day")
    func otherDoors() throws {
        let all = try EndpointStores(.files)
        var made = decision(try all.stores.spool.receive(bytes("12345")))
        made.submission.source = .batch
        made.submission.submitter = nil
        _ = try all.stores.record(made)[0].get()
        let day = Day(of: WallClock.microseconds())
        #expect(try all.usage.usage(of: nil, on: day) == Usage())
        #expect(try all.usage.usage(of: ticket("T-1")).attachments == 1)
    }

    @Test("What is quarantined waits for a person, oldest first, page by page", arguments: StoreKind.allCases)
    func waiting(kind: StoreKind) throws {
        let all = try EndpointStores(kind)
        var ids: [String] = []
        for number in 0..<5 {
            let verdict: Verdict = number == 2 ? .accepted : .quarantined
            let receipt = try all.record("content \(number)", verdict)
            if verdict == .quarantined { ids.append(try #require(receipt.attachment)) }
        }
        #expect(try all.waiting(after: nil, limit: 10).map(\.id) == ids)
        #expect(try all.waiting(after: nil, limit: 3).map(\.id) == Array(ids.prefix(3)))
        #expect(try all.waiting(after: ids[2], limit: 3).map(\.id) == [ids[3]])
        #expect(try all.waiting(after: ids[3], limit: 3) == [])
    }

    @Test("A release serves the bytes and holds for them, for no others", arguments: StoreKind.allCases)
    func release(kind: StoreKind) throws {
        let all = try EndpointStores(kind)
        let id = try #require(try all.record("content", .quarantined).attachment)
        let twin = try #require(try all.record("content", .quarantined, on: "T-2").attachment)
        let digest = try #require(try all.stores.tickets.attachment(id)).digest
        #expect(try all.review.releases.releases(for: digest) == [])
        #expect(try all.review.release(id, by: "rita", note: "looked at it") == .done)
        let released = try #require(try all.stores.tickets.attachment(id))
        #expect(released.verdict == .accepted)
        let reader = try #require(try all.stores.blobs.open(BlobAddress(digest, in: .accepted)))
        #expect(try readAll(reader) == bytes("content"))
        // The other one with the same bytes still waits, so the bytes stay there, too.
        #expect(try all.stores.blobs.open(BlobAddress(digest, in: .quarantined)) != nil)
        let words = try all.review.releases.releases(for: digest)
        #expect(words.map(\.codes) == [["inspection.failed"]] && words[0].ticket == ticket("T-1"))
        // What set it apart asks for nothing any more, and who decided stands beside it.
        let findings = try all.stores.tickets.findings(of: id)
        #expect(findings.allSatisfy { $0.severity < .quarantine })
        #expect(findings.first { $0.code == "inspection.failed" }?.remedy == DecidedFinding.remedy)
        #expect(findings.contains { $0.code == "review.released" && $0.message.contains("rita") })
        #expect(words[0].person == "rita" && words[0].note == "looked at it")
        #expect(try all.review.release(id, by: "rita", note: "again") == .notQuarantined)
        #expect(try all.review.delete(id, by: "rita", note: "again") == .notQuarantined)
        #expect(try all.review.release("none", by: "rita", note: "x") == .noSuchAttachment)
        #expect(try all.review.release(twin, by: "rob", note: "too") == .done)
        #expect(try all.stores.blobs.open(BlobAddress(digest, in: .quarantined)) == nil)
        #expect(try all.review.releases.releases(for: digest).map(\.person) == ["rob", "rita"])
        #expect(try all.review.allReleases().map(\.ticket) == [ticket("T-1"), ticket("T-2")])
        #expect(try all.review.allReleases(of: ticket("T-2")).map(\.person) == ["rob"])
        let other = try #require(try all.record("other content", .quarantined).digest)
        #expect(try all.review.releases.releases(for: other) == [])
        // Sent again it is the same attachment, and accepted.
        let again = try all.record("content", .quarantined)
        #expect(again.outcome == .duplicate && again.verdict == .accepted && again.attachment == id)
        #expect(try all.stores.verify { _ in }.problems == [:])
    }

    @Test("A release can be for every ticket, and be taken back", arguments: StoreKind.allCases)
    func revoke(kind: StoreKind) throws {
        let all = try EndpointStores(kind)
        let id = try #require(try all.record("content", .quarantined).attachment)
        let digest = try #require(try all.stores.tickets.attachment(id)).digest
        #expect(try all.review.release(id, by: "rita", note: "ours", everywhere: true) == .done)
        let release = try #require(try all.review.releases.releases(for: digest).first)
        #expect(release.ticket == nil && release.attachment == id)
        #expect(try all.review.revokeRelease("99", by: "rob") == false)
        #expect(try all.review.revokeRelease("x", by: "rob") == false)
        #expect(try all.review.revokeRelease(release.id, by: "rob"))
        #expect(try all.review.revokeRelease(release.id, by: "ann"))
        #expect(try all.review.releases.releases(for: digest) == [])
        let told = try #require(try all.review.allReleases().first)
        #expect(told.revokedBy == "rob" && told.revokedAt != nil)
        // What it let pass stays.
        #expect(try all.stores.tickets.attachment(id)?.verdict == .accepted)
    }

    @Test("Who sent an attachment does not release it", arguments: StoreKind.allCases)
    func ownAttachment(kind: StoreKind) throws {
        let all = try EndpointStores(kind)
        let id = try #require(try all.record("content", .quarantined).attachment)
        let sender = try #require(try all.stores.tickets.attachment(id)?.facts.submission.submitter)
        #expect(try all.review.release(id, by: sender, note: "mine") == .sentByReviewer)
        #expect(try all.stores.tickets.attachment(id)?.verdict == .quarantined)
        #expect(try all.review.allReleases() == [])
    }

    @Test("A release from before holds on the ticket of its attachment, which is told as released")
    func releaseMigration() throws {
        let folder = try OwnFolder()
        let path = folder.path + "/old.sqlite"
        try Data().write(to: URL(fileURLWithPath: path))
        let connection = try SQLiteConnection(path: path, timeout: .seconds(1))
        try Migrations.apply(Migrations.all.filter { $0.version < 7 }, to: connection)
        try connection.execute("INSERT INTO ticket VALUES ('T-9', 1)")
        try connection.execute(
            """
            INSERT INTO attachment VALUES (1, 'i1', 'T-9', zeroblob(32), 10, 'accepted', x'01', '', '',
                NULL, NULL, 'ann', NULL, 'endpoint', '', '', '', NULL, '', '', '', 0.5, '', 5, NULL, NULL)
            """)
        try connection.execute(
            """
            INSERT INTO finding (attachment, code, severity, message, remedy, facts)
                VALUES (1, 'zip.encrypted', 'quarantine', 'm', 'do it again', '[]')
            """)
        try connection.execute("INSERT INTO finding_release VALUES (zeroblob(32), 'zip.encrypted', 'rita', 'n', 7)")
        try connection.execute("INSERT INTO review VALUES (1, 'i1', 'released', 'T-9', zeroblob(32), 'rita', 'n', 7)")
        try Migrations.apply(to: connection)
        let store = try SQLiteDatabase(path: path, timeout: .seconds(1)).reader
        let release = try #require(try store.releases().first)
        #expect(release.ticket == ticket("T-9") && release.codes == ["zip.encrypted"] && release.person == "rita")
        let findings = try store.findings(of: "i1")
        #expect(findings.map(\.code) == ["zip.encrypted", "review.released"])
        #expect(findings.allSatisfy { $0.severity == .note } && findings[0].remedy == DecidedFinding.remedy)
    }

    @Test("What is deleted leaves its findings and no bytes", arguments: StoreKind.allCases)
    func delete(kind: StoreKind) throws {
        let all = try EndpointStores(kind)
        let receipt = try all.record("content", .quarantined)
        let id = try #require(receipt.attachment)
        _ = try all.record("kept", .accepted)
        #expect(try all.review.delete(id, by: "rita", note: "no") == .done)
        #expect(try all.stores.tickets.attachment(id) == nil)
        #expect(try all.stores.blobs.open(BlobAddress(receipt.digest!, in: .quarantined)) == nil)
        let left = try #require(try all.stores.tickets.rejections(on: ticket("T-1"), after: 0, limit: 100).first)
        #expect(left.findings.last?.code == "review.deleted" && left.findings.allSatisfy { $0.severity != .quarantine })
        #expect(left.findings.count == 4 && left.facts.digest == receipt.digest && left.count == 1)
        #expect(try all.usage.usage(of: ticket("T-1")) == Usage(attachments: 1, size: ByteCount(4)))
        #expect(try all.usage.usage(of: "ann@example.org", on: Day(of: left.facts.receivedAt)).attachments == 2)
        #expect(try all.review.delete(id, by: "rita", note: "no") == .noSuchAttachment)
        // Sent again it is judged anew; deleted again it is counted.
        let again = try #require(try all.record("content", .quarantined).attachment)
        #expect(again != id)
        #expect(try all.review.delete(again, by: "rita", note: "no") == .done)
        #expect(try all.stores.tickets.rejections(on: ticket("T-1"), after: 0, limit: 100).map(\.count) == [2])
        #expect(try all.stores.verify { _ in }.problems == [:])
    }

    @Test("A release whose bytes have changed on the disk releases nothing")
    func changedBytes() throws {
        let all = try EndpointStores(.files)
        let receipt = try all.record("content", .quarantined)
        let path = all.folder.store + "/quarantine/" + StoreFolders.blobPath(receipt.digest!)
        chmod(path, 0o600)
        try Data("changed".utf8).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: SluiceError.self) {
            try all.review.release(receipt.attachment!, by: "rita", note: "x")
        }
        #expect(error?.code == "store.io")
        #expect(try all.stores.tickets.attachment(receipt.attachment!)?.verdict == .quarantined)
    }

    @Test("A store of the schema before is brought up, and its usage is counted")
    func migration() throws {
        let folder = try OwnFolder()
        let path = folder.path + "/old.sqlite"
        try Data().write(to: URL(fileURLWithPath: path))
        let connection = try SQLiteConnection(path: path, timeout: .seconds(1))
        try Migrations.apply([.firstTables, .cardsAndCorrections], to: connection)
        try connection.execute("INSERT INTO ticket VALUES ('T-1', 1)")
        for (number, submitter) in [(1, "'ann'"), (2, "NULL"), (3, "'ann'")] {
            try connection.execute(
                """
                INSERT INTO attachment VALUES (\(number), 'i\(number)', 'T-1', zeroblob(32), \(number * 10), 'accepted', x'0\(number)', '', '',
                    NULL, NULL, \(submitter), NULL, 'endpoint', '', '', '', NULL, '', '', '', 0.5, '', 86400000005, NULL, NULL)
                """)
        }
        try Migrations.apply(to: connection)
        let store = try SQLiteDatabase(path: path, timeout: .seconds(1)).reader
        #expect(try store.usage(of: ticket("T-1")) == Usage(attachments: 3, size: ByteCount(60)))
        #expect(try store.usage(of: "ann", on: Day(of: 86_400_000_000)) == Usage(attachments: 2, size: ByteCount(40)))
        #expect(try store.usage(of: nil, on: Day(of: 86_400_000_000)).attachments == 1)
    }
}
