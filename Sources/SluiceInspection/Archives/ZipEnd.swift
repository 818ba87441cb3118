// Finds a zip's central directory from the records at its end (Threats, Z2, Z14, and the end of Z3). A reader that searches from the
// end, one that searches from the beginning and one that prefers zip64 must all find the same record; otherwise the zip is refused.

import SluiceModel

/// The central directory's place, as all end records agree on it.
struct ZipEnd {
    /// The directory's bytes; what stands behind them is end records only.
    var directory: Range<Int>
    var entries: Int
    /// The offset behind the last record and its comment. The bytes that follow are padding.
    var end = 0

    /// Records whose signature in a comment could be taken for the real one.
    private static let signatures = [
        ZipSignature.endRecord, ZipSignature.zip64EndRecord, ZipSignature.zip64Locator, ZipSignature.centralHeader,
        ZipSignature.localHeader,
    ]

    /// - Returns: `nil` when no directory can be named; a finding says why.
    static func find(_ content: Span<UInt8>, _ context: inout InspectionContext) -> ZipEnd? {
        guard let record = theOnlyEndRecord(content, &context) else { return nil }
        checkComment(content, record.comment, &context)

        var end = ZipEnd(
            directory: 0..<0, entries: Int(record.entries), end: min(record.comment.upperBound, content.count))
        var offset = Int(record.directoryOffset)
        var size = Int(record.directorySize)
        var behind = record.offset
        var isSingleDisk = isFirst(record.disk) && isFirst(record.directoryDisk) && record.entriesHere == record.entries
        let locator = record.offset - Zip64EndRecord.locatorSize
        if content.has(ZipSignature.zip64Locator, at: locator) {
            guard let large = Zip64EndRecord(content, locator: locator), agrees(large, record, locator: locator),
                let largeOffset = Int(exactly: large.directoryOffset),
                let largeSize = Int(exactly: large.directorySize),
                let entries = Int(exactly: large.entries)
            else {
                context.find(.zipSixtyFourRecord)
                return nil
            }
            (offset, size, end.entries) = (largeOffset, largeSize, entries)
            behind = locator - Zip64EndRecord.fixedSize
            // Some writers leave the number of disks 0 (APPNOTE says 1 for a single one).
            isSingleDisk =
                isSingleDisk && large.disk == 0 && large.directoryDisk == 0 && large.recordDisk == 0 && large.disks <= 1
                && large.entriesHere == large.entries
        }
        guard isSingleDisk else {
            context.find(.zipSeveralDisks)
            return nil
        }
        guard let directory = place(offset, size, behind, content, &context) else { return nil }
        end.directory = directory
        return end
    }

    /// Threats, Z2: the last end record's comment ends at the end of the file, and no other record could claim the same.
    private static func theOnlyEndRecord(_ content: Span<UInt8>, _ context: inout InspectionContext) -> ZipEndRecord? {
        // The comment's length is a 16-bit field, so no reader has to look further back than this.
        // Padding may follow, and the record itself may end in zeros.
        let padded = content.count - content.paddingAtEnd
        let first = max(0, padded - ZipEndRecord.fixedSize - Int(UInt16.max))
        var last: ZipEndRecord?
        var ending: [ZipEndRecord] = []
        var at = min(content.count - ZipEndRecord.fixedSize, padded)
        while at >= first {
            if content[at] == 0x50, let record = ZipEndRecord(content, at: at) {
                if last == nil { last = record }
                if record.comment.upperBound == content.count { ending.append(record) }
            }
            at -= 1
        }
        guard let last else {
            context.find(.zipNoEndRecord)
            return nil
        }
        if ending.isEmpty, last.comment.upperBound < content.count,
            content.isPadding(last.comment.upperBound..<content.count)
        {
            context.find(.zipPadding, .size(ByteCount(content.count - last.comment.upperBound)))
        } else if last.comment.upperBound < content.count, ending.isEmpty {
            context.find(.zipBytesAfter, .size(ByteCount(content.count - last.comment.upperBound)))
        } else if last.comment.upperBound > content.count, ending.isEmpty {
            context.find(.zipEndTruncated, .size(ByteCount(last.comment.upperBound - content.count)))
        } else if ending.count > 1 || ending.first?.offset != last.offset {
            context.find(.zipTwoEndRecords)
        }
        return last
    }

    /// Threats, Z2: no record signature inside the archive's comment; T21: nothing hidden in it.
    private static func checkComment(_ content: Span<UInt8>, _ comment: Range<Int>, _ context: inout InspectionContext)
    {
        if hasRecordSignature(content, in: comment.clamped(to: 0..<content.count)) {
            context.find(.zipRecordInComment)
        } else {
            context.noteHidden(content, comment, in: "the comment of the archive", mayBeText: true)
        }
    }

    /// Whether a comment holds what a reader could take for a record.
    static func hasRecordSignature(_ content: Span<UInt8>, in range: Range<Int>) -> Bool {
        guard range.count >= 4 else { return false }
        for at in range.lowerBound...range.upperBound - 4 where content[at] == 0x50 {
            for signature in signatures where content.has(signature, at: at) { return true }
        }
        return false
    }

    /// A field that is all ones leaves the answer to zip64 (APPNOTE §4.4.1.4); every other one has to say the same.
    private static func agrees(_ large: Zip64EndRecord, _ small: ZipEndRecord, locator: Int) -> Bool {
        guard large.recordOffset == UInt64(max(0, locator - Zip64EndRecord.fixedSize)),
            large.remainingSize == UInt64(Zip64EndRecord.fixedSize - 12)
        else { return false }
        return (small.entries == .max || UInt64(small.entries) == large.entries)
            && (small.directorySize == .max || UInt64(small.directorySize) == large.directorySize)
            && (small.directoryOffset == .max || UInt64(small.directoryOffset) == large.directoryOffset)
    }

    /// Whether an end record stands where one may stand.
    static func isThere(_ content: Span<UInt8>) -> Bool {
        let padded = content.count - content.paddingAtEnd
        let first = max(0, padded - ZipEndRecord.fixedSize - Int(UInt16.max))
        return content.lastOffset(of: "PK\u{5}\u{6}", from: first, before: content.count) != nil
    }

    /// Whether content that does not begin like a zip ends like the last part of a split one: an end record, its comment at the end of the
    /// content, that counts parts before this one.
    static func isLastPart(_ content: Span<UInt8>) -> Bool {
        let padded = content.count - content.paddingAtEnd
        var from = max(0, padded - ZipEndRecord.fixedSize - Int(UInt16.max))
        while let at = content.firstOffset(of: "PK\u{5}\u{6}", from: from, before: content.count) {
            if let record = ZipEndRecord(content, at: at), record.comment.upperBound <= content.count,
                content.isPadding(record.comment.upperBound..<content.count)
            {
                return (1..<0xFFFF).contains(record.disk) && record.directoryDisk <= record.disk
            }
            from = at + 1
        }
        return false
    }

    private static func isFirst(_ disk: UInt16) -> Bool { disk == 0 || disk == .max }

    /// Threats, Z3: the directory ends where the end records begin.
    private static func place(
        _ offset: Int, _ size: Int, _ behind: Int, _ content: Span<UInt8>, _ context: inout InspectionContext
    ) -> Range<Int>? {
        guard size >= 0, offset >= 0, offset <= behind, size <= behind - offset else {
            context.find(.zipDirectoryBroken, .number(0))
            return nil
        }
        let missing = behind - offset - size
        if missing > 0 {
            if size > 0, content.has(ZipSignature.centralHeader, at: behind - size) {
                // The offsets do not count what was put before the archive.
                context.find(.zipBytesBefore, .size(ByteCount(missing)))
            } else {
                context.find(.zipGap, .size(ByteCount(missing)), .number(offset + size))
            }
            return nil
        }
        return offset..<offset + size
    }
}
