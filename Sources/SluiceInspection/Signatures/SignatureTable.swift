// Names of well-known binary formats that are not allowed, so that a refusal can say what was sent. The table never makes content
// acceptable. Signatures.swift has the rows, SignatureChecks.swift the checks for short signatures.

import SluiceModel

/// One row: bytes at a fixed place, perhaps with a further check, and the name that they earn.
struct Signature: Sendable {
    /// Where the pattern stands.
    enum Place: Sendable { case start(Int), end(Int) }

    let place: Place
    let pattern: [UInt8]
    let type: MediaType
    let check: (@Sendable (Span<UInt8>) -> Bool)?

    /// - Parameter bytes: hexadecimal digits, spaces between them for the eye.
    init(
        _ bytes: StaticString, at offset: Int = 0, _ type: MediaType,
        where check: (@Sendable (Span<UInt8>) -> Bool)? = nil
    ) {
        self.init(Self.decode(bytes), .start(offset), type, check)
    }

    init(
        text: StaticString, at offset: Int = 0, _ type: MediaType, where check: (@Sendable (Span<UInt8>) -> Bool)? = nil
    ) {
        self.init(Self.bytes(text), .start(offset), type, check)
    }

    /// - Parameter distance: from the end of the content back to the pattern's first byte.
    init(text: StaticString, fromEnd distance: Int, _ type: MediaType) {
        self.init(Self.bytes(text), .end(distance), type, nil)
    }

    private init(
        _ pattern: [UInt8], _ place: Place, _ type: MediaType, _ check: (@Sendable (Span<UInt8>) -> Bool)?
    ) {
        self.place = place
        self.pattern = pattern
        self.type = type
        self.check = check
    }

    func matches(_ content: Span<UInt8>) -> Bool {
        let offset =
            switch place {
            case .start(let offset): offset
            case .end(let distance): content.count - distance
            }
        return content.has(pattern, at: offset) && check?(content) ?? true
    }

    private static func bytes(_ text: StaticString) -> [UInt8] {
        Array(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private static func decode(_ text: StaticString) -> [UInt8] {
        var out: [UInt8] = []
        var high: UInt8?
        for digit in bytes(text) {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = digit - UInt8(ascii: "A") + 10
            default: continue
            }
            if let first = high {
                out.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return out
    }
}

/// The table of names.
enum SignatureTable {
    /// - Returns: the first row that matches, or `nil`. At most a few hundred comparisons, whatever the content.
    static func mediaType(of content: Span<UInt8>) -> MediaType? {
        for signature in rows where signature.matches(content) { return signature.type }
        return nil
    }

    /// As above, for formats whose mark stands near the end.
    /// - Parameter tail: the last `tailSize` bytes of the content.
    static func mediaType(ofTail tail: Span<UInt8>) -> MediaType? {
        if tail.isEmpty { return nil }
        for signature in rows {
            if case .end = signature.place, signature.matches(tail) { return signature.type }
        }
        return nil
    }

    /// The furthest place from the end where a mark stands.
    static let tailSize = 512
}
