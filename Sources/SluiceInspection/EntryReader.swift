// Reads one entry of an archive, by its place in the manifest, with the same readers, checks and budgets as the inspection that listed
// it. Nothing is recognized here: the manifest says what each entry is.

import SluiceModel

/// Follows an address inward. What lists entries here is what lists them in a manifest: zip that is no package, tar, and a compressed stream,
/// which is no level of its own when it holds an archive, and a list of one entry when it does not.
struct EntryReader {
    let sink: (Span<UInt8>) -> Void

    private enum Container {
        case zip, tar, stream
        case foreign(ForeignContainer)

        /// By the recognizer that would have had the first word.
        init?(_ beginning: Span<UInt8>, _ budgets: ArchiveBudgets) {
            let first = ContentRecognizer.recognizers.first { $0.claims(beginning) }
            switch first {
            case is ZipRecognizer.Type: self = .zip
            case is TarRecognizer.Type: self = .tar
            case is CompressedStream.Type: self = .stream
            case is ForeignArchive.Type:
                guard let kind = ForeignContainer(beginning), budgets.expand.contains(kind) else { return nil }
                self = .foreign(kind)
            default: return nil
            }
        }
    }

    /// - Parameter places: what is left of the address; not empty.
    /// - Returns: `nil` where the content is not listed as an archive.
    func read(
        _ places: ArraySlice<Int>, in content: Span<UInt8>, _ context: inout InspectionContext
    ) -> EntryEnding? {
        guard let container = Container(content, context.order.archives) else { return nil }
        let levels = context.streamLevels
        defer { context.streamLevels = levels }
        if case .stream = container, context.isWholeStream { context.streamLevels += 1 }
        guard context.mayOpenContainer() else { return nil }
        switch container {
        case .foreign(let kind): return foreign(places, kind, content, &context)
        case .zip: return zip(places, content, &context)
        case .tar: return tar(places, content, &context)
        case .stream: return stream(places, content, &context)
        }
    }

    // MARK: Zip

    private func zip(
        _ places: ArraySlice<Int>, _ content: Span<UInt8>, _ context: inout InspectionContext
    ) -> EntryEnding? {
        guard let structure = ZipStructure.read(content, &context), !OpenXMLRecognizer.isPackage(structure),
            structure.isComplete || structure.entries.count > context.order.archives.entries
        else { return nil }
        guard let place = places.first, structure.entries.indices.contains(place) else { return .missing }
        let entry = structure.entries[place]
        guard !entry.isDirectory, entry.unixMode & 0o170000 != 0o120000 else { return .missing }
        guard !entry.isEncrypted, entry.method == 0 || entry.method == 8 else { return .unreadable }
        return member(places, limit: context.order.archives.heldMember, &context) { context, take in
            ZipStructure.expand(entry, in: content, &context) { piece, _ in take(piece) }
        }
    }

    // MARK: Tar

    private func tar(
        _ places: ArraySlice<Int>, _ content: Span<UInt8>, _ context: inout InspectionContext
    ) -> EntryEnding? {
        guard let structure = TarStructure.read(content, &context), structure.isComplete else { return nil }
        guard let place = places.first, structure.entries.indices.contains(place) else { return .missing }
        let entry = structure.entries[place]
        guard entry.kind == .file else { return .missing }
        guard !entry.isUnread else { return .unreadable }
        let data = content.extracting(entry.data)
        if places.count > 1 { return inside(data, places, &context) }
        guard context.budget.spend(data.count, memberTotal: data.count, stored: data.count) else { return .overBudget }
        sink(data)
        return .complete
    }

    // MARK: Foreign containers

    private func foreign(
        _ places: ArraySlice<Int>, _ kind: ForeignContainer, _ content: Span<UInt8>, _ context: inout InspectionContext
    ) -> EntryEnding? {
        guard let place = places.first else { return .missing }
        if places.count == 1 {
            return ForeignArchive.extract(place, of: kind, content, &context) { piece in
                sink(piece)
                return true
            }
        }
        var held: [UInt8] = []
        let limit = context.order.archives.heldMember
        let ending = ForeignArchive.extract(place, of: kind, content, &context) { Self.keep($0, in: &held, limit) }
        return ending == .complete ? inside(held.span, places, &context) : ending
    }

    // MARK: Members

    /// The last place of an address is handed out; any other is held, and the rest of the address followed in it.
    private func member(
        _ places: ArraySlice<Int>, limit: ByteCount, _ context: inout InspectionContext,
        _ expand: (inout InspectionContext, (Span<UInt8>) -> Bool) -> Bool
    ) -> EntryEnding {
        let isLast = places.count == 1
        var held: [UInt8] = []
        let isWhole = expand(&context) { piece in
            if isLast {
                sink(piece)
                return true
            }
            return Self.keep(piece, in: &held, limit)
        }
        guard isWhole else { return context.budget.exhausted == nil ? .damaged : .overBudget }
        return isLast ? .complete : inside(held.span, places, &context)
    }

    private func inside(
        _ content: Span<UInt8>, _ places: ArraySlice<Int>, _ context: inout InspectionContext
    ) -> EntryEnding {
        context.within { context in
            context.isWholeStream = false
            return read(places.dropFirst(), in: content, &context) ?? .missing
        }
    }

    private static func keep(_ piece: Span<UInt8>, in held: inout [UInt8], _ limit: ByteCount) -> Bool {
        guard Int64(held.count + piece.count) <= limit.bytes else { return false }
        // One copy of the whole piece; the pointer does not outlive the call.
        piece.withUnsafeBufferPointer { held.append(contentsOf: $0) }
        return true
    }

    // MARK: Streams

    /// A stream is a list of one entry, unless an archive is in it: then that archive's list is the stream's. Its first bytes decide whether it has to
    /// be held to be walked; anything else goes out as it comes, and may be larger than memory.
    private func stream(
        _ places: ArraySlice<Int>, _ content: Span<UInt8>, _ context: inout InspectionContext
    ) -> EntryEnding {
        var held: [UInt8] = []
        var isDecided = false
        var isHeld = true
        var isTooLarge = false
        let isWanted = places.elementsEqual([0])
        let budgets = context.order.archives
        let problem = CompressedStream.expand(content, &context) { piece in
            if isHeld {
                if !Self.keep(piece, in: &held, CompressedStream.held) { isTooLarge = true }
                guard !isDecided, held.count >= ContentRecognizer.head else { return }
                isDecided = true
                isHeld = Container(held.span, budgets) != nil
                if !isHeld {
                    if isWanted { sink(held.span) }
                    held = []
                }
            } else if isWanted {
                sink(piece)
            }
        }
        if context.budget.exhausted != nil { return .overBudget }
        guard problem == nil else { return .damaged }
        guard isHeld else { return isWanted ? .complete : .missing }
        if isTooLarge { return .overBudget }
        let ending = context.within { context -> EntryEnding? in
            context.isWholeStream = true
            return read(places, in: held.span, &context)
        }
        if let ending { return ending }
        guard isWanted else { return .missing }
        sink(held.span)
        return .complete
    }
}
