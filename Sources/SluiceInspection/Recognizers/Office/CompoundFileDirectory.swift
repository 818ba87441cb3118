// The directory of a compound file: storages and streams, walked as the tree that their links make ([MS-CFB] 2.6).

import SluiceModel

/// The storages and streams that can be reached from the root, the root first.
struct CompoundFileDirectory {
    static let entrySize = 128
    private static let none: UInt32 = 0xFFFF_FFFF

    struct Entry {
        enum Kind: UInt8 { case storage = 1, stream = 2, root = 5 }

        var kind: Kind
        /// UTF-16. Names are compared without regard to case ([MS-CFB] 2.6.4).
        var name: String
        /// Its place among the reachable entries; 0 is the root.
        var parent: Int
        var classID: [UInt8]
        var start: UInt32
        var size: Int
    }

    private(set) var entries: [Entry] = []
    private(set) var isSound = true
    /// Names of entries that no link reaches.
    private(set) var orphans: [String] = []

    var hasOrphans: Bool { !orphans.isEmpty }

    /// - Returns: `nil` when there is no root.
    static func read(
        _ bytes: [UInt8], _ header: CompoundFileHeader, _ context: inout InspectionContext
    ) -> CompoundFileDirectory? {
        var directory = CompoundFileDirectory()
        guard bytes.count >= entrySize, let root = decode(0, bytes, header, parent: 0), root.kind == .root else {
            context.find(.officeBrokenDirectory, .text("it has no root"))
            return nil
        }
        directory.entries = [root]
        directory.walk(bytes, header, &context)
        if directory.isSound { directory.checkNames(&context) }
        return directory
    }

    /// Follows the links from the root with a stack of its own; each entry is visited once.
    private mutating func walk(_ bytes: [UInt8], _ header: CompoundFileHeader, _ context: inout InspectionContext) {
        let count = bytes.count / Self.entrySize
        var visited = Array(repeating: false, count: count)
        visited[0] = true
        var pending: [(id: UInt32, parent: Int)] = [(Self.link(76, of: 0, bytes), 0)]
        while let (id, parent) = pending.popLast() {
            if id == Self.none { continue }
            guard id < count else { return fail("a link leads out of it", &context) }
            guard !visited[Int(id)] else { return fail("its links run in a circle", &context) }
            visited[Int(id)] = true
            guard let entry = Self.decode(Int(id), bytes, header, parent: parent), entry.kind != .root else {
                return fail("a link leads to an entry that is none", &context)
            }
            entries.append(entry)
            if entry.kind == .storage { pending.append((Self.link(76, of: Int(id), bytes), entries.count - 1)) }
            pending.append((Self.link(72, of: Int(id), bytes), parent))
            pending.append((Self.link(68, of: Int(id), bytes), parent))
        }
        for id in 0..<count where !visited[id] {
            guard let lost = Self.decode(id, bytes, header, parent: 0), lost.kind != .root else { continue }
            orphans.append(lost.name)
        }
    }

    private mutating func fail(_ reason: String, _ context: inout InspectionContext) {
        isSound = false
        context.find(.officeBrokenDirectory, .text(reason))
    }

    private mutating func checkNames(_ context: inout InspectionContext) {
        var seen: Set<String> = []
        for entry in entries.dropFirst() {
            guard seen.insert("\(entry.parent)/\(entry.name.uppercased())").inserted else {
                isSound = false
                context.find(.officeDuplicateName, .text(entry.name))
                return
            }
        }
    }

    private static func link(_ place: Int, of id: Int, _ bytes: [UInt8]) -> UInt32 {
        bytes.span.littleEndian32(id * entrySize + place) ?? none
    }

    private static func decode(_ id: Int, _ bytes: [UInt8], _ header: CompoundFileHeader, parent: Int) -> Entry? {
        let bytes = bytes.span
        let at = id * entrySize
        guard let length = bytes.littleEndian16(at + 64), let type = bytes.byte(at + 66),
            let kind = Entry.Kind(rawValue: type),
            length <= 64, let start = bytes.littleEndian32(at + 116), let low = bytes.littleEndian32(at + 120),
            let high = bytes.littleEndian32(at + 124)
        else { return nil }
        var units: [UInt16] = []
        for place in stride(from: 0, to: Int(length) - 1, by: 2) {
            guard let unit = bytes.littleEndian16(at + place), unit != 0 else { break }
            units.append(unit)
        }
        // Version 3 leaves the upper half of the size to chance ([MS-CFB] 2.6.1); storages have none.
        let size = header.majorVersion == 3 ? UInt64(low) : UInt64(high) << 32 | UInt64(low)
        return Entry(
            kind: kind, name: String(decoding: units, as: UTF16.self), parent: parent,
            classID: bytes.copy(at + 80..<at + 96), start: start,
            size: kind == .storage ? 0 : Int(clamping: size))
    }
}

extension CompoundFileDirectory {
    /// The root's own entry, a stream or storage in the root, by its name without regard to case.
    func inRoot(_ name: String, _ kind: Entry.Kind) -> Entry? { child(of: 0, name, kind) }

    /// The same in any storage, given by its place among the entries.
    func child(of storage: Int, _ name: String, _ kind: Entry.Kind) -> Entry? {
        entries.dropFirst().first { $0.parent == storage && $0.kind == kind && AsciiText.isSame($0.name, name) }
    }

    /// Whether anywhere, lost entries included, there is something of that name.
    func holds(_ name: String) -> Bool {
        entries.dropFirst().contains { AsciiText.isSame($0.name, name) }
            || orphans.contains { AsciiText.isSame($0, name) }
    }

    /// How many objects are embedded: Word keeps them in a pool, Excel in storages `MBD…` of its root.
    var embeddedObjects: Int {
        let pool = entries.indices.dropFirst().first {
            entries[$0].parent == 0 && entries[$0].kind == .storage && AsciiText.isSame(entries[$0].name, "ObjectPool")
        }
        return entries.dropFirst().count {
            $0.kind == .storage && ($0.parent == pool || $0.parent == 0 && $0.name.hasPrefix("MBD"))
        }
    }
}
