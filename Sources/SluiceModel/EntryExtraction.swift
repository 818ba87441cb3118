// Reading one entry out of a stored archive: the entry's place, the protocol of the reader, and how reading can end. A confined process
// does the reading (SluiceSandbox, with the readers of SluiceInspection).

/// An entry's place: its index in the list of each archive, from the attachment inward. A name would not do, since names may repeat.
public struct EntryAddress: Sendable, Hashable {
    /// One index for each container; 0 is its first entry. Never empty.
    public let places: [Int]
    /// The expanded size that the inspection saw. Exactly this many bytes are handed out.
    public let size: ByteCount

    /// More nested containers than any policy looks into (chosen).
    public static let deepest = 16

    public init?(places: [Int], size: ByteCount) {
        guard (1...Self.deepest).contains(places.count), size.bytes >= 0,
            places.allSatisfy({ (0...Int(Int32.max)).contains($0) })
        else { return nil }
        self.places = places
        self.size = size
    }

    /// - Parameter index: of a line in the manifest; 0 is the first one.
    /// - Returns: `nil` where there is no such line, or the line is not a file.
    public init?(_ index: Int, in entries: [ManifestEntry]) {
        self.init(index, count: entries.count) { (entries[$0].kind, entries[$0].depth, entries[$0].size) }
    }

    /// As above, for a manifest from the store.
    public init?(_ index: Int, in entries: [StoredEntry]) {
        self.init(index, count: entries.count) { (entries[$0].kind, entries[$0].depth, entries[$0].size) }
    }

    /// A manifest lists a container before the entries that are inside it.
    private init?(_ index: Int, count: Int, _ line: (Int) -> (kind: ManifestEntry.Kind, depth: Int, size: ByteCount)) {
        guard (0..<count).contains(index), line(index).kind == .file, (1...Self.deepest).contains(line(index).depth)
        else { return nil }
        var places = [Int](repeating: 0, count: line(index).depth)
        var level = places.count
        for before in (0..<index).reversed() {
            let depth = line(before).depth
            guard depth <= level else { continue }
            // The entry of an outer container: the entries that were counted so far are inside it.
            if depth < level { level = depth } else { places[level - 1] += 1 }
        }
        // `level` is 1 now, unless the list begins in the middle of a container. None of our manifests does.
        guard level == 1 else { return nil }
        self.init(places: places, size: line(index).size)
    }
}

/// How reading one entry ended.
public enum EntryEnding: UInt8, Sendable, CaseIterable {
    /// The whole entry was read, and its checks hold.
    case complete
    /// The attachment has no such entry.
    case missing
    /// The entry is encrypted, or packed with a method that is not supported.
    case unreadable
    /// The entry's checks fail, or it ends too early.
    case damaged
    /// The entry expands to more than the budgets allow.
    case overBudget
}

/// The bytes of one entry, read by one thread at a time. Releasing the object frees everything.
public protocol EntryBytes: AnyObject {
    /// The size of the whole entry.
    var size: ByteCount { get }

    /// **Blocks its thread** until the next piece is there, at most 64 KiB.
    /// - Returns: `nil` once the whole entry was returned and its checks hold.
    /// - Throws: as `EntryExtractor.open`. The bytes that were returned before cannot be trusted then.
    func next() throws(SluiceError) -> [UInt8]?
}

/// Reads single entries out of archives that were inspected before.
public protocol EntryExtractor: Sendable {
    /// Starts reading one entry. Errors that are known without its bytes are thrown here. It **blocks its thread** until then.
    /// - Parameters:
    ///   - archive: a descriptor on the whole attachment, readable at any offset. The caller keeps it and may close it afterwards.
    ///   - size: of the attachment.
    ///   - budgets: as for an inspection. The wall clock counts only the time spent waiting for the reader.
    /// - Throws: about the content `entry.missing`, `entry.unreadable`, `entry.damaged`, `entry.over-budget`; about us `entry.failed`
    ///   (the reader died, hung, or sent nonsense), `entry.busy`, `inspector.unavailable`, `sandbox.descriptor`.
    func open(
        _ entry: EntryAddress, in archive: CInt, size: ByteCount, _ budgets: ArchiveBudgets
    ) throws(SluiceError) -> any EntryBytes
}

extension SluiceError {
    /// The error for an entry that could not be read; `nil` for `.complete`.
    public init?(_ ending: EntryEnding) {
        switch ending {
        case .complete: return nil
        case .missing:
            self.init(
                "entry.missing", what: "The attachment has no such entry.",
                why: "Its manifest lists what there is; folders and links have no content.",
                mend: "Take an index from the manifest.")
        case .unreadable:
            self.init(
                "entry.unreadable", what: "The entry is encrypted or packed with a method that is not read here.",
                why: "Only what could be inspected is handed out by itself.", mend: "Fetch the whole attachment.")
        case .damaged:
            self.init(
                "entry.damaged", what: "The entry is damaged: its checks do not hold.",
                why: "What came before the damage cannot be relied on.", mend: "Fetch the whole attachment.")
        case .overBudget:
            self.init(
                "entry.over-budget", what: "The entry expands to more than the policy allows.",
                why: "A small archive can hold enough to fill a disk.", mend: "Fetch the whole attachment.")
        }
    }
}
