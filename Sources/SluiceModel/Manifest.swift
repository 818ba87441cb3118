// The listing of an archive: its entries, with their real expanded sizes, each recognized from its own bytes.

/// The path of an entry inside its archive; in a nested archive `outer-path!/inner-path`. Exactly the bytes of the archive.
public struct EntryName: Hashable, Sendable, CustomStringConvertible {
    public let bytes: [UInt8]

    public init(bytes: [UInt8]) { self.bytes = bytes }
    public init(_ text: String) { bytes = Array(text.utf8) }

    /// Safe to print anywhere. A long path is cut before its extension.
    public var description: String { SafeText.name(bytes) }

    /// Safe to print anywhere, and never shortened: for programs.
    public var whole: String { SafeText.display(bytes, limit: .max) }

    /// The name of `inner` inside the archive that is this entry.
    public func inside(_ inner: [UInt8]) -> EntryName { EntryName(bytes: bytes + Array("!/".utf8) + inner) }
}

/// One line of a manifest.
public struct ManifestEntry: Sendable, Hashable {
    public enum Kind: UInt8, Sendable, CaseIterable { case file, directory, link, other }

    public var name: EntryName
    public var kind: Kind
    /// The real expanded size, not the declared one.
    public var size: ByteCount
    /// 1 for an entry of the attachment itself, 2 for an entry of an archive inside it.
    public var depth: Int
    public var recognized: RecognizedType
    /// Present for text.
    public var text: TextFeatures?

    public init(
        name: EntryName, kind: Kind, size: ByteCount, depth: Int, recognized: RecognizedType, text: TextFeatures? = nil
    ) {
        self.name = name
        self.kind = kind
        self.size = size
        self.depth = depth
        self.recognized = recognized
        self.text = text
    }
}

/// The listing of an archive.
public struct Manifest: Sendable, Hashable {
    public var entries: [ManifestEntry]
    /// The sum of the real expanded sizes of all entries, nested ones included.
    public var expandedSize: ByteCount

    public init(entries: [ManifestEntry] = [], expandedSize: ByteCount = .zero) {
        self.entries = entries
        self.expandedSize = expandedSize
    }
}
