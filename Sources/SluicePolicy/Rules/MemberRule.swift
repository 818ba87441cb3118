// What an archive may hold: any text, every allowed type, and the types that the policy adds. The member's bytes and its name are
// checked. A person decides about programs, files that a desktop starts because of their name, and containers that cannot be looked
// into.

import SluiceModel

struct MemberRule: Rule {
    /// At most this many findings of one code: further ones say nothing new about an archive with ten thousand odd members.
    private static let most = 10

    func findings(_ input: RuleInput) -> [Finding] {
        guard let manifest = input.inspection.manifest, input.inspection.recognized.mediaType.isArchive else {
            return []
        }
        let judge = MemberJudge(input, manifest)
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
    /// Entries that could not be looked into. Each has a finding already, and nothing is said about its content.
    private let unchecked: Set<EntryName?>
    private let projects: ProjectFolders
    /// The attachment's own name, for the content of a compressed stream without a name.
    private let declared: [UInt8]

    init(_ input: RuleInput, _ manifest: Manifest) {
        policy = input.policy
        allowed = Set(input.policy.types.flatMap(\.recognized))
        unchecked = Set(input.inspection.findings.filter { $0.definition.leavesUnchecked }.map(\.entry))
        projects = ProjectFolders(manifest)
        declared = input.submission.declaredName.bytes
    }

    /// - Returns: the gravest finding about a member. Its bytes are checked before its name.
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

    /// The path of the entry; its last part counts. The content of a compressed stream without a name has the name of the stream, without
    /// the stream's extension.
    private func name(of entry: ManifestEntry) -> [UInt8] {
        let bytes = entry.name.bytes
        // Compares the last letter first: there may be tens of thousands of entries.
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

/// The archives of a manifest that hold a project or a saved web page. JavaScript is no surprise there.
private struct ProjectFolders {
    private var containers: Set<[UInt8]> = []

    /// Computed only where there is a script to ask about.
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
        // Windows drops dots and blanks at the end.
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
    /// Whether the customer made the entries. (A document's parts are made by a program.)
    var isArchive: Bool { self == .zip || self == .tar || isCompressedStream }
}
