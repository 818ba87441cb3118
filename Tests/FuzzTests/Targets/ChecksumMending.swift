// Puts checksums right that mutations broke, so that these reach what lies behind them; and packs parts into a zip.

import SluiceTestSupport

@testable import SluiceInspection

enum ChecksumMending {
    /// The checksum of every block that is marked as a header, or of the first where none is.
    static func tar(_ content: Span<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var at = 0
        while at <= content.count - 512 {
            defer { at += 512 }
            guard at == 0 || content[at + 257] == UInt8(ascii: "u"), !TarHeader.checksumHolds(content, at: at) else {
                continue
            }
            if bytes.isEmpty { bytes = content.withUnsafeBufferPointer { Array($0) } }
            var sum = 8 * 0x20
            for index in 0..<512 where !(148..<156).contains(index) { sum += Int(content[at + index]) }
            for digit in 0..<6 { bytes[at + 148 + digit] = 0x30 + UInt8(sum >> (15 - 3 * digit) & 7) }
            (bytes[at + 154], bytes[at + 155]) = (0, 0x20)
        }
        return bytes.isEmpty ? nil : bytes
    }

    /// The CRC of every stored member that has no data descriptor, in both of its headers (APPNOTE §4.3.7, §4.3.12).
    static func zip(_ content: Span<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var at = 0
        while at <= content.count - 46 {
            guard content.has("PK\u{1}\u{2}", at: at) else {
                at += 1
                continue
            }
            defer { at += 46 }
            let size = number(content, at + 20, 4)
            let local = number(content, at + 42, 4)
            guard number(content, at + 10, 2) == 0, content[at + 8] & 8 == 0, local <= content.count - 30 else {
                continue
            }
            let start = local + 30 + number(content, local + 26, 2) + number(content, local + 28, 2)
            guard start <= content.count, size <= content.count - start else { continue }
            let check = Int(CyclicCheck.of(content.extracting(start..<start + size)))
            for field in [at + 16, local + 14] where number(content, field, 4) != check {
                if bytes.isEmpty { bytes = content.withUnsafeBufferPointer { Array($0) } }
                for index in 0..<4 { bytes[field + index] = UInt8(check >> (8 * index) & 255) }
            }
        }
        return bytes.isEmpty ? nil : bytes
    }

    private static func number(_ content: Span<UInt8>, _ at: Int, _ count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(content[at + $1]) << (8 * $1) }
    }
}

/// The smallest zip writer there is: stored members under fixed names.
enum StoredZip {
    static let partNames = [
        "[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/_rels/document.xml.rels", "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
    ]

    /// What `package` makes a package of.
    static func parts(of builder: OpenXMLBuilder) -> [UInt8] {
        let members = builder.zip().members
        var out: [UInt8] = []
        for name in partNames { out += (members.first { $0.name == Array(name.utf8) }?.content ?? []) + [0] }
        return out
    }

    /// The parts, ended by NUL each, under the names above; empty ones are left out.
    static func package(_ parts: Span<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        var directory: [UInt8] = []
        var count = 0
        var start = 0
        for name in partNames where start < parts.count {
            var end = start
            while end < parts.count, parts[end] != 0 { end += 1 }
            defer { start = end + 1 }
            if start == end { continue }
            let part = parts.extracting(start..<end)
            // From the version needed to the lengths of name and extra field.
            let common =
                bytes(10, 2) + bytes(0, 8) + bytes(Int(CyclicCheck.of(part)), 4) + bytes(part.count, 4)
                + bytes(part.count, 4) + bytes(name.utf8.count, 2) + bytes(0, 2)
            directory += Array("PK\u{1}\u{2}".utf8) + bytes(10, 2) + common + bytes(0, 10) + bytes(out.count, 4)
            directory += name.utf8
            out += Array("PK\u{3}\u{4}".utf8) + common + Array(name.utf8)
            part.withUnsafeBufferPointer { out.append(contentsOf: $0) }
            count += 1
        }
        let end = bytes(count, 2) + bytes(count, 2) + bytes(directory.count, 4) + bytes(out.count, 4) + bytes(0, 2)
        return out + directory + Array("PK\u{5}\u{6}".utf8) + bytes(0, 4) + end
    }

    private static func bytes(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
