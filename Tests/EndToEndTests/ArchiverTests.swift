import Foundation
import Testing

/// Honest archives from the programs that people use pass, and their members are told.
@Suite struct ArchiverTests {
    static let commands: [(name: String, command: String)] = [
        ("info.zip", "zip -q -r info.zip in"),
        ("info-stored.zip", "zip -q -0 -r info-stored.zip in"),
        ("info-stream.zip", "zip -q -r - in | cat > info-stream.zip"),
        ("info-zip64.zip", "zip -q -fz -r info-zip64.zip in"),
        ("seven.zip", "7z a -bd seven.zip in > 7z.log"),
        ("bsd.zip", "bsdtar --format zip -cf bsd.zip in"),
        ("python.zip", "python3 -m zipfile -c python.zip in"),
        ("gnu.tar", "tar -cf gnu.tar in"),
        ("gnu-old.tar", "tar --format=gnu -cf gnu-old.tar in"),
        ("gnu-v7.tar", "tar --format=v7 -cf gnu-v7.tar in"),
        ("gnu-ustar.tar", "tar --format=ustar -cf gnu-ustar.tar in"),
        ("gnu-posix.tar", "tar --format=posix -cf gnu-posix.tar in"),
        ("bsd.tar", "bsdtar -cf bsd.tar in"),
        ("bsd-ustar.tar", "bsdtar --format ustar -cf bsd-ustar.tar in"),
        ("seven.tar", "7z a -bd -ttar seven.tar in > 7z.log"),
        ("python.tar", "python3 -m tarfile -c python.tar in"),
    ]

    @Test(arguments: commands)
    func areAccepted(name: String, command: String) throws {
        let place = try Workplace()
        let line = "2026-01-02T03:04:05Z INFO [main] request finished id=42\n"
        try place.write("in/log/app.log", Data(String(repeating: line, count: 500).utf8))
        try place.write("in/etc/app.conf", Data("[main]\nlevel = info\n".utf8))
        try place.write("in/log/" + String(repeating: "long-name-", count: 8) + ".log", Data(line.utf8))
        try place.write("in/empty.txt", Data())
        try FileManager.default.createDirectory(
            at: place.folder.appending(path: "in/nothing"), withIntermediateDirectories: true)
        let made = try place.run("bash", ["-c", "set -o pipefail; " + command])
        #expect(made.status == 0, "\(made.errors)")
        let answer = try #require(try place.checking(place.path(name)).answers().first)
        #expect(answer["outcome"] as? String == "accepted", "\(answer)")
        #expect((answer["entries"] as? Int ?? 0) >= 4)
        #expect(answer["category"] as? String == "Log File")
        let expanded = answer["expandedSize"] as? Int
        #expect(expanded == line.utf8.count * 501 + 20)
    }

    @Test func whatGitArchivesIsAccepted() throws {
        let place = try Workplace()
        try place.write("repo/a.txt", Data("one\n".utf8))
        let script = """
            cd repo && git init -q . && git add . && git -c user.name=a -c user.email=a@example.org commit -qm one &&
            git archive -o ../git.zip HEAD && git archive -o ../git.tar HEAD
            """
        #expect(try place.run("bash", ["-c", script]).status == 0)
        for answer in try place.checking(place.path("git.zip"), place.path("git.tar")).answers() {
            #expect(answer["outcome"] as? String == "accepted", "\(answer)")
        }
    }
}
