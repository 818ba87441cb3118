// What single names and names together are told off for (Threats, Z10, Z11, TR8).

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

@Suite struct EntryPathTests {
    private static let limit = ByteCount(1024)

    private static let names: [(String, Set<NameProblem>)] = [
        ("app.log", []), ("logs/app.log", []), ("./logs/app.log", []), ("./", []), (".", []), ("logs/", []),
        (".hidden", []),
        ("a b/c..d/...e", []), ("日本語/naïve.log", []), ("family 👩‍👩‍👧.txt", [.invisible]),
        ("עברית\u{200F}.txt", [.invisible]),
        ("", [.empty]), ("..", [.escapes]), ("../a", [.escapes]), ("a/../../b", [.escapes]), ("a/../b", [.parent]),
        ("a/..", [.parent]), ("/etc/passwd", [.absolute]), ("//server/share", [.absolute, .unclean]),
        ("C:/a", [.absolute]),
        ("c:\\a", [.absolute, .backslash]), ("d:a", [.absolute]), ("\\\\server\\a", [.absolute, .backslash]),
        ("a\\b", [.backslash]), ("..\\a", [.backslash, .escapes]), ("a\\..\\..\\b", [.backslash, .escapes]),
        ("dev-disk-by\\x2duuid.swap", [.backslash]), ("10:30.log", []), ("a//b", [.unclean]), ("a/./b", [.unclean]),
        ("a\u{1B}[31m", [.control]), ("a\nb", [.control]), ("a\rb", [.control]), ("a\u{7F}", [.control]),
        ("a\u{85}b", [.control]),
        ("a\u{2028}b", [.control]), ("folder/Icon\r", []), ("Icon\r/a", [.control]),
        ("invoice\u{202E}fdp.exe", [.direction]), ("a\u{2066}b", [.direction]), ("a\u{200B}b", [.invisible]),
        ("\u{FEFF}a", [.invisible]), ("CON", [.reserved]), ("logs/nul.txt", [.reserved]), ("COM1/a", [.reserved]),
        ("console.log", []), ("com10", []), ("auxiliary", []), ("a.", [.trailing]), ("a /b", [.trailing]),
        (String(repeating: "n", count: 1024), []), (String(repeating: "n", count: 1025), [.tooLong]),
    ]

    @Test(arguments: names) func `It is told what a name would do`(_ name: String, _ problems: Set<NameProblem>) {
        #expect(EntryPath(Array(name.utf8), limit: Self.limit).problems == problems)
    }

    @Test func `Bytes that are no text are only noted`() {
        #expect(EntryPath([0x63, 0xE9, 0x9F], limit: Self.limit).problems == [.notText])
    }

    @Test(arguments: [("./a/b", "a/b"), ("a//b/", "a/b"), ("a/./b", "a/b"), ("./", ""), ("a/../b", "a/../b")])
    func `Names of one place are one`(_ name: String, _ place: String) {
        #expect(EntryPath(Array(name.utf8), limit: Self.limit).normalized == Array(place.utf8))
    }

    @Test func `A huge name takes no longer than its length`() {
        let name = Array(String(repeating: "a/../", count: 20_000).utf8)
        #expect(EntryPath(name, limit: Self.limit).problems == [.tooLong, .parent])
    }
}

@Suite struct EntryNamesTests {
    private typealias Tar = TarBuilder

    private static let archives: [TarCase] = [
        TarCase("one name twice", Tar().file("a", "1").file("a", "2").build(), "archive.duplicate-name"),
        TarCase("one place twice", Tar().file("a", "1").file("./a", "2").build(), "archive.duplicate-name"),
        TarCase(
            "composed and decomposed", Tar().file("caf\u{E9}", "1").file("cafe\u{301}", "2").build(),
            "archive.duplicate-name"),
        TarCase("a file and a folder", Tar().file("a", "1").folder("a/").build(), "archive.duplicate-name"),
        TarCase("upper and lower case", Tar().file("Readme", "1").file("README", "2").build(), "archive.name-twins"),
        TarCase("below a file", Tar().file("a", "1").file("a/b", "2").build(), "archive.name-conflict"),
        TarCase("below a link", Tar().symlink("a", to: "b").file("a/c", "2").build(), "archive.through-link"),
        TarCase("far below a link", Tar().symlink("a", to: "b").file("a/c/d/e", "2").build(), "archive.through-link"),
        TarCase("a link inside", Tar().file("d/b", "1").symlink("d/a", to: "b").build(), "archive.link"),
        TarCase("a link up and down again", Tar().symlink("d/e/a", to: "../../f/g").build(), "archive.link"),
        TarCase("an absolute link", Tar().symlink("a", to: "/etc/passwd").build(), "archive.link-escapes"),
        TarCase("a link that climbs", Tar().symlink("d/a", to: "../../b").build(), "archive.link-escapes"),
        TarCase("a link that climbs by backslashes", Tar().symlink("a", to: "..\\b").build(), "archive.link-escapes"),
        TarCase(
            "a link that climbs where a backslash is a letter", Tar().symlink("a", to: "b\\c/../..").build(),
            "archive.link-escapes"),
        TarCase("a link to nowhere", Tar().symlink("a", to: "").build(), "archive.link-escapes"),
        TarCase("a hard link inside", Tar().file("b", "1").hardLink("a", to: "./b").build(), "archive.link"),
        TarCase(
            "a hard link to what is not there", Tar().file("b", "1").hardLink("a", to: "c").build(),
            "archive.link-escapes"),
        TarCase("a hard link outside", Tar().file("b", "1").hardLink("a", to: "../b").build(), "archive.link-escapes"),
        TarCase("folders twice", Tar().folder("a/").folder("a/").folder("./a/").build()),
        TarCase(
            "names in an old code page", Tar().entry(bytes: [0x63, 0xE9]).entry(bytes: [0x63, 0xE8]).build(),
            "archive.name-encoding"),
    ]

    @Test(arguments: archives) func `It is told how names get on`(_ it: TarCase) {
        // Every link that leads nowhere outside is told of as well.
        #expect(
            Set(codes(it.bytes)).subtracting(it.code == "archive.through-link" ? ["archive.link"] : [])
                == (it.code.isEmpty ? [] : [it.code]))
    }

    @Test func `Climbing out of a linked folder escapes`() {
        // By its letters `a/..` is the archive's root; followed, it is the folder above wherever `a` leads.
        let bytes = Tar().folder("d/").symlink("d/a", to: ".").symlink("d/b", to: "a/../../x").build()
        #expect(codes(bytes).contains("archive.link-escapes"))
    }

    @Test func `Ten thousand variants of one name take no time`() {
        var tar = Tar()
        var block: [UInt8] = []
        for variant in 0..<8192 {
            let name = (0..<13).map { bit in variant >> bit & 1 == 1 ? UInt8(ascii: "A") : UInt8(ascii: "a") }
            block += TarBuilder.header(name)
        }
        tar = tar.raw(block)
        let start = ContinuousClock.now
        let found = codes(tar.build())
        #expect(found.contains("archive.duplicate-name"))
        #expect(start.duration(to: .now) < .seconds(5))
    }
}
