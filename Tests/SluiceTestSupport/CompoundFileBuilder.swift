// Builds compound files (OLE2) from streams, every table and every odd byte a parameter. What goes into the streams is OfficeBuilder's.

/// A compound file to be built: `CompoundFileBuilder().stream("Workbook", …).storage("Macros").build()`.
public struct CompoundFileBuilder: Sendable {
    public struct Patch: Sendable {
        public var offset: Int
        public var bytes: [UInt8]
        public init(_ offset: Int, _ bytes: [UInt8]) {
            self.offset = offset
            self.bytes = bytes
        }
    }

    private struct Node {
        var name: String
        var parent: Int
        var bytes: [UInt8]?
        var start: UInt32 = 0xFFFF_FFFE
    }

    /// 512 (version 3) or 4096 (version 4).
    public var sectorSize = 512
    public var rootClass = [UInt8](repeating: 0, count: 16)
    /// Sectors that the table marks free, before the last one in use.
    public var freeSectors: [[UInt8]] = []
    /// Entries of the sector table to overwrite, by sector.
    public var tablePatches: [Int: UInt32] = [:]
    public var headerPatches: [Patch] = []
    /// Within the directory's bytes: entry × 128 + place.
    public var directoryPatches: [Patch] = []
    public var trailing: [UInt8] = []
    /// Bytes to leave off at the end.
    public var cut = 0
    private var nodes: [Node] = []

    public init() {}

    /// Adds a stream; a path like `Macros/VBA/dir` makes the storages on the way.
    public func stream(_ path: String, _ bytes: [UInt8]) -> Self { adding(path, bytes) }
    public func storage(_ path: String) -> Self { adding(path, nil) }

    /// The same with one thing changed.
    public func with<Value>(_ property: WritableKeyPath<Self, Value>, _ value: Value) -> Self {
        var copy = self
        copy[keyPath: property] = value
        return copy
    }

    private func adding(_ path: String, _ bytes: [UInt8]?) -> Self {
        var copy = self
        var parent = 0
        let steps = path.split(separator: "/").map(String.init)
        for step in steps.dropLast() {
            if let known = copy.nodes.firstIndex(where: { $0.parent == parent && $0.name == step && $0.bytes == nil }) {
                parent = known + 1
            } else {
                copy.nodes.append(Node(name: step, parent: parent))
                parent = copy.nodes.count
            }
        }
        copy.nodes.append(Node(name: steps.last ?? "", parent: parent, bytes: bytes))
        return copy
    }

    public func build() -> [UInt8] {
        var nodes = nodes
        var sectors: [[UInt8]] = []
        var table: [UInt32] = []
        func put(_ bytes: [UInt8], fill: UInt8 = 0) -> UInt32 {
            guard !bytes.isEmpty else { return 0xFFFF_FFFE }
            let first = UInt32(sectors.count)
            for at in stride(from: 0, to: bytes.count, by: sectorSize) {
                let piece = bytes[at..<min(at + sectorSize, bytes.count)]
                sectors.append(piece + [UInt8](repeating: fill, count: sectorSize - piece.count))
                table.append(UInt32(sectors.count))
            }
            table[table.count - 1] = 0xFFFF_FFFE
            return first
        }
        var mini: [UInt8] = []
        var miniTable: [UInt32] = []
        for index in nodes.indices {
            guard let bytes = nodes[index].bytes, !bytes.isEmpty else { continue }
            if bytes.count >= 4096 {
                nodes[index].start = put(bytes)
            } else {
                nodes[index].start = UInt32(miniTable.count)
                for _ in stride(from: 0, to: bytes.count, by: 64) { miniTable.append(UInt32(miniTable.count + 1)) }
                miniTable[miniTable.count - 1] = 0xFFFF_FFFE
                mini += bytes + [UInt8](repeating: 0, count: (64 - bytes.count % 64) % 64)
            }
        }
        for free in freeSectors {
            sectors.append(free + [UInt8](repeating: 0, count: sectorSize - free.count))
            table.append(0xFFFF_FFFF)
        }
        let miniStart = put(mini)
        let miniTableStart = put(miniTable.flatMap(\.lowestFirst), fill: 0xFF)
        let directoryStart = put(directory(nodes, miniStart: miniStart, miniSize: mini.count))
        var tableSectors = 1
        while tableSectors * (sectorSize / 4) < sectors.count + tableSectors { tableSectors += 1 }
        precondition(tableSectors <= 109, "this builder makes no DIFAT sectors")
        let firstTable = sectors.count
        table += Array(repeating: 0xFFFF_FFFD, count: tableSectors)
        table += Array(repeating: 0xFFFF_FFFF, count: tableSectors * (sectorSize / 4) - table.count)
        for (sector, value) in tablePatches { table[sector] = value }
        _ = put(table.flatMap(\.lowestFirst))
        var header = CompoundFileBuilder.signature + [UInt8](repeating: 0, count: 16)
        header += UInt16(0x3E).lowestFirst + UInt16(sectorSize == 512 ? 3 : 4).lowestFirst + UInt16(0xFFFE).lowestFirst
        header +=
            UInt16(sectorSize == 512 ? 9 : 12).lowestFirst + UInt16(6).lowestFirst + [UInt8](repeating: 0, count: 10)
        for value in [UInt32(tableSectors), directoryStart, 0, 4096, miniTableStart] { header += value.lowestFirst }
        let miniTableCount = (miniTable.count * 4 + sectorSize - 1) / sectorSize
        for value in [UInt32(miniTableCount), 0xFFFF_FFFE, 0] { header += value.lowestFirst }
        for place in 0..<109 { header += (place < tableSectors ? UInt32(firstTable + place) : 0xFFFF_FFFF).lowestFirst }
        header += [UInt8](repeating: 0, count: sectorSize - header.count)
        header.apply(headerPatches)
        return (header + sectors.flatMap { $0 }).dropLast(cut) + trailing
    }

    public static let signature: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]

    /// The root, then the nodes; siblings hang on each other by their right links.
    private func directory(_ nodes: [Node], miniStart: UInt32, miniSize: Int) -> [UInt8] {
        func firstChild(of parent: Int) -> UInt32 {
            nodes.firstIndex { $0.parent == parent }.map { UInt32($0 + 1) } ?? 0xFFFF_FFFF
        }
        func entry(
            _ name: String, _ kind: UInt8, right: UInt32, child: UInt32, _ start: UInt32, _ size: Int,
            _ classID: [UInt8]
        ) -> [UInt8] {
            let units = Array(name.utf16)
            var out = units.flatMap(\.lowestFirst)
            out += [UInt8](repeating: 0, count: 64 - out.count) + UInt16(units.count * 2 + 2).lowestFirst + [kind, 1]
            out += UInt32(0xFFFF_FFFF).lowestFirst + right.lowestFirst + child.lowestFirst + classID
            out += [UInt8](repeating: 0, count: 20) + start.lowestFirst + UInt64(size).lowestFirst
            return out
        }
        var out = entry("Root Entry", 5, right: 0xFFFF_FFFF, child: firstChild(of: 0), miniStart, miniSize, rootClass)
        for (index, node) in nodes.enumerated() {
            let next = nodes.indices.first { $0 > index && nodes[$0].parent == node.parent }
            out += entry(
                node.name, node.bytes == nil ? 1 : 2, right: next.map { UInt32($0 + 1) } ?? 0xFFFF_FFFF,
                child: node.bytes == nil ? firstChild(of: index + 1) : 0xFFFF_FFFF, node.bytes == nil ? 0 : node.start,
                node.bytes?.count ?? 0, [UInt8](repeating: 0, count: 16))
        }
        out.apply(directoryPatches)
        return out
    }
}

extension FixedWidthInteger where Self: UnsignedInteger {
    /// The bytes, lowest first.
    public var lowestFirst: [UInt8] {
        (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> Self($0 * 8)) }
    }
}

extension [UInt8] {
    fileprivate mutating func apply(_ patches: [CompoundFileBuilder.Patch]) {
        for patch in patches { replaceSubrange(patch.offset..<patch.offset + patch.bytes.count, with: patch.bytes) }
    }
}
