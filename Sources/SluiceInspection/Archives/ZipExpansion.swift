// Expands a zip's member (Threats, Z15): in pieces, spending the budget, and checking the length, the CRC and the exact end of the
// stream. Inflater reads the deflate stream.

import SluiceModel

extension ZipStructure {
    /// Bytes of a stored member handed on at once, and between two looks at the budget.
    private static let storedPiece = Inflater.pieceSize

    /// Expands one member, spending the budget, and checks its length, its CRC and that its stream ends exactly at its end.
    /// Findings are about `context.entry`, which the caller sets. A budget that runs out is the caller's finding (`context.budget.exhausted`).
    /// - Parameter sink: takes the next piece; answers false to stop early, which is not a finding.
    /// - Returns: false when it could not be expanded to its end; the findings say why.
    static func expand(
        _ entry: ZipEntry, in content: Span<UInt8>, _ context: inout InspectionContext,
        to sink: (Span<UInt8>, inout InspectionContext) -> Bool
    ) -> Bool {
        // Both are findings of the structure already (`zip.encrypted`, `zip.method`).
        guard !entry.isEncrypted, entry.method == 0 || entry.method == 8 else { return false }
        guard entry.dataOffset > 0, entry.dataOffset <= content.count,
            entry.storedSize <= content.count - entry.dataOffset
        else { return false }
        let stored = content.extracting(entry.dataOffset..<entry.dataOffset + entry.storedSize)
        return entry.method == 0
            ? copy(stored, entry, &context, to: sink) : inflate(stored, entry, &context, to: sink)
    }

    private static func copy(
        _ stored: Span<UInt8>, _ entry: ZipEntry, _ context: inout InspectionContext,
        to sink: (Span<UInt8>, inout InspectionContext) -> Bool
    ) -> Bool {
        var check = CyclicCheck()
        var at = 0
        while at < stored.count {
            let piece = stored.extracting(at..<min(at + storedPiece, stored.count))
            at += piece.count
            check.add(piece)
            guard context.budget.spend(piece.count, memberTotal: at, stored: stored.count), sink(piece, &context) else {
                return false
            }
        }
        return agrees(length: at, check, entry, &context)
    }

    private static func inflate(
        _ stored: Span<UInt8>, _ entry: ZipEntry, _ context: inout InspectionContext,
        to sink: (Span<UInt8>, inout InspectionContext) -> Bool
    ) -> Bool {
        let inflater = context.inflaters.take()
        defer { context.inflaters.putBack(inflater) }
        var check = CyclicCheck()
        var length = 0
        var isTooLong = false
        let ending = inflater.inflate(stored) { piece in
            length += piece.count
            guard context.budget.spend(piece, memberTotal: length, stored: stored.count) else { return false }
            // A reader that believes the declared length would take the bytes beyond it for another member.
            isTooLong = length > entry.declaredSize
            if isTooLong { return false }
            check.add(piece)
            return sink(piece, &context)
        }
        switch ending {
        case .finished(let consumed):
            guard consumed == stored.count else {
                context.find(.zipStreamTrailing, .size(ByteCount(stored.count - consumed)))
                return false
            }
            return agrees(length: length, check, entry, &context)
        case .truncated: context.find(.zipStreamTruncated, .size(ByteCount(length)))
        case .invalid: context.find(.zipStreamBroken, .size(ByteCount(length)))
        case .stopped:
            if isTooLong {
                context.find(.zipLengthWrong, .size(ByteCount(length)), .size(ByteCount(entry.declaredSize)))
            }
        }
        return false
    }

    private static func agrees(
        length: Int, _ check: CyclicCheck, _ entry: ZipEntry, _ context: inout InspectionContext
    ) -> Bool {
        guard length == entry.declaredSize else {
            context.find(.zipLengthWrong, .size(ByteCount(length)), .size(ByteCount(entry.declaredSize)))
            return false
        }
        guard check.value == entry.crc else {
            context.find(.zipChecksumWrong)
            return false
        }
        return true
    }
}
