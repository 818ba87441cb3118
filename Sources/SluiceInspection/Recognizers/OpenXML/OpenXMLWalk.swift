// The walk over a package's parts: first the bookkeeping (content types and relationships), then every part to its end, within the budgets. What
// a part may be and do is OpenXMLPartRules'. OPC shares the zip's limits but not the rules about member names.

import SluiceModel

/// One walk over a package's parts.
struct OpenXMLWalk {
    /// A part: a zip entry under its normalized name.
    struct Part {
        let name: String
        let entry: ZipEntry
        let isRelationships: Bool

        init(_ entry: ZipEntry) {
            self.entry = entry
            name = OpenXMLPart.normalize(String(decoding: entry.name, as: UTF8.self))
            isRelationships = OpenXMLPart.isRelationships(name)
        }
    }

    private(set) var parts: [Part] = []
    /// Entries for folders: no parts, but their bytes count.
    private var folders: [ZipEntry] = []
    /// Nothing broken has been met.
    private(set) var isSound = true
    private(set) var types: OpenXMLContentTypes?
    private(set) var mainPart: String?
    /// By part: under which kinds of relationships it is known, from anywhere in the package.
    private var kinds: [String: Set<String>] = [:]
    /// The sizes of the whole package, for its ratio.
    private let size: Int
    private var expanded = 0
    /// Data connections, with the part that has them, and whether something makes Excel use them on opening.
    var connections: [(entry: EntryName?, connection: OpenXMLContent.Connection)] = []
    var refreshesOnLoad = false

    init(_ structure: ZipStructure, size: Int) {
        self.size = size
        for entry in structure.entries {
            if entry.isDirectory {
                folders.append(entry)
                continue
            }
            parts.append(Part(entry))
        }
    }

    func kinds(of part: String) -> Set<String> { kinds[part] ?? [] }

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
        // Relationships first: they say what the other parts are.
        let bookkeeping = parts.filter(\.isRelationships)
        let others = parts.filter { !$0.isRelationships }
        let rules = OpenXMLPartRules(type)
        for part in bookkeeping + others {
            context.entry = container
            guard context.budget.spendEntry() else { return giveUp(&context) }
            context.enter(member: part.entry.name, of: container)
            if rules.check(part, content, &self, &context) {
                noteRatio(&context)
            } else {
                isSound = false
            }
            if context.budget.exhausted != nil { return giveUp(&context) }
        }
        reportConnections(&context)
    }

    /// Notes what a list of relationships says about parts, and applies the rules about what leads out.
    mutating func take(_ relationships: [OpenXMLRelationship], of part: String, _ context: inout InspectionContext) {
        let source = OpenXMLPart.source(ofRelationships: part)
        for relationship in relationships {
            OpenXMLRelationshipRules.check(relationship, &context)
            if relationship.leads { continue }
            // Some readers undo percent-escapes in targets, some do not.
            let unescaped = OpenXMLPart.unescaped(relationship.target)
            for target in unescaped.map({ [relationship.target, $0] }) ?? [relationship.target] {
                guard let part = OpenXMLPart.resolve(target: target, from: source) else { continue }
                kinds[part, default: []].insert(relationship.kind)
            }
        }
    }

    mutating func count(_ bytes: Int) { expanded += bytes }

    /// Many parts, each below the floor from which a member's ratio counts, are a bomb as well (Threats, T20).
    private func noteRatio(_ context: inout InspectionContext) {
        let limits = context.budget.limits
        guard Int64(expanded) > limits.ratioFloor.bytes, expanded / max(size, 1) > limits.ratio else { return }
        _ = context.budget.spend(0, memberTotal: expanded, stored: size)
    }

    private func reportConnections(_ context: inout InspectionContext) {
        let own = context.entry
        defer { context.entry = own }
        for (entry, connection) in connections {
            context.entry = entry
            let source = connection.source.isEmpty ? "a source that it does not name" : connection.source
            let loads = (connection.isLoadedOnOpening || refreshesOnLoad) && connection.isRemote
            context.find(
                loads ? .openXMLRefreshOnLoad : .openXMLDataConnection, .text(connection.kind), .text(source))
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

    mutating func fail(_ definition: FindingDefinition, _ context: inout InspectionContext, _ facts: Fact...) {
        context.find(definition, facts)
        isSound = false
    }

    private mutating func giveUp(_ context: inout InspectionContext) {
        context.noteExhaustion()  // which budget, and the figure against its limit
        fail(.openXMLOverBudget, &context)
    }
}
