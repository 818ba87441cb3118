// Files packed into documents as OLE objects (Threats, T15): the stream `\1Ole10Native` of Windows' Packager ([MS-OLEDS] 2.3.6), packages and other
// files that an object's storage holds whole. Each is taken out and looked at as a member of an archive is; a click on such an object opens
// the file, so a script counts as a program here.

import SluiceModel

enum PackedObject {
    /// Streams that hold a file of another program as it is: an Office package, a PDF or what a control keeps.
    private static let wholeFiles = ["Package", "CONTENTS", "EmbeddedOdf", "EmbeddedODF"]

    /// Looks into every object of a compound file, wherever its storage lies.
    static func inspect(_ file: CompoundFile, _ content: Span<UInt8>, _ context: inout InspectionContext) {
        for entry in file.directory.entries where entry.kind == .stream && entry.size > 0 {
            if AsciiText.isSame(entry.name, "\u{1}Ole10Native") {
                inspectNative(file.bytes(of: entry, in: content), &context)
            } else if wholeFiles.contains(where: { AsciiText.isSame(entry.name, $0) }) {
                let bytes = file.bytes(of: entry, in: content)
                // Bytes of no known format are the private data of a control.
                guard context.recognizers.isClaimed(bytes.span) || SignatureTable.mediaType(of: bytes.span) != nil
                else { continue }
                context.inspectCarried(bytes.span, named: Array(entry.name.utf8), isObject: true)
            }
        }
    }

    static func inspectNative(_ stream: [UInt8], _ context: inout InspectionContext) {
        if let packed = read(stream.span) {
            context.inspectCarried(
                stream.span.extracting(packed.data), named: packed.name, isObject: true)
        } else if let size = stream.span.littleEndian32(0), Int(size) <= stream.count - 4, !looksPacked(stream.span) {
            // Another program's data behind its length, such as a bitmap of Paint.
            context.inspectCarried(
                stream.span.extracting(4..<4 + Int(size)), named: Array("object".utf8), isObject: true)
        } else {
            context.find(.officeObjectUnread, .text("OLE package"))
        }
    }

    struct Packed {
        var name: [UInt8]
        var data: Range<Int>
    }

    /// The Packager's fields: label, path, path of the temporary copy, then the file. Names are in the code page of the machine that packed it; behind
    /// the file the same stands in UTF-16.
    static func read(_ stream: Span<UInt8>) -> Packed? {
        guard looksPacked(stream) else { return nil }
        var at = 6
        guard let label = text(stream, &at), let path = text(stream, &at) else { return nil }
        // 0 and 3: a file and not a link ([MS-OLEDS] leaves it open; as Packager writes it).
        at += 4
        guard let length = stream.littleEndian32(at), Int(length) <= stream.count else { return nil }
        at += 4
        var temporary: [UInt8] = []
        if length > 0 {
            temporary = stream.copy(at..<at + Int(length)).prefix { $0 != 0 } + []
            at += Int(length)
        }
        guard let size = stream.littleEndian32(at), Int(size) <= stream.count - at - 4 else { return nil }
        let data = at + 4..<at + 4 + Int(size)
        var names = [label, path, temporary].map(lastPart)
        at = data.upperBound
        for _ in 0..<3 {
            guard let count = stream.littleEndian32(at), Int(count) <= (stream.count - at - 4) / 2 else { break }
            var units: [UInt16] = []
            for index in 0..<Int(count) {
                if let unit = stream.littleEndian16(at + 4 + index * 2), unit != 0 { units.append(unit) }
            }
            names.append(lastPart(Array(String(decoding: units, as: UTF16.self).utf8)))
            at += 4 + Int(count) * 2
        }
        // The program that opens it may go by any of the names: the most dangerous one tells.
        let named = names.filter { !$0.isEmpty }
        let name =
            named.first { NameDanger.of($0) == .startsByItself } ?? named.first { NameDanger.of($0) == .script }
            ?? named.first ?? Array("object".utf8)
        return Packed(name: name, data: data)
    }

    /// Behind the length: the number 2, then a label that is text.
    private static func looksPacked(_ stream: Span<UInt8>) -> Bool {
        guard stream.littleEndian16(4) == 2, let first = stream.byte(6) else { return false }
        return first == 0 || first >= 0x20
    }

    private static func text(_ stream: Span<UInt8>, _ at: inout Int) -> [UInt8]? {
        guard let end = stream.firstOffset(of: 0, from: at, before: min(stream.count, at + 4096)) else { return nil }
        defer { at = end + 1 }
        return stream.copy(at..<end)
    }

    private static func lastPart(_ path: [UInt8]) -> [UInt8] {
        let separator = path.lastIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
        return separator.map { Array(path[($0 + 1)...]) } ?? path
    }
}
