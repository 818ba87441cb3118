// Proves a zip's structure: local headers agree with the central directory, without gap or overlap, with nothing before or behind
// (Threats, Z1, Z3, Z4). ZipEnd reads the end records, ZipMemberRules checks one header, ZipAgreement compares two, ZipExpansion expands
// the members, and EntryPath checks their names.

import SluiceModel

/// One member of a zip, as the central directory and the local header agree on it.
struct ZipEntry {
    /// The stored name, unless a valid unicode-path field gives the same name in UTF-8.
    var name: [UInt8]
    var isDirectory: Bool
    /// 0 stored, 8 deflated; others could not be checked.
    var method: UInt16
    var isEncrypted: Bool
    /// Unix mode from the external attributes, 0 where there is none.
    var unixMode: UInt32
    var crc: UInt32
    var storedSize: Int
    /// Declared; never believed.
    var declaredSize: Int
    /// Where the stored bytes begin in the content.
    var dataOffset: Int
}

/// A zip's members in the order of the central directory.
struct ZipStructure {
    var entries: [ZipEntry]
    /// Every byte of the content belongs to a header, a member or a record.
    var isComplete: Bool
    /// Where the archive ends; behind it there is at most padding.
    var end = 0

    /// At most one entry more than the budget allows is read: then the budget's finding is due, and the structure is not complete.
    /// - Returns: `nil` when there is no readable structure; the findings say where it breaks.
    static func read(_ content: Span<UInt8>, _ context: inout InspectionContext) -> ZipStructure? {
        guard beginsLikeZip(content) else {
            context.find(.zipBytesBefore, .size(ByteCount(firstHeader(content) ?? 0)))
            return nil
        }
        let before = context.faults
        guard let end = ZipEnd.find(content, &context), var members = directory(content, end, &context) else {
            return nil
        }
        let isWholeList = members.count <= context.order.archives.entries
        // Counted and not looked up: inside an archive a fault is reported under another name.
        var isComplete = isWholeList && context.faults == before
        if isWholeList {
            if !layOut(content, &members, directoryStart: end.directory.lowerBound, &context) { isComplete = false }
        } else {
            // Only so that the members within the budget can be looked at; what their order hides is not known.
            for index in members.indices {
                let local = ZipLocalHeader(content, at: members[index].localOffset)
                members[index].entry.dataOffset = local?.dataOffset ?? 0
            }
        }
        if end.entries == 0, members.isEmpty { context.find(.zipEmpty) }
        return ZipStructure(entries: members.map(\.entry), isComplete: isComplete, end: end.end)
    }

    /// Threats, Z1: the first local header stands at the first byte; in an empty archive, the end record. Before it there may be the mark of an
    /// archive that was to be split and fitted into one part (APPNOTE §8.5.3, §8.5.4).
    static func beginsLikeZip(_ content: Span<UInt8>) -> Bool {
        content.has(ZipSignature.localHeader, at: 0) || content.has(ZipSignature.endRecord, at: 0)
            || hasSplitMarker(content)
    }

    /// Whether the content begins with the mark of a split archive.
    static func hasSplitMarker(_ content: Span<UInt8>) -> Bool {
        (content.has("PK\u{7}\u{8}", at: 0) || content.has("PK00", at: 0))
            && content.has(ZipSignature.localHeader, at: 4)
    }

    private static func firstHeader(_ content: Span<UInt8>) -> Int? {
        content.indices.first { content[$0] == 0x50 && content.has(ZipSignature.localHeader, at: $0) }
    }

    /// A member while it is being laid out.
    private struct Member {
        var entry: ZipEntry
        var central: ZipHeaderFields
        var localOffset: Int
    }

    /// Threats, Z4: as many central headers as the end record counts, one behind the other up to the directory's end.
    private static func directory(
        _ content: Span<UInt8>, _ end: ZipEnd, _ context: inout InspectionContext
    ) -> [Member]? {
        var members: [Member] = []
        var at = end.directory.lowerBound
        let most = context.order.archives.entries
        while at < end.directory.upperBound {
            guard let header = ZipCentralHeader(content, at: at), header.end <= end.directory.upperBound else {
                context.find(.zipDirectoryBroken, .number(members.count))
                return nil
            }
            let container = context.entry
            context.enter(member: content.copy(header.fields.name), of: container)
            let member = member(content, header, &context)
            context.entry = container
            guard let member else { return nil }
            members.append(member)
            if members.count > most { return members }
            at = header.end
        }
        if members.count != end.entries {
            context.find(.zipCountDiffers, .number(end.entries), .number(members.count))
        }
        return members
    }

    /// Reads one central header and applies the rules about it alone.
    private static func member(
        _ content: Span<UInt8>, _ header: ZipCentralHeader, _ context: inout InspectionContext
    ) -> Member? {
        let fields = header.fields
        let (extra, problem) = ZipExtraFields.read(content, fields.extra)
        if problem != nil { context.find(.zipExtraField) }
        guard
            let sizes = extra.sizes(
                content, size: fields.size, storedSize: fields.storedSize, offset: header.localOffset, mayBeZero: false),
            let size = Int(exactly: sizes.size), let storedSize = Int(exactly: sizes.storedSize),
            let offset = Int(exactly: sizes.offset)
        else {
            context.find(.zipSixtyFourField)
            return nil
        }
        if header.disk != 0 && header.disk != .max { context.find(.zipSeveralDisks) }
        if ZipEnd.hasRecordSignature(content, in: header.comment) { context.find(.zipRecordInComment) }
        extra.noteHidden(content, &context)
        context.noteHidden(content, header.comment, in: "the comment of the entry", mayBeText: true)
        let (name, problemOfName) = ZipNames.settle(content, fields, extra.unicodePath)
        ZipNames.note(problemOfName, content, extra.unicodePath, &context)
        let entry = ZipEntry(
            name: name, isDirectory: ZipMemberRules.endsLikeDirectory(name), method: fields.method,
            isEncrypted: ZipMemberRules.isEncrypted(fields), unixMode: header.attributes >> 16, crc: fields.crc,
            storedSize: storedSize, declaredSize: size, dataOffset: 0)
        ZipMemberRules.encryption(entry, &context)
        ZipMemberRules.method(entry, fields.flags, &context)
        ZipMemberRules.kind(entry, madeBy: header.madeBy, &context)
        ZipMemberRules.directory(entry, attributes: header.attributes, &context)
        return Member(entry: entry, central: fields, localOffset: offset)
    }

    /// Threats, Z3: from the first byte to the directory, member follows member.
    /// - Returns: whether every byte before the directory belongs to a member whose two headers agree.
    private static func layOut(
        _ content: Span<UInt8>, _ members: inout [Member], directoryStart: Int, _ context: inout InspectionContext
    ) -> Bool {
        var isWhole = true
        var cursor = 0
        if hasSplitMarker(content) {
            context.find(.zipSplitMarker)
            cursor = 4
        }
        let container = context.entry
        let order = members.indices.sorted { members[$0].localOffset < members[$1].localOffset }
        for (place, index) in order.enumerated() {
            let start = members[index].localOffset
            // A next member that claims to begin behind the directory must not carry the cursor there.
            let next = min(
                place + 1 < order.count ? members[order[place + 1]].localOffset : directoryStart, directoryStart)
            context.enter(member: members[index].entry.name, of: container)
            defer { context.entry = container }
            if start > cursor { isWhole = gap(content, cursor..<min(start, directoryStart), &context) && isWhole }
            guard start < directoryStart, let local = ZipLocalHeader(content, at: start) else {
                context.find(.zipLocalHeaderMissing, .number(start))
                isWhole = false
                continue
            }
            members[index].entry.dataOffset = local.dataOffset
            let entry = members[index].entry
            guard local.dataOffset <= directoryStart, entry.storedSize <= directoryStart - local.dataOffset,
                local.dataOffset + entry.storedSize <= max(next, start)
            else {
                context.find(.zipOverlap)
                isWhole = false
                // Not to be read at all: its bytes belong to something else as well.
                members[index].entry.dataOffset = min(local.dataOffset, content.count)
                cursor = max(cursor, min(next, directoryStart))
                continue
            }
            if !ZipAgreement.check(content, local.fields, members[index].central, entry, &context) { isWhole = false }
            // Some writers deflate the nothing that a folder holds; nothing else may be in it (the walk has no reason to look).
            if entry.isDirectory, entry.storedSize > 0, !expand(entry, in: content, &context, to: { _, _ in true }) {
                isWhole = false
            }
            cursor = local.dataOffset + entry.storedSize
            if local.fields.flags & ZipFlag.descriptor != 0 {
                if let length = ZipAgreement.descriptorLength(content, at: cursor, next: next, entry) {
                    cursor += length
                } else {
                    context.find(.zipDescriptor)
                    isWhole = false
                    cursor = next
                }
            }
        }
        if cursor < directoryStart { isWhole = gap(content, cursor..<directoryStart, &context) && isWhole }
        if cursor > directoryStart {
            context.find(.zipOverlap)
            isWhole = false
        }
        return isWhole
    }

    /// Names what lies between two members: nothing may.
    private static func gap(_ content: Span<UInt8>, _ range: Range<Int>, _ context: inout InspectionContext) -> Bool {
        if range.isEmpty { return true }
        if content.has(ZipSignature.localHeader, at: range.lowerBound) {
            context.find(.zipUnlistedMember, .number(range.lowerBound))
        } else if range.lowerBound == 0 {
            context.find(.zipBytesBefore, .size(ByteCount(range.count)))
        } else {
            context.find(.zipGap, .size(ByteCount(range.count)), .number(range.lowerBound))
        }
        return false
    }
}

extension InspectionContext {
    /// From here on findings are about this member of the container that was being read.
    mutating func enter(member name: [UInt8], of container: EntryName?) {
        entry = container?.inside(name) ?? EntryName(bytes: name)
    }
}
