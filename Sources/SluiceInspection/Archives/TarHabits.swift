// Well-formed names in a tar that no program writes, and that two readers can understand differently. Every rule here was compared with
// the output of GNU tar, bsdtar, 7-Zip, Perl, Python, Java, Go and node. A habit of theirs that stays allowed is named beside the rule.

import SluiceModel

enum TarHabits {
    /// The lengths of a header's name field and of its prefix (POSIX.1 pax, "ustar Interchange Format").
    private static let nameField = 100
    private static let prefixField = 155

    /// - Parameter paxPath: from the entry's extended header.
    static func look(
        _ entry: TarEntry, _ header: TarHeader, paxPath: [UInt8]?, hasLongName: Bool,
        _ context: inout InspectionContext
    ) {
        lookAtRoot(entry, header, &context)
        if let paxPath {
            lookAtExtended(paxPath, entry, header, &context)
        } else if !hasLongName {
            lookAtPrefix(header, &context)
        }
    }

    /// `./` as a folder is how most programs begin. Unpacked, its mode becomes that of the folder which it is unpacked into.
    private static func lookAtRoot(_ entry: TarEntry, _ header: TarHeader, _ context: inout InspectionContext) {
        guard entry.path.normalized.isEmpty else { return }
        if entry.kind != .directory {
            context.find(.tarRootEntry, .text("is no folder"))
        } else if case .value(let mode) = header.mode, mode & 0o100 == 0 {
            context.find(.tarRootEntry, .text("could not be entered by its owner (mode \(String(mode, radix: 8)))"))
        }
    }

    /// GNU tar splits `./` off only when the name alone fills the field; Perl splits every name, and leaves the dot out.
    private static func lookAtPrefix(_ header: TarHeader, _ context: inout InspectionContext) {
        guard !header.prefix.isEmpty, header.path.count <= nameField else { return }
        let parts = header.prefix.split(separator: UInt8(ascii: "/"))
        if parts.allSatisfy({ $0 == [UInt8(ascii: ".")] }) { context.find(.tarDotPrefix, .bytes(header.prefix)) }
    }

    /// Extended headers hold names that do not fit or are not ASCII, and node-tar repeats the header's name there. One that would have fitted,
    /// that is another name, and that reads differently with and without its dots is none of these.
    private static func lookAtExtended(
        _ path: [UInt8], _ entry: TarEntry, _ header: TarHeader, _ context: inout InspectionContext
    ) {
        guard path.count <= nameField, path.allSatisfy({ $0 < 0x80 }), !header.name.isEmpty else { return }
        let plain = path.last == UInt8(ascii: "/") ? Array(path.dropLast()) : path
        guard plain != entry.path.normalized, !entry.path.leaves,
            EntryPath(header.path, limit: context.order.archives.nameLength).normalized != entry.path.normalized
        else { return }
        context.find(.tarPaxPath, .bytes(path), .bytes(header.path))
    }

    /// Whether a GNU long name or link stands in a whole POSIX header although POSIX fields could hold it: a reader of POSIX tars lists another
    /// name then. 7-Zip once wrote POSIX' magic here, but left the device numbers out; Java's libraries write GNU's magic here.
    static func isNeedless(_ text: [UInt8], isName: Bool, _ content: Span<UInt8>, at offset: Int) -> Bool {
        guard content.has("ustar\u{0}00", at: offset + 257),
            case .value = TarHeader.number(content, offset + 329, 8),
            case .value = TarHeader.number(content, offset + 337, 8)
        else { return false }
        if text.count <= nameField { return true }
        guard isName else { return false }
        return text.indices.contains { index in
            text[index] == UInt8(ascii: "/") && index <= prefixField && index > 0
                && (1...nameField).contains(text.count - index - 1)
        }
    }
}
