// Streams that expand without end (Threats, T20): a page of some hundred kilobytes that fills a viewer's memory. Decoding every page
// would cost more than all the rest. So only suspicious streams are decoded: deflated data that repeats itself is hardly ever honest.

import SluiceModel

enum PDFExpansion {
    /// Below this no single filter gets past the floor under which a ratio says nothing (deflate expands 1 032 times at most).
    private static let leastLength = 16 << 10
    private static let window = 256
    /// Different bytes in a window of deflated data: some 160 of 256 in honest data, fewer than 20 where it expands hundreds of times (measured).
    private static let fewBytes = 64
    /// Bytes expanded in all to see whether streams are bombs (chosen: some tenths of a second).
    private static let mostMeasured = 256 << 20

    /// A stream that could expand far.
    struct Suspect {
        var place: Int
        /// Whether its bytes do not show it: filters within each other, or LZW.
        var isOpaque: Bool
    }

    /// Images are held against nothing here: viewers undo no more of them than their dimensions need.
    static func suspect(_ dictionary: PDFDictionary, _ length: Int, at place: Int) -> Suspect? {
        if dictionary.expandingFilters >= 2 { return Suspect(place: place, isOpaque: true) }
        guard dictionary.expandingFilters == 1, length >= leastLength, dictionary.subtype != .image else { return nil }
        return Suspect(place: place, isOpaque: dictionary.usesLZW)
    }

    static func look(
        _ content: Span<UInt8>, _ suspects: [Suspect], _ document: inout PDFDocument, _ context: inout InspectionContext
    ) {
        var measured = 0
        for suspect in suspects {
            let place = document.places[suspect.place]
            let range = Int(place.data.lowerBound)..<Int(place.data.upperBound)
            let isLocked = document.security != nil
            if !isLocked, !suspect.isOpaque, !repeats(content, range) { continue }
            guard let entries = document.entries(content, suspect.place),
                let raw = document.undecoded(content, of: suspect.place, entries)
            else { continue }
            if isLocked, !suspect.isOpaque, !repeats(raw.bytes.span, 0..<raw.bytes.count) { continue }
            guard measured <= mostMeasured,
                let size = expanded(raw.bytes, raw.steps, most: mostMeasured - measured, &context)
            else {
                return context.find(
                    .pdfExpandsTooFar, .number(Int(place.number)), .size(ByteCount(range.count)),
                    .size(ByteCount(mostMeasured)))
            }
            measured += size
            let limits = context.budget.limits
            if size > limits.ratioFloor.bytes, size / max(range.count, 1) > limits.ratio {
                return context.find(
                    .pdfExpandsTooFar, .number(Int(place.number)), .size(ByteCount(range.count)),
                    .size(ByteCount(size)))
            }
        }
    }

    /// Whether more than an eighth of the data, or enough of it to fill a memory, consists of few different bytes.
    private static func repeats(_ content: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var poor = 0
        var start = range.lowerBound
        while start + window <= range.upperBound, start + window <= content.count {
            var seen = SIMD4<UInt64>()
            for offset in start..<start + window {
                let byte = content[offset]
                seen[Int(byte >> 6)] |= 1 << UInt64(byte & 63)
            }
            if (0..<4).reduce(0, { $0 + seen[$1].nonzeroBitCount }) < fewBytes { poor += window }
            start += window
        }
        return poor * 8 > range.count || poor > 64 << 10
    }

    /// How far the stream expands at most on its way through its filters, counted up to where a ratio is clear.
    /// - Returns: `nil` beyond `most`.
    private static func expanded(
        _ bytes: [UInt8], _ steps: [PDFFilterStep], most: Int, _ context: inout InspectionContext
    ) -> Int? {
        var held = bytes
        var largest = 0
        for (number, step) in steps.enumerated() {
            if number == steps.count - 1, step.filter == .flate || step.filter == .shortFlate {
                return count(held, stored: bytes.count, most: most, context).map { max($0, largest) }
            }
            // With a budget of its own: what a page expands to is not what an archive expands to.
            var alone = InspectionContext(
                context.order, recognizers: context.recognizers, magic: context.magic, inflaters: context.inflaters)
            var plain = step
            plain.predictor = 1
            guard case .bytes(let out) = PDFStreams.decode(held, [plain], isExact: true, &alone) else {
                // Too large to be held, or damaged, or an image's own compression.
                return alone.budget.exhausted == nil
                    ? largest : max(largest, Int(context.budget.limits.heldMember.bytes))
            }
            held = out
            largest = max(largest, out.count)
            if largest > most { return nil }
        }
        return largest
    }

    private static func count(_ bytes: [UInt8], stored: Int, most: Int, _ context: InspectionContext) -> Int? {
        let limits = context.budget.limits
        let enough = max(
            Int(limits.ratioFloor.bytes), max(stored, 1).multipliedReportingOverflow(by: limits.ratio + 1).partialValue)
        var total = 0
        let inflater = context.inflaters.take()
        defer { context.inflaters.putBack(inflater) }
        let deflated = Array(bytes.dropFirst(2))  // RFC 1950: two bytes of header
        _ = inflater.inflate(deflated.span) { piece in
            total += piece.count
            return total <= most && total <= enough
        }
        return total > most ? nil : total
    }
}
