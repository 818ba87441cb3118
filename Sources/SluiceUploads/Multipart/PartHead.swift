// The headers of one part: which field it is, whether it is a file, and what the sender says of it (RFC 7578 §4).

public import SluiceModel
import SluiceServer

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
        declaredName = try PartName.read(parsed)
        declaredType = type.flatMap(Self.mediaType)
    }

    private static func lines(_ block: [UInt8]) throws(MultipartDefect) -> [(name: String, value: [UInt8])] {
        var out: [(name: String, value: [UInt8])] = []
        for line in try unfolded(block) {
            let name = line.prefix { FieldSyntax.isToken($0) }
            guard !name.isEmpty, name.endIndex < line.endIndex, line[name.endIndex] == UInt8(ascii: ":") else {
                throw .headMalformed
            }
            var value = line[(name.endIndex + 1)...].drop(while: HeaderParameters.isSpace)
            while let last = value.last, HeaderParameters.isSpace(last) { value.removeLast() }
            out.append((HeaderParameters.lowercased(name), Array(value)))
        }
        return out
    }

    /// The lines without their ends. One that begins with white space goes on with the one before it: a part's headers are those of mail
    /// (RFC 5322 §2.2.3), and JavaMail and Spring fold a long name so.
    private static func unfolded(_ block: [UInt8]) throws(MultipartDefect) -> [[UInt8]] {
        var out: [[UInt8]] = []
        var rest = block[...]
        while !rest.isEmpty {
            guard let end = rest.firstIndex(of: 0x0D), end + 1 < rest.endIndex, rest[end + 1] == 0x0A else {
                throw .headMalformed
            }
            let line = rest[..<end]
            rest = rest[(end + 2)...]
            // No bare CR or LF, no NUL.
            guard line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else { throw .headMalformed }
            guard let first = line.first, HeaderParameters.isSpace(first) else {
                out.append(Array(line))
                continue
            }
            guard !out.isEmpty, !line.allSatisfy(HeaderParameters.isSpace) else { throw .headMalformed }
            out[out.count - 1] += line
        }
        return out
    }

    /// A claim; what is not well-formed claims nothing.
    private static func mediaType(_ value: [UInt8]) -> MediaType? {
        guard let parsed = try? HeaderParameters(value), parsed.value.utf8.count <= 127,
            parsed.value.split(separator: "/", omittingEmptySubsequences: false).count == 2
        else { return nil }
        return MediaType(parsed.value)
    }
}
