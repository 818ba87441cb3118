// Reads text once, in pieces of any size: proves its encoding to the end and counts what the category rests on. The proofs of encodings are in
// ByteProof.swift and WideProof.swift, the lines in LineSampler.swift, the forms of text in TextForms.swift, tables in TableReader.swift.

import SluiceModel

/// A streaming reader of text. Feed it all bytes in order; the answer does not depend on how they were cut.
struct TextScanner {
    /// Bytes held back until it is settled how they are to be read.
    private static let opening = 1024
    /// Beginning and end kept to see the form of the text.
    private static let keptHead = 4096
    private static let keptTail = 256

    private enum Stage { case opening, bytes, wide, refused }

    private let declaredExtension: FileExtension
    private var stage = Stage.opening
    private var held: [UInt8] = []
    private var hasMark = false
    private var eight = ByteProof()
    private var wide: WideProof?
    private var sampler = LineSampler(lineEnd: 0x0A)
    private var json: JSONProof?
    private var table: TableReader?
    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    private var keepsTail = false
    private let card: CardCollector?
    private var cardText = CardText(lineEnd: 0x0A)

    /// - Parameter declaredExtension: with `csv`, rows, quotes and formula cells are read as well.
    init(declaredExtension: FileExtension, card: CardCollector? = nil) {
        self.declaredExtension = declaredExtension
        self.card = card
    }

    init() { self.init(declaredExtension: "") }

    /// Cheap once the content is known not to be text; then it only counts.
    mutating func feed(_ bytes: Span<UInt8>) {
        var at = 0
        if stage == .opening {
            at = min(bytes.count, Self.opening - held.count)
            bytes.extracting(..<at).withUnsafeBufferPointer { held.append(contentsOf: $0) }
            if held.count < Self.opening { return }
            settle()
        }
        if at < bytes.count { consume(at == 0 ? bytes : bytes.extracting(at..<bytes.count)) }
    }

    /// False as soon as the content cannot be text any more.
    var mayBeText: Bool { stage != .refused }

    // MARK: - How to read it

    private mutating func settle() {
        let bytes = held
        held = []
        let text = bytes.span
        var start = 0
        // The Unicode Standard §23.8: byte order marks. UTF-32 first, since its mark begins with that of UTF-16.
        if text.has([0xFF, 0xFE, 0, 0], at: 0) {
            wide = WideProof(.utf32LittleEndian, hasMark: true)
            start = 4
        } else if text.has([0, 0, 0xFE, 0xFF], at: 0) {
            wide = WideProof(.utf32BigEndian, hasMark: true)
            start = 4
        } else if text.has([0xFF, 0xFE], at: 0) {
            wide = WideProof(.utf16LittleEndian, hasMark: true)
            start = 2
        } else if text.has([0xFE, 0xFF], at: 0) {
            wide = WideProof(.utf16BigEndian, hasMark: true)
            start = 2
        } else if text.has([0xEF, 0xBB, 0xBF], at: 0) {
            hasMark = true
            start = 3
        } else if let encoding = WideProof.guess(text) {
            wide = WideProof(encoding, hasMark: false)
        }
        stage = wide == nil ? .bytes : .wide
        var decoded: [UInt8] = []
        if wide != nil {
            wide!.decode(text.extracting(start..<text.count), into: &decoded)
            prepare(decoded.span)
        } else {
            prepare(text.extracting(start..<text.count))
        }
        if wide != nil {
            follow(decoded.span)
        } else {
            consume(text.extracting(start..<text.count))
            if isBinary(text) { stage = .refused }
        }
    }

    /// Chooses the readers by the first characters.
    private mutating func prepare(_ text: Span<UInt8>) {
        var hasFeed = false
        var hasReturn = false
        var first: UInt8?
        for index in text.indices {
            let byte = text[index]
            if byte == 0x0A { hasFeed = true }
            if byte == 0x0D { hasReturn = true }
            if first == nil && byte > 0x20 { first = byte }
        }
        let lineEnd: UInt8 = !hasFeed && hasReturn ? 0x0D : 0x0A
        sampler = LineSampler(lineEnd: lineEnd)
        cardText = CardText(lineEnd: lineEnd)
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { json = JSONProof() }
        keepsTail = first == UInt8(ascii: "<")
        if declaredExtension == "csv" { table = TableReader() }
    }

    /// A known binary format's first bytes, where the rest is not plain text either; some formats are text but for a few bytes.
    private func isBinary(_ beginning: Span<UInt8>) -> Bool {
        // These two can be ASCII from end to end and are another reader's all the same.
        var start = 0
        while let byte = beginning.byte(start), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            start += 1
        }
        if beginning.has("!<arch>\n", at: 0) || beginning.has("%PDF-", at: start) { return true }
        guard eight.isUnclean else { return false }
        return SignatureTable.mediaType(of: beginning) != nil || Self.isTarHeader(beginning)
    }

    /// A tar header without a magic: its checksum says so (POSIX.1-1988 ustar; v7 summed alike).
    private static func isTarHeader(_ beginning: Span<UInt8>) -> Bool {
        guard beginning.count >= 512 else { return false }
        var declared = 0
        var digits = 0
        for index in 148..<156 {
            let byte = beginning[index]
            guard (0x30...0x37).contains(byte) else {
                if byte == 0x20 && digits == 0 { continue }
                break
            }
            declared = declared << 3 | Int(byte & 7)
            digits += 1
        }
        var sum = 8 * 0x20
        for index in 0..<512 where !(148..<156).contains(index) { sum += Int(beginning[index]) }
        return digits > 0 && sum == declared && sum > 8 * 0x20
    }

    // MARK: - Reading

    private mutating func consume(_ bytes: Span<UInt8>) {
        switch stage {
        case .opening, .refused: return
        case .bytes:
            eight.scan(bytes)
            if eight.isImpossible { stage = .refused } else { follow(bytes) }
        case .wide:
            // In pieces, so that the decoded text stays small.
            var decoded: [UInt8] = []
            var at = 0
            while at < bytes.count && stage == .wide {
                let end = min(at + 16 << 10, bytes.count)
                decoded.removeAll(keepingCapacity: true)
                wide!.decode(bytes.extracting(at..<end), into: &decoded)
                if wide!.isImpossible { stage = .refused }
                follow(decoded.span)
                at = end
            }
        }
    }

    /// Shows text to the readers that do not care for its encoding.
    private mutating func follow(_ text: Span<UInt8>) {
        if head.count < Self.keptHead {
            // One copy of the piece; the pointer does not outlive the call.
            text.extracting(..<min(text.count, Self.keptHead - head.count)).withUnsafeBufferPointer {
                head.append(contentsOf: $0)
            }
        }
        sampler.take(text)
        card?.take(text, &cardText)
        if json != nil {
            json!.take(text)
            if !json!.isPossible { json = nil }
        }
        if table != nil { table!.take(text) }
        if keepsTail {
            if text.count >= Self.keptTail {
                tail = text.copy(text.count - Self.keptTail..<text.count)
            } else {
                tail += text.copy(0..<text.count)
                if tail.count > Self.keptTail { tail.removeFirst(tail.count - Self.keptTail) }
            }
        }
    }

    // MARK: - The answer

    /// - Returns: `nil` when it is not text. The media type is `text/plain` or that of a text format that shows itself (HTML, XML, RTF …).
    consuming func finish(declaredExtension: FileExtension) -> Recognition? {
        var none: InspectionContext?
        return conclude(declaredExtension, &none)
    }

    /// The same, and notes what is odd about the text.
    consuming func finish(declaredExtension: FileExtension, _ context: inout InspectionContext) -> Recognition? {
        var noted: InspectionContext? = context
        let recognition = conclude(declaredExtension, &noted)
        if let noted { context = noted }
        return recognition
    }

    private consuming func conclude(_ declaredExtension: FileExtension, _ context: inout InspectionContext?)
        -> Recognition?
    {
        if stage == .opening { settle() }
        let encoding: TextFeatures.Encoding
        var malformed = 0
        switch stage {
        case .opening, .refused: return nil
        case .bytes:
            guard let reading = eight.finish(), !isBinary(head.span) else { return nil }
            switch reading {
            case .text(let proven): encoding = hasMark && (proven == .ascii || proven == .utf8) ? .utf8WithMark : proven
            case .mixed(let places):
                encoding = hasMark ? .utf8WithMark : .utf8
                malformed = places
            }
        case .wide:
            guard wide!.isText() else { return nil }
            encoding = wide!.encoding
        }
        sampler.finish()
        card?.finish(&cardText)
        table?.finish()

        var features = TextFeatures(encoding: encoding)
        sampler.classifier.write(&features)
        let ends = wide?.lineEnds ?? eight.lineEnds
        features[.lines] = ends + ((wide?.endsInLine ?? eight.endsInLine) ? 1 : 0)
        let nuls = wide?.nulCount ?? eight.nulCount
        features[.nulCharacters] = nuls
        features[.formulaCells] = table?.formulas ?? 0

        let form = mediaType(declaredExtension, features)
        if context != nil {
            if nuls > 0 { context!.find(.textNulCharacters, .number(nuls), .number(wide?.nulRuns ?? eight.nulRuns)) }
            if malformed > 0 { context!.find(.textMixedEncoding, .number(malformed)) }
            if let words = TextForms.words(form) { context!.find(.textLooksLike, .text(words)) }
            if let place = sampler.privateKey { context!.find(.textPrivateKey, .text(place)) }
            noteTable(&context!)
        }
        let count = features[.lines]
        let detail = "\(encoding.words) text, \(count.grouped) \(count == 1 ? "line" : "lines")"
        return Recognition(RecognizedType(form, malformed > 0 ? .structure : .proven, detail: detail), text: features)
    }

    private mutating func mediaType(_ declaredExtension: FileExtension, _ features: TextFeatures) -> MediaType {
        if let form = TextForms.form(head: head.span, tail: tail.span) { return form }
        if json?.finish() == true { return .json }
        guard declaredExtension == "csv" else { return .plainText }
        if let table { return table.isTable ? .csv : .plainText }
        // Fed without the extension: the sampled lines decide.
        return features[.columns] >= 2
            && features[.delimitedLines] * 10 >= (features[.sampledLines] - features[.blankLines]) * 9
            ? .csv : .plainText
    }

    private func noteTable(_ context: inout InspectionContext) {
        guard let table else { return }
        let (width, alike) = table.usual
        if table.hasUnclosedQuote { context.find(.textUnclosedQuote, .number(table.quotedFrom)) }
        if width > 0 && alike < table.rows {
            context.find(.textRaggedTable, .number(table.rows - alike), .number(table.rows), .number(width))
        }
        if let first = table.firstFormula {
            context.find(.textFormulaCells, .number(table.formulas), .number(first.row), .number(first.column))
        }
    }
}
