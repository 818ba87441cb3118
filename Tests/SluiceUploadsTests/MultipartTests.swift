// The multipart parser: what it takes, what it refuses, that cuts change nothing, and that it stays linear.

import SluiceModel
import Testing

@testable import SluiceUploads

struct MultipartTests {
    private static let file =
        "Content-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\nContent-Type: text/plain\n\n"
    private static let field = "Content-Disposition: form-data; name=\"comment\"\n\n"

    @Test("Fields and files come out with their names and exactly their bytes")
    func parts() throws {
        let body = wire("--b\n\(Self.file)line\n\n--c\r-\n--\n--b\n\(Self.field)from the night\n--b--\n")
        let answer = try parse(body)
        #expect(answer.defect == nil)
        #expect(answer.text == ["line\r\n\r\n--c\r-\r\n--", "from the night"])
        #expect(
            answer.parts.map(\.head) == [
                PartHead(field: Array("file".utf8), declaredName: DeclaredName("a.txt"), declaredType: .plainText),
                PartHead(field: Array("comment".utf8)),
            ])
    }

    /// Body, contents of the parts that it gives.
    static let taken: [(String, [String])] = [
        ("--b--", []),
        ("\n--b--\n", []),
        ("a preamble\n--b\n\(field)x\n--b--\na tail", ["x"]),
        // The empty line's line end is the boundary's as well, or not.
        ("--b\n\(field)--b--", [""]),
        ("--b\n\(field)\n--b--", [""]),
        ("--b\n\(field)\n\n--b--", ["\r\n"]),
        // Spaces behind a boundary.
        ("--b \t \n\(field)x\n--b\t\n\(field)y\n--b--  \n", ["x", "y"]),
        ("--b\n\(field)\r\n--b--", ["\r"]),
        ("--b\n\(field)\r\r\r\n--b--", ["\r\r\r"]),
        ("--b\n\(field)--\n--\n\n--b--", ["--\r\n--\r\n"]),
        ("--b\n\(field)- -b\n--b--", ["- -b"]),
        // Further headers, any case, spaces around values.
        ("--b\ncontent-DISPOSITION:form-data; NAME=x\nX-Some: thing\nContent-Length: 999\n\ny\n--b--", ["y"]),
        ("--b\nContent-Transfer-Encoding: 8BIT\n\(field)y\n--b--", ["y"]),
    ]

    @Test("What honest clients send is taken", arguments: taken)
    func honest(body: String, contents: [String]) throws {
        let answer = try parse(wire(body))
        #expect(answer.defect == nil)
        #expect(answer.text == contents)
        #expect(answer.complete.count == contents.count)
    }

    /// Body, defect.
    static let refused: [(String, MultipartDefect)] = [
        ("", .cutShort), ("x", .cutShort), ("--b", .cutShort), ("--b-", .cutShort), ("--b\n", .cutShort),
        ("--b\n\(field)", .cutShort), ("--b\n\(field)x\n--b", .cutShort), ("--b\n\(field)x\n--b\n", .cutShort),
        ("--b\n\(field)x--b--\n", .cutShort),
        (String(repeating: "p", count: 1025) + "\n--b--", .preambleTooLong),
        (String(repeating: "\n", count: 600) + "--b--", .preambleTooLong),
        ("--b--" + String(repeating: "t", count: 1025), .tailTooLong),
        ("--bc\n", .delimiterAmbiguous), ("--b-\n", .delimiterAmbiguous), ("--b --", .delimiterAmbiguous),
        ("--b\n\(field)x\n--b-y", .delimiterAmbiguous), ("--b\n\(field)x\n--b2\n", .delimiterAmbiguous),
        ("--b\r\r", .delimiterAmbiguous), ("--b" + String(repeating: " ", count: 1025), .delimiterAmbiguous),
        ("--b\n\nx\n--b--", .dispositionMissing), ("--b\nX: y\n\nx\n--b--", .dispositionMissing),
        ("--b\nX y\n\n", .headMalformed), ("--b\nX : y\n\n", .headMalformed), ("--b\n: y\n\n", .headMalformed),
        ("--b\n b\n\n", .headMalformed), ("--b\nX: a\n \t\n\n", .headMalformed), ("--b\nX: a\0b\n\n", .headMalformed),
        ("--b\nX: a\rb\n\n", .headMalformed),
        ("--b\nContent-Type: text/plain\nContent-Type: text/csv\n\(field)", .headMalformed),
        ("--b\nContent-Disposition: attachment; name=x\n\n", .dispositionMalformed),
        ("--b\nContent-Disposition: form-data\n\n", .dispositionMalformed),
        ("--b\nContent-Disposition: form-data; name=a; name=b\n\n", .dispositionMalformed),
        ("--b\nContent-Disposition: form-data; name*=UTF-8''a\n\n", .dispositionMalformed),
        ("--b\nContent-Disposition: form-data; name=\"a\n\n", .dispositionMalformed),
        ("--b\nContent-Disposition: form-data; name=a b\n\n", .dispositionMalformed),
        ("--b\nContent-Disposition: form-data name=a\n\n", .dispositionMalformed),
        ("--b\nContent-Disposition: form-data; name=a; filename=\"a\"; b\"\n\n", .dispositionMalformed),
        ("--b\nContent-Disposition: form-data; name=a; filename*=KOI8-R''a.txt\n\n", .dispositionMalformed),
        ("--b\nContent-Disposition: form-data; name=a; filename*=UTF-8''%ff.txt\n\n", .dispositionMalformed),
        ("--b\nContent-Disposition: form-data; name=a; filename*=UTF-8''%4\n\n", .dispositionMalformed),
        ("--b\nContent-Disposition: form-data; name=a; filename*=a.txt\n\n", .dispositionMalformed),
        ("--b\n\(file.replacing("\n\n", with: "\n"))\(file)", .namesConflict),
        ("--b\nContent-Disposition: form-data; name=a; filename=a; filename=a\n\n", .namesConflict),
        ("--b\nContent-Disposition: form-data; name=a; filename=a; FileName=b\n\n", .namesConflict),
        ("--b\nContent-Disposition: form-data; name=a; filename=a.png; filename*=UTF-8''b.txt\n\n", .namesConflict),
        ("--b\nContent-Disposition: form-data; name=a; filename=a; filename*=UTF-8''b.txt\n\n", .namesConflict),
        (
            "--b\nContent-Disposition: form-data; name=a; filename=\"=?utf-8?Q?a.exe?=\"; filename*=UTF-8''a.txt\n\n",
            .namesConflict
        ),
        ("--b\nContent-Disposition: form-data; name=a; filename=\"=?koi8-r?B?YQ==?=\"\n\n", .nameEncoding),
        ("--b\nContent-Disposition: form-data; name=a; filename=\"=?utf-8?B?/w==?=\"\n\n", .nameEncoding),
        ("--b\nContent-Disposition: form-data; name=a; filename=\"=?utf-8?Q?a=4?=\"\n\n", .nameEncoding),
        ("--b\nContent-Disposition: form-data; name=a; filename=\"=?utf-8?X?a.txt?=\"\n\n", .nameEncoding),
        ("--b\nContent-Disposition: form-data; name=a; filename*=UTF-8''a; filename*=UTF-8''a\n\n", .namesConflict),
        ("--b\nContent-Disposition: form-data; name=a; filename*0=a; filename*1=b\n\n", .namesConflict),
        ("--b\nContent-Transfer-Encoding: base64\n\(file)", .encodingNotTaken),
        ("--b\n\(field)\(String(repeating: "x", count: 8193))\n--b--", .fieldTooLong),
        ("--b\nX: \(String(repeating: "x", count: 8190))\n\(field)", .headTooLong),
        (String(repeating: "--b\n\(field)x\n", count: 17) + "--b--", .tooManyParts),
    ]

    @Test(
        "What readers could read differently, and what exceeds a limit, is refused by its own code", arguments: refused)
    func isRefused(body: String, defect: MultipartDefect) throws {
        let answer = try parse(wire(body))
        #expect(answer.defect == defect)
    }

    @Test("A limit is a limit: its last value passes")
    func atTheLimit() throws {
        let head = "Content-Disposition: form-data; name=a\nX: "
        let filled = head + String(repeating: "x", count: 8192 - wire(head).utf8.count - 4)
        let bodies = [
            String(repeating: "p", count: 1024) + "\n--b--", "--b--" + String(repeating: "t", count: 1024),
            "--b\n\(Self.field)\(String(repeating: "x", count: 8192))\n--b--", "--b\n\(filled)\n\nx\n--b--",
            String(repeating: "--b\n\(Self.field)x\n", count: 16) + "--b--",
            "--b\n\(Self.file)\(String(repeating: "x", count: 100_000))\n--b--",
        ]
        for body in bodies { #expect(try parse(wire(body)).defect == nil, "\(body.prefix(40))") }
    }

    /// What stands behind `name=a; `, the declared name.
    static let names: [(String, String?)] = [
        ("filename=\"a.txt\"", "a.txt"), ("filename=a.txt", "a.txt"), ("FILENAME=\"a.txt\"", "a.txt"),
        ("filename=\"\"", ""), ("x=y", nil),
        ("filename=\"naïve; \u{2028}日本.log\"", "naïve; \u{2028}日本.log"),
        ("filename=\"a \\\"b\\\" c.txt\"", "a \"b\" c.txt"),
        // A backslash of a name is none of an escape; so is a percent sign.
        ("filename=\"a%20b.txt\"", "a%20b.txt"), ("filename=\"a%0D%0Ab.txt\"", "a%0D%0Ab.txt"),
        ("filename*=UTF-8''caf%C3%A9.txt", "café.txt"), ("filename*=utf-8'en'a%20b.txt", "a b.txt"),
        ("filename=a.txt; filename*=UTF-8''a.txt", "a.txt"),
        // Browsers, curl and okhttp: a quotation mark. Go: escapes.
        ("filename=\"a%22b%22.txt\"", "a\"b\".txt"), ("filename=\"a\\\\b\\\".txt\"", "b\".txt"),
        // Bare, as it should not be.
        ("filename=Gerätelog[1].txt", "Gerätelog[1].txt"), ("filename=C:\\logs\\app.txt", "app.txt"),
        // Python's requests.
        ("filename*=utf-8''Ger%C3%A4telog.txt", "Gerätelog.txt"),
        // An older form of it, and quoted as Apache's HttpClient has it.
        ("filename*=ISO-8859-1''Ger%E4t.txt", "Gerät.txt"), ("filename*=\"UTF-8''Ger%C3%A4t.txt\"", "Gerät.txt"),
        // .NET: both; the order does not count. Spring: the other coding.
        (
            "filename=\"=?utf-8?B?R2Vyw6R0ZWxvZy50eHQ=?=\"; filename*=utf-8''Ger%C3%A4telog.txt", "Gerätelog.txt"
        ),
        ("filename*=utf-8''Ger%C3%A4t.txt; filename=\"=?UTF-8?q?Ger=C3=A4t.txt?=\"", "Gerät.txt"),
        // Encoded words alone, without padding, in other character sets, in several words, a character cut in two, folded.
        ("filename=\"=?utf-8?B?R2Vyw6R0ZWxvZy50eHQ?=\"", "Gerätelog.txt"),
        ("filename==?utf-8?B?R2Vyw6R0ZWxvZy50eHQ=?=", "Gerätelog.txt"),
        ("filename=\"=?iso-8859-1?Q?Ger=E4t_1.txt?=\"", "Gerät 1.txt"),
        ("filename=\"=?Windows-1252?Q?=80.txt?=\"", "€.txt"),
        ("filename=\"=?utf-8*de?Q?Ger=C3=A4t.txt?=\"", "Gerät.txt"),
        ("filename=\"=?utf-8?Q?Ger=C3?= =?utf-8?Q?=A4t.txt?=\"", "Gerät.txt"),
        ("filename=\"=?utf-8?B?R2Vyw6R0ZQ==?=\n =?iso-8859-1?Q?_=E4.txt?=\"", "Geräte ä.txt"),
        ("\n filename=\"a.txt\"", "a.txt"),
        ("filename=\"report =?utf-8?Q?=C3=A4.txt?=\"", "report ä.txt"),
        // Not quite encoded words: names like others.
        ("filename=\"a=?b.txt\"", "a=?b.txt"), ("filename=\"=?utf-8?Q?a.txt\"", "=?utf-8?Q?a.txt"),
        // A stand-in of one type, for old readers.
        ("filename=\"Ger_telog.txt\"; filename*=utf-8''Ger%C3%A4telog.txt", "Gerätelog.txt"),
        ("filename=\"Ger?t.TXT\"; filename*=utf-8''Ger%C3%A4t.txt", "Gerät.txt"),
        ("filename=\"\"; filename*=utf-8''Ger%C3%A4t.txt", "Gerät.txt"),
        ("filename=\"=?gb2312?B?xo8=?=\"; filename*=utf-8''Ger%C3%A4t.txt", "Gerät.txt"),
        // Folders before the name: a browser's, an old agent's, Go's with its escapes.
        ("filename=\"logs/node1/app.txt\"", "app.txt"), ("filename=\"C:\\logs\\app.txt\"", "app.txt"),
        ("filename=\"C:\\\\logs\\\\app.txt\"", "app.txt"), ("filename=\"../../a.txt\"", "a.txt"),
        ("filename=\"conf.d/site.1/app.txt\"", "app.txt"), ("filename*=UTF-8''%2e%2E%2fetc", "etc"),
        ("filename=\"logs/app.txt\"; filename*=UTF-8''logs%2Fapp.txt", "app.txt"),
        // What hides something stays whole, and is refused for its separator.
        ("filename=\"a.exe/.txt\"", "a.exe/.txt"), ("filename=\"a.exe\\b.txt\"", "a.exe\\b.txt"),
        ("filename=\"a/\"", "a/"), ("filename=\"a/..\"", "a/.."), ("filename*=UTF-8''a%00%2Fb.txt", "a\0/b.txt"),
    ]

    @Test("A file's name comes out as the bytes that were meant", arguments: names)
    func nameOf(parameters: String, name: String?) throws {
        let answer = try parse(
            wire("--b\nContent-Disposition: form-data; name=a; \(parameters)\n\nx\n--b--"))
        #expect(answer.defect == nil)
        #expect(answer.parts.map(\.head.declaredName) == [name.map { DeclaredName($0) }])
    }

    @Test("A name that is no UTF-8 stays the bytes that came")
    func nameBytes() throws {
        let head = Array(wire("--b\nContent-Disposition: form-data; name=a; filename=\"").utf8)
        let answer = try parse(head + [0xE9, 0x2E, 0x74] + Array(wire("\"\n\nx\n--b--").utf8))
        #expect(answer.parts.first?.head.declaredName == DeclaredName(bytes: [0xE9, 0x2E, 0x74]))
    }

    /// A Content-Type, the boundary that it names.
    static let boundaries: [(String, Result<String?, MultipartDefect>)] = [
        ("multipart/form-data; boundary=abc", .success("abc")),
        ("Multipart/Form-Data;charset=utf-8 ; Boundary=\"a b\"", .success("a b")),
        (
            "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
            .success("----WebKitFormBoundary7MA4YWxkTrZu0gW")
        ),
        ("multipart/form-data; boundary=a/b:c=d?(e),", .success("a/b:c=d?(e),")),
        (
            "multipart/form-data; boundary=\(String(repeating: "x", count: 70))",
            .success(String(repeating: "x", count: 70))
        ),
        ("multipart/mixed; boundary=abc", .success(nil)), ("application/octet-stream", .success(nil)),
        ("", .success(nil)),
        ("multipart/form-data", .failure(.boundaryMissing)), ("multipart/form-data; x=y", .failure(.boundaryMissing)),
        ("multipart/form-data; boundary=a; boundary=a", .failure(.boundaryInvalid)),
        ("multipart/form-data; boundary=a; Boundary=b", .failure(.boundaryInvalid)),
        ("multipart/form-data; boundary=\"\"", .failure(.boundaryInvalid)),
        ("multipart/form-data; boundary=\"a \"", .failure(.boundaryInvalid)),
        ("multipart/form-data; boundary=\"a\\\"b\"", .failure(.boundaryInvalid)),
        ("multipart/form-data; boundary=\"abc", .failure(.boundaryInvalid)),
        ("multipart/form-data; boundary=a b", .failure(.boundaryInvalid)),
        ("multipart/form-data; boundary=a; boundary*=UTF-8''b", .failure(.boundaryInvalid)),
        ("multipart/form-data; boundary=\(String(repeating: "x", count: 71))", .failure(.boundaryInvalid)),
    ]

    @Test("The boundary is taken from the Content-Type, or refused", arguments: boundaries)
    func boundary(type: String, expected: Result<String?, MultipartDefect>) {
        let found = Result<MultipartBoundary?, MultipartDefect> { () throws(MultipartDefect) in
            try MultipartBoundary(contentType: type)
        }
        #expect(found.map { $0.map { String(decoding: $0.bytes, as: UTF8.self) } } == expected)
    }

    @Test("However the bytes are cut, the answer is the same")
    func cuts() throws {
        var numbers = Seeded(20_26)
        let bodies = Self.taken.map(\.0) + Self.refused.map(\.0) + [Self.tricky]
        for body in bodies {
            let bytes = Array(wire(body).utf8)
            let whole = try parse(bytes)
            for size in [1, 2, 3, 5, 7, 64] { check(try parse(bytes, cut: [size]), whole, body) }
            for cut in 0..<min(bytes.count, 300) { check(try parse(bytes, cut: [max(cut, 1), .max]), whole, body) }
            for _ in 0..<20 {
                let sizes = (0..<9).map { _ in Int.random(in: 1...40, using: &numbers) }
                check(try parse(bytes, cut: sizes), whole, body)
            }
        }
    }

    private func check(_ answer: MultipartAnswer, _ whole: MultipartAnswer, _ body: String) {
        #expect(answer.defect == whole.defect, "\(body.prefix(80))")
        #expect(answer.complete == whole.complete, "\(body.prefix(80))")
        if whole.defect == nil { #expect(answer == whole) }
    }

    /// Content that keeps beginning like the boundary.
    private static let tricky =
        "--b\n\(file)"
        + ["\r", "\n", "\n-", "\n--", "\r\n--", "-\n\n--", "\n--c", "\r\r\n--\r\n--a\n\r"].joined(separator: "x")
        + "\n--b\n\(field)\n\r\n--b--\n"

    @Test("Random content comes through unchanged with any boundary")
    func randomContent() throws {
        var numbers = Seeded(7)
        // Few different bytes, so that beginnings of the boundary are common.
        let alphabet: [UInt8] = [0x0D, 0x0A, 0x2D, 0x2D, 0x61, 0x62, 0x00]
        for round in 0..<600 {
            let boundary = String(
                (0..<Int.random(in: 1...5, using: &numbers)).map { _ in Bool.random(using: &numbers) ? "a" : "-" })
            let content = (0..<Int.random(in: 0...200, using: &numbers)).map { _ in
                alphabet.randomElement(using: &numbers)!
            }
            let delimiter = Array("\r\n--\(boundary)".utf8)
            // Content that holds the boundary is another body.
            guard ([0x0D, 0x0A] + content).firstRange(of: delimiter) == nil else { continue }
            let body = Array("--\(boundary)\r\n\(wire(Self.file))".utf8) + content + delimiter + Array("--".utf8)
            let answer = try parse(body, boundary: boundary, cut: [Int.random(in: 1...30, using: &numbers)])
            #expect(answer.defect == nil, "round \(round)")
            #expect(answer.parts.map(\.content) == [content], "round \(round)")
        }
    }

    @Test("A hundred thousand parts are refused at the seventeenth, and nothing is read behind it")
    func manyParts() throws {
        let body = Array(wire(String(repeating: "--b\n\(Self.field)x\n", count: 100_000)).utf8)
        let answer = try parse(body, cut: [4096])
        #expect(answer.defect == .tooManyParts)
        #expect(answer.parts.count == 16)
    }

    @Test("Content made of nothing but beginnings of the boundary costs no more a byte than other content")
    func linear() throws {
        // Counted in calls to the sink, which are what such content could multiply, and in time that doubles when the size does.
        let boundary = String(repeating: "b", count: 70)
        let almost = Array(("\r\n--" + boundary.dropLast() + "\r").utf8)
        func run(_ megabytes: Int) throws -> Duration {
            let count = (megabytes << 20) / almost.count
            let body =
                Array("--\(boundary)\r\n\(wire(Self.file))".utf8) + (0..<count).flatMap { _ in almost }
                + Array("\r\n--\(boundary)--".utf8)
            let clock = ContinuousClock()
            let started = clock.now
            let answer = try parse(body, boundary: boundary, cut: [1 << 16])
            let elapsed = started.duration(to: clock.now)
            #expect(answer.parts.first?.content.count == count * almost.count)
            return elapsed
        }
        let small = try run(1)
        let large = try run(8)
        // Quadratic would be 64 times; a busy machine may double anything.
        #expect(large < small * 32 + .seconds(1), "\(small) for 1 MiB, \(large) for 8 MiB")
    }

    @Test("Codes and words of all defects are there and differ")
    func words() {
        #expect(Set(MultipartDefect.allCases.map(\.code)).count == MultipartDefect.allCases.count)
        for defect in MultipartDefect.allCases {
            #expect(defect.code.hasPrefix("multipart.") && defect.what.hasSuffix(".") && defect.mend.hasSuffix("."))
        }
    }
}
