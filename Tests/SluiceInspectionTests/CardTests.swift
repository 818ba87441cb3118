// What a card tells: times in their many forms, hosts, products with versions, levels and the commonest errors.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

struct CardTests {
    /// The card of one text, read in pieces of any size.
    private func read(_ text: String, piece: Int = .max) -> BundleCard? {
        let collector = CardCollector()
        var scanner = TextScanner(declaredExtension: "log", card: collector)
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let part = Array(rest.prefix(piece))
            scanner.feed(part.span)
            rest = rest.dropFirst(piece)
        }
        _ = scanner.finish(declaredExtension: "log")
        return collector.finish()
    }

    @Test(arguments: [
        ("2024-03-04 10:11:12,123 INFO a", "2024-03-04T10:11:12"),
        ("2024-03-04T10:11:12.123+02:00 a", "2024-03-04T08:11:12"), ("[2024/03/04 10:11:12] a", "2024-03-04T10:11:12"),
        ("10.0.0.1 - - [04/Mar/2024:10:11:12 -0500] \"GET /\"", "2024-03-04T15:11:12"),
        ("Mon Mar  4 10:11:12 2024 a", "2024-03-04T10:11:12"),
        ("[Mon Mar 04 10:11:12.123456 2024] [core:error] a", "2024-03-04T10:11:12"),
        ("Mar  4 2024 10:11:12: %ASA-6-302013: a", "2024-03-04T10:11:12"),
        ("2024 Mar  4 10:11:12 switch %VSHD-5-VSHD_SYSLOG_CONFIG_I: a", "2024-03-04T10:11:12"),
        ("date=2024-03-04 time=10:11:12 devname=\"FGT\" level=\"warning\"", "2024-03-04T10:11:12"),
        ("24/03/04 10:11:12 INFO SparkContext: a", "2024-03-04T10:11:12"),
        ("3/14/2024 4:11:12 PM a", "2024-03-14T16:11:12"), ("20240304 10:11:12 a", "2024-03-04T10:11:12"),
        ("04.03.2024 10:11:12 a", "2024-03-04T10:11:12"), ("1709547072.123 200 TCP_MISS a", "2024-03-04T10:11:12"),
        ("{\"ts\":1709547072123,\"msg\":\"a\"}", "2024-03-04T10:11:12"),
        ("__REALTIME_TIMESTAMP=1709547072123456", "2024-03-04T10:11:12"),
        ("Mar  4 10:11:12 host app[1]: a", "--03-04T10:11:12"),
        ("I0304 10:11:12.123456 1 main.go:1] a", "--03-04T10:11:12"),
        ("03-04 10:11:12.123  12  34 E Tag: a", "--03-04T10:11:12"),
    ])
    func `A time is read in the form in which it is written`(_ line: String, _ expected: String) throws {
        let card = try #require(read(line + "\n"))
        #expect(card.first.map { card.text(of: $0) } == expected)
        #expect(card.last == card.first)
    }

    @Test(arguments: ["took 10:11:12 in all\n", "version 10.11.12\n", "id=1709547072\n", "04/03/2024 10:11:12 a\n"])
    func `What is no date, or could be two, gives no time`(_ line: String) {
        #expect(read(line)?.first == nil)
    }

    @Test func `Gaps over an hour are told, shorter ones are not`() throws {
        let text = "2024-03-04 10:00:00 a\n2024-03-04 10:59:59 a\n2024-03-04 12:00:00 a\n2024-03-04 12:30:00 a\n"
        let card = try #require(read(text))
        #expect(
            card.gaps.map { [card.text(of: $0.from), card.text(of: $0.to)] } == [
                ["2024-03-04T10:59:59", "2024-03-04T12:00:00"]
            ])
    }

    @Test func `Dates without a year go over the turn of the year, and take the year that other lines tell`() throws {
        let lines = "Dec 31 23:50:00 h a: x\nJan  1 00:10:00 h a: x\nJan  1 00:20:00 h a: x\n"
        let alone = try #require(read(lines))
        #expect(!alone.hasYear && alone.gaps.isEmpty)
        #expect(alone.text(of: try #require(alone.first)) == "--12-31T23:50:00")
        #expect(alone.text(of: try #require(alone.last)) == "--01-01T00:20:00")
        let beside = try #require(read(lines + "2023-12-31 23:55:00 a\n"))
        #expect(beside.hasYear)
        #expect(beside.text(of: try #require(beside.first)) == "2023-12-31T23:50:00")
        #expect(beside.text(of: try #require(beside.last)) == "2024-01-01T00:20:00")
    }

    @Test(arguments: [
        (
            "#config-version=FGT60E-6.2.3-FW-build1066-191218:opmode=0:vdom=0", "FortiGate",
            "FGT60E-6.2.3-FW-build1066-191218"
        ),
        ("version 15.2", "Cisco IOS", "15.2"), ("ASA Version 9.8(2)", "Cisco ASA", "9.8(2)"),
        (
            "Cisco IOS Software, C2960 Software (C2960-LANBASEK9-M), Version 12.2(55)SE, RELEASE", "Cisco IOS",
            "12.2(55)SE"
        ),
        ("version 18.4R1.8;", "Junos", "18.4R1.8"), ("version 9.3(5) Bios:version 07.67", "Cisco NX-OS", "9.3(5)"),
        ("! device: leaf1 (DCS-7050TX-64, EOS-4.20.1F)", "Arista EOS", "4.20.1F"),
        ("# mar/04/2024 10:11:12 by RouterOS 6.48.6", "RouterOS", "6.48.6"),
        ("#TMSH-VERSION: 15.1.2", "F5 BIG-IP", "15.1.2"),
        ("sosreport (version 3.9)", "sosreport", "3.9"),
        ("ClusterVersion: Stable at \"4.12.3\"", "OpenShift", "4.12.3"),
        ("  \"diagVersion\" : \"8.5.0\",", "Elastic diagnostics", "8.5.0"),
        ("Linux version 5.10.0-28-amd64 (a@b)", "Linux", "5.10.0-28-amd64"),
        ("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"", "Operating system", "Debian GNU/Linux 12 (bookworm)"),
        ("LOG:  starting PostgreSQL 13.4 on x86_64", "PostgreSQL", "13.4"), ("Kafka version: 2.8.0", "Kafka", "2.8.0"),
        ("Server: nginx/1.24.0", "nginx", "1.24.0"),
    ])
    func `A product is known by its maker's form`(_ line: String, _ product: String, _ version: String) {
        #expect(read(line + "\n")?.products == [BundleCard.Product(name: product, version: version)])
    }

    @Test func `Elastic's cluster tells its version in a later line`() {
        let text = "{\n  \"cluster_name\" : \"es\",\n  \"version\" : {\n    \"number\" : \"8.6.2\",\n"
        #expect(read(text)?.products == [BundleCard.Product(name: "Elasticsearch", version: "8.6.2")])
    }

    @Test(arguments: [
        ("Mar  4 10:11:12 web-1 sshd[12]: x", "web-1"),
        ("<34>1 2003-10-11T22:14:15.003Z box.example su - ID47 - x", "box.example"),
        ("hostname r1", "r1"), ("    set hostname \"fw-1\"", "fw-1"), ("    host-name mx1;", "mx1"),
        ("_HOSTNAME=node-7", "node-7"), ("{\"hostname\":\"api-3\",\"level\":30}", "api-3"),
    ])
    func `A host is known by its place`(_ line: String, _ host: String) { #expect(read(line + "\n")?.hosts == [host]) }

    @Test func `A sentence about a host name names none`() {
        #expect(read("hostname lookup failed for x\n")?.hosts ?? [] == [])
    }

    @Test(arguments: [
        ("2024-03-04 10:11:12 ERROR x", BundleCard.Level.error), ("[crit] x", .fatal), ("level=warn msg=x", .warning),
        ("{\"level\":50,\"msg\":\"x\"}", .error), ("PRIORITY=3", .error), ("<11>x y z", .error),
        ("E0304 10:11:12.123456 1 main.go:1] x", .error), ("03-04 10:11:12.123  12  34 W Tag: x", .warning),
        ("%LINK-3-UPDOWN: Interface x", .error), ("{\"level\":\"info\"}", .info), ("NOTICE:  x", .notice),
        ("DEBUG x", .debug),
    ])
    func `A level is read in the form in which it is written`(_ line: String, _ level: BundleCard.Level) throws {
        let levels = try #require(read(line + "\n")).levels
        #expect(levels[level.rawValue] == 1 && levels.reduce(0, +) == 1)
    }

    @Test func `The commonest errors are told with their figures masked, ten at most`() throws {
        var text = ""
        for index in 0..<300 {
            text += "2024-03-04 10:11:12 ERROR [w-\(index)] timeout after \(index)ms on /var/a/\(index)\n"
        }
        for index in 0..<20 { text += "ERROR kind\(String(repeating: "x", count: index)) of failure\n" }
        let templates = try #require(read(text)).templates
        #expect(templates.count == BundleCard.Bounds.templates)
        #expect(templates[0] == BundleCard.Template(text: "ERROR [#] timeout after # on </>", count: 300))
    }

    @Test(arguments: [1, 7, 100, 4096])
    func `Where the bytes are cut makes no difference`(piece: Int) throws {
        var text = ""
        for line in 0..<400 {
            text +=
                "2024-03-04 1\(line / 60 % 10):\(10 + line % 50):12.5 \(line % 3 == 0 ? "ERROR" : "INFO") request \(line) failed\n"
            if line % 50 == 0 { text += "\tat a.b.C(C.java:\(line))\nMar  4 10:11:12 h\(line) app: x\n" }
        }
        #expect(read(text, piece: piece) == read(text))
    }

    @Test func `Levels are counted alike before and behind the lines that are looked at for products`() throws {
        let text = (0..<5000).map { "2024-03-04 10:11:12 \($0 % 4 == 0 ? "ERROR" : "WARN ") m \($0)\n" }.joined()
        let levels = try #require(read(text)).levels
        #expect(levels[BundleCard.Level.error.rawValue] == 1250 && levels[BundleCard.Level.warning.rawValue] == 3750)
    }

    @Test func `A short error behind a long line, at the very end, is counted`() throws {
        let card = try #require(read(String(repeating: "x ", count: 40) + "2024-03-04 10:11:12 long\n<3>a"))
        #expect(card.levels[BundleCard.Level.error.rawValue] == 1)
        #expect(card.templates == [BundleCard.Template(text: "<#>a", count: 1)])
    }

    @Test func `Of thousands of different errors the frequent one is told, and never too often`() throws {
        var text = ""
        for index in 0..<4000 {
            let letters: [UInt8] = (0..<4).map { (place: Int) in UInt8(97 + ((index >> (place * 4)) & 15)) }
            let name = String(decoding: letters, as: UTF8.self)
            text += "ERROR \(name) failed\n"
            if index % 4 == 0 { text += "ERROR disk full\n" }
        }
        let templates = try #require(read(text)).templates
        #expect(templates[0] == BundleCard.Template(text: "ERROR disk full", count: 1000))
        #expect(templates.dropFirst().allSatisfy { $0.count == 1 })
    }

    @Test func `A product without a version is left out`() {
        let collector = CardCollector()
        collector.enter(EntryName("sosreport-web1-2024-03-04-abc/etc/hosts"))
        #expect(collector.finish() == nil)
    }

    @Test(arguments: [
        "total 8\n-rw-r--r-- 1 root root 1998 Nov  2 10:01 a\n-rw-r--r-- 1 root root 2099 Nov  3 10:02 b\n",
        "notBefore=Jan  1 00:00:00 2020 GMT\nnotAfter=Dec 31 23:59:59 2035 GMT\n",
        "Linux web01 5.14.0 #1 SMP Fri Feb 23 04:45:07 EST 2024 x86_64\n", "Wed Nov 18 10:11:12 UTC 2026\n",
        "bash-5.1.8-9.el9.x86_64                       Mon Jan  5 10:00:00 2026\n",
        "metadata:\n  creationTimestamp: \"2026-11-18T11:06:40Z\"\n  name: a\n",
        "NEXT                    LEFT UNIT\n2026-11-19 00:00:00 UTC 12h  a.timer\n",
        "log4j.rootLogger=INFO, stdout\nlog4j.logger.a=ERROR\nlog4j.logger.b=FATAL\n",
        "# a 2005-06-11 00:04:27\n#log_hostname = off\nlog_min_messages = warning\nmode = error\n",
        "root     pts/0        2026-11-18 10:00 (10.0.0.1)\n",
    ])
    func `What is no log tells no times, levels and hosts`(_ text: String) {
        let card = read(text)
        #expect(card?.first == nil && card?.hosts ?? [] == [] && card?.levels.reduce(0, +) ?? 0 == 0)
    }

    @Test func `A container runtime's timestamp is peeled off what the program wrote`() throws {
        let lines = ["I", "I", "W", "E"].map {
            "2026-11-18T11:06:40.485738843Z \($0)1118 11:06:40.907796       1 a.go:573] \"Watch close\"\n"
        }
        let card = try #require(read(lines.joined()))
        #expect(card.hosts == [])
        #expect(card.first.map { card.text(of: $0) } == "2026-11-18T11:06:40")
        #expect(card.levels[BundleCard.Level.info.rawValue] == 2 && card.levels[BundleCard.Level.warning.rawValue] == 1)
        #expect(card.levels[BundleCard.Level.error.rawValue] == 1)
    }

    @Test(arguments: [
        "2026-11-18T11:06:40.016652739Z Starting controller: pass 0\n",
        "2026-11-18T11:06:40.245238702Z 2026-11-18 11:06:40.123456 I | etcdserver: applied index 0\n",
        "2026-11-18T11:06:40Z Starting controller: pass 0\n", "Nov 18 11:06:40 Starting controller: pass 0\n",
        "2026-11-18 11:06:40 INFO hostname=off\n",
    ])
    func `A message's first word, a date and a switch are no hosts`(_ line: String) {
        #expect(read(line)?.hosts ?? [] == [])
    }

    @Test func `An error is shown in the letters of its text's own encoding`() throws {
        let collector = CardCollector()
        var scanner = TextScanner(declaredExtension: "log", card: collector)
        var bytes: [UInt8] = []
        for index in 10..<40 {
            bytes += Array("2026-11-18 11:06:\(index) [ERROR] Ger".utf8) + [0xE4]
            bytes += Array("t nicht gefunden, ".utf8) + [0xDC] + Array("bertragung abgebrochen\n".utf8)
        }
        scanner.feed(bytes.span)
        _ = scanner.finish(declaredExtension: "log")
        let template = try #require(collector.finish()?.templates.first)
        #expect(template.text.contains("Gerät nicht gefunden, Übertragung") && template.count == 30)
    }

    @Test(arguments: [
        ([0x61, 0x80, 0xE4], TextFeatures.Encoding.singleByte, "a€ä"), ([0x61, 0x81, 0x40, 0x62], .multiByte, "a…@b"),
        ([0x61, 0xC3, 0xA4, 0xC3], .utf8, "aä"), ([0x61, 0xFF, 0xFE, 0x62], .utf8, "a…b"),
    ])
    func `Letters that cannot be read are left out, never shown as wrong ones`(
        _ line: [UInt8], _ encoding: TextFeatures.Encoding, _ shown: String
    ) {
        #expect(CardLetters.utf8(line, encoding) == Array(shown.utf8))
    }
}
