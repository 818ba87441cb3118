// One compressed file. gzip is read here to its last byte with its checks; libarchive reads the other formats (StreamFormat). The
// content is recognized like a member: a tar with its manifest, a text, or anything else.

import CArchive
import CZlib
import SluiceModel

enum CompressedStream: Recognizer {
    /// A tar in a stream is held whole to be walked (chosen: a third of the memory a confined inspector may use, since growing copies).
    static let held = ByteCount.mebibytes(96)

    static func claims(_ content: Span<UInt8>) -> Bool { StreamFormat(content) != nil }

    static func recognize(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition? {
        guard let format = StreamFormat(content) else { return nil }
        let type = format.mediaType
        let (levels, isInner) = (context.streamLevels, context.isWholeStream)
        defer { context.streamLevels = levels }
        // A tar and the stream around it are one container; a stream in a stream is another one.
        if isInner { context.streamLevels += 1 }
        guard context.mayOpenContainer() else { return Recognition(RecognizedType(type, .signature)) }
        let own = context.entry
        let depth = context.depth + (context.isWholeStream ? 0 : 1)
        let name = format == .gzip ? GzipHeader.fileName(content) : nil
        var intake = MemberIntake(limit: held, context)
        var expander = StreamExpander(content.count)
        let problem = expander.expand(format, content, &context) { intake.take($0) }
        if problem != nil, format.isGuess, expander.expanded == 0 {
            _ = intake.finish(&context)
            return nil
        }
        if expander.padding > 0 { context.find(.contentPadding, .size(ByteCount(expander.padding))) }
        if format == .gzip { GzipHeader.noteHidden(content, &context) }
        if let problem { context.find(.streamDamaged, .text(type.name), .text(problem)) }
        context.noteExhaustion()
        var manifest = Manifest(expandedSize: ByteCount(expander.expanded))
        let place = context.name(name ?? Array("content".utf8), in: own)
        let inner = context.within { context in
            // A tar's entries are named as in the archive; one inside another archive is named after its stream, which `own` is.
            context.entry = own
            context.isWholeStream = true
            if let name { context.declaredExtension = DeclaredName(bytes: name).fileExtension }
            return intake.finish(&context)
        }
        if let nested = inner.manifest {
            manifest.entries = nested.entries
            manifest.expandedSize.bytes += nested.expandedSize.bytes
        } else {
            manifest.entries = [
                ManifestEntry(
                    name: place, kind: .file, size: ByteCount(expander.expanded), depth: depth, recognized: inner.type,
                    text: inner.text)
            ]
        }
        let isWhole = problem == nil && context.budget.exhausted == nil
        let basis: RecognizedType.Basis = !isWhole ? .signature : format == .gzip ? .proven : .structure
        return Recognition(
            RecognizedType(type, basis, detail: "compressed \(inner.type.mediaType)"), manifest: manifest)
    }

    /// Only expands, spending the budget.
    /// - Returns: what is wrong with the stream; `nil` as well when a budget ran out.
    static func expand(
        _ content: Span<UInt8>, _ context: inout InspectionContext, to sink: (Span<UInt8>) -> Void
    ) -> String? {
        guard let format = StreamFormat(content) else { return "it is no compressed stream" }
        var expander = StreamExpander(content.count)
        return expander.expand(format, content, &context, to: sink)
    }
}

/// Expands one stream piece by piece, spending the budget.
private struct StreamExpander {
    private let stored: Int
    private(set) var expanded = 0
    /// Line breaks and zeros behind the end.
    private(set) var padding = 0

    init(_ stored: Int) { self.stored = stored }

    mutating func expand(
        _ format: StreamFormat, _ content: Span<UInt8>, _ context: inout InspectionContext,
        to sink: (Span<UInt8>) -> Void
    ) -> String? {
        if format == .gzip { return gzip(content, &context, to: sink) }
        guard let end = format.end(content), end < content.count else {
            return library(format, content, &context, to: sink)
        }
        let isPadded = content.isPadding(end..<content.count)
        if isPadded { padding = content.count - end }
        let problem = library(format, content.extracting(..<end), &context, to: sink)
        return problem ?? (isPadded ? nil : "data behind its end")
    }

    /// All gzip members, one behind the other; zlib checks each one's CRC and length (RFC 1952 §2.2).
    /// - Returns: what is wrong with it; `nil` as well when a budget ran out.
    private mutating func gzip(
        _ content: Span<UInt8>, _ context: inout InspectionContext, to sink: (Span<UInt8>) -> Void
    ) -> String? {
        // zlib counts its input in 32 bits, and no policy allows that much.
        guard content.count <= Int(UInt32.max) else { return "it is larger than 4 GB" }
        var stream = z_stream()
        // 16 above the window asks for the gzip format (zlib.h, inflateInit2).
        guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK else {
            return "no memory to expand it"
        }
        defer { inflateEnd(&stream) }
        var output = context.buffers.takePiece()
        defer { context.buffers.giveBackPiece(output) }
        // zlib reads through the pointer and does not keep it beyond the closure, which ends with the stream.
        return content.withUnsafeBytes { input -> String? in
            stream.next_in = UnsafeMutablePointer(
                mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
            stream.avail_in = UInt32(input.count)
            while true {
                let (status, count) = output.withUnsafeMutableBufferPointer { out -> (CInt, Int) in
                    stream.next_out = out.baseAddress
                    stream.avail_out = UInt32(out.count)
                    let status = CZlib.inflate(&stream, Z_NO_FLUSH)
                    return (status, out.count - Int(stream.avail_out))
                }
                expanded += count
                let piece = output.span.extracting(..<count)
                guard context.budget.spend(piece, memberTotal: expanded, stored: stored) else { return nil }
                if count > 0 { sink(piece) }
                if status == Z_STREAM_END {
                    let rest = Int(stream.avail_in)
                    // Behind the last member there may be nothing, the zeros of a tape, or a line break that a person added.
                    if content.isPadding(content.count - rest..<content.count) {
                        padding = rest
                        return nil
                    }
                    guard content.has([0x1F, 0x8B, 0x08], at: content.count - rest) else {
                        return "data behind its end"
                    }
                    inflateReset(&stream)
                } else if status != Z_OK {
                    return status == Z_BUF_ERROR ? "it ends too early" : "it is not well-formed or its check is wrong"
                }
            }
        }
    }

    /// One stream through one filter of libarchive.
    private mutating func library(
        _ format: StreamFormat, _ content: Span<UInt8>, _ context: inout InspectionContext,
        to sink: (Span<UInt8>) -> Void
    ) -> String? {
        guard let reader = archive_read_new() else { return "no memory to expand it" }
        defer { archive_read_free(reader) }
        guard format.enable(reader) == ARCHIVE_OK, archive_read_support_format_raw(reader) == ARCHIVE_OK else {
            return "this system cannot expand it"
        }
        return content.withUnsafeBytes { bytes -> String? in
            var entry: OpaquePointer?
            guard archive_read_open_memory(reader, bytes.baseAddress, bytes.count) == ARCHIVE_OK else {
                return "it is not well-formed"
            }
            let opened = archive_read_next_header(reader, &entry)
            if opened == ARCHIVE_EOF { return behind(reader, content) }
            // The library did not take it for this format: what it would hand out is the content itself.
            guard opened == ARCHIVE_OK, archive_filter_count(reader) > 1 else { return "it is not well-formed" }
            while true {
                var block: UnsafeRawPointer?
                var count = 0
                var offset: la_int64_t = 0
                let answer = archive_read_data_block(reader, &block, &count, &offset)
                if answer == ARCHIVE_EOF { return behind(reader, content) }
                guard answer == ARCHIVE_OK, let block else { return "it is damaged or ends too early" }
                expanded += count
                // The block stays libarchive's until the next call; the span does not outlive this turn of the loop.
                let piece = UnsafeRawBufferPointer(start: block, count: count).bindMemory(to: UInt8.self).span
                guard context.budget.spend(piece, memberTotal: expanded, stored: stored) else { return nil }
                sink(piece)
            }
        }
    }

    /// The bytes behind the end that the library has not read.
    private mutating func behind(_ reader: OpaquePointer, _ content: Span<UInt8>) -> String? {
        let consumed = Int(clamping: archive_filter_bytes(reader, -1))
        guard consumed >= 0, consumed < content.count else { return nil }
        guard content.isPadding(consumed..<content.count) else { return "data behind its end" }
        padding += content.count - consumed
        return nil
    }
}

private enum GzipHeader {
    /// What FEXTRA and FCOMMENT hide (RFC 1952 §2.3, Threats, T21). Writers of blocks (BGZF, dictzip) keep a table in the extra field, whose
    /// subfields are named by two letters.
    static func noteHidden(_ content: Span<UInt8>, _ context: inout InspectionContext) {
        guard let flags = content.byte(3), flags & 0x14 != 0 else { return }
        var offset = 10
        if flags & 0x04 != 0 {
            let length = Int(content.littleEndian16(10) ?? 0)
            let isTable = content.has("BC", at: 12) || content.has("RA", at: 12)
            if !isTable { context.noteHidden(content, 12..<12 + length, in: "the extra field of the gzip header") }
            offset = 12 + length
        }
        if flags & 0x08 != 0 {
            guard let end = content.firstOffset(of: 0, from: offset, before: content.count) else { return }
            offset = end + 1
        }
        guard flags & 0x10 != 0, let end = content.firstOffset(of: 0, from: offset, before: content.count) else {
            return
        }
        context.noteHidden(content, offset..<end, in: "the comment of the gzip header", mayBeText: true)
    }

    /// The stored name, where there is a harmless one (RFC 1952 §2.3: FEXTRA, then FNAME).
    static func fileName(_ content: Span<UInt8>) -> [UInt8]? {
        guard let flags = content.byte(3), flags & 0x08 != 0 else { return nil }
        var offset = 10
        if flags & 0x04 != 0 { offset += 2 + Int(content.littleEndian16(10) ?? 0) }
        var end = offset
        while let byte = content.byte(end), byte != 0, end - offset < 256 { end += 1 }
        let name = content.copy(offset..<end).lastPart
        let isHarmless = EntryPath(name, limit: ByteCount(255)).problems.isSubset(of: [.trailing, .reserved, .notText])
        return isHarmless ? name : nil
    }
}
