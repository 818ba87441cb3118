// Proves a tar's structure: every block is a header, an extended header, data, filling or the closing zeros (Threats, TR1 to TR11).
// ArchiveWalk recognizes the members, ArchiveWitness is the second reader.

import SluiceModel

/// One member of a tar.
struct TarEntry {
    enum Kind: Equatable { case file, directory, symbolicLink, hardLink, other }

    /// In force: the extended header's or the long one where there is one.
    var name: [UInt8]
    var path: EntryPath
    var kind: Kind
    var link: [UInt8] = []
    /// Where the data lies in the content.
    var data: Range<Int>
    /// Present only in part: a file with holes, or of a type that this reader does not take apart.
    var isUnread = false
}

/// A tar's members in their order.
struct TarStructure {
    var entries: [TarEntry] = []
    /// Every byte of the content belongs to a block of known meaning. False where the reading stopped.
    var isComplete = false
    /// Where the archive ends; behind it there is at most padding.
    var end = 0

    /// - Returns: `nil` when the content is no tar at all.
    static func read(_ content: Span<UInt8>, _ context: inout InspectionContext) -> TarStructure? {
        guard content.count >= TarHeader.blockSize else { return nil }
        var reader = TarReader(own: context.entry)
        let isSound = reader.read(content, &context)
        context.entry = reader.own
        reader.structure.isComplete = isSound
        return reader.structure
    }
}

/// The state of one reading.
private struct TarReader {
    let own: EntryName?
    var structure = TarStructure()
    var names = EntryNames()
    private var pax: PaxRecords?
    private var longName: [UInt8]?
    private var longLink: [UInt8]?
    private var isOldStyle = false

    init(own: EntryName?) { self.own = own }

    private var hasPending: Bool { pax != nil || longName != nil || longLink != nil }

    /// - Returns: false when the structure is broken; a finding says where.
    mutating func read(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Bool {
        var offset = 0
        while offset <= content.count - TarHeader.blockSize {
            context.entry = own
            if content.isZero(offset..<offset + TarHeader.blockSize) { return close(content, offset, &context) }
            guard TarHeader.checksumHolds(content, at: offset) else {
                context.find(.tarChecksum, .number(offset))
                return false
            }
            guard let next = readBlock(content, offset, &context) else { return false }
            offset = next
        }
        context.entry = own
        return close(content, offset, &context)
    }

    /// The end: two zero blocks, then zeros only. Lenient: one zero block or none, when all entries are complete.
    private mutating func close(_ content: Span<UInt8>, _ end: Int, _ context: inout InspectionContext) -> Bool {
        if hasPending {
            context.find(.tarHeaderOrder, .number(end))
            return false
        }
        structure.end = content.count
        let padding = content.paddingAtEnd
        if end < content.count, let stray = content.firstNonZero(end..<content.count),
            stray < content.count - padding
        {
            context.find(stray - end < TarHeader.blockSize ? .tarTruncated : .tarDataAfterEnd, .number(stray))
            return false
        }
        // Line breaks behind the closing zeros, or where those would stand; zeros alone are the filling of the last record.
        if end < content.count, let stray = content.firstNonZero(end..<content.count) {
            context.find(.contentPadding, .size(ByteCount(content.count - stray)))
            structure.end = stray / TarHeader.blockSize * TarHeader.blockSize
        }
        // A missing last block is common: several writers leave it out, and most readers never look.
        if content.count - end < 2 * TarHeader.blockSize { context.find(.tarNoEnd) }
        if structure.entries.isEmpty { context.find(.tarEmpty) }
        if isOldStyle { context.find(.tarOldStyle) }
        names.finish(&context)
        return true
    }

    /// - Returns: where the next header stands.
    private mutating func readBlock(_ content: Span<UInt8>, _ offset: Int, _ context: inout InspectionContext) -> Int? {
        let header = TarHeader(content, at: offset)
        if header.dialect == .v7 { isOldStyle = true }
        let size: Int
        switch header.size {
        case .value(let value) where value >= 0 && !TarHeader.isNeedlesslyBase256(content, offset + 124, 12):
            size = value
        case .blank: size = 0
        default:
            context.find(.tarNumber, .number(offset), .text("size"))
            return nil
        }
        if let odd = header.oddNumber {
            context.find(.tarNumber, .number(offset), .text("\(odd)"))
            return nil
        }
        let start = offset + TarHeader.blockSize
        switch header.type {
        case UInt8(ascii: "x"), UInt8(ascii: "g"), UInt8(ascii: "L"), UInt8(ascii: "K"):
            guard size <= content.count - start else {
                context.find(.tarTruncated, .number(content.count))
                return nil
            }
            guard readExtension(header, content, offset, start..<start + size, &context) else { return nil }
            return next(start, size)
        default: return readEntry(header, size, content, offset, &context)
        }
    }

    private func next(_ start: Int, _ size: Int) -> Int {
        start + (size + TarHeader.blockSize - 1) / TarHeader.blockSize * TarHeader.blockSize
    }

    private mutating func readExtension(
        _ header: TarHeader, _ content: Span<UInt8>, _ offset: Int, _ body: Range<Int>,
        _ context: inout InspectionContext
    ) -> Bool {
        guard body.count <= PaxRecords.largest else {
            context.find(.tarPaxRecord, .text("larger than \(ByteCount(PaxRecords.largest).short)"))
            return false
        }
        switch header.type {
        case UInt8(ascii: "x"):
            guard pax == nil else {
                context.find(.tarHeaderOrder, .number(offset))
                return false
            }
            guard let records = PaxRecords.read(content, body, isGlobal: false, &context) else { return false }
            pax = records
        case UInt8(ascii: "g"):
            guard !hasPending else {
                context.find(.tarHeaderOrder, .number(offset))
                return false
            }
            return PaxRecords.read(content, body, isGlobal: true, &context) != nil
        default:
            let isName = header.type == UInt8(ascii: "L")
            guard let text = Self.longText(content, body), (isName ? longName : longLink) == nil else {
                context.find(.tarLongName, .number(offset))
                return false
            }
            if TarHabits.isNeedless(text, isName: isName, content, at: offset) {
                context.find(.tarLongNameNeedless, .number(offset))
            }
            if isName { longName = text } else { longLink = text }
        }
        return true
    }

    /// GNU's long name: the bytes up to the first NUL, which must be followed by NULs only (tar(5), `L` and `K`).
    private static func longText(_ content: Span<UInt8>, _ body: Range<Int>) -> [UInt8]? {
        var end = body.lowerBound
        while end < body.upperBound, content[end] != 0 { end += 1 }
        guard end > body.lowerBound, content.isZero(end..<body.upperBound) else { return nil }
        return content.copy(body.lowerBound..<end)
    }

    private mutating func readEntry(
        _ header: TarHeader, _ headerSize: Int, _ content: Span<UInt8>, _ offset: Int,
        _ context: inout InspectionContext
    ) -> Int? {
        defer {
            pax = nil
            longName = nil
            longLink = nil
        }
        let name = longName ?? pax?.path ?? header.path
        context.entry = context.name(name, in: own)
        guard !name.isEmpty, longName != nil || pax?.path != nil || !header.name.isEmpty else {
            context.find(.nameEmpty)
            return nil
        }
        if longName != nil && pax?.path != nil || longLink != nil && pax?.link != nil {
            context.find(.tarLongName, .number(offset))
            return nil
        }
        guard let size = settleSize(headerSize, &context) else { return nil }
        var entry = TarEntry(
            name: name, path: EntryPath(name, limit: context.order.archives.nameLength), kind: .other, data: 0..<0)
        entry.path.note(name, &context)
        guard settleKind(&entry, header, size, &context), headersAgree(entry, header, &context) else { return nil }
        TarHabits.look(entry, header, paxPath: pax?.path, hasLongName: longName != nil, &context)
        let start =
            header.type == UInt8(ascii: "S") ? Self.endOfSparseMap(content, offset) : offset + TarHeader.blockSize
        return settleData(&entry, size, content, start, &context)
    }

    /// GNU's old sparse map goes on in further blocks while a flag says so (tar(5), `isextended`); they are not counted in the size.
    private static func endOfSparseMap(_ content: Span<UInt8>, _ offset: Int) -> Int {
        var end = offset + TarHeader.blockSize
        var flag = offset + 482
        while content.byte(flag) == 1, end <= content.count - TarHeader.blockSize {
            flag = end + 504
            end += TarHeader.blockSize
        }
        return end
    }

    private func settleSize(_ headerSize: Int, _ context: inout InspectionContext) -> Int? {
        guard let size = pax?.size, size != headerSize else { return headerSize }
        guard headerSize == 0 else {
            context.find(.tarPaxSize, .size(ByteCount(size)), .size(ByteCount(headerSize)))
            return nil
        }
        // Writers leave the header's field empty where the size does not fit it. Elsewhere a reader that believes the field reads the file's
        // content as further entries (CVE-2025-62518).
        guard size > TarHeader.largestOctalSize else {
            context.find(.tarPaxSizeOnly, .size(ByteCount(size)))
            return nil
        }
        return size
    }

    private mutating func settleKind(
        _ entry: inout TarEntry, _ header: TarHeader, _ size: Int, _ context: inout InspectionContext
    ) -> Bool {
        let endsInSlash = entry.name.last == UInt8(ascii: "/")
        var dataless: String?
        switch header.type {
        case UInt8(ascii: "0"), 0, UInt8(ascii: "7"), UInt8(ascii: "S"):
            // v7 knew no folder type: a name that ended in a slash was one.
            if endsInSlash && header.dialect == .v7 {
                entry.kind = .directory
                dataless = "folder"
            } else if endsInSlash {
                context.find(.tarSlashOnFile)
                return false
            } else {
                entry.kind = .file
            }
            if header.type == UInt8(ascii: "7") { context.find(.tarEntryType, .text("7 (contiguous)")) }
            if header.type == UInt8(ascii: "S") || pax?.isSparse == true {
                context.find(.tarSparse)
                entry.isUnread = true
            }
        case UInt8(ascii: "5"):
            entry.kind = .directory
            dataless = "folder"
        case UInt8(ascii: "1"), UInt8(ascii: "2"):
            entry.kind = header.type == UInt8(ascii: "1") ? .hardLink : .symbolicLink
            entry.link = longLink ?? pax?.link ?? header.link
            dataless = "link"
        case UInt8(ascii: "3"), UInt8(ascii: "4"), UInt8(ascii: "6"):
            let what = header.type == UInt8(ascii: "6") ? "named pipe" : "device"
            context.find(.device, .text(what))
            dataless = what
        default:
            context.find(.tarEntryType, .bytes([header.type]))
            entry.isUnread = true
        }
        if let dataless, size > 0 {
            context.find(.tarDataBehindNone, .text(dataless), .size(ByteCount(size)))
            return false
        }
        if entry.kind == .file, case .value(let mode) = header.mode, mode & 0o6000 != 0 {
            context.find(.setUserID, .text(String(mode & 0o7777, radix: 8)))
        }
        return true
    }

    /// Programs that do not read extended headers see the header's own name and link: those must be as harmless.
    private func headersAgree(_ entry: TarEntry, _ header: TarHeader, _ context: inout InspectionContext) -> Bool {
        if entry.name != header.path, !entry.path.leaves, !header.path.isEmpty,
            EntryPath(header.path, limit: context.order.archives.nameLength).leaves
        {
            context.find(.tarNamesDisagree, .bytes(header.path))
            return false
        }
        let place = entry.path.normalized
        if entry.kind == .symbolicLink, entry.link != header.link, !header.link.isEmpty,
            !EntryNames.climbs(entry.link, from: place), EntryNames.climbs(header.link, from: place)
        {
            context.find(.tarNamesDisagree, .bytes(header.link))
            return false
        }
        return true
    }

    private mutating func settleData(
        _ entry: inout TarEntry, _ size: Int, _ content: Span<UInt8>, _ start: Int, _ context: inout InspectionContext
    ) -> Int? {
        switch entry.kind {
        case .symbolicLink: names.addSymbolicLink(entry.path, to: entry.link, &context)
        case .hardLink: names.addHardLink(entry.path, to: entry.link, &context)
        default: names.add(entry.path, entry.kind == .directory ? .directory : .file, &context)
        }
        let end = size <= content.count - start ? next(start, size) : Int.max
        guard end <= content.count else {
            let isLoneHeader = start == content.count && structure.entries.isEmpty && start == TarHeader.blockSize
            if isLoneHeader {
                context.find(.tarHeaderOnly, .size(ByteCount(size)))
            } else {
                context.find(.tarTruncated, .number(content.count))
            }
            return nil
        }
        entry.data = start..<start + size
        if content.firstNonZero(start + size..<end) != nil { context.find(.tarPadding) }
        structure.entries.append(entry)
        return end
    }
}

extension Span<UInt8> {
    func isZero(_ range: Range<Int>) -> Bool { firstNonZero(range) == nil }

    /// The first byte in `range` that is not 0; the range is cut at the end of the content.
    func firstNonZero(_ range: Range<Int>) -> Int? {
        let bounded = range.clamped(to: 0..<count)
        return withUnsafeBytes { raw -> Int? in
            // Eight bytes at a time: an archive may be megabytes of filling. Both reads stay below `bounded.upperBound`.
            var index = bounded.lowerBound
            while index + 8 <= bounded.upperBound, raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) == 0 {
                index += 8
            }
            while index < bounded.upperBound {
                if raw[index] != 0 { return index }
                index += 1
            }
            return nil
        }
    }
}
