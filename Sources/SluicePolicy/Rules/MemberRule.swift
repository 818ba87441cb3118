// What may be inside an archive, by each member's bytes and by its name: any text, every allowed type, what the policy adds. Programs, files that
// start by their name and containers that nobody can look into are a person's decision.

import SluiceModel

struct MemberRule: Rule {
    /// Findings of one code; an archive with ten thousand odd members tells no more with the rest.
    private static let most = 10

    func findings(_ one: Case) -> [Finding] {
        guard let manifest = one.inspection.manifest, one.inspection.recognized.mediaType.isArchive else { return [] }
        let judge = MemberJudge(one, manifest)
        var found: [FindingDefinition: [Finding]] = [:]
        var counts: [FindingDefinition: Int] = [:]
        for entry in manifest.entries {
            guard let (definition, facts) = judge.judge(entry) else { continue }
            counts[definition, default: 0] += 1
            if counts[definition]! <= Self.most {
                found[definition, default: []].append(Finding(definition, entry: entry.name, facts))
            }
        }
        for (definition, count) in counts where count > Self.most {
            found[definition]!.append(
                Finding(.inspectionIncomplete, [.number(count - Self.most), .text(definition.code)]))
        }
        return found.sorted { $0.key.code < $1.key.code }.flatMap(\.value)
    }
}

/// Judges the members of one archive, each by itself.
private struct MemberJudge {
    private let policy: Policy
    private let allowed: Set<MediaType>
    /// Entries that could not be looked into: each has its own finding, and nothing is claimed about its content.
    private let unchecked: Set<EntryName?>
    private let projects: ProjectFolders
    /// The attachment's own name, for what is all that a compressed stream holds.
    private let declared: [UInt8]

    init(_ one: Case, _ manifest: Manifest) {
        policy = one.policy
        allowed = Set(one.policy.types.flatMap(\.recognized))
        unchecked = Set(one.inspection.findings.filter { $0.definition.leavesUnchecked }.map(\.entry))
        projects = ProjectFolders(manifest)
        declared = one.submission.declaredName.bytes
    }

    /// - Returns: the gravest thing to say about a member, by its bytes first.
    func judge(_ entry: ManifestEntry) -> (FindingDefinition, [Fact])? {
        guard entry.kind == .file, entry.recognized.mediaType != .empty else { return nil }
        let type = entry.recognized.mediaType
        let isChecked = unchecked.isEmpty || !unchecked.contains(entry.name)
        var shown: Fact { .text(entry.recognized.words(guess: nil)) }
        if entry.text == nil, isChecked, type.isProgram { return (.memberExecutable, [shown]) }

        let name = name(of: entry)
        let inProject = ProjectFolders.isScript(entry) && projects.contain(entry.name)
        let danger = NameDanger.of(name, isText: entry.text != nil, inProject: inProject)
        if danger == .startsByItself { return (.memberStarts, [.bytes(name)]) }
        if entry.text == nil, isChecked {
            // An expanded container is judged by its members.
            if type.isUnreadableContainer, !entry.isExpanded { return (.memberUnreadable, [shown]) }
            if Self.isDiskImage(name), !entry.isExpanded { return (.memberUnreadable, [shown]) }
        }
        if danger == .script { return (.memberScript, [.bytes(name)]) }
        guard entry.text == nil, isChecked, !allowed.contains(type),
            !policy.memberTypes.contains(where: { type.matches($0) }), !entry.isExpanded
        else { return nil }
        return (.memberType, [shown])
    }

    private static let unnamed = Array("content".utf8)

    /// The path of the entry, of which the last part counts; for what a compressed stream holds without a name of its own, the stream's without its
    /// ending.
    private func name(of entry: ManifestEntry) -> [UInt8] {
        let bytes = entry.name.bytes
        // The last letter first: there may be tens of thousands of entries.
        guard bytes.last == UInt8(ascii: "t"), bytes.suffix(Self.unnamed.count).elementsEqual(Self.unnamed) else {
            return bytes
        }
        var outer = bytes.dropLast(Self.unnamed.count)
        if outer.isEmpty {
            outer = declared[...]
        } else if outer.suffix(2).elementsEqual("!/".utf8) {
            outer = outer.dropLast(2)
        } else {
            return bytes
        }
        guard let dot = outer.lastIndex(of: UInt8(ascii: ".")),
            !outer[dot...].contains(UInt8(ascii: "/"))
        else { return Array(outer) }
        return Array(outer[..<dot])
    }

    /// Names that Windows and macOS mount on a double click.
    private static func isDiskImage(_ name: [UInt8]) -> Bool {
        let ending = DeclaredName(bytes: name).fileExtension.text
        return ["iso", "img", "vhd", "vhdx", "dmg", "udf"].contains(ending)
    }
}

/// The archives of a manifest in which there is a project or a saved page, so that JavaScript is no surprise.
private struct ProjectFolders {
    private var containers: Set<[UInt8]> = []

    /// Only looked for where there is a script to ask about.
    init(_ manifest: Manifest) {
        guard manifest.entries.contains(where: Self.isScript) else { return }
        for entry in manifest.entries where entry.kind == .file && entry.text != nil {
            let (container, path) = Self.split(entry.name.bytes)
            let name = path.suffix(path.count - (path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0))
            let shown = String(decoding: name, as: UTF8.self).lowercased()
            if shown == "package.json" || shown.hasSuffix(".html") || shown.hasSuffix(".htm") {
                containers.insert(container)
            }
        }
    }

    static func isScript(_ entry: ManifestEntry) -> Bool {
        // Dots and blanks may follow, which Windows drops.
        let bytes = entry.name.bytes.reversed().drop { $0 == UInt8(ascii: ".") || $0 == 0x20 }.prefix(3)
        return bytes.map { $0 | 0x20 }.elementsEqual("sj.".utf8)
    }

    func contain(_ entry: EntryName) -> Bool { containers.contains(Self.split(entry.bytes).container) }

    /// The path of the archive that holds an entry, and the entry's path inside it.
    private static func split(_ bytes: [UInt8]) -> (container: [UInt8], path: [UInt8]) {
        var mark = bytes.count - 2
        while mark >= 0, bytes[mark] != UInt8(ascii: "!") || bytes[mark + 1] != UInt8(ascii: "/") { mark -= 1 }
        guard mark >= 0 else { return ([], bytes) }
        return (Array(bytes[..<mark]), Array(bytes[(mark + 2)...]))
    }
}

extension MediaType {
    /// Whether its entries are material of the customer's (a document's parts are not).
    var isArchive: Bool { self == .zip || self == .tar || isCompressedStream }
}
