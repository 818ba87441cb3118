// An inspection as bytes: on its way out of the confined process, and in the store beside the attachment. The reading side may face a process that a
// hostile attachment has taken over, so whatever is not exactly what our own inspector can say is a defect. The parts of a value are read in the order in
// which they are written.

/// What a reader of an inspection believes at most.
package struct InspectionBounds: Sendable {
    var entries: Int
    var depth: Int

    /// Evidence of an inspection that was made with these budgets.
    package init(_ budgets: ArchiveBudgets) {
        entries = max(0, budgets.entries)
        depth = max(1, budgets.depth)
    }

    /// Evidence that this program has kept itself, under whatever policy it was.
    package static var kept: InspectionBounds { InspectionBounds(ArchiveBudgets(entries: .max, depth: .max)) }
}

extension BinaryWriter {
    /// - Parameter entries: a listing is cut there; the finding of the budget says that it was.
    package mutating func inspection(_ inspection: Inspection, entries: Int) {
        type(inspection.recognized)
        optional(inspection.secondOpinion) { $0.mediaType($1) }
        optional(inspection.text) { $0.features($1) }
        optional(inspection.manifest) { $0.manifest($1, most: entries) }
        optional(inspection.card) { $0.card($1) }
        let findings = inspection.findings.prefix(EvidenceBounds.findings)
        count(findings.count)
        for finding in findings { self.finding(finding) }
    }
}

extension BinaryReader {
    package mutating func inspection(_ bounds: InspectionBounds) throws(CodingDefect) -> Inspection {
        let recognized = try type()
        let secondOpinion = try optional("second opinion") { (r) throws(CodingDefect) in try r.mediaType() }
        let text = try optional("text") { (r) throws(CodingDefect) in try r.features() }
        let manifest = try optional("manifest") { (r) throws(CodingDefect) in try r.manifest(bounds) }
        let card = try optional("card") { (r) throws(CodingDefect) in try r.card() }
        let count = try count(most: EvidenceBounds.findings, width: 6, "findings")
        var findings: [Finding] = []
        findings.reserveCapacity(count)
        for _ in 0..<count { findings.append(try finding()) }
        return Inspection(
            recognized: recognized, secondOpinion: secondOpinion, manifest: manifest, text: text, card: card,
            findings: findings)
    }
}

extension BinaryWriter {
    /// libmagic has names with capitals (`text/x-Algol68`); one that is no media type at all tells nobody anything.
    fileprivate mutating func mediaType(_ type: MediaType) {
        let name = Array(type.name.lowercased().utf8)
        blob(
            MediaTypeGrammar.allows(name[...]) ? name : Array(MediaType.unknown.name.utf8),
            most: EvidenceBounds.mediaType)
    }

    fileprivate mutating func type(_ type: RecognizedType) {
        mediaType(type.mediaType)
        byte(type.basis.rawValue)
        text(type.detail, most: EvidenceBounds.detail)
    }

    fileprivate mutating func features(_ features: TextFeatures) {
        byte(features.encoding.rawValue)
        // A later version counts more; what an earlier one has not counted is nothing.
        byte(UInt8(features.counts.count))
        for count in features.counts { packed(count) }
        byte(UInt8(features.characters.count))
        for count in features.characters { packed(count) }
    }

    fileprivate mutating func manifest(_ manifest: Manifest, most: Int) {
        let entries = manifest.entries.prefix(max(0, most))
        size(manifest.expandedSize)
        count(entries.count)
        for entry in entries {
            blob(entry.name.bytes, most: EvidenceBounds.name)
            byte(entry.kind.rawValue)
            size(entry.size)
            number(UInt8(clamping: entry.depth))
            type(entry.recognized)
            optional(entry.text) { $0.features($1) }
        }
    }

    fileprivate mutating func finding(_ finding: Finding) {
        text(finding.code, most: EvidenceBounds.code)
        optional(finding.entry) { $0.blob($1.bytes, most: EvidenceBounds.name) }
        let facts = finding.facts.prefix(EvidenceBounds.factsOfFinding)
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
                text(value, most: EvidenceBounds.fact)
            case .bytes(let value):
                byte(3)
                blob(value, most: EvidenceBounds.fact)
            }
        }
    }
}

extension BinaryReader {
    fileprivate mutating func mediaType() throws(CodingDefect) -> MediaType {
        let name = try blob(most: EvidenceBounds.mediaType, "media type")
        guard MediaTypeGrammar.allows(name) else { throw CodingDefect(part: "media type") }
        return MediaType(String(decoding: name, as: UTF8.self))
    }

    fileprivate mutating func type() throws(CodingDefect) -> RecognizedType {
        let mediaType = try mediaType()
        guard let basis = RecognizedType.Basis(rawValue: try number("basis")) else { throw CodingDefect(part: "basis") }
        return RecognizedType(mediaType, basis, detail: try text(most: EvidenceBounds.detail, "detail"))
    }

    fileprivate mutating func features() throws(CodingDefect) -> TextFeatures {
        guard let encoding = TextFeatures.Encoding(rawValue: try number("encoding")) else {
            throw CodingDefect(part: "encoding")
        }
        var features = TextFeatures(encoding: encoding)
        for feature in TextFeature.allCases.prefix(try counted(features.counts.count, "counts")) {
            features[feature] = Int(try packed("count"))
        }
        for index in features.characters.indices.prefix(try counted(features.characters.count, "character counts")) {
            features.characters[index] = try packed("character count")
        }
        return features
    }

    /// How many of the features that this version knows were counted.
    private mutating func counted(_ known: Int, _ part: StaticString) throws(CodingDefect) -> Int {
        let count: UInt8 = try number(part)
        guard Int(count) <= known else { throw CodingDefect(part: "\(part)") }
        return Int(count)
    }

    fileprivate mutating func manifest(_ bounds: InspectionBounds) throws(CodingDefect) -> Manifest {
        let expanded = try size("expanded size")
        // Name length 4, kind 1, size 8, depth 1, media type length 4 and at least 3, basis 1, detail length 4, flag 1.
        let count = try count(most: bounds.entries, width: 27, "entries")
        var entries: [ManifestEntry] = []
        entries.reserveCapacity(count)
        for _ in 0..<count { entries.append(try entry(bounds)) }
        return Manifest(entries: entries, expandedSize: expanded)
    }

    private mutating func entry(_ bounds: InspectionBounds) throws(CodingDefect) -> ManifestEntry {
        let name = EntryName(bytes: Array(try blob(most: EvidenceBounds.name, "entry name")))
        guard let kind = ManifestEntry.Kind(rawValue: try number("entry kind")) else {
            throw CodingDefect(part: "entry kind")
        }
        let size = try size("entry size")
        let depth = Int(try number("entry depth") as UInt8)
        guard depth >= 1, depth <= bounds.depth else { throw CodingDefect(part: "entry depth") }
        let recognized = try type()
        let text = try optional("entry text") { (r) throws(CodingDefect) in try r.features() }
        return ManifestEntry(name: name, kind: kind, size: size, depth: depth, recognized: recognized, text: text)
    }

    fileprivate mutating func finding() throws(CodingDefect) -> Finding {
        guard let definition = FindingDefinition.named(try text(most: EvidenceBounds.code, "finding code")) else {
            throw CodingDefect(part: "finding code")
        }
        let entry = try optional("finding entry") { (r) throws(CodingDefect) in
            EntryName(bytes: Array(try r.blob(most: EvidenceBounds.name, "finding entry")))
        }
        let count: UInt8 = try number("facts")
        guard count <= EvidenceBounds.factsOfFinding else { throw CodingDefect(part: "facts") }
        var facts: [Fact] = []
        for _ in 0..<count { facts.append(try fact()) }
        return Finding(definition, entry: entry, facts)
    }

    private mutating func fact() throws(CodingDefect) -> Fact {
        let kind: UInt8 = try number("fact")
        switch kind {
        case 0: return .number(Int(try figure("fact")))
        case 1: return .size(try size("fact"))
        case 2: return .text(try text(most: EvidenceBounds.fact, "fact"))
        case 3: return .bytes(Array(try blob(most: EvidenceBounds.fact, "fact")))
        default: throw CodingDefect(part: "fact")
        }
    }
}

/// `type/subtype` in the characters of RFC 6838 §4.2, lower case, of at most 127 bytes.
enum MediaTypeGrammar {
    static func allows(_ name: ArraySlice<UInt8>) -> Bool {
        guard name.count <= EvidenceBounds.mediaType else { return false }
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
