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
        ("seven-stored.zip", "7z a -bd -mx0 seven-stored.zip in > 7z.log"),
        ("seven-best.zip", "7z a -bd -mx9 seven-best.zip in > 7z.log"),
        ("info-latin.zip", "LC_ALL=C zip -q -r info-latin.zip in"),
        ("info-names.zip", "cd in && find . | zip -q ../info-names.zip -@"),
        ("bsd-stream.zip", "bsdtar --format zip -cf - in | cat > bsd-stream.zip"),
        ("bsd.zip", "bsdtar --format zip -cf bsd.zip in"),
        ("python.zip", "python3 -m zipfile -c python.zip in"),
        ("python-stream.zip", python("stream")),
        ("python-zip64.zip", python("zip64")),
        ("gnu.tar", "tar -cf gnu.tar in"),
        ("gnu-old.tar", "tar --format=gnu -cf gnu-old.tar in"),
        ("gnu-v7.tar", "tar --format=v7 -cf gnu-v7.tar in"),
        ("gnu-ustar.tar", "tar --format=ustar -cf gnu-ustar.tar in"),
        ("gnu-posix.tar", "tar --format=posix -cf gnu-posix.tar in"),
        ("bsd.tar", "bsdtar -cf bsd.tar in"),
        ("bsd-ustar.tar", "bsdtar --format ustar -cf bsd-ustar.tar in"),
        ("bsd-pax.tar", "bsdtar --format pax -cf bsd-pax.tar in"),
        ("bsd-bare.tar", "LC_ALL=C bsdtar --format pax -cf bsd-bare.tar in"),
        ("bsd-gnu.tar", "bsdtar --format gnutar -cf bsd-gnu.tar in"),
        (
            "bsd-v7.tar",
            "bsdtar --format v7tar -cf bsd-v7.tar in/log/app.log in/etc in/empty.txt in/größe.txt in/__MACOSX"
        ),
        ("gnu-dot.tar", "tar -C in -cf gnu-dot.tar ."),
        ("gnu-stream.tar", "tar -cf - in | cat > gnu-stream.tar"),
        (
            "gnu-appended.tar",
            "tar -cf gnu-appended.tar in/log && tar -rf gnu-appended.tar in/etc in/empty.txt in/größe.txt in/__MACOSX"
        ),
        ("seven.tar", "7z a -bd -ttar seven.tar in > 7z.log"),
        ("python.tar", "python3 -m tarfile -c python.tar in"),
        ("python-ustar.tar", python("USTAR")), ("python-gnu.tar", python("GNU")), ("python-pax.tar", python("PAX")),
    ]

    /// The same by the libraries, whose options the commands do not have. Times with fractions of a second make pax headers.
    private static func python(_ form: String) -> String { "python3 write.py \(form)" }
    private static let script = """
        import io, os, pathlib, sys, tarfile, zipfile
        form, files = sys.argv[1], sorted(pathlib.Path("in").rglob("*"))
        class Pipe(io.RawIOBase):
            # Cannot be sought in, so that sizes follow the data.
            def __init__(self, file): self.file = file
            def writable(self): return True
            def write(self, data): return self.file.write(data)
        if form == "stream":
            with open("python-stream.zip", "wb") as out, zipfile.ZipFile(Pipe(out), "w", zipfile.ZIP_DEFLATED) as made:
                for path in files: made.write(path)
        elif form == "zip64":
            with zipfile.ZipFile("python-zip64.zip", "w", zipfile.ZIP_DEFLATED) as made:
                for path in files:
                    if path.is_dir(): made.write(path)
                    else:
                        with made.open(str(path), "w", force_zip64=True) as member: member.write(path.read_bytes())
        else:
            for path in files: os.utime(path, (1700000000.25, 1700000000.75))
            with tarfile.open(f"python-{form.lower()}.tar", "w", format=getattr(tarfile, form + "_FORMAT")) as made: made.add("in")
        """

    @Test(arguments: commands)
    func `Archives of honest writers are accepted`(name: String, command: String) throws {
        let place = try Workplace()
        let line = "2026-01-02T03:04:05Z INFO [main] request finished id=42\n"
        try place.write("in/log/app.log", Data(String(repeating: line, count: 500).utf8))
        try place.write("in/etc/app.conf", Data("[main]\nlevel = info\n".utf8))
        try place.write("in/log/" + String(repeating: "long-name-", count: 8) + ".log", Data(line.utf8))
        try place.write("in/empty.txt", Data())
        try place.write("in/größe.txt", Data("zwei\n".utf8))
        try place.write("in/__MACOSX/log/._app.log", Data("three\n".utf8))
        try place.write("write.py", Data(Self.script.utf8))
        try FileManager.default.createDirectory(
            at: place.folder.appending(path: "in/nothing"), withIntermediateDirectories: true)
        let made = try place.run("bash", ["-c", "set -o pipefail; " + command])
        #expect(made.status == 0, "\(made.errors)")
        let answer = try #require(try place.checking(place.path(name)).answers().first)
        #expect(answer["outcome"] as? String == "accepted", "\(answer)")
        #expect((answer["entries"] as? Int ?? 0) >= 6)
        #expect(answer["category"] as? String == "Log File")
        let expanded = answer["expandedSize"] as? Int
        // The oldest tar has no room for the long name.
        let lines = name == "bsd-v7.tar" ? 500 : 501
        #expect(expanded == line.utf8.count * lines + 20 + 5 + 6)
    }

    @Test func `What git archives is accepted`() throws {
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
