// An inspection as bytes. The reading side faces a process that a hostile attachment may have taken over: whatever is not exactly
// what our own inspector can say is nonsense. The parts of a value are read in the extensions below, in the order they are written.

internal import SluiceModel

/// A reply: which order it answers, and the evidence.
struct WireReply: Equatable {
    var nonce: UInt64
    var inspection: Inspection

    init(nonce: UInt64, inspection: Inspection) {
        self.nonce = nonce
        self.inspection = inspection
    }

    /// With its 32-bit length in front. A listing longer than the order's budget is cut there (the budget's own finding says so); an
    /// answer that is too large as a whole becomes one that says just that.
    func framed(for order: InspectionOrder) -> [UInt8] {
        var out = WireWriter()
        out.number(nonce)
        out.type(inspection.recognized)
        out.optional(inspection.secondOpinion) { $0.mediaType($1) }
        out.optional(inspection.text) { $0.features($1) }
        out.optional(inspection.manifest) { $0.manifest($1, most: order.archives.entries) }
        out.optional(inspection.card) { $0.card($1) }
        let findings = inspection.findings.prefix(WireBounds.findings)
        out.count(findings.count)
        for finding in findings { out.finding(finding) }
        guard out.bytes.count <= WireBounds.reply else {
            let tooLarge = Finding(.inspectionFailed, [.text("the report about it would be too large")])
            return WireReply(nonce: nonce, inspection: Inspection(findings: [tooLarge])).framed(for: order)
        }
        return WireFrame.framed(out.bytes)
    }

    /// - Parameter bytes: the message without its length.
    init(_ bytes: ArraySlice<UInt8>, answering order: InspectionOrder) throws(WireNonsense) {
        var reader = WireReader(bytes)
        nonce = try reader.number("nonce")
        let recognized = try reader.type()
        let secondOpinion = try reader.optional("second opinion") { (r) throws(WireNonsense) in try r.mediaType() }
        let text = try reader.optional("text") { (r) throws(WireNonsense) in try r.features() }
        let manifest = try reader.optional("manifest") { (r) throws(WireNonsense) in try r.manifest(order.archives) }
        let card = try reader.optional("card") { (r) throws(WireNonsense) in try r.card() }
        let count = try reader.count(most: WireBounds.findings, width: 6, "findings")
        var findings: [Finding] = []
        findings.reserveCapacity(count)
        for _ in 0..<count { findings.append(try reader.finding()) }
        try reader.end()
        inspection = Inspection(
            recognized: recognized, secondOpinion: secondOpinion, manifest: manifest, text: text, card: card,
            findings: findings)
    }
}

extension WireWriter {
    /// libmagic has names with capitals (`text/x-Algol68`); one that is no media type at all tells nobody anything.
    fileprivate mutating func mediaType(_ type: MediaType) {
        let name = Array(type.name.lowercased().utf8)
        blob(MediaTypeGrammar.allows(name[...]) ? name : Array(MediaType.unknown.name.utf8), most: WireBounds.mediaType)
    }

    fileprivate mutating func type(_ type: RecognizedType) {
        mediaType(type.mediaType)
        byte(type.basis.rawValue)
        text(type.detail, most: WireBounds.detail)
    }

    fileprivate mutating func features(_ features: TextFeatures) {
        byte(features.encoding.rawValue)
        for count in features.counts { packed(count) }
        for count in features.characters { packed(count) }
    }

    fileprivate mutating func manifest(_ manifest: Manifest, most: Int) {
        let entries = manifest.entries.prefix(max(0, most))
        size(manifest.expandedSize)
        count(entries.count)
        for entry in entries {
            blob(entry.name.bytes, most: WireBounds.name)
            byte(entry.kind.rawValue)
            size(entry.size)
            number(UInt8(clamping: entry.depth))
            type(entry.recognized)
            optional(entry.text) { $0.features($1) }
        }
    }

    fileprivate mutating func finding(_ finding: Finding) {
        text(finding.code, most: WireBounds.code)
        optional(finding.entry) { $0.blob($1.bytes, most: WireBounds.name) }
        let facts = finding.facts.prefix(WireBounds.factsOfFinding)
        byte(UInt8(facts.count))
        for fact in facts {
            switch fact {
            case .number(let value):
                byte(0)
                figure(Int64(value))
            case .size(let value):
                byte(1)
                size(value)
            case .text(let value):
                byte(2)
                text(value, most: WireBounds.fact)
            case .bytes(let value):
                byte(3)
                blob(value, most: WireBounds.fact)
            }
        }
    }
}

extension WireReader {
    fileprivate mutating func mediaType() throws(WireNonsense) -> MediaType {
        let name = try blob(most: WireBounds.mediaType, "media type")
        guard MediaTypeGrammar.allows(name) else { throw WireNonsense(part: "media type") }
        return MediaType(String(decoding: name, as: UTF8.self))
    }

    fileprivate mutating func type() throws(WireNonsense) -> RecognizedType {
        let mediaType = try mediaType()
        guard let basis = RecognizedType.Basis(rawValue: try number("basis")) else { throw WireNonsense(part: "basis") }
        return RecognizedType(mediaType, basis, detail: try text(most: WireBounds.detail, "detail"))
    }

    fileprivate mutating func features() throws(WireNonsense) -> TextFeatures {
        guard let encoding = TextFeatures.Encoding(rawValue: try number("encoding")) else {
            throw WireNonsense(part: "encoding")
        }
        var features = TextFeatures(encoding: encoding)
        for feature in TextFeature.allCases { features[feature] = Int(try packed("count")) }
        for index in features.characters.indices { features.characters[index] = try packed("character count") }
        return features
    }

    fileprivate mutating func manifest(_ budgets: ArchiveBudgets) throws(WireNonsense) -> Manifest {
        let expanded = try size("expanded size")
        // Name length 4, kind 1, size 8, depth 1, media type length 4 and at least 3, basis 1, detail length 4, flag 1.
        let count = try count(most: max(0, budgets.entries), width: 27, "entries")
        var entries: [ManifestEntry] = []
        entries.reserveCapacity(count)
        for _ in 0..<count { entries.append(try entry(budgets)) }
        return Manifest(entries: entries, expandedSize: expanded)
    }

    private mutating func entry(_ budgets: ArchiveBudgets) throws(WireNonsense) -> ManifestEntry {
        let name = EntryName(bytes: Array(try blob(most: WireBounds.name, "entry name")))
        guard let kind = ManifestEntry.Kind(rawValue: try number("entry kind")) else {
            throw WireNonsense(part: "entry kind")
        }
        let size = try size("entry size")
        let depth = Int(try number("entry depth") as UInt8)
        guard depth >= 1, depth <= max(1, budgets.depth) else { throw WireNonsense(part: "entry depth") }
        let recognized = try type()
        let text = try optional("entry text") { (r) throws(WireNonsense) in try r.features() }
        return ManifestEntry(name: name, kind: kind, size: size, depth: depth, recognized: recognized, text: text)
    }

    fileprivate mutating func finding() throws(WireNonsense) -> Finding {
        guard let definition = FindingDefinition.named(try text(most: WireBounds.code, "finding code")) else {
            throw WireNonsense(part: "finding code")
        }
        let entry = try optional("finding entry") { (r) throws(WireNonsense) in
            EntryName(bytes: Array(try r.blob(most: WireBounds.name, "finding entry")))
        }
        let count: UInt8 = try number("facts")
        guard count <= WireBounds.factsOfFinding else { throw WireNonsense(part: "facts") }
        var facts: [Fact] = []
        for _ in 0..<count { facts.append(try fact()) }
        return Finding(definition, entry: entry, facts)
    }

    private mutating func fact() throws(WireNonsense) -> Fact {
        let kind: UInt8 = try number("fact")
        switch kind {
        case 0: return .number(Int(try figure("fact")))
        case 1: return .size(try size("fact"))
        case 2: return .text(try text(most: WireBounds.fact, "fact"))
        case 3: return .bytes(Array(try blob(most: WireBounds.fact, "fact")))
        default: throw WireNonsense(part: "fact")
        }
    }
}

/// `type/subtype` in the characters of RFC 6838 §4.2, lower case, of at most 127 bytes.
enum MediaTypeGrammar {
    static func allows(_ name: ArraySlice<UInt8>) -> Bool {
        guard name.count <= WireBounds.mediaType else { return false }
        let parts = name.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { part in part.first.map(isLetterOrDigit) == true && part.allSatisfy(isTypeCharacter) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isTypeCharacter(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || "!#$&-^_.+".utf8.contains(byte)
    }
}
