// Getting one entry's bytes out of a kept archive: where the entry stands, who is asked for it, and how it can end. The reading itself happens in
// a confined process: SluiceSandbox has that, SluiceInspection the readers.

/// Where an entry stands: its place in each archive's list, from the attachment inward. Names are not asked for, since they may repeat.
public struct EntryAddress: Sendable, Hashable {
    /// One place a container, 0 being the first entry of it; never empty.
    public let places: [Int]
    /// What the inspection saw it expand to: not a byte more or less will be handed out.
    public let size: ByteCount

    /// More containers inside one another than any policy looks into (chosen).
    public static let deepest = 16

    public init?(places: [Int], size: ByteCount) {
        guard (1...Self.deepest).contains(places.count), size.bytes >= 0,
            places.allSatisfy({ (0...Int(Int32.max)).contains($0) })
        else { return nil }
        self.places = places
        self.size = size
    }

    /// - Parameter index: in the manifest, 0 being its first line.
    /// - Returns: `nil` where there is no such line, or it is no file.
    public init?(_ index: Int, in entries: [ManifestEntry]) {
        self.init(index, count: entries.count) { (entries[$0].kind, entries[$0].depth, entries[$0].size) }
    }

    /// As above, of a manifest that the store holds.
    public init?(_ index: Int, in entries: [StoredEntry]) {
        self.init(index, count: entries.count) { (entries[$0].kind, entries[$0].depth, entries[$0].size) }
    }

    /// A manifest lists each entry before those that are inside it.
    private init?(_ index: Int, count: Int, _ line: (Int) -> (kind: ManifestEntry.Kind, depth: Int, size: ByteCount)) {
        guard (0..<count).contains(index), line(index).kind == .file, (1...Self.deepest).contains(line(index).depth)
        else { return nil }
        var places = [Int](repeating: 0, count: line(index).depth)
        var level = places.count
        for before in (0..<index).reversed() {
            let depth = line(before).depth
            guard depth <= level else { continue }
            // An entry of a container further out holds all that was counted so far.
            if depth < level { level = depth } else { places[level - 1] += 1 }
        }
        // `level` is 1 now unless the list begins in the middle of a container, which no manifest of ours does.
        guard level == 1 else { return nil }
        self.init(places: places, size: line(index).size)
    }
}

/// How reading one entry ended.
public enum EntryEnding: UInt8, Sendable, CaseIterable {
    /// All of it was read, and its checks hold.
    case complete
    /// The attachment has no such entry.
    case missing
    /// Encrypted, or packed with a method that nobody here reads.
    case unreadable
    /// Its checks fail, or it ends too early.
    case damaged
    /// More than the budgets allow.
    case overBudget
}

/// The bytes of one entry on their way out, used from one thread at a time. Dropping it frees everything.
public protocol EntryBytes: AnyObject {
    /// Of the whole entry.
    var size: ByteCount { get }

    /// **Blocks its thread** until the next piece is there, at most 64 KiB.
    /// - Returns: `nil` once the whole entry was handed out and its checks have been found to hold.
    /// - Throws: as `EntryExtractor.open`; what was handed out before is then not to be relied on.
    func next() throws(SluiceError) -> [UInt8]?
}

/// Reads single entries out of archives that were inspected before.
public protocol EntryExtractor: Sendable {
    /// Begins with one entry; what can be said without its bytes is known when this returns. It **blocks its thread** for that long.
    /// - Parameters:
    ///   - archive: a descriptor on the whole attachment, readable at any offset. It stays the caller's, and may be closed afterwards.
    ///   - size: of the attachment.
    ///   - budgets: as for an inspection; its wall clock counts only the time that is spent waiting for the reader.
    /// - Throws: about the content `entry.missing`, `entry.unreadable`, `entry.damaged`, `entry.over-budget`; about us `entry.failed` (the
    ///   reader died, hung or made no sense), `entry.busy`, `inspector.unavailable`, `sandbox.descriptor`.
    func open(
        _ entry: EntryAddress, in archive: CInt, size: ByteCount, _ budgets: ArchiveBudgets
    ) throws(SluiceError) -> any EntryBytes
}

extension SluiceError {
    /// What to tell about an entry that could not be read; `nil` for one that could.
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
