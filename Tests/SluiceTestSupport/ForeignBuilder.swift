// Builds containers of other kinds than zip and tar, byte by byte and without compression: cabinets, 7z, rar 5 and ISO 9660 images.

/// A container in the making.
public struct ForeignBuilder: Sendable {
    public var files: [(name: String, content: [UInt8])]

    public init(_ files: [(name: String, content: [UInt8])]) { self.files = files }

    private static func number(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func check(_ bytes: [UInt8]) -> [UInt8] { number(Int(GzipBuilder.check(bytes)), 4) }

    // MARK: Cabinet ([MS-CAB] 2)

    /// - Parameter flags: of the header; 1 says that a cabinet comes before this one.
    public func cabinet(flags: Int = 0) -> [UInt8] {
        let n = Self.number
        let data = files.flatMap(\.content)
        var list: [UInt8] = []
        var start = 0
        for file in files {
            list += n(file.content.count, 4) + n(start, 4) + n(0, 2) + n(0x5721, 2) + n(0x6000, 2) + n(0x20, 2)
            list += Array(file.name.utf8) + [0]
            start += file.content.count
        }
        let listAt = 36 + 8
        let dataAt = listAt + list.count
        let total = dataAt + 8 + data.count
        var out: [UInt8] = Array("MSCF".utf8) + n(0, 4) + n(total, 4) + n(0, 4) + n(listAt, 4) + n(0, 4)
        out += [3, 1] + n(1, 2) + n(files.count, 2) + n(flags, 2) + n(1, 2) + n(0, 2)
        out += n(dataAt, 4) + n(1, 2) + n(0, 2) + list
        // A checksum of zero is not looked at.
        return out + n(0, 4) + n(data.count, 2) + n(data.count, 2) + data
    }

    // MARK: rar 5 (rarlab, "RAR 5.0 archive format")

    public func rar() -> [UInt8] {
        var out: [UInt8] = [0x52, 0x61, 0x72, 0x21, 0x1A, 7, 1, 0] + Self.block([1, 0, 0])
        for file in files {
            let name = Array(file.name.utf8)
            let size = Self.variable(file.content.count)
            var body: [UInt8] = [2, 2] + size + [4] + size + Self.variable(0o100644)
            body += Self.check(file.content) + [0, 1] + Self.variable(name.count) + name
            out += Self.block(body) + file.content
        }
        return out + Self.block([5, 0, 0])
    }

    private static func block(_ body: [UInt8]) -> [UInt8] {
        let counted = variable(body.count) + body
        return check(counted) + counted
    }

    private static func variable(_ value: Int) -> [UInt8] {
        var out: [UInt8] = []
        var rest = value
        repeat {
            out.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
            rest >>= 7
        } while rest > 0
        return out
    }

    // MARK: 7z (7zFormat.txt)

    /// One folder a file, each copied as it is.
    public func sevenZip() -> [UInt8] {
        let n = Self.number
        func seven(_ value: Int) -> [UInt8] { value < 0x80 ? [UInt8(value)] : [0xE0] + n(value, 3) }
        let data = files.flatMap(\.content)
        let sizes: [UInt8] = files.flatMap { seven($0.content.count) }
        var header: [UInt8] = [0x01, 0x04, 0x06] + seven(0) + seven(files.count) + [0x09] + sizes + [0x00]
        header += [0x07, 0x0B] + seven(files.count) + [0x00]
        for _ in files { header += [0x01, 0x01, 0x00] }
        header += [0x0C] + sizes + [0x0A, 0x01]
        for file in files { header += Self.check(file.content) }
        // The end of the folders, their substreams (one each, as said), the end of the streams.
        header += [0x00, 0x08, 0x00, 0x00]
        var names: [UInt8] = [0x00]
        for file in files {
            for unit in file.name.utf16 { names += n(Int(unit), 2) }
            names += [0, 0]
        }
        header += [0x05] + seven(files.count) + [0x11] + seven(names.count) + names + [0x00, 0x00]
        let start: [UInt8] = n(data.count, 8) + n(header.count, 8) + Self.check(header)
        let mark: [UInt8] = [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4]
        return mark + Self.check(start) + start + data + header
    }

    // MARK: ISO 9660 (ECMA-119)

    /// One folder with all files, and the 150 empty sectors that mkisofs adds, without which some readers do not begin; the names are used as they are.
    public func discImage() -> [UInt8] {
        let sector = 2048
        func both(_ value: Int, _ width: Int) -> [UInt8] {
            Self.number(value, width) + Self.number(value, width).reversed()
        }
        func padded(_ bytes: [UInt8], _ length: Int, _ with: UInt8 = 0) -> [UInt8] {
            bytes + [UInt8](repeating: with, count: max(0, length - bytes.count))
        }
        func record(_ name: [UInt8], _ at: Int, _ size: Int, isFolder: Bool) -> [UInt8] {
            var out: [UInt8] = [0, 0] + both(at, 4) + both(size, 4)
            out += [126, 11, 21, 9, 0, 0, 0, isFolder ? 2 : 0, 0, 0]
            out += both(1, 2) + [UInt8(name.count)] + name
            if out.count % 2 == 1 { out.append(0) }
            out[0] = UInt8(out.count)
            return out
        }
        let rootAt = 20
        var folder = record([0], rootAt, sector, isFolder: true) + record([1], rootAt, sector, isFolder: true)
        var data: [UInt8] = []
        for file in files {
            let at = rootAt + 1 + data.count / sector
            folder += record(Array(file.name.utf8), at, file.content.count, isFolder: false)
            data += padded(file.content, (file.content.count + sector - 1) / sector * sector)
        }
        let total = rootAt + 1 + data.count / sector
        var volume: [UInt8] = [1] + Array("CD001".utf8) + [1, 0] + padded([], 32, 0x20) + padded([], 32, 0x20)
        volume += padded([], 8) + both(total, 4) + padded([], 32) + both(1, 2) + both(1, 2) + both(sector, 2)
        volume += both(10, 4) + Self.number(19, 4) + Self.number(0, 4) + Self.number(0, 4) + Self.number(0, 4)
        volume += record([0], rootAt, sector, isFolder: true)
        volume += padded([], 881 - volume.count, 0x20) + [1, 0]
        let end: [UInt8] = [255] + Array("CD001".utf8) + [1]
        return padded([], 16 * sector) + padded(volume, sector) + padded(end, sector) + padded([], 2 * sector)
            + padded(folder, sector) + data
            + padded([], 150 * sector)
    }
}
