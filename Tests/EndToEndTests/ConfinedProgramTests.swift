// The built programs: which libraries each holds, and what they do on a machine that cannot confine. The tracer plays that machine: it
// answers the system calls of a layer as a kernel without it would.

import Foundation
import Testing

@Suite struct LinkageTests {
    /// The libraries that read attachments: libmagic, libarchive, zlib, ISA-L, expat.
    private static let readers = ["libmagic.so", "libarchive.so", "libz.so", "libisal.so", "libexpat.so"]

    /// All shared libraries that the loader brings in for a program, directly or through others.
    private func loaded(_ program: String) throws -> [String] {
        let ran = try Workplace().run("ldd", [Workplace.program(program).path])
        #expect(ran.status == 0, "\(ran.errors)")
        return ran.output.split(separator: "\n").compactMap {
            $0.split(separator: " ").first.map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    private func needed(_ program: String) throws -> [String] {
        let ran = try Workplace().run("readelf", ["-d", Workplace.program(program).path])
        #expect(ran.status == 0, "\(ran.errors)")
        return ran.output.split(separator: "\n").filter { $0.contains("(NEEDED)") }.compactMap { line in
            line.split(separator: "[").last.map { String($0.prefix { $0 != "]" }) }
        }
    }

    @Test func `The server links no library that reads attachments`() throws {
        let own = try needed("sluice")
        #expect(own.contains { $0.hasPrefix("libsqlite3.so") })  // else nothing was read
        // libexpat is there for the answers of an object store; the layers keep every other room from it.
        for reader in Self.readers where reader != "libexpat.so" {
            #expect(!own.contains { $0.hasPrefix(reader) }, "\(reader)")
        }
        let all = try loaded("sluice")
        for reader in ["libmagic.so", "libarchive.so", "libisal.so"] {
            #expect(!all.contains { $0.hasPrefix(reader) }, "\(reader)")
        }
    }

    @Test func `The inspector links them and holds no Foundation`() throws {
        let own = try needed("sluice-inspector")
        for reader in Self.readers { #expect(own.contains { $0.hasPrefix(reader) }, "\(reader)") }
        let all = try loaded("sluice-inspector")
        #expect(!all.contains { $0.contains("Foundation") }, "\(all)")
        // As linked statically: no symbol of it either. Swift writes the module's name with its length in front.
        let symbols = try Workplace().run("readelf", ["-sW", Workplace.program("sluice-inspector").path])
        #expect(symbols.output.contains("16SluiceInspection"))
        #expect(!symbols.output.contains("10Foundation") && !symbols.output.contains("20FoundationEssentials"))
        #expect(
            // libcrypto is there for documents that are encrypted with a fixed password.
            !own.contains { $0.hasPrefix("libsqlite3.so") || $0.hasPrefix("libmicrohttpd.so") })
    }
}

@Suite(.timeLimit(.minutes(5)))
struct IncompleteConfinementTests {
    /// What the kernel answers where it lacks the layer.
    static let layers = [("Landlock", "landlock_create_ruleset", "ENOSYS"), ("seccomp", "seccomp", "EINVAL")]

    private func sluice(_ place: Workplace, without call: String, _ error: String, _ words: String...) throws -> Ran {
        try place.run(
            "strace",
            [
                "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(call)", "-e", "inject=\(call):error=\(error)",
                Workplace.program("sluice").path,
            ] + words)
    }

    @Test(arguments: layers)
    func `Without a layer nothing is inspected`(layer: String, call: String, error: String) throws {
        let place = try Workplace()
        let file = try place.write("a.txt", Data("hello\n".utf8))
        let ran = try sluice(place, without: call, error, "check", file, "--format", "json")
        #expect(ran.status == 3)
        #expect(ran.output.isEmpty)
        #expect(ran.errors.contains("cannot confine") && ran.errors.contains(layer), "\(ran.errors)")
        #expect(ran.errors.contains("--weak-confinement"))
    }

    @Test(arguments: layers)
    func `Weak confinement that was asked for goes on and says so`(layer: String, call: String, error: String) throws {
        let place = try Workplace()
        let file = try place.write("a.txt", Data("hello\n".utf8))
        let ran = try sluice(place, without: call, error, "check", file, "--format", "json", "--weak-confinement")
        #expect(ran.status == 0, "\(ran.errors)")
        #expect(try ran.answers().first?["outcome"] as? String == "accepted")
        #expect(ran.errors.contains("weak confinement") && ran.errors.contains(layer), "\(ran.errors)")
    }

    @Test(arguments: layers)
    func `Doctor names the missing layer`(layer: String, call: String, error: String) throws {
        let ran = try sluice(try Workplace(), without: call, error, "doctor", "--format", "json")
        #expect(ran.status == 1)
        let facts = try ran.answers()
        #expect(facts.first?["name"] as? String == "confinement")
        #expect(facts.first?["state"] as? String == "weak" && facts.first?["ok"] as? Bool == false)
        #expect(facts.first { $0["name"] as? String == layer }?["ok"] as? Bool == false)
    }

    @Test func `Doctor says that this machine confines fully`() throws {
        let ran = try Workplace().sluice("doctor", "--format", "json")
        let facts = try ran.answers()
        #expect(ran.status == 0, "\(ran.output)")
        #expect(facts.first?["name"] as? String == "confinement" && facts.first?["state"] as? String == "full")
        #expect(facts.allSatisfy { $0["ok"] as? Bool == true })
        let names = facts.compactMap { $0["name"] as? String }
        for name in [
            "Landlock", "seccomp", "resource limits", "inspector", "libarchive", "libmagic", "magic database", "zlib",
        ] {
            #expect(names.contains(name))
        }
        #expect(try Workplace().sluice("doctor").output.contains("confinement: full"))
    }

    @Test func `A program that is missing is told as missing`() throws {
        let ran = try Workplace().run(
            "env",
            [
                "SLUICE_INSPECTOR=/nowhere/sluice-inspector", Workplace.program("sluice").path, "doctor", "--format",
                "json",
            ])
        #expect(ran.status == 1)
        #expect(try ran.answers().first { $0["name"] as? String == "inspector" }?["ok"] as? Bool == false)
    }
}
