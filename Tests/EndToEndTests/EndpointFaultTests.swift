// The harness of Scripts/faults-endpoint in its short form: every check of it, and fewer cuts and keys.

import Foundation
import Testing

@Suite struct EndpointFaultTests {
    @Test func `Cut uploads, repeated keys, quotas and reviews come out right`() throws {
        let place = try Workplace()
        let script = Workplace.project.appending(path: "Scripts/faults_endpoint.py").path
        let ran = try place.run(
            "python3",
            [
                "-B", script, "--sluice", Workplace.program("sluice").path, "--cuts", "40", "--keys", "60",
            ])
        #expect(ran.status == 0, "\(ran.output) \(ran.errors)")
        // Every part ran.
        #expect(ran.output.contains("resumed:") && ran.output.contains("60 rows"), "\(ran.output)")
        #expect(ran.output.contains("0 failures."))
    }

    @Test func `Kills, failing calls and full disks lose nothing that was acknowledged`() throws {
        let place = try Workplace()
        let script = Workplace.project.appending(path: "Scripts/faults_endpoint_crash.py").path
        let ran = try place.run(
            "python3",
            ["-B", script, "--sluice", Workplace.program("sluice").path, "--kills", "8", "--sample", "8"])
        #expect(ran.status == 0, "\(ran.output) \(ran.errors)")
        #expect(
            ran.output.contains("under load: 8 kills") && ran.output.contains("sample:")
                && ran.output.contains("full disk:"), "\(ran.output)")
        #expect(ran.output.contains("0 failures."))
    }

    /// The times of this build say little; that everybody is answered while one caller sends what is dear says enough.
    @Test func `One caller's dear content keeps nobody else waiting`() throws {
        let place = try Workplace()
        let script = Workplace.project.appending(path: "Scripts/faults_endpoint_turns.py").path
        let ran = try place.run(
            "python3",
            [
                "-B", script, "--sluice", Workplace.program("sluice").path, "--connections", "16", "--seconds", "4",
                "--size", "5000000", "--most", "10000", "--most-health", "1000",
            ])
        #expect(ran.status == 0, "\(ran.output) \(ran.errors)")
        #expect(ran.output.contains("creations were answered {201:") && ran.output.contains("0 failures."))
    }

    @Test func `A token is the last line and opens nothing once it is revoked`() throws {
        let place = try Workplace()
        let made = try place.sluice(
            "token", "create", "--role", "reviewer", "--submitter", "ann", "--store", place.store.path)
        #expect(made.status == 0)
        let token = try #require(made.output.split(separator: "\n").last)
        #expect(token.wholeMatch(of: /slc_[0-9a-z]+_[0-9a-z]+/) != nil)
        let listed = try place.sluice("token", "list", "--store", place.store.path, "--format", "json").answers()
        let id = try #require(listed.first?["id"] as? String)
        #expect(token.contains("_\(id)_"))
        #expect(listed.first?["role"] as? String == "reviewer" && listed.first?["revoked"] is NSNull)
        #expect(try place.sluice("token", "revoke", id, "--store", place.store.path).status == 0)
        let after = try place.sluice("token", "list", "--store", place.store.path, "--format", "json").answers()
        #expect(after.first?["revoked"] is String)
        let wrong = [
            ["token"], ["token", "create"], ["token", "create", "--role", "king"], ["token", "revoke"],
            ["token", "create", "--role", "submitter", "--all-tickets", "--ticket", "T-1"],
            // Under this name a token sends that has none.
            ["token", "create", "--role", "submitter", "--submitter", "token-\(id)"],
            // From elsewhere everybody is let in by a known name only.
            ["serve", "--allow-anonymous", "--listen", "0.0.0.0:0"],
            ["serve", "--allow-anonymous", "--listen", "unix:\(place.path("socket"))"],
            ["serve", "--host", "http://portal.example"],
        ]
        for words in wrong {
            #expect(try place.sluice(words + ["--store", place.store.path]).status == 2, "\(words)")
        }
    }
}
