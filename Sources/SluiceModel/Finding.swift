// One fact about the content. Its words stand in the tables beside this file, one family a file; its level is policy's.

/// One value that fills a place in a finding's sentence.
public enum Fact: Hashable, Sendable {
    case number(Int)
    case size(ByteCount)
    /// Text from our own code or from the content; escaped and cut where it is shown.
    case text(String)
    /// Bytes from the content, shown escaped and cut.
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
    /// Unless the policy says otherwise.
    public let severity: Severity
    /// One plain sentence for the customer, without figures.
    public let title: String
    /// What was found, with the facts.
    public let what: String
    /// Why it matters.
    public let why: String
    /// The cheapest way to have the attachment accepted.
    public let mend: String
    /// Whether it endangers the person who opens the content. Such a finding about a member of an archive is as grave as about an attachment;
    /// any other refusal of a member only tells that the member is damaged.
    public let endangers: Bool
    /// Whether it says that content could not be looked into at all: neither clean nor dangerous, and never folded into either.
    public let leavesUnchecked: Bool

    public init(
        _ code: String, _ severity: Severity, title: String, endangers: Bool = false, leavesUnchecked: Bool = false,
        what: String, why: String, mend: String
    ) {
        self.code = code
        self.severity = severity
        self.title = title
        self.endangers = endangers
        self.leavesUnchecked = leavesUnchecked
        self.what = what
        self.why = why
        self.mend = mend
    }

    public static func == (one: FindingDefinition, other: FindingDefinition) -> Bool { one.code == other.code }
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

/// One fact about an attachment or about one entry in it.
public struct Finding: Sendable, Hashable {
    public let definition: FindingDefinition
    /// The entry it is about, as its full path through nested archives; `nil` for the attachment itself.
    public let entry: EntryName?
    public let facts: [Fact]
    /// The way to have it accepted in this very case, safe to show; `nil` where the definition's sentence is all that can be said.
    public let ownMend: String?
    /// Ways out of this very case that a program can follow.
    public let ownRemedies: [Remedy]

    public init(
        _ definition: FindingDefinition, entry: EntryName? = nil, _ facts: [Fact] = [], mend: String? = nil,
        remedies: [Remedy] = []
    ) {
        self.definition = definition
        self.entry = entry
        self.facts = facts
        ownMend = mend
        ownRemedies = remedies
    }

    public var code: String { definition.code }

    /// What was found, with the facts in their places.
    public var what: String { fill(definition.what) }

    /// What was found and why it matters, with the facts in their places.
    public var message: String { what + " " + fill(definition.why) }

    public var remedy: String { ownMend ?? fill(definition.mend) }

    /// The ways out that a program can follow.
    public var remedies: [Remedy] {
        ownRemedies.isEmpty ? definition.standingRemedies(about: entry) : ownRemedies
    }

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
