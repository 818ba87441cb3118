// Goes through an archive's members. Each member is really expanded, within the budgets, and recognized from its own bytes. TarStructure
// and ZipStructure read the structures; the policy decides which types may be inside.

import SluiceModel

/// Walks one archive; nested archives come back here through the context's recognizers, at most as deep as the order allows.
struct ArchiveWalk {
    private var manifest = Manifest()
    private let container: EntryName?
    private let depth: Int

    private init(_ context: InspectionContext) {
        container = context.entry
        depth = context.depth + (context.isWholeStream ? 0 : 1)
    }

    /// Counts an entry; that there are too many is said of the archive.
    private static func spendEntry(_ context: inout InspectionContext, _ own: EntryName?) -> Bool {
        if context.budget.spendEntry() { return true }
        if case .entries = context.budget.exhausted { context.entry = own }
        return false
    }

    // MARK: Tar

    static func tar(_ structure: TarStructure, _ content: Span<UInt8>, _ context: inout InspectionContext) -> Manifest {
        var walk = ArchiveWalk(context)
        let own = context.entry
        defer { context.entry = own }
        for entry in structure.entries {
            guard spendEntry(&context, own) else { break }
            context.entry = context.name(entry.name, in: own)
            let member = content.extracting(entry.data)
            if !member.isEmpty, !context.budget.spend(member.count, memberTotal: member.count, stored: member.count) {
                break
            }
            walk.manifest.expandedSize.bytes += Int64(member.count)
            if entry.isUnread || entry.kind != .file {
                walk.add(entry.name, Self.kind(entry.kind), member.count, Recognition(.unrecognized), context)
            } else {
                let recognition = walk.recognize(member, entry.name, &context)
                walk.add(entry.name, .file, member.count, recognition, context)
            }
            if context.budget.exhausted != nil { break }
        }
        context.noteExhaustion()
        return walk.manifest
    }

    private static func kind(_ kind: TarEntry.Kind) -> ManifestEntry.Kind {
        switch kind {
        case .file: .file
        case .directory: .directory
        case .symbolicLink, .hardLink: .link
        case .other: .other
        }
    }

    // MARK: Zip

    static func zip(_ structure: ZipStructure, _ content: Span<UInt8>, _ context: inout InspectionContext) -> Manifest {
        var walk = ArchiveWalk(context)
        var names = EntryNames()
        let own = context.entry
        defer { context.entry = own }
        for entry in structure.entries {
            guard spendEntry(&context, own) else { break }
            context.entry = context.name(entry.name, in: own)
            let path = EntryPath(entry.name, limit: context.order.archives.nameLength)
            path.note(entry.name, &context)
            if entry.isDirectory {
                names.add(path, .directory, &context)
                walk.add(entry.name, .directory, 0, Recognition(.unrecognized), context)
            } else if entry.unixMode & 0o170000 == 0o120000 {
                walk.addLink(entry, path, content, &names, &context)
            } else {
                names.add(path, .file, &context)
                walk.addFile(entry, content, &context)
            }
            if context.budget.exhausted != nil { break }
        }
        context.noteExhaustion()
        context.entry = own
        names.finish(&context)
        return walk.manifest
    }

    private mutating func addFile(_ entry: ZipEntry, _ content: Span<UInt8>, _ context: inout InspectionContext) {
        if entry.unixMode & 0o6000 != 0 { context.find(.setUserID, .text(String(entry.unixMode & 0o7777, radix: 8))) }
        if entry.method == 0, !entry.isEncrypted { return addStored(entry, content, &context) }
        var size = 0
        var intake = MemberIntake(limit: context.order.archives.heldMember, context)
        let isWhole = ZipStructure.expand(entry, in: content, &context) { piece, _ in
            size += piece.count
            intake.take(piece)
            return true
        }
        manifest.expandedSize.bytes += Int64(size)
        let recognition = isWhole ? below(entry.name, &context) { intake.finish(&$0) } : Recognition(.unrecognized)
        add(entry.name, .file, size, recognition, context)
    }

    /// A stored member lies in the content already: it is read once for its CRC and recognized where it lies.
    private mutating func addStored(_ entry: ZipEntry, _ content: Span<UInt8>, _ context: inout InspectionContext) {
        var size = 0
        let isWhole = ZipStructure.expand(entry, in: content, &context) { piece, _ in
            size += piece.count
            return true
        }
        manifest.expandedSize.bytes += Int64(size)
        guard isWhole, entry.dataOffset >= 0, entry.dataOffset <= content.count,
            size <= content.count - entry.dataOffset
        else {
            add(entry.name, .file, size, Recognition(.unrecognized), context)
            return
        }
        let member = content.extracting(entry.dataOffset..<entry.dataOffset + size)
        add(entry.name, .file, size, recognize(member, entry.name, &context), context)
    }

    private mutating func addLink(
        _ entry: ZipEntry, _ path: EntryPath, _ content: Span<UInt8>, _ names: inout EntryNames,
        _ context: inout InspectionContext
    ) {
        // Info-ZIP stores a link's target as the member's content.
        let most = Int(clamping: context.order.archives.nameLength.bytes)
        var target: [UInt8] = []
        _ = ZipStructure.expand(entry, in: content, &context) { piece, _ in
            target += piece.copy(0..<min(piece.count, max(0, most + 1 - target.count)))
            return target.count <= most
        }
        manifest.expandedSize.bytes += Int64(target.count)
        names.addSymbolicLink(path, to: target, &context)
        add(entry.name, .link, target.count, Recognition(.unrecognized), context)
    }

    // MARK: Members

    private func recognize(_ member: Span<UInt8>, _ name: [UInt8], _ context: inout InspectionContext) -> Recognition {
        below(name, &context) { $0.recognizers.recognize(member, &$0) }
    }

    private func below(
        _ name: [UInt8], _ context: inout InspectionContext, _ body: (inout InspectionContext) -> Recognition
    ) -> Recognition {
        context.within { context in
            context.isWholeStream = false
            context.declaredExtension = DeclaredName(bytes: name.lastPart).fileExtension
            return body(&context)
        }
    }

    private mutating func add(
        _ name: [UInt8], _ kind: ManifestEntry.Kind, _ size: Int, _ recognition: Recognition,
        _ context: InspectionContext
    ) {
        manifest.entries.append(
            ManifestEntry(
                name: context.name(name, in: container), kind: kind, size: ByteCount(size), depth: depth,
                recognized: recognition.type, text: recognition.text))
        guard let nested = recognition.manifest else { return }
        manifest.entries += nested.entries
        manifest.expandedSize.bytes += nested.expandedSize.bytes
    }
}

extension [UInt8] {
    /// The part after the last slash.
    var lastPart: [UInt8] { lastIndex(of: UInt8(ascii: "/")).map { Array(self[($0 + 1)...]) } ?? self }
}
