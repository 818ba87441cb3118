// The data of a document's streams: where it ends, which filters apply, decrypted and decoded.

import SluiceModel

extension PDFDocument {
    /// The dictionary of a place's stream.
    mutating func entries(_ content: Span<UInt8>, _ index: Int) -> PDFEntries? {
        if case .dictionary(let entries)? = value(content, at: .place(index)) { entries } else { nil }
    }

    /// The content of the stream at a place.
    /// - Parameter isFile: whether it is a file that the document carries.
    mutating func data(
        _ content: Span<UInt8>, of index: Int, _ entries: PDFEntries, isFile: Bool = false,
        _ context: inout InspectionContext
    ) -> PDFDecoded {
        guard let raw = undecoded(content, of: index, entries, isFile: isFile) else {
            return .unreadable(takeDoubt() ?? "unclear filters")
        }
        return PDFStreams.decode(raw.bytes, raw.steps, isExact: raw.isExact, &context)
    }

    /// The bytes of a place's stream, decrypted, and the filters that undo them.
    /// - Returns: `nil` when viewers may differ in them; `takeDoubt` may say why.
    mutating func undecoded(
        _ content: Span<UInt8>, of index: Int, _ entries: PDFEntries, isFile: Bool = false
    ) -> (bytes: [UInt8], steps: [PDFFilterStep], isExact: Bool)? {
        _ = takeDoubt()
        // Some viewers accept the short keys of inline images here as well; no program writes them.
        let isShort = entries.has(.shortParameters) || entries.values(of: .file).contains { hasFilter($0) }
        guard !isShort, let steps = steps(content, entries) else { return nil }
        let stream = range(content, index, entries)
        guard !isInDoubt else { return nil }
        var bytes = content.copy(stream.range)
        let place = places[index]
        let crypt = steps.first { $0.filter == .crypt }
        if entries.values(of: .type).first?.known != .crossReference,
            let cipher = security?.stream(
                of: Int(place.number), Int(place.generation),
                filter: crypt.map { $0.name ?? Array(PDFName.identity.rawValue.utf8) }, isFile: isFile)
        {
            bytes = cipher.decrypt(bytes)
        }
        return (bytes, steps, stream.isExact)
    }

    private func hasFilter(_ value: PDFValue) -> Bool {
        switch value {
        case .name: true
        case .array(let items): items.contains { $0.known != nil }
        case .reference: true
        default: false
        }
    }

    /// The stream's bytes. Where the sweep did not know the length, it may stand in an object that was found later.
    private mutating func range(
        _ content: Span<UInt8>, _ index: Int, _ entries: PDFEntries
    ) -> (range: Range<Int>, isExact: Bool) {
        let place = places[index]
        let start = Int(place.data.lowerBound)
        let range = start..<max(start, min(Int(place.data.upperBound), content.count))
        if place.isExact { return (range, true) }
        guard case .integer(let length) = value(content, of: .length, in: entries), length >= 0,
            length <= content.count - start
        else { return (range, false) }
        var end = start + length
        while end < min(content.count, start + length + 4), PDFLexer.isBlank(content[end]) { end += 1 }
        return content.has("endstream", at: end) ? (start..<start + length, true) : (range, false)
    }

    /// The filters in their order (table 5).
    /// - Returns: `nil` when they are given in a form that no program writes.
    mutating func steps(_ content: Span<UInt8>, _ entries: PDFEntries) -> [PDFFilterStep]? {
        let filters: [PDFValue]
        switch value(content, of: .filter, in: entries) {
        case .null: return []
        case .name(let name): filters = [.name(name)]
        case .array(let items): filters = items
        default: return nil
        }
        let parameters: [PDFValue]
        switch value(content, of: .parameters, in: entries) {
        case .null: parameters = []
        case .array(let items): parameters = items
        case let one: parameters = [one]
        }
        var steps: [PDFFilterStep] = []
        for (index, filter) in filters.prefix(16).enumerated() {
            guard case .name(let name) = resolve(content, filter) else { return nil }
            var step = PDFFilterStep(filter: PDFName.known(name))
            if index < parameters.count, case .dictionary(let given) = resolve(content, parameters[index]) {
                set(content, &step, given)
            }
            steps.append(step)
        }
        return steps
    }

    private mutating func set(_ content: Span<UInt8>, _ step: inout PDFFilterStep, _ given: PDFEntries) {
        func integer(_ name: PDFName, _ usual: Int) -> Int {
            if case .integer(let value) = value(content, of: name, in: given) { value } else { usual }
        }
        switch step.filter {
        case .flate, .shortFlate, .lzw, .shortLZW:
            step.predictor = integer(.predictor, 1)
            step.columns = integer(.columns, 1)
            step.colors = integer(.colors, 1)
            step.sampleBits = integer(.sampleBits, 8)
            step.earlyChange = integer(.earlyChange, 1) == 0 ? 0 : 1
        case .crypt:
            if case .name(let name) = value(content, of: .name, in: given) { step.name = name }
        default: break
        }
    }
}
