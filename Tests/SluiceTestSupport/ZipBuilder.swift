// Builds zips byte by byte for tests: every odd byte is a parameter. Without any, the result is what an honest program writes.

/// A zip under construction.
///
///     ZipBuilder().file("app.log", "…") { $0.localName = "other.log" }.build()
public struct ZipBuilder: Sendable {
    /// One member, with whatever shall be wrong with it. `nil` means the honest value.
    public struct Member: Sendable {
        public enum Descriptor: Sendable, CaseIterable {
            case signature32, plain32, signature64, plain64

            var isLarge: Bool { self == .signature64 || self == .plain64 }
            var hasSignature: Bool { self == .signature32 || self == .signature64 }
        }

        public var name: [UInt8]
        public var content: [UInt8]
        public var method: UInt16
        /// The stored bytes; else the content, deflated for method 8.
        public var stored: [UInt8]?
        public var flags: UInt16 = 0
        public var madeBy: UInt8 = 3
        /// Upper half Unix mode, lower half DOS.
        public var attributes: UInt32
        public var extra: [UInt8] = []
        public var comment: [UInt8] = []
        public var disk: UInt16 = 0
        public var descriptor: Descriptor?
        /// Sizes in zip64 fields, the 32-bit ones all ones.
        public var isZip64 = false

        public var localName: [UInt8]?
        public var localMethod: UInt16?
        public var localFlags: UInt16?
        public var localExtra: [UInt8]?
        public var localCRC: UInt32?
        public var localSize: UInt32?
        public var localStoredSize: UInt32?
        public var centralCRC: UInt32?
        public var centralSize: UInt32?
        public var centralStoredSize: UInt32?
        public var centralOffset: UInt32?
        public var descriptorCRC: UInt32?
        public var descriptorSize: UInt32?
        /// No descriptor although the flag says so.
        public var omitsDescriptor = false
        public var gapBefore: [UInt8] = []
        /// Not listed in the central directory.
        public var isUnlisted = false
        /// Listed, but its local header and data are those of this other member.
        public var sharesHeaderOf: Int?

        var storedBytes: [UInt8] { stored ?? (method == 8 ? Deflater.deflate(content) : content) }
    }

    public var members: [Member] = []
    public var prefix: [UInt8] = []
    /// Whether offsets count the prefix, as an adjusted self-extracting archive's do.
    public var offsetsCountPrefix = false
    public var suffix: [UInt8] = []
    public var comment: [UInt8] = []
    public var commentLength: UInt16?
    public var gapBeforeDirectory: [UInt8] = []
    public var gapBehindDirectory: [UInt8] = []
    public var count: UInt16?
    public var disk: UInt16 = 0
    /// A zip64 end record and locator.
    public var isZip64 = false
    public var zip64Count: UInt64?
    public var zip64Offset: UInt64?
    public var zip64RecordOffset: UInt64?
    public var omitsEndRecord = false

    public init() {}

    public func file(
        _ name: String, _ content: String, _ change: (inout Member) -> Void = { _ in }
    ) -> ZipBuilder {
        file(Array(name.utf8), Array(content.utf8), change)
    }

    public func file(
        _ name: [UInt8], _ content: [UInt8], _ change: (inout Member) -> Void = { _ in }
    ) -> ZipBuilder {
        var member = Member(name: name, content: content, method: 8, attributes: 0o100644 << 16)
        change(&member)
        return adding(member)
    }

    public func stored(_ name: String, _ content: [UInt8], _ change: (inout Member) -> Void = { _ in }) -> ZipBuilder {
        file(Array(name.utf8), content) {
            $0.method = 0
            change(&$0)
        }
    }

    public func directory(_ name: String, _ change: (inout Member) -> Void = { _ in }) -> ZipBuilder {
        var member = Member(name: Array(name.utf8), content: [], method: 0, attributes: 0o040755 << 16 | 0x10)
        change(&member)
        return adding(member)
    }

    public func symlink(_ name: String, to target: String, _ change: (inout Member) -> Void = { _ in }) -> ZipBuilder {
        stored(name, Array(target.utf8)) {
            $0.attributes = 0o120777 << 16
            change(&$0)
        }
    }

    public func with(_ change: (inout ZipBuilder) -> Void) -> ZipBuilder {
        var copy = self
        change(&copy)
        return copy
    }

    private func adding(_ member: Member) -> ZipBuilder { with { $0.members.append(member) } }

    /// APPNOTE §4.3.
    public func build() -> [UInt8] {
        var out = ByteWriter()
        out.bytes = prefix
        let base = offsetsCountPrefix ? 0 : prefix.count
        var offsets: [Int] = []
        for member in members {
            if let other = member.sharesHeaderOf {
                offsets.append(offsets[other])
                continue
            }
            out.bytes += member.gapBefore
            offsets.append(out.bytes.count - base)
            write(local: member, &out)
        }
        out.bytes += gapBeforeDirectory
        let directory = out.bytes.count - base
        var listed = 0
        for (member, offset) in zip(members, offsets) where !member.isUnlisted {
            write(central: member, offset, &out)
            listed += 1
        }
        let directorySize = out.bytes.count - base - directory
        out.bytes += gapBehindDirectory
        if isZip64 { writeZip64(&out, base, listed, directory, directorySize) }
        if !omitsEndRecord {
            out.text("PK\u{5}\u{6}")
            out.put16(disk, disk)
            let shown = count ?? UInt16(clamping: listed)
            out.put16(isZip64 ? .max : shown, isZip64 ? .max : shown)
            out.put32(isZip64 ? .max : UInt32(directorySize), isZip64 ? .max : UInt32(directory))
            out.put16(commentLength ?? UInt16(comment.count))
            out.bytes += comment
        }
        return out.bytes + suffix
    }

    private func write(local member: Member, _ out: inout ByteWriter) {
        let stored = member.storedBytes
        let crc = CRC32.of(member.content)
        let streams = member.descriptor != nil
        let name = member.localName ?? member.name
        var extra = member.localExtra ?? member.extra
        if member.isZip64 {
            extra =
                ByteWriter.zip64([UInt64(streams ? 0 : member.content.count), UInt64(streams ? 0 : stored.count)])
                + extra
        }
        out.text("PK\u{3}\u{4}")
        out.put16(member.isZip64 ? 45 : 20, member.localFlags ?? flags(member), member.localMethod ?? member.method)
        out.put16(0, 0x21)
        out.put32(member.localCRC ?? (streams ? 0 : crc))
        out.put32(member.localStoredSize ?? (member.isZip64 ? .max : streams ? 0 : UInt32(stored.count)))
        out.put32(member.localSize ?? (member.isZip64 ? .max : streams ? 0 : UInt32(member.content.count)))
        out.put16(UInt16(name.count), UInt16(extra.count))
        out.bytes += name + extra + stored
        guard let descriptor = member.descriptor, !member.omitsDescriptor else { return }
        if descriptor.hasSignature { out.text("PK\u{7}\u{8}") }
        out.put32(member.descriptorCRC ?? crc)
        let sizes = [UInt32(stored.count), member.descriptorSize ?? UInt32(member.content.count)]
        for size in sizes { descriptor.isLarge ? out.put64(UInt64(size)) : out.put32(size) }
    }

    private func write(central member: Member, _ offset: Int, _ out: inout ByteWriter) {
        let size = UInt32(member.content.count)
        let storedSize = UInt32(member.storedBytes.count)
        let zip64 = member.isZip64 ? ByteWriter.zip64([UInt64(size), UInt64(storedSize)]) : []
        let extra = zip64 + member.extra
        out.text("PK\u{1}\u{2}")
        out.bytes += [member.isZip64 ? 45 : 20, member.madeBy]
        out.put16(member.isZip64 ? 45 : 20, flags(member), member.method)
        out.put16(0, 0x21)
        out.put32(member.centralCRC ?? CRC32.of(member.content))
        out.put32(member.centralStoredSize ?? (member.isZip64 ? .max : storedSize))
        out.put32(member.centralSize ?? (member.isZip64 ? .max : size))
        out.put16(UInt16(member.name.count), UInt16(extra.count), UInt16(member.comment.count), member.disk, 0)
        out.put32(member.attributes, member.centralOffset ?? UInt32(offset))
        out.bytes += member.name + extra + member.comment
    }

    private func writeZip64(_ out: inout ByteWriter, _ base: Int, _ listed: Int, _ directory: Int, _ directorySize: Int)
    {
        let record = out.bytes.count - base
        out.text("PK\u{6}\u{6}")
        out.put64(44)
        out.put16(45, 45)
        out.put32(0, 0)
        out.put64(zip64Count ?? UInt64(listed))
        out.put64(zip64Count ?? UInt64(listed))
        out.put64(UInt64(directorySize))
        out.put64(zip64Offset ?? UInt64(directory))
        out.text("PK\u{6}\u{7}")
        out.put32(0)
        out.put64(zip64RecordOffset ?? UInt64(record))
        out.put32(1)
    }

    private func flags(_ member: Member) -> UInt16 { member.flags | (member.descriptor == nil ? 0 : 1 << 3) }
}

/// Little-endian fields.
struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func text(_ text: String) { bytes += text.utf8 }
    mutating func put16(_ values: UInt16...) { for value in values { put(value, 2) } }
    mutating func put32(_ values: UInt32...) { for value in values { put(value, 4) } }
    mutating func put64(_ value: UInt64) { put(value, 8) }

    private mutating func put(_ value: some BinaryInteger, _ width: Int) {
        for shift in 0..<width { bytes.append(UInt8(truncatingIfNeeded: UInt64(value) >> UInt64(8 * shift))) }
    }

    /// APPNOTE §4.5.3.
    static func zip64(_ values: [UInt64]) -> [UInt8] {
        var out = ByteWriter()
        out.put16(1, UInt16(values.count * 8))
        for value in values { out.put64(value) }
        return out.bytes
    }
}
