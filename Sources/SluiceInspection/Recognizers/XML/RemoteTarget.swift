// Whether the target of a reference in a document lies elsewhere (Threats, T18). One rule for every format: relationships, fields,
// templates, pages. Only a target that is proven local is local; every other one is remote, however it is spelled.

enum RemoteTarget {
    /// Schemes that carry their content with them or lead into the document itself.
    private static let inside: Set<String> = ["data", "cid", "about"]

    /// - Parameter target: as the document spells it; a URL, a path of Windows or Unix, or something else.
    static func isRemote(_ target: String) -> Bool { !isLocal(plain(target)) }

    /// - Parameter target: as bytes in any encoding that has ASCII in it.
    static func isRemote(_ target: [UInt8]) -> Bool { isRemote(String(decoding: target, as: UTF8.self)) }

    // MARK: Spelling

    /// Percent-escapes are undone so often (chosen: readers undo one or two).
    private static let rounds = 4

    /// The target without what readers drop or take for the same: blanks, control and invisible characters, escapes, case, backslashes.
    private static func plain(_ target: String) -> String {
        var text = folded(target)
        for _ in 0..<rounds {
            guard text.utf8.contains(UInt8(ascii: "%")) else { break }
            let decoded = folded(unescaped(text))
            if decoded == text { break }
            text = decoded
        }
        return text
    }

    private static func folded(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0...0x20, 0x22, 0x27, 0x7F...0xA0, 0xAD, 0x1680, 0x180E, 0x2000...0x200F, 0x2028...0x202F,
                0x205F...0x206F, 0x3000, 0xFEFF, 0xFFF9...0xFFFB:
                continue
            case 0x5C, 0x2044, 0x2215, 0xFF0F, 0xFF3C: out.append("/")
            case 0xFF1A: out.append(":")
            case 0x41...0x5A: out.append(Unicode.Scalar(UInt8(scalar.value + 0x20)))
            default: out.append(scalar)
            }
        }
        return String(out)
    }

    private static func unescaped(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        var at = 0
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "%"), at + 2 < bytes.count, let high = digit(bytes[at + 1]),
                let low = digit(bytes[at + 2])
            {
                out.append(high << 4 | low)
                at += 3
            } else {
                out.append(bytes[at])
                at += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    // MARK: Place

    private static func isLocal(_ text: String) -> Bool {
        // WebDAV's redirector and its spelling of ports lead out wherever they stand.
        if text.contains("davwwwroot") || text.contains("@ssl/") { return false }
        let slashes = text.prefix { $0 == "/" }.count
        let rest = text.dropFirst(slashes)
        if slashes >= 2 { return slashes == 2 && isLocalDevice(rest) }
        // Windows takes `\??\` for the object manager's folder, where UNC and drives live.
        if slashes == 1 { return rest.hasPrefix("??/") ? isLocalDevice(rest) : true }
        if isDrive(rest) { return true }
        guard let scheme = scheme(of: rest) else { return true }
        let behind = rest.dropFirst(scheme.count + 1)
        if scheme == "file" { return isLocalFile(behind) }
        return inside.contains(scheme)
    }

    /// `?/C:/x` and `./C:/x` name a drive; `?/UNC/…`, `./pipe/…`, a host and everything else do not.
    private static func isLocalDevice(_ rest: Substring) -> Bool {
        for prefix in ["?/", "??/", "./"] where rest.hasPrefix(prefix) { return isDrive(rest.dropFirst(prefix.count)) }
        return false
    }

    /// The part after `file:`.
    private static func isLocalFile(_ behind: Substring) -> Bool {
        let slashes = behind.prefix { $0 == "/" }.count
        let rest = behind.dropFirst(slashes)
        switch slashes {
        case 0, 1: return rest.isEmpty || isDrive(rest) || !rest.contains(":") && !rest.hasPrefix("?")
        case 2:
            if isDrive(rest) { return true }  // `file://C:/x`, a common slip
            let host = rest.prefix { $0 != "/" }
            let path = rest.dropFirst(host.count).drop { $0 == "/" }
            return host == "localhost" && (isDrive(path) || rest.dropFirst(host.count).prefix(2) != "//")
        case 3:
            // A Unix path, or a drive. What begins like a device is neither.
            return isDrive(rest) || !rest.contains(":") && !rest.hasPrefix("?") && !rest.hasPrefix(".")
        default: return false
        }
    }

    /// `C:` or, as old browsers wrote it, `C|`.
    private static func isDrive(_ text: Substring) -> Bool {
        let start = text.utf8.prefix(2)
        guard start.count == 2, let letter = start.first, let mark = start.last else { return false }
        return AsciiText.isLetter(letter) && (mark == UInt8(ascii: ":") || mark == UInt8(ascii: "|"))
    }

    /// A colon before any slash ends a scheme, if what stands before it could be one (RFC 3986 §3.1).
    private static func scheme(of text: Substring) -> String? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let name = text[..<colon]
        let isScheme = name.utf8.allSatisfy {
            AsciiText.isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-")
                || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "@") || $0 >= 0x80
        }
        return isScheme ? String(name) : nil
    }
}
