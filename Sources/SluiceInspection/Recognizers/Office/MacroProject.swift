// Tells an empty VBA project from one with code ([MS-OVBA]). Excel and Word write the project of every document whose editor was ever
// opened, with one module for each sheet and nothing in it; only such a project passes as empty.

import SluiceModel

/// The VBA projects of a compound file.
enum MacroProject {
    enum Content { case none, empty, code }

    /// Storages and streams that show a project, wherever they are: embedded documents have theirs too.
    private static let signs = ["_VBA_PROJECT_CUR", "_VBA_PROJECT", "Macros", "VBA"]

    /// - Returns: the first sign of a project, and whether any of them holds code.
    static func look(_ file: CompoundFile, _ content: Span<UInt8>) -> (content: Content, sign: String) {
        let directory = file.directory
        guard let sign = signs.first(where: directory.holds) else { return (.none, "") }
        let storages = directory.entries.indices.filter {
            directory.entries[$0].kind == .storage && AsciiText.isSame(directory.entries[$0].name, "VBA")
        }
        // A document has one project, and each embedded one another. What no link reaches may still be a project to a reader that searches.
        let isEmpty =
            (1...16).contains(storages.count) && !directory.hasOrphans
            && storages.allSatisfy { isEmptyProject($0, file, content) }
        return (isEmpty ? .empty : .code, sign)
    }

    private static func isEmptyProject(_ storage: Int, _ file: CompoundFile, _ content: Span<UInt8>) -> Bool {
        let parts = file.directory.entries.filter { $0.parent == storage }
        guard let list = parts.first(where: { AsciiText.isSame($0.name, "dir") }),
            let listing = decompress(file.bytes(of: list, in: content), from: 0), let modules = modules(listing)
        else { return false }
        // Besides the list, the project's own stream and the modules there is nothing: no compiled cache (`__SRP_0`), no form.
        guard parts.allSatisfy({ $0.kind == .stream }), parts.count == modules.count + 2,
            modules.count <= mostModules
        else { return false }
        let streams = Dictionary(parts.map { ($0.name, $0) }) { first, _ in first }
        return modules.allSatisfy { module in
            guard let entry = streams[module.stream] else { return false }
            return isEmptyModule(file.bytes(of: entry, in: content), sourceAt: module.offset)
        }
    }

    /// A module's compiled part ends in the count of its lines, and its source holds attributes alone. Both must be empty: which of
    /// the two a program runs depends on its version.
    private static func isEmptyModule(_ stream: [UInt8], sourceAt offset: Int) -> Bool {
        let bytes = stream.span
        let ending: [UInt8] = [
            0xFE, 0xCA, 0x01, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0x01, 0x08, 0x00, 0x00, 0x00, 0xFF, 0xFF,
            0xFF, 0xFF,
            0x78, 0x00, 0x00, 0x00,
        ]
        guard offset >= ending.count, offset <= 4096, bytes.has(ending, at: offset - ending.count) else { return false }
        for index in 0..<offset - ending.count where bytes.has([0xFE, 0xCA], at: index) { return false }
        guard let source = decompress(stream, from: offset) else { return false }
        return source.split(whereSeparator: { $0 == 13 || $0 == 10 }).allSatisfy {
            AsciiText.startsWith(Array($0.prefix(10)), ["ATTRIBUTE "])
        }
    }

    /// Stream names and source offsets out of the project's list ([MS-OVBA] 2.3.4.2).
    private static func modules(_ listing: [UInt8]) -> [(stream: String, offset: Int)]? {
        let bytes = listing.span
        var found: [(stream: String, offset: Int)] = []
        var name: String?
        var at = 0
        while let id = bytes.littleEndian16(at), let declared = bytes.littleEndian32(at + 2) {
            // PROJECTVERSION has a fixed 6 bytes behind a reserved field where others have their size.
            let size = id == 0x0009 ? 6 : Int(declared)
            guard at + 6 + size <= bytes.count else { return nil }
            switch id {
            case 0x0032:  // the stream's name in UTF-16
                let units = stride(from: at + 6, to: at + 6 + size - 1, by: 2).compactMap { bytes.littleEndian16($0) }
                name = String(decoding: units, as: UTF16.self)
            case 0x0031:
                guard let stream = name, let offset = bytes.littleEndian32(at + 6) else { return nil }
                found.append((stream, Int(offset)))
                name = nil
            default: break
            }
            at += 6 + size
        }
        return found.isEmpty ? nil : found
    }

    /// One for each sheet (chosen: a workbook with more is looked at by a person).
    private static let mostModules = 512

    /// The most that is expanded (chosen: an empty project's list and sources stay far below).
    private static let longest = 128 << 10

    /// Expands a compressed container ([MS-OVBA] 2.4.1).
    /// - Returns: `nil` when it is damaged or too long.
    static func decompress(_ stream: [UInt8], from start: Int) -> [UInt8]? {
        let bytes = stream.span
        guard bytes.byte(start) == 1 else { return nil }
        var out: [UInt8] = []
        var at = start + 1
        while let header = bytes.littleEndian16(at) {
            let end = at + Int(header & 0x0FFF) + 3
            guard header >> 12 & 7 == 3, end <= bytes.count, out.count < longest else { return nil }
            at += 2
            let chunk = out.count
            guard header >> 15 == 1 else {
                out += bytes.copy(at..<end)
                at = end
                continue
            }
            while at < end {
                let flags = bytes[at]
                at += 1
                for bit in 0..<8 where at < end {
                    guard flags >> bit & 1 == 1 else {
                        out.append(bytes[at])
                        at += 1
                        continue
                    }
                    guard at + 2 <= end, let token = bytes.littleEndian16(at) else { return nil }
                    at += 2
                    // The further into the chunk, the more bits say how far back (2.4.1.3.19.1).
                    var offsetBits = 4
                    while 1 << offsetBits < out.count - chunk { offsetBits += 1 }
                    guard offsetBits <= 12 else { return nil }
                    let back = Int(token >> UInt16(16 - offsetBits)) + 1
                    let length = Int(token & (0xFFFF >> UInt16(offsetBits))) + 3
                    guard back <= out.count - chunk, out.count - chunk + length <= 4096 else { return nil }
                    for _ in 0..<length { out.append(out[out.count - back]) }
                }
            }
        }
        return out
    }
}
