// What every store has to do with events, evidence, renditions and pages, run on each of them.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceStorage

struct EventConformanceTests {
    @Test(
        "Each decision, release, deletion and correction appends one event, numbered without gaps",
        arguments: StoreKind.allCases)
    func numbered(kind: StoreKind) throws {
        let folder = try OwnFolder()
        let store = try kind.make(folder)
        func record(_ text: String, _ verdict: Verdict) throws -> Receipt {
            try store.record(
                decision(
                    store.spool.receive(bytes(text)), verdict: verdict, name: "\(text).log",
                    findings: [finding("why", verdict == .accepted ? .note : .quarantine)]))[0].get()
        }
        let accepted = try record("a", .accepted)
        let released = try record("b", .quarantined)
        let deleted = try record("c", .quarantined)
        for _ in 0..<2 { _ = try record("d", .rejected) }
        // The same again decides nothing.
        #expect(try record("a", .accepted).outcome == .duplicate)
        #expect(try store.review.release(released.attachment!, by: "rita", note: "fine") == .done)
        #expect(try store.review.delete(deleted.attachment!, by: "rob", note: "not ours") == .done)
        #expect(try store.review.correct(accepted.attachment!, to: .other, by: "ann"))
        #expect(try store.review.correct(accepted.attachment!, to: .other, by: "ann"))
        // What is refused by a rule leaves no event.
        #expect(try store.review.release(released.attachment!, by: "rita", note: "again") == .notQuarantined)
        let events = try store.tickets.events(after: 0, limit: 100)
        #expect(events.map(\.number) == Array(1...7))
        #expect(
            events.map(\.kind) == [
                .attachmentAccepted, .attachmentQuarantined, .attachmentQuarantined, .attachmentRejected,
                .attachmentReleased, .attachmentDeleted, .attachmentCorrected,
            ])
        #expect(events.map(\.person) == [nil, nil, nil, nil, "rita", "rob", "ann"])
        #expect(events.map(\.note) == ["", "", "", "", "fine", "not ours", "Other"])
        #expect(events[3].attachment == nil && events[3].digest != nil)
        #expect(events.allSatisfy { $0.ticket == ticket("T-1") && $0.name != nil })
        #expect(try store.tickets.events(after: 2, limit: 3).map(\.number) == [3, 4, 5])
        #expect(try store.tickets.events(after: 7, limit: 3).isEmpty)
        #expect(try store.tickets.lastEvent() == 7)
        // It outlives its attachment.
        #expect(try store.tickets.events(of: deleted.attachment!).map(\.kind) == [.attachmentDeleted])
        #expect(try store.tickets.reviewEvents(after: 0, limit: 100).map(\.number) == [5, 6, 7])
    }

    @Test("A verdict that replaces one on a failed inspection is an event that says so", arguments: StoreKind.allCases)
    func replaced(kind: StoreKind) throws {
        let folder = try OwnFolder()
        let store = try kind.make(folder)
        var failed = decision(try store.spool.receive(bytes("x")), verdict: .quarantined)
        let finding = Finding(.inspectionFailed, [.text("it ran longer than 10 s")])
        failed.judgement.findings = [JudgedFinding(finding, .quarantine)]
        let first = try store.record(failed)[0].get()
        let second = try store.record(decision(store.spool.receive(bytes("x"))))[0].get()
        #expect(second.isJudgedAnew && second.attachment == first.attachment)
        #expect(second.recordedAt >= first.recordedAt)
        let events = try store.tickets.events(after: 0, limit: 9)
        #expect(events.map(\.kind) == [.attachmentQuarantined, .attachmentAccepted])
        #expect(events.map(\.replacesVerdict) == [false, true])
        #expect(try store.tickets.reviewEvents(after: 0, limit: 9).map(\.number) == [2])
        #expect(try store.tickets.events(of: first.attachment!).map(\.number) == [2])
    }

    @Test(
        "What an attachment was judged on is kept with it, and its bytes are its original",
        arguments: StoreKind.allCases)
    func evidence(kind: StoreKind) throws {
        let folder = try OwnFolder()
        let store = try kind.make(folder)
        var made = decision(try store.spool.receive(bytes("x")), verdict: .quarantined)
        var text = TextFeatures(encoding: .utf8)
        text[.lines] = 12
        text[.timestampLines] = 11
        made.inspection.text = text
        made.inspection.manifest = Manifest(
            entries: [
                ManifestEntry(
                    name: EntryName(bytes: [0xFF, 0x61]), kind: .file, size: ByteCount(7), depth: 300,
                    recognized: RecognizedType(.plainText, .proven, detail: "d"), text: text)
            ], expandedSize: ByteCount(7))
        made.inspection.findings = [
            Finding(.inspectionFailed, [.number(.max), .size(ByteCount(9)), .bytes([0, 255])])
        ]
        let id = try #require(try store.record(made)[0].get().attachment)
        let kept = try #require(try store.tickets.evidence(of: id)?.inspection())
        #expect(kept.recognized == made.inspection.recognized && kept.text == text)
        #expect(kept.manifest?.entries.map(\.name) == made.inspection.manifest?.entries.map(\.name))
        // Numbers are kept up to their bounds, so that nobody's arithmetic overflows.
        #expect(kept.manifest?.entries[0].depth == 255)
        #expect(kept.findings.map(\.code) == ["inspection.failed"])
        let digest = made.spooled!.digest
        #expect(
            try store.tickets.renditions(of: id) == [
                Rendition(kind: .original, digest: digest, size: ByteCount(1), area: .quarantined)
            ])
        #expect(try store.review.release(id, by: "rita", note: "fine") == .done)
        #expect(try store.tickets.renditions(of: id).map(\.area) == [.accepted])
        #expect(try store.tickets.evidence(of: "none such") == nil)
        #expect(try store.tickets.renditions(of: "none such").isEmpty)
    }

    @Test("Evidence that another version has written is none, and damaged evidence is an error")
    func otherEvidence() throws {
        let made = StoredEvidence(Inspection(recognized: RecognizedType(.plainText, .proven, detail: "")))
        #expect(try StoredEvidence(version: made.version + 1, bytes: made.bytes).inspection() == nil)
        for bytes in [Array(made.bytes.dropLast()), [], [1, 2, 3]] {
            let error = #expect(throws: SluiceError.self) {
                try StoredEvidence(version: made.version, bytes: bytes).inspection()
            }
            #expect(error?.code == "store.damaged")
        }
    }

    @Test(
        "Lists are told page by page, and what belongs to a page comes in one question", arguments: StoreKind.allCases)
    func pages(kind: StoreKind) throws {
        let folder = try OwnFolder()
        let store = try kind.make(folder)
        for number in 0..<11 {
            let verdict: Verdict = number % 4 == 3 ? .rejected : .accepted
            _ = try store.record(
                decision(
                    store.spool.receive(bytes("\(number)")), verdict: verdict, name: "\(number).log",
                    findings: [finding("\(number)", verdict == .rejected ? .reject : .note)]))[0].get()
        }
        _ = try store.record(decision(store.spool.receive(bytes("z")), on: "T-2"))[0].get()
        var names: [String] = []
        var last: String?
        repeat {
            let page = try store.tickets.attachments(of: ticket("T-1"), after: last, limit: 3)
            for detail in try store.tickets.details(of: page) {
                names.append(detail.attachment.facts.submission.declaredName.text)
                #expect(
                    detail.findings.map(\.message) == [
                        finding(names.last!.replacing(".log", with: ""), .note).finding.message
                    ])
            }
            last = page.last?.id
        } while last != nil
        #expect(names == ["0.log", "1.log", "2.log", "4.log", "5.log", "6.log", "8.log", "9.log", "10.log"])
        let first = try store.tickets.rejections(on: ticket("T-1"), after: 0, limit: 1)
        let rest = try store.tickets.rejections(on: ticket("T-1"), after: first[0].number, limit: 9)
        #expect((first + rest).map(\.facts.submission.declaredName.text) == ["3.log", "7.log"])
        #expect((first + rest).allSatisfy { $0.findings.count == 1 })
        #expect(try store.tickets.details(of: []).isEmpty)
    }
}
