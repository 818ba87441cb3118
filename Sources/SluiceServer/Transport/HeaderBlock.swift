// The header block read a second time, strictly: what two programs could read differently is refused (Threats, H3).
//
// libmicrohttpd 0.9.75 is lenient: it takes a bare line feed for a line's end, folds lines, lets blanks stand before the colon and the first
// of several equal fields win. It parses in place, so the block still lies whole before us at the first call of the handler, with NULs where it
// cut: the colon is one NUL, a line's CR LF are two, a bare LF is one. This reader accepts exactly the form that RFC 9112 writes.

/// The fields of a block, or why it is refused.
struct HeaderBlock {
    /// Threats, H4.
    static let mostFields = 100
    static let mostBytes = 32 << 10

    /// Where the form is broken, in the words of the problem.
    struct Malformed: Error, Equatable {
        let reason: String
    }

    let fields: [HeaderField]

    /// - Parameter block: from behind the version of the request line to the end of the block.
    init(_ block: Span<UInt8>) throws(Malformed) {
        var at = 0
        try Self.lineEnd(block, &at)
        var fields: [HeaderField] = []
        while true {
            guard at < block.count else { throw Malformed(reason: "the header does not end with an empty line") }
            if block[at] == 0 {
                try Self.lineEnd(block, &at)
                guard at == block.count else { throw Malformed(reason: "a line of the header is empty or cut short") }
                break
            }
            fields.append(try Self.field(block, &at))
        }
        self.fields = fields
    }

    private static func field(_ block: Span<UInt8>, _ at: inout Int) throws(Malformed) -> HeaderField {
        let start = at
        while at < block.count, block[at] != 0 {
            // RFC 9110 §5.6.2. A blank here is a folded line or a blank before the colon.
            guard FieldSyntax.isToken(block[at]) else {
                throw Malformed(reason: "a field's name holds a character that none may hold")
            }
            at += 1
        }
        let name = String(lowercasing: block, start..<at)
        at += 1
        while at < block.count, FieldSyntax.isBlank(block[at]) { at += 1 }
        let first = at
        while at < block.count, block[at] != 0 {
            // RFC 9110 §5.5: no control character but the tab.
            guard block[at] >= 0x20 && block[at] != 0x7F || block[at] == 0x09 else {
                throw Malformed(reason: "a field's value holds a control character")
            }
            at += 1
        }
        var end = at
        while end > first, FieldSyntax.isBlank(block[end - 1]) { end -= 1 }
        try lineEnd(block, &at)
        return HeaderField(name: name, value: String(block, first..<end))
    }

    private static func lineEnd(_ block: Span<UInt8>, _ at: inout Int) throws(Malformed) {
        guard at + 1 < block.count, block[at] == 0, block[at + 1] == 0 else {
            throw Malformed(reason: "a line does not end with CR LF")
        }
        at += 2
    }
}

extension String {
    init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        self = bytes.extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    init(lowercasing bytes: Span<UInt8>, _ range: Range<Int>) {
        self = String(unsafeUninitializedCapacity: range.count) { out in
            for (place, index) in range.enumerated() {
                let byte = bytes[index]
                out[place] = (65...90).contains(byte) ? byte + 32 : byte
            }
            return range.count
        }
    }
}
