import Foundation
import Testing

@Suite struct CommandLineTests {
    @Test(arguments: [
        (["chek"], "Did you mean check?"), (["check", "--jbs", "2", "a"], "Did you mean --jobs?"),
        (["check"], "Name at least one file"), (["import", "a"], "--ticket ID"),
        (["import", "a", "--ticket", "../x"], "--ticket takes"),
        (["check", "a", "--policy", "portall"], "Did you mean portal?"),
        (["check", "a", "--jobs", "0"], "a number from 1"),
        (["check", "a", "--jobs", "2", "--jobs", "3"], "given twice"),
        (["check", "a", "--format"], "needs a value"), (["check", "a", "--format", "yaml"], "table, json"),
        (["check", "a", "--category", "Logs"], "\"Log File\""), (["findings", "no.such"], "no finding"),
        ([], "usage: sluice"),
    ])
    func `A wrong command line says what would be right`(words: [String], hint: String) throws {
        let ran = try Workplace().sluice(words)
        #expect(ran.status == 2)
        #expect(ran.errors.contains(hint), "\(ran.errors)")
        #expect(ran.output.isEmpty)
    }

    @Test(arguments: ["check", "import", "verify", "findings", "policy", "doctor", "completion"])
    func `Every command explains itself`(name: String) throws {
        let ran = try Workplace().sluice(name, "--help")
        #expect(ran.status == 0)
        #expect(ran.output.hasPrefix("usage: sluice \(name)"))
    }

    @Test func `Completion scripts are sound`() throws {
        let place = try Workplace()
        let script = try place.sluice("completion", "bash").output
        try place.write("completion.bash", Data(script.utf8))
        #expect(try place.run("bash", ["-n", "completion.bash"]).status == 0)
        let tried = try place.run(
            "bash",
            ["-c", "source completion.bash; COMP_WORDS=(sluice ch); COMP_CWORD=1; _sluice; echo ${COMPREPLY[@]}"])
        #expect(tried.output == "check\n")
    }

    @Test func `All findings are listed with their levels`() throws {
        let ran = try Workplace().sluice("findings", "--format", "json")
        let listed = try ran.answers()
        #expect(listed.count > 50)
        for finding in listed {
            #expect(["note", "warning", "quarantine", "reject"].contains(finding["severity"] as? String ?? ""))
        }
        #expect(try Workplace().sluice("findings", "type.mismatch").output.contains("mend"))
    }

    @Test func `All errors are listed with their statuses`() throws {
        let listed = try Workplace().sluice("findings", "--errors", "--format", "json").answers()
        let full = try #require(listed.first { $0["code"] as? String == "store.no-space" })
        #expect(full["httpStatus"] as? Int == 507 && full["exitStatus"] as? Int == 3)
        #expect(full["fault"] as? String == "environment" && full["mending"] as? String == "by-operator")
        #expect(try Workplace().sluice("findings", "--errors", "tus.offset").output.contains("HTTP   409"))
        #expect(try Workplace().sluice("findings", "--errors", "no.such").status == 2)
    }

    @Test func `A reader that goes away is no failure`() throws {
        let place = try Workplace()
        for index in 0..<50 { try place.write("in/\(index).txt", Data("x\n".utf8)) }
        let ran = try place.run(
            "bash", ["-c", "set -o pipefail; \(Workplace.program("sluice").path) check in --format json | head -n 1"])
        #expect(ran.output.split(separator: "\n").count == 1)
        #expect([0, 1].contains(ran.status), "\(ran.status) \(ran.errors)")
    }

    @Test func `A name is told whole and without its folder`() throws {
        let place = try Workplace()
        let name = String(repeating: "x", count: 240) + ".txt"
        try place.write("in/" + name, Data("2026-01-02 03:04:05 INFO started\n".utf8))
        let checked = try place.sluice("check", "in", "--format", "json").answers()
        #expect(checked.map { $0["name"] as? String } == [name])
        #expect(try place.sluice("check", "in").output.contains("….txt"))
        let stored = try place.importing("in").answers()
        #expect(stored.map { $0["name"] as? String } == [name])
    }

    @Test func `What a policy shows is a policy that shows the same`() throws {
        let place = try Workplace()
        try place.write("site.json5", Data("{ base: 'bundle', name: 'site', sizeLimit: 15000000 }".utf8))
        let shown = try place.sluice("policy", "show", "--policy", "site.json5").output
        #expect(shown.contains("sizeLimit: 15000000,"))
        try place.write("again.json5", Data(shown.utf8))
        let again = try place.sluice("policy", "show", "--policy", "again.json5")
        #expect(again.status == 0, "\(again.errors)")
        // But for the first line, which has the version.
        #expect(again.output.split(separator: "\n").dropFirst() == shown.split(separator: "\n").dropFirst())
    }

    @Test func `Help tells what watch prints where`() throws {
        let help = try Workplace().sluice("watch", "--help").output
        #expect(help.contains("json everywhere else") && !help.contains("table (the default)"))
    }

    @Test(arguments: ["X Forwarded", "X-Forwarded-For:", ""])
    func `A header's name is one`(name: String) throws {
        let ran = try Workplace().sluice("serve", "--client-address-header", name, "--listen", "127.0.0.1:0")
        #expect(ran.status == 2 && ran.errors.contains("--client-address-header"), "\(ran.errors)")
    }
}
