// What one part of a package is and does. The relationships that lead to it and its bytes decide; its name and declared type only add to that
// (Threats, T5, T14, T15). OpenXMLWalk finds the parts, OpenXMLContent reads the text of a part.

import SluiceModel

struct OpenXMLPartRules {
    private let type: MediaType
    /// Office's own documents, whose parts follow the rules to the letter; other products put anything into their packages.
    private let isStrict: Bool

    init(_ type: MediaType) {
        self.type = type
        isStrict = OpenXMLTypes.isDocument(type)
    }

    /// What the rules know about a part before its bytes are read, and what its bytes turned out to be.
    private struct Look {
        var kinds: Set<String>
        var contentType: String
        var isDeclaredXML: Bool
        var isMain: Bool
        var isImported: Bool { kinds.contains("afchunk") }

        var head: [UInt8] = []
        var root: String?
        var isCompound = false
        var isZip = false
        /// Begins like markup, in one byte a character or two.
        var isMarkup = false
        var isWide = false
        var isHeld = false
    }

    /// - Returns: false when the part could not be expanded to its end.
    func check(
        _ part: OpenXMLWalk.Part, _ content: Span<UInt8>, _ walk: inout OpenXMLWalk, _ context: inout InspectionContext
    ) -> Bool {
        let isBookkeeping = part.name == OpenXMLContentTypes.partName
        let contentType = isBookkeeping ? "application/xml" : walk.types?.type(of: part.name)
        if contentType == nil, isStrict, !Self.isStray(part.name) { context.find(.openXMLPartWithoutType) }
        var look = Look(
            kinds: walk.kinds(of: part.name), contentType: contentType ?? "",
            isDeclaredXML: OpenXMLTypes.isXML(part: part.name, contentType: contentType ?? ""),
            isMain: part.name == walk.mainPart)
        let isRelationships = part.isRelationships
        let most = context.order.archives.heldMember.bytes
        var held: [UInt8] = []
        var scan = XMLDeclarationScan()
        var size = 0
        let whole = ZipStructure.expand(part.entry, in: content, &context) { piece, _ in
            if size == 0 {
                Self.begin(&look, piece, isRelationships: isRelationships)
                // At most what is likely: the declared size is not to be believed.
                if look.isHeld { held.reserveCapacity(min(max(part.entry.declaredSize, 0), 1 << 20)) }
            }
            size += piece.count
            if look.isDeclaredXML { scan.feed(piece) }
            if look.isHeld, Int64(held.count) <= most { piece.withUnsafeBufferPointer { held.append(contentsOf: $0) } }
            return true
        }
        walk.count(size)
        checkKind(part, look, &walk, &context)
        guard whole else { return false }
        if look.isDeclaredXML, isStrict, !look.isImported,
            !(look.isZip && look.contentType.hasSuffix(".main+xml") && !look.isMain)
        {
            switch scan.finish() {
            case .clean: break
            case .declaration: walk.fail(.openXMLDoctype, &context)
            case .notXML: walk.fail(.openXMLNotXML, &context)
            }
        }
        if Self.isProgram(look.head) { context.find(.openXMLProgram) }
        if look.isHeld, Int64(held.count) > most {
            context.find(.openXMLPartTooLarge, .size(ByteCount(held.count)))
            return true
        }
        if isRelationships {
            checkRelationships(held, part, &walk, &context)
        } else {
            checkContent(held, part, look, scan.finish() == .clean, &walk, &context)
        }
        return true
    }

    /// Settles from its beginning whether a part is to be held whole.
    private static func begin(_ look: inout Look, _ piece: Span<UInt8>, isRelationships: Bool) {
        look.head = piece.copy(0..<min(piece.count, 16))
        look.isCompound = piece.has(CompoundFileHeader.signature, at: 0)
        look.isZip = piece.has(ZipSignature.localHeader, at: 0)
        let first = (piece.byte(0) ?? 0, piece.byte(1) ?? 0)
        look.isWide = first == (0xFE, 0xFF) || first == (0xFF, 0xFE) || first == (0x3C, 0) || first == (0, 0x3C)
        var at = piece.has([0xEF, 0xBB, 0xBF], at: 0) ? 3 : 0
        while let byte = piece.byte(at), byte <= 0x20, at < 4096 { at += 1 }
        look.isMarkup = look.isWide || piece.byte(at) == UInt8(ascii: "<")
        if look.isMarkup, !look.isWide { look.root = XMLRoot.name(piece) }
        let isQuiet = look.root.map(OpenXMLContent.quietRoots.contains) ?? false
        let isBinaryLink = !look.isMarkup && (look.kinds.contains("externallink") || look.kinds.contains("connections"))
        look.isHeld =
            isRelationships || look.isImported || look.isCompound || look.isZip || look.isMain || isBinaryLink
            || look.isMarkup && !isQuiet
    }

    // MARK: By relationship and name

    private func checkKind(
        _ part: OpenXMLWalk.Part, _ look: Look, _ walk: inout OpenXMLWalk, _ context: inout InspectionContext
    ) {
        if OpenXMLTypes.isMacro(part: part.name, contentType: look.contentType, kinds: look.kinds) {
            noteMacro(part, &walk, &context)
        }
        if OpenXMLTypes.isActiveX(contentType: look.contentType, kinds: look.kinds) {
            context.find(.openXMLActiveX)
        } else if OpenXMLTypes.isEmbeddedObject(part: part.name, contentType: look.contentType, kinds: look.kinds) {
            context.find(.openXMLEmbeddedObject)
        }
    }

    /// A document that may hold macros has a kind of its own, and is quarantined for them; any other that holds some is not what it says.
    private func noteMacro(_ part: OpenXMLWalk.Part, _ walk: inout OpenXMLWalk, _ context: inout InspectionContext) {
        if OpenXMLTypes.mayHoldMacros(type) || !isStrict {
            context.find(.officeMacro, .text(part.name))
        } else {
            walk.fail(.openXMLMacro, &context)
        }
    }

    // MARK: By bytes

    private func checkRelationships(
        _ held: [UInt8], _ part: OpenXMLWalk.Part, _ walk: inout OpenXMLWalk, _ context: inout InspectionContext
    ) {
        guard let relationships = OpenXMLRelationship.read(held) else {
            if isStrict { walk.fail(.openXMLRelationships, &context) }
            return
        }
        walk.take(relationships, of: part.name, &context)
    }

    private func checkContent(
        _ held: [UInt8], _ part: OpenXMLWalk.Part, _ look: Look, _ isDeclarationFree: Bool, _ walk: inout OpenXMLWalk,
        _ context: inout InspectionContext
    ) {
        if look.isImported { return ImportedPart.inspect(held, &context) }
        if look.isCompound { return inspectCompound(held, part, look, &walk, &context) }
        if look.isZip {
            return context.inspectCarried(
                held.span, named: part.entry.name.lastPart, isObject: look.kinds.contains("oleobject"))
        }
        var root = look.root
        if look.isMarkup, look.isHeld, isDeclarationFree {
            let isActing = root.map(OpenXMLContent.actingRoots.contains) ?? true
            if isActing || look.isWide
                || held.span.firstOffset(of: OpenXMLContent.mark, from: 0, before: held.count) != nil
            {
                root = read(held, look, &walk, &context) ?? root
            }
        } else if look.kinds.contains("externallink"), BinaryWorkbook.hasExchange(held.span) {
            context.find(.openXMLDDE)
        } else if look.kinds.contains("connections"), !look.isMarkup {
            walk.connections.append((context.entry, BinaryWorkbook.connection(held)))
        }
        if look.isMain, type == .wordOpenXML || type == .excelOpenXML, root != OpenXMLTypes.rootElement(of: type) {
            walk.fail(.openXMLMainPart, &context)
        }
    }

    /// Reads a part whose text may act.
    /// - Returns: the name of its root.
    private func read(
        _ held: [UInt8], _ look: Look, _ walk: inout OpenXMLWalk, _ context: inout InspectionContext
    ) -> String? {
        guard context.mayRead(markup: held.count) else {
            context.find(.openXMLPartTooLarge, .size(ByteCount(held.count)))
            return look.root
        }
        let text = OpenXMLContent()
        switch text.read(held) {
        case nil: break
        case .tooDeep: context.find(.openXMLTooDeep, .number(XMLReader.mostDepth))
        case .declaration, .malformed: if isStrict, look.isDeclaredXML { walk.fail(.openXMLNotXML, &context) }
        }
        if text.hasExchange { context.find(.openXMLDDE) }
        for danger in text.dangers {
            switch danger {
            case .exchange: context.find(.openXMLDDE)
            case .fetch(let field, let target):
                context.find(.openXMLExternalRelationship, .text("field \(field)"), .bytes(target))
            }
        }
        for connection in text.connections { walk.connections.append((context.entry, connection)) }
        if text.refreshesOnLoad { walk.refreshesOnLoad = true }
        return text.root
    }

    /// An OLE object, a macro project or what a control keeps. What is damaged in it is the object's matter, not the document's.
    private func inspectCompound(
        _ held: [UInt8], _ part: OpenXMLWalk.Part, _ look: Look, _ walk: inout OpenXMLWalk,
        _ context: inout InspectionContext
    ) {
        var isProject = false
        context.within { context in
            context.isWholeStream = true
            isProject = CompoundFileRecognizer.inspectObject(held.span, &context)
        }
        if isProject, !OpenXMLTypes.isMacro(part: part.name, contentType: look.contentType, kinds: look.kinds) {
            noteMacro(part, &walk, &context)
        }
    }

    /// Leftovers of tools that are no parts: recovered pieces, and what file managers add when a package is zipped by hand.
    private static func isStray(_ name: String) -> Bool {
        name.hasPrefix("[trash]/") || name.hasPrefix("__macosx/") || name.hasSuffix(".ds_store")
    }

    /// `MZ`, ELF or Mach-O.
    private static func isProgram(_ first: [UInt8]) -> Bool {
        let programs: [[UInt8]] = [
            [0x4D, 0x5A], [0x7F, 0x45, 0x4C, 0x46], [0xCF, 0xFA, 0xED, 0xFE], [0xCE, 0xFA, 0xED, 0xFE],
            [0xCA, 0xFE, 0xBA, 0xBE],
        ]
        return programs.contains { first.starts(with: $0) }
    }
}

/// Excel's binary parts ([MS-XLSB]), as far as they act.
enum BinaryWorkbook {
    /// The record that begins an external link says what it leads to (2.4.221, BrtBeginSupBook: 1 is DDE).
    static func hasExchange(_ part: Span<UInt8>) -> Bool {
        var at = 0
        while at < part.count {
            guard let number = number(part, &at, most: 2), let size = self.number(part, &at, most: 4) else {
                return false
            }
            if number == 360 { return part.littleEndian16(at) == 1 }
            at += size
        }
        return false
    }

    /// Seven bits a byte, the lowest first (2.1.4).
    private static func number(_ part: Span<UInt8>, _ at: inout Int, most: Int) -> Int? {
        var value = 0
        for place in 0..<most {
            guard let byte = part.byte(at) else { return nil }
            at += 1
            value |= Int(byte & 0x7F) << (7 * place)
            if byte & 0x80 == 0 { break }
        }
        return value
    }

    /// The list of connections: the address in it, if there is one.
    static func connection(_ part: [UInt8]) -> OpenXMLContent.Connection {
        let text = String(decoding: part.filter { $0 != 0 }, as: UTF8.self)
        let start = ["https://", "http://", "\\\\"].compactMap { text.firstRange(of: $0)?.lowerBound }.min()
        let source = start.map { String(text[$0...].prefix { $0 > " " && $0 < "\u{7F}" }.prefix(300)) } ?? ""
        return OpenXMLContent.Connection(
            kind: "data", source: source, isRemote: RemoteTarget.isRemote(source), isLoadedOnOpening: false)
    }
}
