// What every ticket store has to do with cards and with corrected categories, run on each of them.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceStorage

struct CorrectionConformanceTests {
    @Test("A card is kept with its attachment; what has none has none", arguments: StoreKind.allCases)
    func card(kind: StoreKind) throws {
        let folder = try OwnFolder()
        let stores = try kind.make(folder)
        var made = decision(try stores.spool.receive(bytes("x")))
        var card = BundleCard()
        card.first = 1_700_000_000
        card.hosts = ["web-1 \"quoted\""]
        made.inspection.card = card
        let with = try #require(try stores.record(made)[0].get().attachment)
        let without = try #require(try stores.record(decision(stores.spool.receive(bytes("y"))))[0].get().attachment)
        #expect(try stores.tickets.card(of: with) == card.json)
        #expect(try stores.tickets.card(of: without) == nil)
        #expect(try stores.tickets.card(of: "none such") == nil)
    }

    @Test(
        "A correction stands beside what was judged and declared, with who and when; the latest one holds",
        arguments: StoreKind.allCases)
    func corrected(kind: StoreKind) throws {
        let folder = try OwnFolder()
        let stores = try kind.make(folder)
        let first = try #require(try stores.record(decision(stores.spool.receive(bytes("x"))))[0].get().attachment)
        let second = try #require(try stores.record(decision(stores.spool.receive(bytes("y"))))[0].get().attachment)
        let untouched = try #require(try stores.record(decision(stores.spool.receive(bytes("z"))))[0].get().attachment)
        let tickets = stores.tickets
        #expect(try tickets.corrections() == [])
        #expect(try stores.review.correct(second, to: .other, by: "Ann"))
        #expect(try stores.review.correct(first, to: .configuration, by: "Ann"))
        // The same again adds nothing; another's word, another word, and coming back to an earlier one do.
        #expect(try stores.review.correct(first, to: .configuration, by: "Ann"))
        #expect(try stores.review.correct(first, to: .configuration, by: "Bob \"B\" O'Hara"))
        #expect(try stores.review.correct(first, to: .other, by: "Ann"))
        #expect(try stores.review.correct(first, to: .configuration, by: "Ann"))
        let words = try tickets.corrections(of: first)
        #expect(words.map(\.category) == [.configuration, .configuration, .other, .configuration])
        #expect(words.map(\.person) == ["Ann", "Bob \"B\" O'Hara", "Ann", "Ann"])
        #expect(words.map(\.correctedAt) == words.map(\.correctedAt).sorted())
        #expect(words.allSatisfy { $0.correctedAt >= $0.attachment.facts.receivedAt })
        // In the order of arrival, not of correction.
        #expect(try tickets.corrections().map(\.attachment.id) == [first, second])
        #expect(try tickets.corrections().map(\.category) == [.configuration, .other])
        #expect(try tickets.corrections(of: untouched) == [])
        let stored = try #require(try tickets.attachment(first))
        #expect(stored.facts.category == .logFile && stored.facts.ownCategory.category == .configuration)
    }

    @Test("There is nothing to correct where there is no attachment", arguments: StoreKind.allCases)
    func unknown(kind: StoreKind) throws {
        let folder = try OwnFolder()
        let stores = try kind.make(folder)
        #expect(try stores.review.correct("none such", to: .other, by: "Ann") == false)
        #expect(try stores.tickets.corrections() == [])
        #expect(try stores.tickets.corrections(of: "none such") == [])
        #expect(try stores.database.checkIntegrity() == [])
    }
}
