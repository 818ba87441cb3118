// Reads text once, in pieces of any size: proves its encoding to the end and counts the features of its category. ByteProof.swift and
// WideProof.swift prove encodings, EncodingChange.swift finds changes between them, DockerFrames.swift strips frames around lines,
// LineSampler.swift reads the lines, TextForms.swift the forms of text, TableReader.swift tables, TextOddities.swift oddities.

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
    private(set) var eight = ByteProof()
    private(set) var wide: WideProof?
    /// Where the text changes between 8-bit and 16-bit characters.
    private(set) var changes = EncodingChanges()
    private(set) var frames: DockerFrames?
    /// NUL ends entries as a line end does: the environment of a process.
    private var isListOfEntries = false
    /// Nothing but NUL was met so far.
    private var isBlankSoFar = true
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
        if at < bytes.count { receive(at == 0 ? bytes : bytes.extracting(at..<bytes.count)) }
    }

    /// Takes off frames, where there are some.
    private mutating func receive(_ bytes: Span<UInt8>) {
        guard var frames else { return consume(bytes) }
        var payload: [UInt8] = []
        frames.strip(bytes) { piece in piece.withUnsafeBufferPointer { payload.append(contentsOf: $0) } }
        self.frames = frames
        if frames.isBroken { stage = .refused } else { consume(payload.span) }
    }

    /// False as soon as the content cannot be text any more.
    var mayBeText: Bool { stage != .refused }

    /// Whether a beginning holds nothing but printable ASCII; cheap.
    static func mayBePlain(_ content: Span<UInt8>) -> Bool {
        for index in 0..<min(content.count, 512) {
            let byte = content[index]
            guard (0x20...0x7E).contains(byte) || (0x07...0x0D).contains(byte) else { return false }
        }
        return true
    }

    /// Whether all that was fed is plain ASCII or UTF-8: then a signature of a few letters at its beginning is a word of the text. Archives of `ar` are
    /// ASCII from end to end where their members are.
    var isPlain: Bool {
        if stage == .opening {
            return !held.isEmpty && Self.mayBePlain(held.span) && !held.starts(with: Array("!<arch>\n".utf8))
        }
        return stage == .bytes && eight.count > 0 && !eight.isUnclean && !head.starts(with: Array("!<arch>\n".utf8))
    }

    // MARK: - How to read it

    private mutating func settle() {
        var bytes = held
        held = []
        if DockerFrames.begin(bytes.span) {
            var payload: [UInt8] = []
            var frames = DockerFrames()
            frames.strip(bytes.span) { piece in piece.withUnsafeBufferPointer { payload.append(contentsOf: $0) } }
            if !frames.isBroken {
                self.frames = frames
                bytes = payload
            }
        }
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
        let first = text.extracting(start..<text.count)
        if var probe = wide {
            var decoded: [UInt8] = []
            probe.decode(first, into: &decoded)
            prepare(decoded.span)
        } else {
            prepare(first)
        }
        consume(first)
        if wide == nil, isBinary(text) { stage = .refused }
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
        isListOfEntries = !hasFeed && !hasReturn && Environment.holds(text)
        let lineEnd: UInt8 = isListOfEntries ? 0 : !hasFeed && hasReturn ? 0x0D : 0x0A
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
        var rest = bytes
        // Each turn reads up to the next change of the encoding, which nearly no text has.
        while !rest.isEmpty {
            let done: Int
            switch stage {
            case .opening, .refused: return
            case .bytes: done = readEight(rest)
            case .wide: done = readWide(rest)
            }
            if done == 0 { return }
            rest = rest.extracting(done..<rest.count)
        }
    }

    /// Reads 8-bit text up to where UTF-16 begins.
    /// - Returns: how many bytes were taken.
    private mutating func readEight(_ bytes: Span<UInt8>) -> Int {
        if isListOfEntries {
            takeEight(bytes)
            return bytes.count
        }
        if !changes.waiting.isEmpty {
            let taken = min(bytes.count, EncodingChanges.aheadOfWide - changes.waiting.count)
            changes.wait(bytes.extracting(..<taken))
            if changes.waiting.count >= EncodingChanges.aheadOfWide { decideEight() }
            return taken
        }
        guard let at = EncodingChanges.nextChange(bytes) else {
            takeEight(bytes)
            return bytes.count
        }
        takeEight(bytes.extracting(..<at))
        changes.wait(bytes.extracting(at..<min(bytes.count, at + EncodingChanges.aheadOfWide)))
        if changes.waiting.count >= EncodingChanges.aheadOfWide { decideEight() }
        return min(bytes.count, at + EncodingChanges.aheadOfWide)
    }

    /// The waiting bytes of 8-bit text are UTF-16, or ordinary NUL characters.
    private mutating func decideEight(least: Int = EncodingChanges.aheadOfWide) {
        let bytes = changes.takeWaiting()
        if eight.count > 0, EncodingChanges.isWide(bytes.span, 0, least: least) {
            beginWide(with: eight.lastByte)
            takeWide(bytes.span)
        } else {
            takeEight(bytes.span)
        }
    }

    private mutating func takeEight(_ bytes: Span<UInt8>) {
        eight.scan(bytes)
        if eight.isImpossible { stage = .refused } else { follow(bytes) }
    }

    /// - Parameter first: of the first character; it was shown to the readers as an 8-bit one.
    private mutating func beginWide(with first: UInt8) {
        changes.note(line: eight.lineEnds + (wide?.lineEnds ?? 0) + 1)
        if wide == nil { wide = WideProof(.utf16LittleEndian, hasMark: false) }
        wide!.begin(with: first)
        changes.skipsFirst = true
        stage = .wide
    }

    /// Reads UTF-16 or UTF-32 up to where 8-bit text begins, in pieces, so that the decoded text stays small.
    /// - Returns: how many bytes were taken.
    private mutating func readWide(_ bytes: Span<UInt8>) -> Int {
        if !changes.waiting.isEmpty {
            let taken = min(bytes.count, EncodingChanges.aheadOfEight - changes.waiting.count)
            changes.wait(bytes.extracting(..<taken))
            if changes.waiting.count >= EncodingChanges.aheadOfEight { decideWide() }
            return taken
        }
        if changes.isBehindLineEnd {
            changes.isBehindLineEnd = false
            let taken = min(bytes.count, EncodingChanges.aheadOfEight)
            changes.wait(bytes.extracting(..<taken))
            if taken == EncodingChanges.aheadOfEight { decideWide() }
            return taken
        }
        let end = min(bytes.count, 16 << 10)
        var decoded: [UInt8] = []
        let mayChange = wide!.isOfTwoBytes
        let done = wide!.decode(bytes.extracting(..<end), into: &decoded) { offset in
            mayChange
                && (bytes.count - offset < EncodingChanges.aheadOfEight || EncodingChanges.isEight(bytes, offset))
        }
        show(decoded)
        changes.isBehindLineEnd = mayChange && done == bytes.count && wide!.endsLine
        guard stage == .wide, done < bytes.count, done < end || EncodingChanges.isEight(bytes, done) else {
            return done
        }
        changes.wait(bytes.extracting(done..<min(bytes.count, done + EncodingChanges.aheadOfEight)))
        let taken = done + changes.waiting.count
        if changes.waiting.count >= EncodingChanges.aheadOfEight { decideWide() }
        return taken
    }

    /// The waiting bytes behind a line end of UTF-16 are 8-bit text, or more UTF-16.
    private mutating func decideWide(least: Int = EncodingChanges.aheadOfEight) {
        let bytes = changes.takeWaiting()
        if EncodingChanges.isEight(bytes.span, 0, least: least) {
            changes.note(line: eight.lineEnds + wide!.lineEnds + 1)
            stage = .bytes
            takeEight(bytes.span)
        } else {
            takeWide(bytes.span)
        }
    }

    private mutating func takeWide(_ bytes: Span<UInt8>) {
        var decoded: [UInt8] = []
        wide!.decode(bytes, into: &decoded)
        show(decoded)
    }

    private mutating func show(_ decoded: [UInt8]) {
        if wide!.isImpossible { stage = .refused }
        guard !decoded.isEmpty else { return }
        if changes.skipsFirst {
            changes.skipsFirst = false
            follow(decoded.span.extracting(1..<decoded.count))
        } else {
            follow(decoded.span)
        }
    }

    /// Shows text to the readers that do not care for its encoding.
    private mutating func follow(_ piece: Span<UInt8>) {
        var text = piece
        if isBlankSoFar {
            // A hole of NUL at the beginning must not hide the text from the sample.
            var zeros = 0
            while zeros < text.count && text[zeros] == 0 { zeros += 1 }
            if zeros == text.count { return }
            text = text.extracting(zeros..<text.count)
            isBlankSoFar = false
        }
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

    /// The content as text, where it can be text.
    consuming func recognition(_ context: inout InspectionContext) -> Recognition? {
        mayBeText ? finish(declaredExtension: context.declaredExtension, &context) : nil
    }

    private consuming func conclude(_ declaredExtension: FileExtension, _ context: inout InspectionContext?)
        -> Recognition?
    {
        if stage == .opening { settle() }
        // The bytes that still wait are decided by what there is.
        if stage == .bytes, !changes.waiting.isEmpty { decideEight(least: 5) }
        if stage == .wide, !changes.waiting.isEmpty { decideWide(least: 4) }
        guard stage != .refused else { return refuse(&context) }
        if hasMark || wide?.hasMark == true, eight.count == 0, (wide?.units ?? 0) == 0, wide?.isCut != true {
            if context?.depth == 0 { context!.find(.contentEmpty) }
            return Recognition(RecognizedType(.empty, .proven, detail: "empty but for the mark of an encoding"))
        }
        guard eight.count > 0 || wide != nil else { return refuse(&context) }
        var encoding = wide?.encoding ?? .ascii
        var malformed = 0
        if eight.count > 0 {
            // Asked only where the text is neither ASCII nor UTF-8.
            let (isList, isWordy) = (isListOfEntries, eight.firstMalformed == nil || Self.isWordy(head.span))
            guard let reading = eight.finish(isWordy: isWordy, isListOfEntries: isList),
                changes.count > 0 || !isBinary(head.span)
            else { return refuse(&context) }
            switch reading {
            case .text(let proven): encoding = hasMark && (proven == .ascii || proven == .utf8) ? .utf8WithMark : proven
            case .mixed(let places):
                encoding = hasMark ? .utf8WithMark : .utf8
                malformed = places
            }
        }
        if let wide, !wide.isText() { return refuse(&context) }
        sampler.finish()
        card?.finish(&cardText, encoding)
        table?.finish()

        var features = TextFeatures(encoding: encoding)
        sampler.classifier.write(&features)
        let endsInLine = stage == .wide ? wide!.endsInLine : eight.endsInLine
        features[.lines] = (wide?.lineEnds ?? 0) + eight.lineEnds + (endsInLine ? 1 : 0)
        features[.nulCharacters] = (wide?.nulCount ?? 0) + eight.nulCount
        features[.formulaCells] = table?.formulas ?? 0

        let form = mediaType(declaredExtension, features)
        if context != nil {
            noteOddities(malformed: malformed, &context!)
            if let words = TextForms.words(form) {
                context!.find(.textLooksLike, .text(words))
            } else if let tag = MarkupMentions.first(in: head.span) {
                context!.find(.textMentionsMarkup, .text(tag))
            }
            if let place = sampler.privateKey { context!.find(.textPrivateKey, .text(place)) }
            noteTable(&context!)
        }
        let count = features[.lines]
        let detail = "\(encoding.words) text, \(count.grouped) \(count == 1 ? "line" : "lines")"
        return Recognition(RecognizedType(form, .proven, detail: detail), text: features)
    }

    /// Tells where the content ceased to be text.
    private func refuse(_ context: inout InspectionContext?) -> Recognition? {
        context?.notText = TextOddities.reason(eight: eight, wide: wide)
        return nil
    }

    /// Letters, figures and blanks make up three quarters of the ASCII characters (chosen: of random ones two thirds), and no control character is there
    /// but line ends and tabs.
    private static func isWordy(_ head: Span<UInt8>) -> Bool {
        var ascii = 0
        var wordy = 0
        for index in head.indices where head[index] < 0x80 {
            let byte = head[index]
            ascii += 1
            if (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x20 || byte == 0x0A
                || byte == 0x0D || byte == 0x09
            {
                wordy += 1
            } else if byte < 0x20 || byte == 0x7F, head.count <= 64 {
                return false
            }
        }
        return wordy * 4 >= ascii * (ascii < 12 ? 2 : 3)
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

extension InspectionContext {
    /// A scanner for the content at hand, which may be text. The card collects from the text.
    func newScanner() -> TextScanner {
        card?.enter(entry)
        return TextScanner(declaredExtension: declaredExtension, card: card)
    }
}
