// Takes a multipart/form-data body apart as it comes, piece by piece: no part is ever held, only the headers of one. It answers alike however the
// bytes are cut, and in time that grows with their number. Pure; what becomes of the parts is the sink's.

import Glibc

/// Where the parts go. Calls come in the order `begin`, any number of `append`, `end`, for each part in turn.
public protocol MultipartSink {
    mutating func begin(_ part: PartHead)
    /// - Parameter bytes: the next bytes of the part; not empty.
    mutating func append(_ bytes: Span<UInt8>)
    /// The part is complete, and so is the boundary line behind it.
    mutating func end()
}

/// A running parse of one body (RFC 7578, RFC 2046 §5.1). Strict where readers differ: lines end with CR LF, and a line that begins with the boundary
/// is the boundary or an error.
public struct MultipartParser: Sendable {
    public struct Limits: Sendable, Hashable {
        /// Parts a request (Threats, H5).
        public var parts = 16
        /// Bytes of the headers of one part (Threats, H5).
        public var head = 8 << 10
        /// Bytes of a part that is no file: a comment, a category (chosen).
        public var field = 8 << 10
        /// Bytes before the first boundary and behind the last one: honest clients send none, or an empty line (chosen).
        public var padding = 1 << 10

        public init() {}
    }

    private enum Place {
        /// Looking for the boundary, before the first part or in one.
        case preamble, content
        /// Behind a boundary: `--`, or spaces and the end of the line.
        case line
        case dash, lineFeed
        case head
        case tail
        case broken(MultipartDefect)
    }

    private let limits: Limits
    /// CR LF `--` boundary.
    private let delimiter: [UInt8]
    private var place = Place.preamble
    /// How many bytes of the delimiter the last bytes match. At the very beginning of the body and of a part's content a line has just ended: the
    /// first two bytes count as matched there, although they are nobody's content.
    private var matched = 2
    private var borrowed = 2
    /// Bytes of the preamble, the boundary line's spaces, the field or the tail so far; whichever is being read.
    private var count = 0
    private var head: [UInt8] = []
    private var parts = 0
    private var isField = false

    public init(_ boundary: MultipartBoundary, limits: Limits = Limits()) {
        delimiter = [0x0D, 0x0A, UInt8(ascii: "-"), UInt8(ascii: "-")] + boundary.bytes
        self.limits = limits
    }

    /// Whether the closing boundary has come.
    public var isClosed: Bool {
        if case .tail = place { true } else { false }
    }

    /// Takes the next bytes.
    /// - Throws: a defect of the body; the parser throws the same again from then on. Parts that have ended are whole, one that has not is void.
    public mutating func consume(_ bytes: Span<UInt8>, into sink: inout some MultipartSink) throws(MultipartDefect) {
        _ = try consume(bytes, stoppingAtParts: false, into: &sink)
    }

    /// Takes the next bytes, up to behind the head of a part that begins in them.
    /// - Returns: how many were taken.
    mutating func consumeToPart(
        _ bytes: Span<UInt8>, into sink: inout some MultipartSink
    ) throws(MultipartDefect) -> Int {
        try consume(bytes, stoppingAtParts: true, into: &sink)
    }

    private mutating func consume(
        _ bytes: Span<UInt8>, stoppingAtParts: Bool, into sink: inout some MultipartSink
    ) throws(MultipartDefect) -> Int {
        do throws(MultipartDefect) {
            let before = parts
            var at = 0
            while at < bytes.count {
                switch place {
                case .preamble, .content: at = try search(bytes, from: at, into: &sink)
                case .head: at = try gather(bytes, from: at, into: &sink)
                case .tail:
                    count += bytes.count - at
                    if count > limits.padding { throw .tailTooLong }
                    return bytes.count
                case .broken(let defect): throw defect
                case .line, .dash, .lineFeed:
                    try readLine(bytes[at], into: &sink)
                    at += 1
                }
                if stoppingAtParts && parts > before { return at }
            }
            return at
        } catch {
            place = .broken(error)
            throw error
        }
    }

    /// The body has ended.
    public mutating func finish() throws(MultipartDefect) {
        if case .broken(let defect) = place { throw defect }
        guard isClosed else {
            place = .broken(.cutShort)
            throw .cutShort
        }
    }

    /// Reads content up to the next boundary, or to the end of the piece.
    /// - Returns: where to go on.
    private mutating func search(
        _ bytes: Span<UInt8>, from start: Int, into sink: inout some MultipartSink
    ) throws(MultipartDefect) -> Int {
        // Of what is matched, the bytes that came in earlier pieces; they are the delimiter's own, should it turn out to be content.
        var carried = matched
        let delimiter = delimiter
        var at = start
        while at < bytes.count {
            if matched == 0 {
                guard let found = Self.carriageReturn(in: bytes, from: at) else { break }
                matched = 1
                at = found + 1
            } else if bytes[at] == delimiter[matched] {
                matched += 1
                at += 1
                if matched < delimiter.count { continue }
                try give(bytes, start..<(at - (matched - carried)), into: &sink)
                matched = 0
                borrowed = 0
                count = 0
                place = .line
                return at
            } else {
                // No prefix of the delimiter ends with its first byte, CR: nothing of what was matched can begin another match.
                if carried > borrowed { try give(delimiter.span, borrowed..<carried, into: &sink) }
                carried = 0
                matched = 0
                borrowed = 0
            }
        }
        try give(bytes, start..<(bytes.count - (matched - carried)), into: &sink)
        return bytes.count
    }

    private mutating func give(
        _ bytes: Span<UInt8>, _ range: Range<Int>, into sink: inout some MultipartSink
    ) throws(MultipartDefect) {
        if range.isEmpty { return }
        if case .preamble = place {
            count += range.count
            if count > limits.padding { throw .preambleTooLong }
            return
        }
        if isField {
            count += range.count
            if count > limits.field { throw .fieldTooLong }
        }
        sink.append(bytes.extracting(range))
    }

    /// One byte behind a boundary.
    private mutating func readLine(_ byte: UInt8, into sink: inout some MultipartSink) throws(MultipartDefect) {
        switch (place, byte) {
        case (.line, UInt8(ascii: "-")) where count == 0: place = .dash
        case (.line, 0x0D): place = .lineFeed
        // Spaces that a gateway may have added (RFC 2046 §5.1.1).
        case (.line, 0x20), (.line, 0x09):
            count += 1
            if count > limits.padding { throw .delimiterAmbiguous }
        case (.dash, UInt8(ascii: "-")):
            endPart(into: &sink)
            count = 0
            place = .tail
        case (.lineFeed, 0x0A):
            endPart(into: &sink)
            guard parts < limits.parts else { throw .tooManyParts }
            head.removeAll(keepingCapacity: true)
            place = .head
        default: throw .delimiterAmbiguous
        }
    }

    private mutating func endPart(into sink: inout some MultipartSink) {
        if parts > 0 { sink.end() }
    }

    /// Collects the headers of a part up to the empty line.
    private mutating func gather(
        _ bytes: Span<UInt8>, from start: Int, into sink: inout some MultipartSink
    ) throws(MultipartDefect) -> Int {
        var at = start
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            head.append(byte)
            let isLineEnd = byte == 0x0A && head.count >= 2 && head[head.count - 2] == 0x0D
            if isLineEnd && (head.count == 2 || head.count >= 4 && head[head.count - 3] == 0x0A) {
                let part = try PartHead(Array(head.dropLast(2)))
                parts += 1
                isField = !part.isFile
                count = 0
                // The empty line's CR LF may be the boundary's as well: then the part is empty (RFC 2046 §5.1.1, body-part).
                matched = 2
                borrowed = 2
                place = .content
                sink.begin(part)
                return at
            }
            if head.count >= limits.head { throw .headTooLong }
        }
        return at
    }

    private static func carriageReturn(in bytes: Span<UInt8>, from start: Int) -> Int? {
        bytes.withUnsafeBytes { raw in
            guard start < raw.count, let base = raw.baseAddress,
                let found = memchr(base + start, 0x0D, raw.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }
}
