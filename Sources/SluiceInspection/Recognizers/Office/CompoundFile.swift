// The compound file (OLE2) as a container: header, sector tables, directory, and which sector belongs to whom ([MS-CFB]).
// The sector tables and the accounting are here; the directory is read in CompoundFileDirectory, what the streams hold is the
// documents' matter (WordDocument, ExcelWorkbook), and which document it is CompoundFileRecognizer's.

import SluiceModel

/// A compound file whose tables have been read. It holds no bytes of the content; streams are copied out on demand.
struct CompoundFile {
    /// Markers in the sector tables ([MS-CFB] 2.1). Values above `lastRegular` are not sector numbers.
    enum Marker {
        static let lastRegular: UInt32 = 0xFFFF_FFFA
        static let difat: UInt32 = 0xFFFF_FFFC
        static let fat: UInt32 = 0xFFFF_FFFD
        static let endOfChain: UInt32 = 0xFFFF_FFFE
        static let free: UInt32 = 0xFFFF_FFFF
    }

    /// The owner of a sector.
    enum Owner: UInt8 { case nobody, fat, difat, directory, miniFAT, miniStream, stream }

    /// Streams below this size live in the mini stream ([MS-CFB] 2.2).
    static let miniCutoff = 4096
    static let miniSectorSize = 64

    let sectorSize: Int
    /// Sectors in the file, the last of which may be short.
    let sectorCount: Int
    let contentSize: Int
    fileprivate(set) var fat: [UInt32] = []
    fileprivate(set) var miniFAT: [UInt32] = []
    /// The sectors of the mini stream, in order.
    fileprivate(set) var miniStream: [UInt32] = []
    fileprivate(set) var owners: [Owner]
    private(set) var directory = CompoundFileDirectory()
    /// Nothing that a reader must rely on is broken. Else findings say what.
    private(set) var isSound = true
    /// Every byte belongs to a part of the document, or is free and empty.
    private(set) var isComplete = true

    /// Reads the tables and the directory, and gives every sector its owner.
    /// - Returns: `nil` when not even the directory can be read; a finding says why.
    static func read(_ content: Span<UInt8>, _ context: inout InspectionContext) -> CompoundFile? {
        guard let header = CompoundFileHeader.read(content, &context) else { return nil }
        var file = CompoundFile(header, size: content.count)
        guard file.readFAT(header, content, &context),
            let sectors = file.claim(from: header.directoryStart, .directory, name: "the directory", &context)
        else { return nil }
        guard let directory = CompoundFileDirectory.read(file.bytes(of: sectors, in: content), header, &context) else {
            return nil
        }
        file.directory = directory
        if !directory.isSound { file.isSound = false }
        if directory.hasOrphans { file.isComplete = false }
        file.claimStreams(header, content, &context)
        if file.isSound { file.accountForTheRest(content, &context) }
        return file
    }

    private init(_ header: CompoundFileHeader, size: Int) {
        sectorSize = header.sectorSize
        contentSize = size
        sectorCount = max(0, size - header.sectorSize + header.sectorSize - 1) / header.sectorSize
        owners = Array(repeating: .nobody, count: sectorCount)
    }

    /// Where a sector begins: the header takes the place of one sector ([MS-CFB] 2.2).
    func offset(of sector: Int) -> Int { (sector + 1) * sectorSize }

    private mutating func fail(_ definition: FindingDefinition, _ facts: Fact..., in context: inout InspectionContext) {
        isSound = false
        context.find(definition, facts)
    }
}

// MARK: Sector tables

extension CompoundFile {
    /// Reads the FAT through the header's list and the DIFAT chain behind it ([MS-CFB] 2.5).
    private mutating func readFAT(
        _ header: CompoundFileHeader, _ content: Span<UInt8>, _ context: inout InspectionContext
    ) -> Bool {
        var tables = header.fatSectors
        var next = header.difatStart
        while next < Marker.lastRegular {
            guard own(Int(next), .difat, name: "the sector table", &context) else { return false }
            let start = offset(of: Int(next))
            let last = start + sectorSize - 4
            for at in stride(from: start, to: last, by: 4) {
                guard let sector = content.littleEndian32(at), sector < Marker.lastRegular else { continue }
                tables.append(sector)
            }
            next = content.littleEndian32(last) ?? Marker.endOfChain
        }
        fat.reserveCapacity(tables.count * (sectorSize / 4))
        for table in tables {
            guard own(Int(table), .fat, name: "the sector table", &context) else { return false }
            appendTable(at: Int(table), to: &fat, content)
        }
        return true
    }

    private func appendTable(at sector: Int, to table: inout [UInt32], _ content: Span<UInt8>) {
        let start = offset(of: sector)
        for at in stride(from: start, to: start + sectorSize, by: 4) {
            // Beyond a short last sector nothing is allotted.
            table.append(content.littleEndian32(at) ?? Marker.free)
        }
    }

    /// Gives one sector its owner; once only, so that every chain ends.
    private mutating func own(_ sector: Int, _ owner: Owner, name: String, _ context: inout InspectionContext) -> Bool {
        guard sector < sectorCount else {
            fail(.officeTruncated, .text(name), .number(sector), .number(sectorCount), in: &context)
            return false
        }
        guard owners[sector] == .nobody else {
            fail(.officeBrokenChain, .text(name), .text("sector \(sector) is used twice"), in: &context)
            return false
        }
        owners[sector] = owner
        return true
    }

    /// Follows a chain through the FAT and gives its sectors their owner.
    /// - Returns: `nil` when it leaves the file, loops or crosses another; a finding says so.
    private mutating func claim(
        from start: UInt32, _ owner: Owner, name: String, _ context: inout InspectionContext
    ) -> [UInt32]? {
        var sectors: [UInt32] = []
        var next = start
        while next < Marker.lastRegular {
            guard own(Int(next), owner, name: name, &context) else { return nil }
            sectors.append(next)
            guard Int(next) < fat.count else {
                fail(.officeBrokenChain, .text(name), .text("sector \(next) is not in the sector table"), in: &context)
                return nil
            }
            next = fat[Int(next)]
        }
        guard next == Marker.endOfChain || sectors.isEmpty else {
            fail(.officeBrokenChain, .text(name), .text("it runs into a sector that is marked free"), in: &context)
            return nil
        }
        return sectors
    }

    /// Gives the sectors of the mini stream and of all streams to their owners, and checks sizes against chains.
    private mutating func claimStreams(
        _ header: CompoundFileHeader, _ content: Span<UInt8>, _ context: inout InspectionContext
    ) {
        if header.miniFATCount > 0 || header.miniFATStart != 0 {  // some writers put 0 where there is none
            if let sectors = claim(from: header.miniFATStart, .miniFAT, name: "the small-part table", &context) {
                for sector in sectors { appendTable(at: Int(sector), to: &miniFAT, content) }
            }
        }
        if let root = directory.entries.first, root.size > 0 {
            miniStream = claim(from: root.start, .miniStream, name: "the small parts", &context) ?? []
            check(miniStream, hold: root.size, name: "the small parts", &context)
        }
        var miniOwned = Array(repeating: false, count: miniFAT.count)
        for entry in directory.entries where entry.kind == .stream && entry.size > 0 && isSound {
            if entry.size >= Self.miniCutoff {
                guard let sectors = claim(from: entry.start, .stream, name: entry.name, &context) else { return }
                check(sectors, hold: entry.size, name: entry.name, &context)
            } else {
                claimMini(entry, &miniOwned, &context)
            }
        }
    }

    private mutating func check(_ sectors: [UInt32], hold size: Int, name: String, _ context: inout InspectionContext) {
        guard isSound else { return }
        let needed = size / sectorSize + (size % sectorSize == 0 ? 0 : 1)
        guard sectors.count >= needed else {
            fail(.officeBrokenChain, .text(name), .text("it is shorter than its size says"), in: &context)
            return
        }
        // A short last sector of the file must still hold what the stream needs of it.
        guard needed > 0, Int(sectors[needed - 1]) == sectorCount - 1 else { return }
        let end = offset(of: sectorCount - 1) + (size - 1) % sectorSize + 1
        if end > contentSize {
            fail(.officeTruncated, .text(name), .number(sectorCount - 1), .number(sectorCount - 1), in: &context)
        }
    }

    private mutating func claimMini(
        _ entry: CompoundFileDirectory.Entry, _ owned: inout [Bool], _ context: inout InspectionContext
    ) {
        var next = entry.start
        var count = 0
        while next < Marker.lastRegular {
            guard Int(next) < miniFAT.count, Int(next) < miniStream.count * (sectorSize / Self.miniSectorSize) else {
                fail(.officeBrokenChain, .text(entry.name), .text("it leaves the small parts"), in: &context)
                return
            }
            guard !owned[Int(next)] else {
                fail(.officeBrokenChain, .text(entry.name), .text("small sector \(next) is used twice"), in: &context)
                return
            }
            owned[Int(next)] = true
            count += 1
            next = miniFAT[Int(next)]
        }
        if count * Self.miniSectorSize < entry.size {
            fail(.officeBrokenChain, .text(entry.name), .text("it is shorter than its size says"), in: &context)
        }
    }
}

// MARK: What belongs to nobody

extension CompoundFile {
    /// Looks at every sector without an owner. The end of an honest file is a sector in use, or empty.
    private mutating func accountForTheRest(_ content: Span<UInt8>, _ context: inout InspectionContext) {
        let end = owners.lastIndex { $0 != .nobody }.map { $0 + 1 } ?? 0
        var loose = 0
        for sector in 0..<end where owners[sector] == .nobody {
            let range = offset(of: sector)..<min(offset(of: sector + 1), contentSize)
            let isFree = sector >= fat.count || fat[sector] == Marker.free
            if isFree && (isEmpty(range, content) || isFirstDirectory(range, content)) { continue }
            loose += range.count
        }
        if loose > 0 {
            isComplete = false
            context.find(.officeLooseSectors, .size(ByteCount(loose)))
        }
        let tail = offset(of: end)..<max(contentSize, offset(of: end))
        if tail.isEmpty { return }
        if isEmpty(tail, content) || isLineEnd(tail, content) {
            context.find(.officePadding, .size(ByteCount(tail.count)))
        } else if isOldRemainder(end, tail, content) {
            isComplete = false
            context.find(.officeLooseSectors, .size(ByteCount(tail.count)))
        } else {
            fail(.officeTrailingData, .size(ByteCount(tail.count)), in: &context)
        }
    }

    private func isEmpty(_ range: Range<Int>, _ content: Span<UInt8>) -> Bool {
        // Freed space is zeroed, or filled with 0xFF like the tables.
        guard let first = content.byte(range.lowerBound), first == 0 || first == 0xFF else { return range.isEmpty }
        for index in range where content[index] != first { return false }
        return true
    }

    /// Word leaves a freed sector at the end now and then: whole, in the table, marked free, few, and not the beginning of another file.
    private func isOldRemainder(_ end: Int, _ tail: Range<Int>, _ content: Span<UInt8>) -> Bool {
        guard tail.count % sectorSize == 0, tail.count <= 4096, sectorCount <= fat.count else { return false }
        for sector in end..<sectorCount where fat[sector] != Marker.free { return false }
        let start = tail.lowerBound
        let beginnings: [StaticString] = ["%PDF", "PK", "BM", "GIF8", "MZ", "Rar!", "7z", "\u{7F}ELF", "\u{1F}"]
        if beginnings.contains(where: { content.has($0, at: start) }) || content.has("ustar", at: start + 257) {
            return false
        }
        let binary: [[UInt8]] = [
            [0xFF, 0xD8], [0x89, 0x50], CompoundFileHeader.signature, [0xFF, 0xFE], [0xFE, 0xFF],
        ]
        if binary.contains(where: { content.has($0, at: start) }) { return false }
        // Text has no two zero bytes in a row among its first ones, UTF-16 neither; what a document left there does.
        for index in start..<start + 7 where content[index] == 0 && content[index + 1] == 0 { return true }
        return false
    }

    /// Mail and text transfers leave a line end behind a file.
    private func isLineEnd(_ range: Range<Int>, _ content: Span<UInt8>) -> Bool {
        guard range.count <= 4 else { return false }
        for index in range where content[index] != 0x0D && content[index] != 0x0A { return false }
        return true
    }

    /// LibreOffice writes a directory of nothing but the root first, abandons it and marks it free: empty in all but that name.
    private func isFirstDirectory(_ range: Range<Int>, _ content: Span<UInt8>) -> Bool {
        let name: StaticString = "R\0o\0o\0t\0 \0E\0n\0t\0r\0y\0"
        guard content.has(name, at: range.lowerBound) else { return false }
        for index in range.dropFirst(name.utf8CodeUnitCount) {
            let place = (index - range.lowerBound) % CompoundFileDirectory.entrySize
            let isRoot = index - range.lowerBound < CompoundFileDirectory.entrySize
            switch place {
            case 64..<68 where isRoot: continue  // length of the name, kind, color
            case 68..<80, 116..<120: if content[index] < 0xFE && content[index] != 0 { return false }  // links: none
            default: if content[index] != 0 { return false }
            }
        }
        return true
    }
}

// MARK: Reading

extension CompoundFile {
    /// A copy of a stream's bytes, cut where its chain or the file ends.
    func bytes(of entry: CompoundFileDirectory.Entry, in content: Span<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        guard entry.kind == .stream, entry.size > 0 else { return out }
        out.reserveCapacity(min(entry.size, contentSize))
        let isMini = entry.size < Self.miniCutoff
        let unit = isMini ? Self.miniSectorSize : sectorSize
        let table = isMini ? miniFAT : fat
        var next = entry.start
        var steps = 0
        while Int(next) < table.count, steps < table.count, out.count < entry.size {
            guard let start = isMini ? miniOffset(Int(next)) : offset(of: Int(next)) else { break }
            append(start..<start + min(unit, entry.size - out.count), of: content, to: &out)
            next = table[Int(next)]
            steps += 1
        }
        return out
    }

    private func miniOffset(_ mini: Int) -> Int? {
        let each = sectorSize / Self.miniSectorSize
        guard mini / each < miniStream.count else { return nil }
        return offset(of: Int(miniStream[mini / each])) + mini % each * Self.miniSectorSize
    }

    fileprivate func bytes(of sectors: [UInt32], in content: Span<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(sectors.count * sectorSize)
        for sector in sectors {
            append(offset(of: Int(sector))..<offset(of: Int(sector) + 1), of: content, to: &out)
        }
        return out
    }

    private func append(_ range: Range<Int>, of content: Span<UInt8>, to out: inout [UInt8]) {
        let piece = content.extracting(range.clamped(to: 0..<content.count))
        // A stream can be megabytes: copied sector by sector, not byte by byte. The pointer does not leave the call.
        piece.withUnsafeBufferPointer { out.append(contentsOf: $0) }
    }
}
