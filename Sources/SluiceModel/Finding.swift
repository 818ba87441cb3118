// A finding: one fact about the content. The tables in Findings/ hold the words, one file for each family. The policy decides the level.

/// One value that fills a place in a finding's sentence.
public enum Fact: Hashable, Sendable {
    case number(Int)
    case size(ByteCount)
    /// Text from our own code or from the content; escaped and cut when it is shown.
    case text(String)
    /// Bytes from the content; escaped and cut when they are shown.
    case bytes([UInt8])

    var shown: String {
        switch self {
        case .number(let value): value.grouped
        case .size(let size): size.description
        case .text(let text): SafeText.display(text)
        case .bytes(let bytes): SafeText.display(bytes)
        }
    }
}

/// What a code means: its default level and its sentences. `{0}`, `{1}` … stand for the finding's facts.
public struct FindingDefinition: Sendable, Hashable {
    /// Dotted, stable, never reused: `archive.path-escapes`.
    public let code: String
    /// The default level; the policy may set another.
    public let severity: Severity
    /// One plain sentence for the customer, without figures.
    public let title: String
    /// What was found, with the facts.
    public let what: String
    /// Why it matters.
    public let why: String
    /// The cheapest way to have the attachment accepted.
    public let mend: String
    /// Whether the finding means danger for a person who opens the content. Such a finding is as grave about a member of an archive as
    /// about an attachment. Any other refusal of a member only says that the member is damaged.
    public let endangers: Bool
    /// The remedies for a program that every such finding has. A rule may add remedies that depend on the case.
    public let ways: [RemedyKind]
    /// Whether the finding says that content could not be looked into at all: it is neither clean nor dangerous, and never counted as
    /// either.
    public let leavesUnchecked: Bool

    public init(
        _ code: String, _ severity: Severity, title: String, endangers: Bool = false, leavesUnchecked: Bool = false,
        ways: [RemedyKind] = [], what: String, why: String, mend: String
    ) {
        self.code = code
        self.severity = severity
        self.title = title
        self.endangers = endangers
        self.leavesUnchecked = leavesUnchecked
        self.ways = ways
        self.what = what
        self.why = why
        self.mend = mend
    }

    public static func == (left: FindingDefinition, right: FindingDefinition) -> Bool { left.code == right.code }
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

/// One fact about an attachment or about one entry in it.
public struct Finding: Sendable, Hashable {
    public let definition: FindingDefinition
    /// The entry that the finding is about, as its full path through nested archives; `nil` for the attachment itself.
    public let entry: EntryName?
    public let facts: [Fact]
    /// The remedies that depend on the case. The definition has those that every such finding shares.
    public let ownRemedies: [Remedy]

    public init(
        _ definition: FindingDefinition, entry: EntryName? = nil, _ facts: [Fact] = [], remedies: [Remedy] = []
    ) {
        self.definition = definition
        self.entry = entry
        self.facts = facts
        ownRemedies = remedies
    }

    /// The remedies that a program can follow, the cheapest first. Empty where only a person can decide.
    public var remedies: [Remedy] {
        ownRemedies + definition.ways.map { Remedy($0, entries: $0 == .removeEntries ? [entry].compactMap { $0 } : []) }
    }

    public var code: String { definition.code }

    /// What was found, with the facts in their places.
    public var what: String { fill(definition.what) }

    /// What was found and why it matters, with the facts in their places.
    public var message: String { what + " " + fill(definition.why) }

    public var remedy: String { fill(definition.mend) }

    private func fill(_ sentence: String) -> String {
        var out = ""
        var rest = sentence[...]
        while let open = rest.firstIndex(of: "{") {
            out += rest[..<open]
            guard let close = rest[open...].firstIndex(of: "}"),
                let index = Int(rest[rest.index(after: open)..<close]), facts.indices.contains(index)
            else {
                out += "{"
                rest = rest[rest.index(after: open)...]
                continue
            }
            out += facts[index].shown
            rest = rest[rest.index(after: close)...]
        }
        return out + rest
    }
}

/// A finding with the level that the policy gives it.
public struct JudgedFinding: Sendable, Hashable {
    public let finding: Finding
    public let severity: Severity

    public init(_ finding: Finding, _ severity: Severity) {
        self.finding = finding
        self.severity = severity
    }
}
