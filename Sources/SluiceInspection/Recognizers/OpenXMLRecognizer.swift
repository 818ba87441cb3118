// Office documents in OPC packages: docx and xlsx to the last byte, every other package by its own name. The zip around it is ZipStructure's;
// names of types are OpenXMLTypes', bookkeeping parts OpenXMLPackage's. OPC shares the zip's limits but not the rules about member names.

import SluiceModel

enum OpenXMLRecognizer: Recognizer {
    static func claims(_ content: Span<UInt8>) -> Bool { content.has(ZipSignature.localHeader, at: 0) }

    /// - Returns: `nil`, without findings, for a zip that is no OPC package.
    static func recognize(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition? {
        let before = context.log
        guard let structure = ZipStructure.read(content, &context), isPackage(structure) else {
            context.log = before
            return nil
        }
        return recognize(structure, in: content, &context)
    }

    /// Whether a zip is an OPC package: it has a `[Content_Types].xml` at its top.
    static func isPackage(_ structure: ZipStructure) -> Bool {
        structure.entries.contains {
            OpenXMLPart.normalize(String(decoding: $0.name, as: UTF8.self)) == OpenXMLContentTypes.partName
        }
    }

    /// Recognizes a package whose zip has been read already.
    static func recognize(
        _ structure: ZipStructure, in content: Span<UInt8>, _ context: inout InspectionContext
    ) -> Recognition {
        var package = OpenXMLWalk(structure)
        let container = context.entry
        defer { context.entry = container }
        let type = package.identify(content, &context)
        context.entry = container
        guard type == .wordOpenXML || type == .excelOpenXML else {
            // Another product's package: its name is enough, since nothing allows it by itself.
            return Recognition(RecognizedType(type, package.isSound && structure.isComplete ? .structure : .signature))
        }
        package.walk(content, as: type, &context)
        context.entry = container
        let basis: RecognizedType.Basis = package.isSound && structure.isComplete ? .proven : .signature
        let product = type == .wordOpenXML ? "Word document" : "Excel workbook"
        return Recognition(RecognizedType(type, basis, detail: "\(product), \(package.parts.count) parts"))
    }
}

/// One walk over a package's parts.
struct OpenXMLWalk {
    /// A part: a zip entry under its normalized name.
    struct Part {
        var name: String
        var entry: ZipEntry
    }

    private(set) var parts: [Part] = []
    /// Entries for folders: no parts, but their bytes count.
    private var folders: [ZipEntry] = []
    /// Nothing broken has been met.
    private(set) var isSound = true
    private var types: OpenXMLContentTypes?
    private var mainPart: String?

    init(_ structure: ZipStructure) {
        for entry in structure.entries {
            if entry.isDirectory {
                folders.append(entry)
                continue
            }
            parts.append(Part(name: OpenXMLPart.normalize(String(decoding: entry.name, as: UTF8.self)), entry: entry))
        }
    }

    // MARK: What it is

    /// Reads the bookkeeping: content types, then the package's relationship to its main part, whose content type decides.
    mutating func identify(_ content: Span<UInt8>, _ context: inout InspectionContext) -> MediaType {
        checkNames(&context)
        guard let bytes = hold(OpenXMLContentTypes.partName, content, &context), let types = OpenXMLContentTypes(bytes)
        else {
            fail(.openXMLContentTypes, &context)
            return OpenXMLTypes.package
        }
        self.types = types
        if let product = OpenXMLTypes.product(parts: parts.map(\.name)) { return product }
        guard let relationships = hold("_rels/.rels", content, &context).flatMap({ OpenXMLRelationship.read($0) })
        else {
            fail(.openXMLNoMainPart, &context)
            return OpenXMLTypes.package
        }
        let mains = relationships.filter {
            ["officedocument", "document", "fixedrepresentation", "3dmodel"].contains($0.kind) && !$0.isExternal
        }
        guard let main = mains.first, mains.allSatisfy({ $0.target == main.target }),
            let part = OpenXMLPart.resolve(target: main.target),
            parts.contains(where: { $0.name == part }), let type = types.type(of: part)
        else {
            fail(.openXMLNoMainPart, &context)
            return OpenXMLTypes.package
        }
        mainPart = part
        return OpenXMLTypes.package(mainPart: type) ?? OpenXMLTypes.package
    }

    /// Two parts of one name, or names that lead out of the package.
    private mutating func checkNames(_ context: inout InspectionContext) {
        var seen: Set<String> = []
        for part in parts {
            if !seen.insert(part.name).inserted { fail(.openXMLDuplicatePart, &context, .text(part.name)) }
            if part.name.split(separator: "/", omittingEmptySubsequences: false).contains("..") {
                fail(.openXMLPartName, &context, .text(part.name))
            }
        }
    }

    // MARK: Every part

    /// Expands every part to its end, so that every byte of the file is accounted for, and applies the rules.
    mutating func walk(_ content: Span<UInt8>, as type: MediaType, _ context: inout InspectionContext) {
        let container = context.entry
        for folder in folders {
            context.enter(member: folder.name, of: container)
            if !context.budget.spendEntry() || !ZipStructure.expand(folder, in: content, &context, to: { _, _ in true })
            {
                isSound = false
            }
        }
        for part in parts {
            context.entry = container
            guard context.budget.spendEntry() else { return giveUp(&context) }
            context.enter(member: part.entry.name, of: container)
            check(part, content, as: type, &context)
            if context.budget.exhausted != nil { return giveUp(&context) }
        }
    }

    private mutating func check(
        _ part: Part, _ content: Span<UInt8>, as type: MediaType, _ context: inout InspectionContext
    ) {
        let isBookkeeping = part.name == OpenXMLContentTypes.partName
        let contentType = isBookkeeping ? "application/xml" : types?.type(of: part.name)
        if contentType == nil, !Self.isStray(part.name) { context.find(.openXMLPartWithoutType) }
        let known = contentType ?? ""
        if OpenXMLTypes.isMacro(part: part.name, contentType: known) { fail(.openXMLMacro, &context) }
        if OpenXMLTypes.isActiveX(contentType: known) {
            context.find(.openXMLActiveX)
        } else if OpenXMLTypes.isEmbeddedObject(part: part.name, contentType: known) {
            context.find(.openXMLEmbeddedObject)
        }

        let isXML = OpenXMLTypes.isXML(part: part.name, contentType: known)
        let isMain = part.name == mainPart
        let wantsWhole =
            OpenXMLPart.isRelationships(part.name) || OpenXMLTypes.holdsFields(contentType: known)
            || OpenXMLTypes.isExternalLink(contentType: known) || isMain
        let most = context.order.archives.heldMember.bytes
        var held: [UInt8] = []
        var scan = XMLDeclarationScan()
        var first: [UInt8] = []
        let whole = ZipStructure.expand(part.entry, in: content, &context) { piece, _ in
            if first.isEmpty { first = piece.copy(0..<4) }
            if isXML { scan.feed(piece) }
            if wantsWhole, Int64(held.count) <= most { piece.withUnsafeBufferPointer { held.append(contentsOf: $0) } }
            return true
        }
        guard whole else {
            isSound = false
            return
        }
        if isXML {
            switch scan.finish() {
            case .clean: break
            case .declaration: fail(.openXMLDoctype, &context)
            case .notXML: fail(.openXMLNotXML, &context)
            }
        } else if Self.isProgram(first) {
            context.find(.openXMLProgram)
        }
        guard wantsWhole else { return }
        guard Int64(held.count) <= most else { return context.find(.openXMLPartTooLarge, .size(ByteCount(held.count))) }
        checkWhole(held, part, known, isMain: isMain, as: type, &context)
    }

    /// The rules that need a part's text.
    private mutating func checkWhole(
        _ held: [UInt8], _ part: Part, _ contentType: String, isMain: Bool, as type: MediaType,
        _ context: inout InspectionContext
    ) {
        if isMain {
            var scanner = XMLScanner(held)
            let root = try? scanner?.next()
            if root?.name != OpenXMLTypes.rootElement(of: type) { fail(.openXMLMainPart, &context) }
        }
        if OpenXMLPart.isRelationships(part.name) {
            guard let relationships = OpenXMLRelationship.read(held) else {
                return fail(.openXMLRelationships, &context)
            }
            for relationship in relationships { OpenXMLRelationshipRules.check(relationship, &context) }
        } else if OpenXMLTypes.isExternalLink(contentType: contentType) {
            if OpenXMLFields.hasDDE(externalLink: held) { context.find(.openXMLDDE) }
        } else if OpenXMLTypes.holdsFields(contentType: contentType), let text = XMLScanner.utf8(held),
            OpenXMLFields.hasDDE(word: text)
        {
            context.find(.openXMLDDE)
        }
    }

    // MARK: Means

    /// Expands a bookkeeping part. The walk expands it again with the budget: it is small, or refused.
    private func hold(_ name: String, _ content: Span<UInt8>, _ context: inout InspectionContext) -> [UInt8]? {
        // Chosen: a package of ten thousand parts needs less than 2 MiB to list them.
        let most = 4 << 20
        guard let part = parts.first(where: { $0.name == name }) else { return nil }
        var held: [UInt8] = []
        let container = context.entry
        context.enter(member: part.entry.name, of: container)
        defer { context.entry = container }
        let whole = ZipStructure.expand(part.entry, in: content, &context) { piece, _ in
            piece.withUnsafeBufferPointer { held.append(contentsOf: $0) }
            return held.count <= most
        }
        return whole ? held : nil
    }

    private mutating func fail(_ definition: FindingDefinition, _ context: inout InspectionContext, _ facts: Fact...) {
        context.log.add(definition, entry: context.entry, facts)
        isSound = false
    }

    private mutating func giveUp(_ context: inout InspectionContext) {
        context.noteExhaustion()  // which budget, and the figure against its limit
        fail(.openXMLOverBudget, &context)
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
