// Containers other than zip and tar (cab, 7z, rar, iso) that the policy wants expanded. Their members are listed, really expanded within
// the budgets, and recognized from their own bytes, as those of a zip. The container itself is not proven here, so its basis is at most
// its structure. A container that cannot be read to its end could not be checked.

import Glibc
import SluiceModel

enum ForeignArchive: Recognizer {
    static func claims(_ content: Span<UInt8>) -> Bool { ForeignContainer(content) != nil }

    /// - Returns: `nil` where the policy does not want such a container expanded: then the signature table names it.
    static func recognize(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition? {
        guard let kind = ForeignContainer(content), context.order.archives.expand.contains(kind) else { return nil }
        guard context.mayOpenContainer() else { return Recognition(RecognizedType(kind.mediaType, .signature)) }
        var walk = ForeignWalk(kind, context)
        let problem = walk.secondTree(content) ?? walk.walk(content, &context)
        if let problem { context.find(.containerUnread, .text(kind.words), .text(problem)) }
        let count = walk.manifest.entries.count
        let isWhole = problem == nil && context.budget.exhausted == nil
        return Recognition(
            RecognizedType(
                kind.mediaType, isWhole ? .structure : .signature,
                detail: "\(kind.words), \(count.grouped) \(count == 1 ? "entry" : "entries")"),
            manifest: walk.manifest)
    }

    /// Reads one member for `EntryReader`.
    /// - Parameter place: in the container's list.
    static func extract(
        _ place: Int, of kind: ForeignContainer, _ content: Span<UInt8>, _ context: inout InspectionContext,
        to sink: (Span<UInt8>) -> Bool
    ) -> EntryEnding {
        ArchiveWitness.withNamesInUTF8 {
            content.withUnsafeBytes { bytes -> EntryEnding in
                guard var reader = ForeignReader(kind, bytes) else { return .unreadable }
                var index = 0
                var expanded = 0
                while case .member(let member) = reader.next() {
                    guard context.budget.spendEntry() else { return .overBudget }
                    let isWanted = index == place
                    index += 1
                    if isWanted, member.kind != .file { return .missing }
                    if member.isEncrypted, isWanted { return .unreadable }
                    // The members before it are expanded as well, since all may be one stream. The library skips what it can.
                    guard isWanted else { continue }
                    let reading = reader.read { piece in
                        expanded += piece.count
                        guard context.budget.spend(piece.count, memberTotal: expanded, stored: content.count) else {
                            return false
                        }
                        return sink(piece)
                    }
                    if reading == .whole { return .complete }
                    return context.budget.exhausted == nil ? .damaged : .overBudget
                }
                return .missing
            }
        }
    }
}

/// One walk through the members.
private struct ForeignWalk {
    var manifest = Manifest()
    private let kind: ForeignContainer
    private let container: EntryName?
    private let depth: Int
    private var names = EntryNames()

    init(_ kind: ForeignContainer, _ context: InspectionContext) {
        self.kind = kind
        container = context.entry
        depth = context.depth + (context.isWholeStream ? 0 : 1)
    }

    /// - Returns: why it could not be read to its end; `nil` as well when a budget ran out.
    mutating func walk(_ content: Span<UInt8>, _ context: inout InspectionContext) -> String? {
        let own = context.entry
        defer { context.entry = own }
        let problem = ArchiveWitness.withNamesInUTF8 {
            content.withUnsafeBytes { bytes -> String? in
                guard var reader = ForeignReader(kind, bytes) else { return "it is damaged or of an unknown version" }
                return members(&reader, content.count, &context)
            }
        }
        context.noteExhaustion()
        context.entry = own
        names.finish(&context)
        if problem == nil, manifest.entries.isEmpty, context.budget.exhausted == nil {
            return "no file was found in it"
        }
        return problem
    }

    private mutating func members(
        _ reader: inout ForeignReader, _ stored: Int, _ context: inout InspectionContext
    ) -> String? {
        var problem: String?
        while true {
            switch reader.next() {
            case .end: return problem
            case .broken(let reason): return problem ?? reason
            case .member(let member):
                context.entry = context.name(member.name, in: container)
                guard context.budget.spendEntry() else { return nil }
                let path = EntryPath(member.name, limit: context.order.archives.nameLength)
                path.note(member.name, &context)
                switch member.kind {
                case .link: names.addSymbolicLink(path, to: member.link, &context)
                case .directory: names.add(path, .directory, &context)
                case .file, .other: names.add(path, .file, &context)
                }
                guard member.kind == .file, !member.isEncrypted else {
                    if member.isEncrypted {
                        problem = "it is encrypted"
                        context.find(.containerUnread, .text(kind.words), .text("this file is encrypted"))
                    }
                    add(member, 0, Recognition(.unrecognized), context)
                    continue
                }
                var size = 0
                var intake = MemberIntake(limit: context.order.archives.heldMember, context)
                let reading = reader.read { piece in
                    size += piece.count
                    // Members share streams, so the stored size of one member is unknown: at most all of it.
                    guard context.budget.spend(piece.count, memberTotal: size, stored: stored) else { return false }
                    intake.take(piece)
                    return true
                }
                let recognition = context.within { context in
                    context.isWholeStream = false
                    context.declaredExtension = DeclaredName(bytes: member.name.lastPart).fileExtension
                    return intake.finish(&context)
                }
                manifest.expandedSize.bytes += Int64(size)
                add(member, size, reading == .whole ? recognition : Recognition(.unrecognized), context)
                if case .broken(let reason) = reading { return problem ?? reason }
                if context.budget.exhausted != nil { return nil }
            }
        }
    }

    private mutating func add(
        _ member: ForeignReader.Member, _ size: Int, _ recognition: Recognition, _ context: InspectionContext
    ) {
        manifest.entries.append(
            ManifestEntry(
                name: context.name(member.name, in: container), kind: member.kind, size: ByteCount(size), depth: depth,
                recognized: recognition.type, text: recognition.text))
        guard let nested = recognition.manifest else { return }
        manifest.entries += nested.entries
        manifest.expandedSize.bytes += nested.expandedSize.bytes
    }

    /// A disc image may hold several lists of its files, and each system shows another one: only where they agree is one reading the reading.
    func secondTree(_ content: Span<UInt8>) -> String? {
        guard kind == .iso else { return nil }
        // The volume recognition sequence of UDF stands behind the descriptors of ISO 9660 (ECMA-167 2/9.1, one a sector).
        for sector in 17..<64 where content.has("BEA01", at: sector * 2048 + 1) {
            return "it has a second list of files (UDF), which is not read here"
        }
        let (long, plain) = (sizes(content, "!rockridge"), sizes(content, "!joliet"))
        return long == plain ? nil : "its lists of files differ"
    }

    /// The sizes of all files in one of the lists, sorted.
    private func sizes(_ content: Span<UInt8>, _ options: String) -> [Int64]? {
        ArchiveWitness.withNamesInUTF8 {
            content.withUnsafeBytes { bytes -> [Int64]? in
                guard var reader = ForeignReader(kind, bytes, options: options) else { return nil }
                return reader.sizes(most: 100_000)
            }
        }
    }
}
