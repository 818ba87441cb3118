// Remedies that a program can follow. The finding's `remedy` says the same in words.

/// What to do. The names are a contract.
public enum RemedyKind: String, Sendable, CaseIterable {
    /// Send the same bytes under the name `to`.
    case rename
    /// Put the file into a .zip, or compress it further.
    case compress
    /// Open it in the program that made it, or in the one that the remedy's words name, and save it with the extension `to`.
    case saveAs = "save-as"
    /// Make the archive again without `entries`.
    case removeEntries = "remove-entries"
    /// Send it in several parts.
    case split
}

/// One way out.
public struct Remedy: Sendable, Hashable {
    public let kind: RemedyKind
    /// For `rename` the whole new name, as bytes; for `save-as` the extension with its dot.
    public let to: [UInt8]?
    /// For `remove-entries`: the full paths.
    public let entries: [EntryName]

    public init(_ kind: RemedyKind, to: [UInt8]? = nil, entries: [EntryName] = []) {
        self.kind = kind
        self.to = to
        self.entries = entries
    }

    public init(saveAs fileExtension: FileExtension) {
        self.init(.saveAs, to: Array(fileExtension.description.utf8))
    }

    /// A JSON object: `{"kind":"rename","to":"x.png"}`.
    package var object: JSONObject {
        var object = JSONObject()
        object.add("kind", kind.rawValue)
        if let to { object.add("to", String(decoding: to, as: UTF8.self)) }
        if !entries.isEmpty { object.add("entries", texts: entries.map(\.description)) }
        return object
    }

    /// A JSON array of these objects.
    package static func json(_ remedies: [Remedy]) -> String {
        "[" + remedies.map(\.object.line).joined(separator: ",") + "]"
    }
}
