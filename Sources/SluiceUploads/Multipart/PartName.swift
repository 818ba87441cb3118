// Which name a part gives its file. Agents write it in several ways, and a file has one name all the same: what two readers would take for files of
// two types is refused.

import SluiceModel
import SluiceServer

enum PartName {
    /// - Returns: `nil` for a part that names no file, and so is none.
    /// - Throws: for names of two types, and for what cannot be decoded.
    static func read(_ disposition: HeaderParameters) throws(MultipartDefect) -> DeclaredName? {
        let plain = disposition.values("filename")
        let extended = disposition.values("filename*")
        // `filename*0`, `filename*0*`: a name in pieces (RFC 2231 §3), which readers put together differently.
        let hasPieces = disposition.parameters.contains { $0.name.hasPrefix("filename*") && $0.name != "filename*" }
        guard plain.count <= 1, extended.count <= 1, !hasPieces else { throw .namesConflict }
        guard let coded = extended.first else {
            guard let only = plain.first else { return nil }
            guard let name = decoded(only) else { throw .nameEncoding }
            return DeclaredName(bytes: lastPart(name))
        }
        guard let name = ExtendedValue.decode(coded) else { throw .dispositionMalformed }
        let declared = DeclaredName(bytes: lastPart(name))
        // An encoded word that cannot be read says nothing, and the other one says it.
        guard let only = plain.first, let standIn = decoded(only), !standIn.isEmpty, standIn != name else {
            return declared
        }
        // `filename*` wins over a stand-in for old readers (RFC 6266 §4.3), as long as both are one type of file.
        let other = DeclaredName(bytes: lastPart(standIn)).fileExtension
        guard other == declared.fileExtension, !other.text.isEmpty else { throw .namesConflict }
        return declared
    }

    /// What `filename` says, with encoded words decoded.
    private static func decoded(_ value: [UInt8]) -> [UInt8]? {
        switch EncodedWords.read(value) {
        case .decoded(let name): name
        case .unknown: nil
        // Browsers, curl and okhttp write a quotation mark so (html.spec.whatwg.org, "multipart/form-data"). Line ends, written as %0D%0A, stay as they are: nobody
        // means one in a name.
        case .plain: value.split(around: Array("%22".utf8), with: UInt8(ascii: "\""))
        }
    }

    /// The name without the folders before it, as RFC 7578 §4.2 has it: browsers send a folder's files so, and old agents the whole path.
    /// The whole stays where a part of it would hide something: a folder that is named like a program, a name that is only an extension.
    static func lastPart(_ name: [UInt8]) -> [UInt8] {
        let isSeparator: (UInt8) -> Bool = { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
        guard let separator = name.lastIndex(where: isSeparator) else { return name }
        let last = name[(separator + 1)...]
        let folders = name[..<separator].split(whereSeparator: isSeparator)
        guard let first = last.first, first != UInt8(ascii: "."), !name.contains(0),
            !folders.contains(where: { NameDanger.of(Array($0)) == .startsByItself })
        else { return name }
        return Array(last)
    }
}

extension [UInt8] {
    /// Every occurrence of `pattern` replaced by one byte.
    fileprivate func split(around pattern: [UInt8], with replacement: UInt8) -> [UInt8] {
        var out: [UInt8] = []
        var rest = self[...]
        while let found = rest.firstRange(of: pattern) {
            out += rest[..<found.lowerBound]
            out.append(replacement)
            rest = rest[found.upperBound...]
        }
        return out + rest
    }
}

/// `UTF-8''caf%C3%A9.txt` (RFC 8187 §3.2), and in ISO 8859-1, which its predecessor asked readers to take (RFC 5987 §3.2).
enum ExtendedValue {
    /// - Returns: `nil` when it is not well-formed, or in another character set.
    static func decode(_ bytes: [UInt8]) -> [UInt8]? {
        let pieces = bytes.split(separator: UInt8(ascii: "'"), maxSplits: 2, omittingEmptySubsequences: false)
        guard pieces.count == 3, let charset = NameCharset(pieces[0]), charset != .ascii,
            let decoded = PercentEncoding.decode(pieces[2])
        else { return nil }
        return charset.utf8(decoded)
    }
}
