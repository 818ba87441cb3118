// The headers of one part: which field it is, whether it is a file, and what the sender says of it (RFC 7578 §4).

public import SluiceModel

/// What a part says of itself. Nothing in it is believed.
public struct PartHead: Sendable, Hashable {
    /// The form field's name, as bytes.
    public var field: [UInt8]
    /// The file's declared name; `nil` for a field that is no file.
    public var declaredName: DeclaredName?
    public var declaredType: MediaType?

    public var isFile: Bool { declaredName != nil }

    public init(field: [UInt8], declaredName: DeclaredName? = nil, declaredType: MediaType? = nil) {
        self.field = field
        self.declaredName = declaredName
        self.declaredType = declaredType
    }

    /// - Parameter block: the header lines, each with its CR LF, without the empty one.
    init(_ block: [UInt8]) throws(MultipartDefect) {
        var disposition: [UInt8]?
        var type: [UInt8]?
        for line in try Self.lines(block) {
            switch line.name {
            case "content-disposition":
                // Two of them are two names, and readers differ in which one they take.
                guard disposition == nil else { throw .namesConflict }
                disposition = line.value
            case "content-type":
                guard type == nil else { throw .headMalformed }
                type = line.value
            case "content-transfer-encoding":
                // Deprecated, and only these change nothing (RFC 7578 §4.7).
                guard ["binary", "8bit", "7bit"].contains(HeaderParameters.lowercased(line.value)) else {
                    throw .encodingNotTaken
                }
            default: continue
            }
        }
        guard let disposition else { throw .dispositionMissing }
        let parsed: HeaderParameters
        do { parsed = try HeaderParameters(disposition) } catch { throw .dispositionMalformed }
        guard parsed.value == "form-data" else { throw .dispositionMalformed }
        let fields = parsed.values("name")
        guard fields.count == 1, !parsed.parameters.contains(where: { $0.name.hasPrefix("name*") }) else {
            throw .dispositionMalformed
        }
        field = fields[0]
        declaredName = try Self.fileName(parsed)
        declaredType = type.flatMap(Self.mediaType)
    }

    private static func lines(_ block: [UInt8]) throws(MultipartDefect) -> [(name: String, value: [UInt8])] {
        var out: [(name: String, value: [UInt8])] = []
        var rest = block[...]
        while !rest.isEmpty {
            guard let end = rest.firstIndex(of: 0x0D), end + 1 < rest.endIndex, rest[end + 1] == 0x0A else {
                throw .headMalformed
            }
            let line = rest[..<end]
            rest = rest[(end + 2)...]
            // No bare CR or LF, no NUL; no line that goes on in the next one (RFC 9112 §5.2 lets servers refuse those).
            guard line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else { throw .headMalformed }
            let name = line.prefix { HeaderParameters.isToken($0) }
            guard !name.isEmpty, name.endIndex < line.endIndex, line[name.endIndex] == UInt8(ascii: ":") else {
                throw .headMalformed
            }
            var value = line[(name.endIndex + 1)...].drop(while: HeaderParameters.isSpace)
            while let last = value.last, HeaderParameters.isSpace(last) { value.removeLast() }
            out.append((HeaderParameters.lowercased(name), Array(value)))
        }
        return out
    }

    /// One name, however it is written. `filename*` should not be in a form (RFC 7578 §4.2) and some clients send it all the same: alone, or
    /// saying the same as `filename`, it is taken.
    private static func fileName(_ disposition: HeaderParameters) throws(MultipartDefect) -> DeclaredName? {
        let plain = disposition.values("filename")
        let extended = disposition.values("filename*")
        // `filename*0`, `filename*0*`: a name in pieces (RFC 2231 §3), which readers put together differently.
        let hasPieces = disposition.parameters.contains { $0.name.hasPrefix("filename*") && $0.name != "filename*" }
        guard plain.count <= 1, extended.count <= 1, !hasPieces else { throw .namesConflict }
        guard let coded = extended.first else { return plain.first.map { DeclaredName(bytes: $0) } }
        guard let decoded = ExtendedValue.decode(coded) else { throw .dispositionMalformed }
        if let plain = plain.first, plain != decoded { throw .namesConflict }
        return DeclaredName(bytes: decoded)
    }

    /// A claim; what is not well-formed claims nothing.
    private static func mediaType(_ value: [UInt8]) -> MediaType? {
        guard let parsed = try? HeaderParameters(value), parsed.value.utf8.count <= 127,
            parsed.value.split(separator: "/", omittingEmptySubsequences: false).count == 2
        else { return nil }
        return MediaType(parsed.value)
    }
}

/// `UTF-8''caf%C3%A9.txt` (RFC 8187 §3.2).
enum ExtendedValue {
    /// - Returns: `nil` when it is not well-formed, or not in UTF-8.
    static func decode(_ bytes: [UInt8]) -> [UInt8]? {
        let pieces = bytes.split(separator: UInt8(ascii: "'"), maxSplits: 2, omittingEmptySubsequences: false)
        guard pieces.count == 3, HeaderParameters.lowercased(pieces[0]) == "utf-8" else { return nil }
        guard let decoded = PercentEncoding.decode(pieces[2]), String(validating: decoded, as: UTF8.self) != nil else {
            return nil
        }
        return decoded
    }
}
