// The wire format: what goes in comes out, and whatever is not exactly that is refused without harm.

import Glibc
import SluiceModel
import Testing

@testable import SluiceSandbox

@Suite struct WireTests {
    /// `SLUICE_WIRE_LONG=1` makes the runs over mutations long.
    static let isLong = getenv("SLUICE_WIRE_LONG") != nil

    static let order = InspectionOrder(
        declaredExtension: "zip", secondOpinion: .always,
        archives: ArchiveBudgets(entries: 20, depth: 2, expand: [.rar, .iso]),
        images: ImageBudgets(pixels: 7, side: 5))

    /// One of everything that a reply can hold.
    static let full: WireReply = {
        var features = TextFeatures(encoding: .utf16BigEndian)
        for (index, feature) in TextFeature.allCases.enumerated() { features[feature] = index * 1001 }
        let entries = [
            ManifestEntry(
                name: EntryName("a/b.log"), kind: .file, size: ByteCount(12), depth: 1,
                recognized: RecognizedType(.plainText, .proven, detail: "ASCII text"), text: features),
            ManifestEntry(
                name: EntryName(bytes: [0xFF, 0, 0x2F]), kind: .directory, size: .zero, depth: 2,
                recognized: .unrecognized),
        ]
        return WireReply(
            nonce: 0x0102_0304_0506_0708,
            inspection: Inspection(
                recognized: RecognizedType(.zip, .structure, detail: "2 entries — ü"), secondOpinion: "application/zip",
                manifest: Manifest(entries: entries, expandedSize: ByteCount(12)), text: features,
                findings: [
                    Finding(
                        .memberExecutable, entry: EntryName("a/b"), [.text("ELF"), .bytes([0, 0xFF]), .number(-1)]),
                    Finding(.inspectionIncomplete, [.size(ByteCount(5)), .number(1 << 53)]),
                ]))
    }()

    static func message(_ reply: WireReply) -> [UInt8] { Array(reply.framed(for: order)[WireFrame.prefix...]) }

    static func decode(_ bytes: some Collection<UInt8>) throws(CodingDefect) -> WireReply {
        try WireReply(Array(bytes)[...], answering: order)
    }

    @Test(arguments: [full, WireReply(nonce: 0, inspection: Inspection())])
    func `A reply survives the wire`(_ reply: WireReply) throws {
        #expect(try Self.decode(Self.message(reply)) == reply)
    }

    @Test func `An order survives the wire`() throws {
        let order = WireOrder(nonce: .max, size: ByteCount(15 << 20), order: Self.order)
        let frame = order.framed
        #expect(WireFrame.length(frame[...]) == frame.count - WireFrame.prefix)
        #expect(try WireOrder(frame[WireFrame.prefix...]) == order)
        #expect(frame.count <= WireBounds.order)
    }

    @Test func `The longest order fits its bound`() {
        let order = InspectionOrder(declaredExtension: FileExtension(String(repeating: "\u{10FFFF}", count: 400)))
        #expect(WireOrder(nonce: 0, size: .zero, order: order).framed.count <= WireBounds.order)
    }

    @Test func `Every truncation of a reply is refused`() {
        let message = Self.message(Self.full)
        for length in message.indices {
            #expect(throws: CodingDefect.self, "\(length)") { try Self.decode(message.prefix(length)) }
        }
    }

    @Test func `A byte behind a reply is refused`() {
        #expect(throws: CodingDefect.self) { try Self.decode(Self.message(Self.full) + [0]) }
    }

    /// Whatever is accepted encodes to exactly the bytes that were accepted: there is no second spelling of anything. Every bit of every byte is
    /// flipped, and every byte gets the values at which a bound lies; the long form tries all values, which takes two minutes without optimization.
    @Test func `Every single-byte mutation of a reply is refused or has one meaning`() {
        let message = Self.message(Self.full)
        var refused = 0
        for index in message.indices {
            let byte = message[index]
            let flips = (0..<8).map { byte ^ (1 << $0) }
            let few = Set(flips + [0, 0x7F, 0x80, 0xFF, byte &+ 1, byte &- 1])
            for value in Self.isLong ? Set(UInt8.min ... .max) : few where value != byte {
                var mutated = message
                mutated[index] = value
                guard let reply = try? Self.decode(mutated) else {
                    refused += 1
                    continue
                }
                if Self.message(reply) != mutated || reply == Self.full {
                    Issue.record("byte \(index) = \(value) is another spelling of the same")
                }
            }
        }
        #expect(refused > message.count)
    }

    @Test func `Random cuts, copies and flips never do harm`() {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var random = SplitMix(state: seed)
        let message = Self.message(Self.full)
        for _ in 0..<(Self.isLong ? 100_000 : 1_000) {
            var mutated = message
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                let at = Int.random(in: 0..<mutated.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: mutated[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: mutated.removeSubrange(at..<min(mutated.count, at + Int.random(in: 1..<9, using: &random)))
                case 2: mutated.insert(contentsOf: message.prefix(Int.random(in: 1..<40, using: &random)), at: at)
                default:
                    for offset in 0..<4 where at + offset < mutated.count { mutated[at + offset] = 0xFF }
                }
                if mutated.isEmpty { mutated = [0] }
            }
            if let reply = try? Self.decode(mutated) { #expect(Self.message(reply) == mutated) }
        }
    }

    /// Each is a reply with one thing that our own inspector never says.
    @Test(
        arguments: [
            ("no slash", "text"), ("two slashes", "a/b/c"), ("capitals", "Text/plain"), ("blank", "text/pl ain"),
            ("empty", ""),
            ("parameter", "text/plain;charset=x"), ("control", "text/\u{1}"), ("leading dot", ".a/b"),
            ("too long", "a/" + String(repeating: "b", count: 126)),
        ])
    func `A media type that is none is refused`(_ case: (name: String, type: String)) {
        #expect(throws: CodingDefect.self) { try Self.decode(Self.reply(type: `case`.type)) }
        #expect(throws: Never.self) { try Self.decode(Self.reply(type: "text/plain")) }
    }

    /// A reply written by hand, so that it can say what the encoder would not.
    static func reply(
        type: String = "text/plain", basis: UInt8 = 3, detail: [UInt8] = [], code: String = "inspection.failed",
        facts: UInt8 = 0, findings: UInt32 = 1
    ) -> [UInt8] {
        var out = BinaryWriter()
        out.number(UInt64(1))
        out.text(type, most: 1000)
        out.byte(basis)
        out.blob(detail, most: 100_000)
        for _ in 0..<4 { out.flag(false) }
        out.number(findings)
        out.text(code, most: 1000)
        out.flag(false)
        out.byte(facts)
        return out.bytes
    }

    @Test func `Wrong codes, counts, enumerations and texts are refused`() throws {
        _ = try Self.decode(Self.reply())
        let wrong = [
            Self.reply(basis: 4), Self.reply(detail: [0xC3]), Self.reply(code: "no.such-code"), Self.reply(code: ""),
            Self.reply(facts: 1), Self.reply(facts: 200), Self.reply(findings: 2), Self.reply(findings: .max),
            Self.reply(findings: 0), Self.reply(detail: [UInt8](repeating: 65, count: EvidenceBounds.detail + 1)),
        ]
        for (index, bytes) in wrong.enumerated() {
            #expect(throws: CodingDefect.self, "\(index)") { try Self.decode(bytes) }
        }
    }

    @Test func `A card comes back as it was, and one over its bounds or out of time is refused`() throws {
        func sent(_ change: (inout BundleCard) -> Void) throws -> BundleCard? {
            var card = BundleCard()
            card.first = 1_700_000_000
            card.last = 1_700_090_000
            card.gaps = [BundleCard.Gap(from: 1_700_000_000, to: 1_700_010_000)]
            card.hosts = ["web1"]
            card.products = [BundleCard.Product(name: "nginx", version: "1.24.0")]
            card.levels[1] = 7
            card.templates = [BundleCard.Template(text: "ERROR #", count: 7)]
            change(&card)
            let framed = WireReply(nonce: 1, inspection: Inspection(card: card)).framed(for: Self.order)
            let back = try Self.decode(Array(framed[WireFrame.prefix...])).inspection.card
            if back == card { return back }
            return nil
        }
        #expect(try sent { _ in } != nil)
        // The writer cuts what is too much; what a reader does with it where nobody has cut it is the next test's.
        #expect(try sent { $0.levels[0] = -1 } == nil)
        #expect(try sent { $0.templates[0].count = -1 } == nil)
        #expect(try sent { $0.last = .max } == nil)
        #expect(try sent { $0.gaps[0].from = .min } == nil)
        #expect(try sent { $0.hosts = Array(repeating: "h", count: 1000) } == nil)
        #expect(try sent { $0.hosts = [String(repeating: "h", count: 5000)] } == nil)
    }

    /// Each number of a reply, planted over a value that stands nowhere else in it: sizes, counts, times and the figures of a finding.
    @Test(arguments: [Int64.min, -1, (1 << 53) + 1, .max])
    func `A number beyond its bound is refused wherever it stands`(_ number: Int64) throws {
        let marks: [Int64] = (1...7).map { 0x0011_2233_4455_6600 + $0 }
        var card = BundleCard()
        (card.first, card.last) = (1_700_000_001, 1_700_000_002)
        card.gaps = [BundleCard.Gap(from: 1_700_000_003, to: 1_700_000_004)]
        card.levels[2] = marks[0]
        card.templates = [BundleCard.Template(text: "ERROR #", count: marks[1])]
        let entry = ManifestEntry(
            name: EntryName("x"), kind: .file, size: ByteCount(marks[2]), depth: 1, recognized: .unrecognized)
        let inspection = Inspection(
            manifest: Manifest(entries: [entry], expandedSize: ByteCount(marks[3])), card: card,
            findings: [
                Finding(.tooLarge, [.size(ByteCount(marks[4])), .number(Int(marks[5])), .number(-Int(marks[6]))])
            ])
        let bytes = Self.message(WireReply(nonce: 1, inspection: inspection))
        let times: [Int64] = [1_700_000_001, 1_700_000_002, 1_700_000_003, 1_700_000_004]
        for mark in times + marks.dropLast() + [-marks[6]] {
            if number == -1 && (times + [marks[5], -marks[6]]).contains(mark) { continue }  // an honest time or figure
            var planted = bytes
            let old = (0..<8).map { UInt8(truncatingIfNeeded: mark >> (8 * $0)) }
            let at = try #require(bytes.indices.first { bytes[$0...].starts(with: old) }, "\(mark)")
            for index in 0..<8 { planted[at + index] = UInt8(truncatingIfNeeded: number >> (8 * Int64(index))) }
            #expect(throws: CodingDefect.self, "\(mark)") { try Self.decode(planted) }
        }
    }

    @Test func `More entries than the budget are not taken, nor deeper ones`() throws {
        let entry = ManifestEntry(name: EntryName("x"), kind: .file, size: .zero, depth: 1, recognized: .unrecognized)
        func manifest(_ count: Int, _ changed: ManifestEntry? = nil, expanded: Int = 0) -> [UInt8] {
            var entries = Array(repeating: entry, count: count)
            if let changed { entries[0] = changed }
            let inspection = Inspection(manifest: Manifest(entries: entries, expandedSize: ByteCount(expanded)))
            var generous = Self.order
            generous.archives.entries = 100
            return Array(WireReply(nonce: 1, inspection: inspection).framed(for: generous)[WireFrame.prefix...])
        }
        _ = try Self.decode(manifest(20))
        #expect(throws: CodingDefect.self) { try Self.decode(manifest(21)) }
        for depth in [0, 3] {
            var changed = entry
            changed.depth = depth
            #expect(throws: CodingDefect.self) { try Self.decode(manifest(2, changed)) }
        }
    }

    @Test func `What is too long is cut before it is sent, and still valid`() throws {
        let long = String(repeating: "ü", count: 20_000)
        let inspection = Inspection(
            recognized: RecognizedType("text/x-Algol68", .structure, detail: "a" + long), secondOpinion: "not a type",
            manifest: Manifest(
                entries: Array(
                    repeating: ManifestEntry(
                        name: EntryName(long), kind: .file, size: .zero, depth: 1, recognized: .unrecognized), count: 30
                )),
            findings: [Finding(.inspectionFailed, Array(repeating: .text(long), count: 20))])
        let reply = try Self.decode(Self.message(WireReply(nonce: 1, inspection: inspection)))
        #expect(reply.inspection.recognized.mediaType == "text/x-algol68")
        #expect(reply.inspection.recognized.detail.utf8.count == EvidenceBounds.detail - 1)
        #expect(reply.inspection.secondOpinion == .unknown)
        #expect(reply.inspection.manifest?.entries.count == 20)
        #expect(reply.inspection.findings[0].facts.count == EvidenceBounds.factsOfFinding)
    }

    @Test func `An answer over the bound becomes one that could not be checked`() throws {
        let entry = ManifestEntry(
            name: EntryName(String(repeating: "n", count: EvidenceBounds.name)), kind: .file, size: .zero, depth: 1,
            recognized: .unrecognized)
        let order = InspectionOrder(archives: ArchiveBudgets(entries: 2000))
        let reply = WireReply(
            nonce: 1, inspection: Inspection(manifest: Manifest(entries: Array(repeating: entry, count: 2000))))
        let frame = reply.framed(for: order)
        #expect(frame.count < 1000)
        let decoded = try WireReply(frame[WireFrame.prefix...], answering: order)
        #expect(decoded.inspection.findings.map(\.code) == ["inspection.failed"])
    }

    @Test(arguments: [
        ControlMessage.start(1), .kill(.max), .ready, .ended(3, ChildEnding(status: 0x8B, processor: 17, state: 84)),
        .refused("because"),
        .refused(String(repeating: "x", count: 5000)),
    ])
    func `A control message survives the wire and its bound`(_ message: ControlMessage) throws {
        #expect(message.bytes.count <= ControlMessage.longest)
        let back = try ControlMessage(message.bytes[...])
        if case .refused(let reason) = message, reason.count > 500 { return }
        #expect(back == message)
    }
}

/// A small generator with a seed that can be printed (Steele, Lea, Flood 2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
