// Categories through the built program: reasons whose figures another reader recounts, odd inputs, archives, corrections.

import Foundation
import SluiceTestSupport
import Testing

/// Texts of known kinds, in many variations from a fixed seed.
private struct Material {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 2 &+ 1 }

    mutating func number(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    mutating func pick(_ words: [String]) -> String { words[number(words.count)] }
    mutating func word() -> String { pick(["session", "cache", "lease", "upstream", "queue", "shard", "peer"]) }
    mutating func clock() -> String {
        String(format: "2024-03-04 %02d:%02d:%02d", 8 + number(12), number(60), number(60))
    }

    mutating func line(_ kind: Int) -> String {
        switch kind {
        case 0:
            "\(clock()) \(pick(["INFO", "WARN", "ERROR", "Debug"])) \(word()) \(number(900)) \(pick(["started", "closed"]))"
        case 1:
            "Mar  4 10:\(10 + number(49)):12 web-\(number(9)) sshd[\(number(9999))]: \(word()) from 10.0.0.\(number(200))"
        case 2: "\(word())_\(word()) = \(pick(["12", "true", "\"x\"", "off"]))"
        case 3: pick(["[\(word())]", "# \(word()) of the \(word())", "\(word())=\(number(99))", "; \(word())", ""])
        case 4: "{\"ts\":\"\(clock())\",\"level\":\"info\",\"msg\":\"\(word()) \(number(99))\"}"
        case 5: pick(["\(clock()) ERROR \(word())", "\tat com.example.\(word()).run(\(word()).java:\(number(99)))"])
        case 6:
            pick(["interface eth\(number(9))", " ip address 10.0.0.\(number(99)) 255.255.255.0", "!", " no shutdown"])
        case 7: pick(["server {", "    listen \(number(9000));", "    root /srv/\(word())/\(word());", "}"])
        case 8: pick(["- name: \(word())", "  \(word()): \(number(9))", "\(word()):", "  # \(word())"])
        case 9: "\(word()),\(number(99)),\(number(99)),\(number(99))"
        case 10: "The \(word()) of this \(word()) is what we have all been \(pick(["waiting", "asking"])) for."
        case 11: "set \(word()) \(word()) \(pick(["enable", "disable", "10.1.1.1"]))"
        default: pick(["<user name=\"\(word())\"/>", "<\(word())>\(number(9))</\(word())>", "<!-- \(word()) -->"])
        }
    }

    mutating func text(_ kind: Int) -> String {
        var lines = (0..<(5 + number(120))).map { _ in line(kind) }
        // A few lines of another kind: shares that are neither none nor all.
        for _ in 0..<number(9) { lines.insert(line(number(13)), at: number(lines.count)) }
        return lines.joined(separator: number(4) == 0 ? "\r\n" : "\n") + (number(2) == 0 ? "\n" : "")
    }
}

@Suite struct CategoryTests {
    @Test func `The figures in the reasons of sixty-five texts are those that another reader counts`() throws {
        let place = try Workplace()
        var material = Material(seed: 7)
        for kind in 0..<13 {
            for number in 0..<5 { try place.write("in/\(kind)-\(number)", Data(material.text(kind).utf8)) }
        }
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Scripts/recount.py")
        let ran = try place.run(
            "python3", [script.path, place.path("in"), "--sluice", Workplace.program("sluice").path, "--least", "50"])
        #expect(ran.status == 0, "\(ran.output) \(ran.errors)")
        #expect(ran.output.contains(" 0 differ"), "\(ran.output)")
    }

    private static let logLines = (0..<40).map {
        "2024-03-04 10:\(10 + $0):12 \($0 % 5 == 0 ? "ERROR" : "INFO") request \($0) failed\n"
    }
    .joined()
    private static let settings = (0..<30).map { "# the limit of \($0)\n[part\($0)]\nlimit_\($0) = \($0 * 10)\n" }
        .joined()

    private static func wide(_ text: String, isBig: Bool) -> Data {
        Data([isBig ? 0xFE : 0xFF, isBig ? 0xFF : 0xFE])
            + Data(
                text.utf16.flatMap { isBig ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)] })
    }

    private static let odd: [(name: String, content: Data, category: String)] = [
        ("utf-16-little.txt", wide(logLines, isBig: false), "Log File"),
        ("utf-16-big.txt", wide(logLines, isBig: true), "Log File"),
        ("utf-16-settings.txt", wide(settings, isBig: false), "Configuration"),
        ("mark.txt", Data([0xEF, 0xBB, 0xBF]) + Data(logLines.utf8), "Log File"),
        (
            "latin-1.txt",
            Data(logLines.replacing("request", with: "Anfrage f\u{1}r").utf8.map { $0 == 1 ? 0xFC : $0 }), "Log File"
        ),
        (
            "very-long-lines.txt",
            Data(
                (0..<6).map {
                    "2024-03-04 10:11:\(10 + $0) INFO payload \(String(repeating: "abc \($0) ", count: 9000))\n"
                }
                .joined().utf8), "Log File"
        ),
        (
            "one-line-json.txt",
            Data(
                ("["
                    + (0..<200).map {
                        "{\"timestamp\":\"2024-03-04T10:11:\(10 + $0 % 50)Z\",\"level\":\"error\",\"message\":\"connection \($0) failed\"}"
                    }.joined(separator: ",") + "]").utf8), "Log File"
        ),
        (
            "traces.txt",
            Data(
                (0..<5).map {
                    "2024-03-04 10:11:1\($0),123 ERROR [main] request failed\njava.lang.IllegalStateException: closed\n"
                        + (0..<15).map { "\tat com.example.Part\($0).run(Part\($0).java:\($0))\n" }.joined()
                }.joined().utf8), "Log File"
        ),
        (
            "events.csv",
            Data(
                ("Level,Date and Time,Source,Event ID,Task Category\r\n"
                    + (0..<40).map {
                        "\(["Information", "Warning", "Error"][$0 % 3]),3/4/2024 10:\(10 + $0):12 AM,Service Control Manager,70\(10 + $0),None,\"The service entered the stopped state.\"\r\n"
                    }.joined()).utf8), "Log File"
        ),
        (
            "data.csv",
            Data(
                ("name,street,city,amount\r\n"
                    + (0..<40).map { "Miller \($0),Long Road \($0),Leeds,\($0).50\r\n" }.joined()).utf8),
            "Other"
        ),
        (
            "dump-with-header.txt",
            Data(
                ("! Last configuration change at 10:11:12 UTC Mon Mar 4 2024 by admin\n! NVRAM config last updated at 10:12:13 UTC Mon Mar 4 2024\n!\nversion 15.2\nservice timestamps log datetime msec\nhostname r1\n!\n"
                    + (0..<20).map {
                        "interface GigabitEthernet0/\($0)\n description port \($0)\n ip address 10.0.\($0).1 255.255.255.0\n no shutdown\n!\n"
                    }
                    .joined()).utf8), "Configuration"
        ),
        (
            "settings-inside-a-log.txt",
            Data(
                (logLines + "2024-03-04 11:00:00 INFO effective settings:\n"
                    + (0..<12).map { "    limit_\($0) = \($0)\n" }.joined() + logLines).utf8),
            "Log File"
        ),
        ("one-line.txt", Data("2024-03-04 10:11:12 ERROR request failed\n".utf8), "Log File"),
        (
            "forms-of-time.txt",
            Data(
                """
                2024-03-04T10:11:12.123Z INFO started
                Mar  4 10:11:12 web-1 app[1]: connection closed
                [04/Mar/2024:10:11:12 +0000] "GET / HTTP/1.1" 200
                1709547072.123 request timed out
                I0304 10:11:12.123456 1 main.go:1] server listening
                04.03.2024 10:11:12 WARN retrying
                [   12.345678] usb 1-1: new device found
                20240304<;>1011<;>failed<;>1

                """.utf8), "Log File"
        ),
    ]

    @Test func `Odd texts have their category whatever their form`() throws {
        let place = try Workplace()
        for one in Self.odd { try place.write("in/\(one.name)", one.content) }
        let answers = try place.checking("in").answers()
        #expect(answers.count == Self.odd.count)
        for one in Self.odd {
            let answer = try #require(answers.first { ($0["path"] as? String)?.hasSuffix("/" + one.name) == true })
            #expect(answer["category"] as? String == one.category, "\(one.name): \(answer["categoryBasis"] ?? "")")
        }
    }

    @Test func `An empty text is told apart from all categories`() throws {
        let place = try Workplace()
        try place.write("in/blank.txt", Data("\n\n \n".utf8))
        let answer = try #require(try place.checking("in").answers().first)
        #expect(answer["category"] as? String == "Other")
        #expect(answer["categoryBasis"] as? String == "There is no line with text in it.")
    }

    @Test func `An archive tells its entries' categories, their shares by bytes, and the card of all of them`() throws {
        let place = try Workplace()
        let later = "2024-03-04T18:00:00 web-2 app[1]: INFO up\n2024-03-04T18:00:09 web-2 app[1]: INFO ready\n"
        let early = (0..<40).map { "2024-03-04T10:\(10 + $0):12 web-1 app[\($0)]: ERROR disk \($0) failed\n" }.joined()
        for (name, text) in [
            ("var/log/early.txt", early), ("var/log/later.txt", later), ("etc/app.txt", Self.settings),
            (
                "etc/fortigate.txt",
                "#config-version=FGT60E-6.2.3-FW-build1066-191218:opmode=0\nconfig system global\n    set hostname \"fw-1\"\nend\n"
            ),
            ("etc/cisco.txt", "!\nversion 15.2\nhostname r1\n!\ninterface Vlan1\n no shutdown\n!\nend\n"),
        ] { try place.write("sosreport-web1-x/" + name, Data(text.utf8)) }
        #expect(try place.run("zip", ["-qr", "bundle.zip", "sosreport-web1-x"]).status == 0)
        let answer = try #require(try place.checking("bundle.zip", options: ["--manifest"]).answers().first)
        let entries = try #require(answer["manifest"] as? [[String: Any]]).filter { $0["kind"] as? String == "file" }
        #expect(entries.count == 5)
        var bytes: [String: Int] = [:]
        for entry in entries {
            let category = try #require(entry["category"] as? String)
            let isLog = (entry["name"] as? String)?.contains("/log/") == true
            #expect(category == (isLog ? "Log File" : "Configuration"), "\(entry)")
            bytes[category, default: 0] += try #require(entry["size"] as? Int)
        }
        let total = bytes.values.reduce(0, +)
        let basis = try #require(answer["categoryBasis"] as? String)
        for (category, share) in bytes { #expect(basis.contains("\(share * 100 / total) % \(category)"), "\(basis)") }
        #expect(answer["category"] as? String == bytes.max { $0.value < $1.value }?.key)

        let card = try #require(answer["card"] as? [String: Any])
        #expect(card["first"] as? String == "2024-03-04T10:10:12" && card["last"] as? String == "2024-03-04T18:00:09")
        #expect(
            (card["gaps"] as? [[String: String]]) == [["from": "2024-03-04T10:49:12", "to": "2024-03-04T18:00:00"]])
        #expect(Set(card["hosts"] as? [String] ?? []) == ["web-1", "web-2", "fw-1", "r1"])
        let products = (card["products"] as? [[String: String]] ?? []).map {
            "\($0["name"] ?? "") \($0["version"] ?? "")"
        }
        #expect(
            Set(products) == ["FortiGate FGT60E-6.2.3-FW-build1066-191218", "Cisco IOS 15.2"])
        #expect((card["levels"] as? [String: Int])?["error"] == 40)
        #expect((card["templates"] as? [[String: Any]])?.first?["count"] as? Int == 40)

        let table = try place.sluice("check", "bundle.zip", "--manifest").output
        for line in [
            "Log File, ", "early.txt", "hosts: ", "FortiGate FGT60E", "40 error", "nothing from 2024-03-04T10:49:12",
        ] {
            #expect(table.contains(line), "\(table)")
        }
    }

    @Test func `A correction is recorded with who, and told for training`() throws {
        let place = try Workplace()
        try place.write("in/a.txt", Data(Self.logLines.utf8))
        let imported = try #require(try place.importing("in").answers().first)
        let attachment = try #require(imported["attachment"] as? String)
        // From where the store is, by a path that holds only there.
        let store = ["--store", "store"]
        #expect(try place.sluice(["categorize", attachment, "Configuration", "--by", "kim"] + store).status == 0)
        let told = try #require(try place.sluice(["corrections", "--format", "json"] + store).answers().first)
        #expect(told["category"] as? String == "Configuration" && told["ownCategory"] as? String == "Log File")
        #expect(told["by"] as? String == "kim")
        let path = try #require(told["path"] as? String)
        #expect(path.hasPrefix("/"))
        #expect(try Data(contentsOf: URL(filePath: path)) == Data(Self.logLines.utf8))
    }
}
