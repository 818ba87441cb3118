// A reviewer's word at the command line, and that it holds at every door that judges.

import Foundation
import Testing

@Suite struct ReviewTests {
    /// A page that is called text: set apart by the policy.
    private static func page(_ word: String) -> Data {
        Data("<!DOCTYPE html><html><body><script>alert('\(word)')</script></body></html>\n".utf8)
    }

    private func decide(_ place: Workplace, _ words: String...) throws -> Ran {
        try place.sluice(["review"] + words + ["--store", place.store.path])
    }

    private func waiting(_ place: Workplace, _ further: String...) throws -> [[String: Any]] {
        try place.sluice(["review", "list", "--store", place.store.path, "--format", "json"] + further).answers()
    }

    private func outcome(_ ran: Ran) throws -> String? { try ran.answers().first?["outcome"] as? String }

    @Test func `A release holds for the same bytes at every door`() throws {
        let place = try Workplace()
        let path = try place.write("page.txt", Self.page("a"))
        #expect(try outcome(try place.importing(path)) == "quarantined")
        let found = try #require(try waiting(place).first)
        let id = try #require(found["attachment"] as? String)
        #expect(found["ticket"] as? String == "T-1" && found["name"] as? String == "page.txt")
        #expect(
            try decide(place, "release", id, "--note", "we asked for it", "--by", "rita", "--everywhere").status == 0)
        #expect(try waiting(place).isEmpty)

        let imported = try #require(try place.importing(path, ticket: "T-2").answers().first)
        #expect(imported["outcome"] as? String == "accepted")
        #expect(codes(imported).contains("review.released"))
        #expect(try outcome(try place.checking(path, options: ["--store", place.store.path])) == "accepted")
        // Without a store nobody has said anything.
        #expect(try outcome(try place.checking(path)) == "quarantined")
        try place.write("drop/in/T-3/same.txt", Self.page("a"))
        try place.write("drop/in/T-3/other.txt", Self.page("b"))
        let watched = try place.sluice(
            "watch", place.path("drop"), "--once", "--store", place.store.path, "--format", "json")
        let byName = try watched.answers().map { answer in
            "\((answer["path"] as? String ?? "").split(separator: "/").last ?? "") \(answer["outcome"] ?? "")"
        }
        #expect(Set(byName) == ["same.txt accepted", "other.txt quarantined"])
        #expect(try place.sluice("verify", "--store", place.store.path).status == 0)
    }

    @Test func `A release holds for its ticket and can be taken back`() throws {
        let place = try Workplace()
        let path = try place.write("page.txt", Self.page("f"))
        #expect(try outcome(try place.importing(path, ticket: "T-1")) == "quarantined")
        let id = try #require(try waiting(place).first?["attachment"] as? String)
        let said = try decide(place, "release", id, "--note", "ours", "--by", "rita")
        #expect(said.status == 0 && said.output.contains("this ticket"))
        #expect(try outcome(try place.importing(path, ticket: "T-2")) == "quarantined")
        let again = try place.write("again.txt", Self.page("f"))
        #expect(try outcome(try place.importing(again, ticket: "T-1")) == "accepted")
        let listed = try place.sluice("review", "releases", "--store", place.store.path, "--format", "json").answers()
        #expect(listed.first?["ticket"] as? String == "T-1" && listed.first?["by"] as? String == "rita")
        let release = try #require(listed.first?["id"] as? String)
        #expect(try decide(place, "revoke", release).status == 2)
        #expect(try decide(place, "revoke", release, "--by", "rob").status == 0)
        let third = try place.write("third.txt", Self.page("f"))
        #expect(try outcome(try place.importing(third, ticket: "T-1")) == "quarantined")
        #expect(try place.sluice("verify", "--store", place.store.path).status == 0)
    }

    @Test func `A deleted one is gone and its decision stays`() throws {
        let place = try Workplace()
        _ = try place.importing(try place.write("page.txt", Self.page("c")), ticket: "T-1")
        _ = try place.importing(try place.write("other.txt", Self.page("d")), ticket: "T-2")
        #expect(try waiting(place, "--ticket", "T-2").map { $0["name"] as? String } == ["other.txt"])
        let id = try #require(try waiting(place, "--ticket", "T-1").first?["attachment"] as? String)
        let table = try place.sluice("review", "list", "--store", place.store.path).output
        #expect(table.contains(id) && table.contains("page.txt") && table.contains("on T-2"))
        #expect(try decide(place, "delete", id, "--note", "phishing", "--by", "rita").status == 0)
        #expect(try waiting(place).map { $0["name"] as? String } == ["other.txt"])
        #expect(try decide(place, "delete", id, "--note", "phishing", "--by", "rita").status == 2)
        #expect(try place.sluice("verify", "--store", place.store.path).status == 0)
    }

    @Test func `A decision needs a name and a reason`() throws {
        let place = try Workplace()
        _ = try place.importing(try place.write("page.txt", Self.page("e")))
        let id = try #require(try waiting(place).first?["attachment"] as? String)
        for words in [[], ["--note", "why"], ["--by", "rita"], ["--note", "", "--by", "rita"]] {
            let ran = try place.sluice(["review", "release", id, "--store", place.store.path] + words)
            #expect(ran.status == 2, "\(words)")
        }
        for words in [["review"], ["review", "release"], ["review", "keep", id], ["review", "list", id]] {
            #expect(try place.sluice(words + ["--store", place.store.path]).status == 2, "\(words)")
        }
        #expect(try waiting(place).count == 1)
    }
}
