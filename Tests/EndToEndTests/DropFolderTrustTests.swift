// What a dropper may not do: change a file after its verdict, pass a name of ours, or be believed about whom a file is from.

import Foundation
import Testing

@Suite struct DropFolderTrustTests {
    private static let line = Data("2026-01-02 03:04:05 INFO started\n".utf8)

    /// A dropper may hold the file that it made by a descriptor or a second name: what is handed on is another file.
    @Test func `What is handed on is a copy`() throws {
        let place = try Workplace()
        let path = try place.write("box/in/T-1/report.txt", Self.line)
        let files = FileManager.default
        let dropped = try files.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
        #expect(try place.drained().status == 0)
        let handed = place.path("box/done/T-1/report.txt")
        #expect(try files.attributesOfItem(atPath: handed)[.systemFileNumber] as? Int != dropped)
        #expect(try Data(contentsOf: URL(filePath: handed)) == Self.line)
        #expect(!place.isThere("in/T-1/report.txt"))
        try place.expectReconciled()
    }

    @Test(arguments: [
        ("done/T-1/a.txt", 0o440), ("done", 0o750), ("rejected", 0o750), ("failed", 0o750), ("quarantined", 0o700),
    ])
    func `What is handed on is read by those who may`(name: String, mode: Int) throws {
        let place = try Workplace()
        try place.write("box/in/T-1/a.txt", Self.line)
        #expect(try place.drained().status == 0)
        let attributes = try FileManager.default.attributesOfItem(atPath: place.path("box/" + name))
        #expect(attributes[.posixPermissions] as? Int == mode)
    }

    @Test(arguments: [
        #"{"submitter":"Jörg"}"#, #"{"submitter":""}"#, #"{"submitter":"token-abc"}"#,
        "{\"comment\":\"\(String(repeating: "x", count: 2001))\"}",
    ])
    func `A sidecar is held to the rule of all doors`(sidecar: String) throws {
        let place = try Workplace()
        try place.write("box/in/T-1/a.txt", Self.line)
        try place.write("box/in/T-1/a.txt.sluice.json", Data(sidecar.utf8))
        #expect(try place.drained().status == 3)
        #expect(place.isThere("failed/T-1/a.txt"))
    }

    @Test func `A file that a reviewer deleted does not come back`() throws {
        let place = try Workplace()
        try place.run(
            "bash",
            [
                "-c",
                "mkdir -p in '\(place.path("box/in/T-1"))'; echo x > in/run.vbs; zip -q -r '\(place.path("box/in/T-1/a.zip"))' in",
            ])
        #expect(try place.drained().status == 1)
        let id = try place.query("SELECT id FROM attachment")
        let deleted = try place.sluice(
            "review", "delete", id, "--by", "ann", "--note", "not needed", "--store", place.store.path)
        #expect(deleted.status == 0, "\(deleted.errors)")
        try place.expectReconciled()
        #expect(!place.isThere("in/T-1/a.zip"))
    }

    @Test func `A mistyped folder is not made`() throws {
        let place = try Workplace()
        let ran = try place.sluice("watch", place.path("bxo"), "--once", "--store", place.store.path)
        #expect(ran.status == 2)
        #expect(ran.errors.contains("--create"), "\(ran.errors)")
        #expect(!FileManager.default.fileExists(atPath: place.path("bxo")))
    }
}
