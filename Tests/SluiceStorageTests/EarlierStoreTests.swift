// A store that an earlier Sluice has written opens, is brought up, and is whole. Stores/schema-3.tar.xz was made by the program of that time: 300 attachments
// on three tickets, four refusals, a release, a deletion, a correction and a token.

import Foundation
import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceStorage

struct EarlierStoreTests {
    private func unpacked() throws -> OwnFolder {
        let folder = try OwnFolder()
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let tar = Process()
        tar.executableURL = URL(filePath: "/usr/bin/tar")
        tar.arguments = ["-xJf", here.appending(path: "Stores/schema-3.tar.xz").path, "-C", folder.path]
        try tar.run()
        tar.waitUntilExit()
        try #require(tar.terminationStatus == 0)
        return folder
    }

    @Test("A store of schema 3 opens, is brought up and is whole; everything in it can still be told")
    func broughtUp() async throws {
        let folder = try unpacked()
        let store = try LocalStore.open(folder.store, creating: false)
        let summary = try store.verify { _ in }
        #expect(summary.isSound && summary.problems.isEmpty && summary.files == 300)
        let tickets = try store.tickets.tickets(after: nil, limit: 10)
        #expect(tickets.map(\.id.text) == ["T-100", "T-200", "T-300"])
        #expect(tickets.reduce(0) { $0 + $1.attachments } == 300)
        var verdicts: [Verdict: Int] = [:]
        var refusals = 0
        for ticket in tickets {
            for attachment in try store.tickets.attachments(of: ticket.id, after: nil, limit: 1000) {
                verdicts[attachment.verdict, default: 0] += 1
                #expect(try store.tickets.renditions(of: attachment.id).map(\.digest) == [attachment.digest])
                // Nobody kept it then.
                #expect(try store.tickets.evidence(of: attachment.id) == nil)
                #expect(try store.openBytes(of: attachment, asReviewer: true)?.size == attachment.facts.size)
            }
            refusals += try store.tickets.rejections(on: ticket.id, after: 0, limit: 1000).count
        }
        #expect(verdicts == [.accepted: 296, .quarantined: 4])
        // Four programs, and what a reviewer deleted.
        #expect(refusals == 5)
        #expect(try store.tickets.corrections().map(\.person) == ["ann"])
        #expect(try store.tickets.tokens().count == 1)
        #expect(try store.tickets.releases().map(\.person) == ["rita"])
        // What happened then is told as events: the deleted one's arrival is known by its end alone.
        let events = try store.tickets.events(after: 0, limit: 1000)
        #expect(events.map(\.number) == Array(1...Int64(events.count)))
        #expect(events.map(\.at) == events.map(\.at).sorted())
        let kinds = Dictionary(grouping: events, by: \.kind).mapValues(\.count)
        #expect(
            kinds == [
                .attachmentAccepted: 295, .attachmentQuarantined: 5, .attachmentRejected: 4, .attachmentReleased: 1,
                .attachmentDeleted: 1, .attachmentCorrected: 1,
            ])
        store.close()
    }

    @Test("A store that was brought up goes on: what is there is a duplicate, what is new is numbered on")
    func goesOn() async throws {
        let folder = try unpacked()
        let before = try LocalStore.open(folder.store, creating: false)
        let first = try #require(try before.tickets.attachments(of: ticket("T-100"), after: nil, limit: 1).first)
        let last = try before.tickets.lastEvent()
        before.close()
        // The second opening finds nothing left to be done.
        let store = try LocalStore.open(folder.store, creating: false)
        let content = try readAll(try #require(try store.openBytes(of: first)))
        var again = decision(try store.spool.receive(content), on: "T-100")
        again.submission.declaredName = first.facts.submission.declaredName
        #expect(try await store.record(again).outcome == .duplicate)
        #expect(try await store.record(decision(store.spool.receive(bytes("new")), on: "T-100")).outcome == .accepted)
        #expect(try store.tickets.events(after: last, limit: 9).map(\.number) == [last + 1])
        #expect(try store.verify { _ in }.problems.isEmpty)
        store.close()
    }
}
