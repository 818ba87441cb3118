// The records of a zip as they lie in the content, field by field (APPNOTE 6.3.10 §4.3). No rules are here; the other files of this
// folder check the fields.

/// Signatures (APPNOTE §4.3).
enum ZipSignature {
    static let localHeader: StaticString = "PK\u{3}\u{4}"
    static let centralHeader: StaticString = "PK\u{1}\u{2}"
    static let endRecord: StaticString = "PK\u{5}\u{6}"
    static let zip64EndRecord: StaticString = "PK\u{6}\u{6}"
    static let zip64Locator: StaticString = "PK\u{6}\u{7}"
    static let descriptor: StaticString = "PK\u{7}\u{8}"
}

/// Bits of the general purpose flags (APPNOTE §4.4.4).
enum ZipFlag {
    static let encrypted: UInt16 = 1 << 0
    /// How hard the deflater tried: says nothing about the content.
    static let level: UInt16 = 1 << 1 | 1 << 2
    static let descriptor: UInt16 = 1 << 3
    static let patched: UInt16 = 1 << 5
    static let strongEncryption: UInt16 = 1 << 6
    static let utf8: UInt16 = 1 << 11
    static let maskedHeaders: UInt16 = 1 << 13
}

/// The fields that a local and a central header have in common.
struct ZipHeaderFields {
    var flags: UInt16
    var method: UInt16
    var crc: UInt32
    /// As in the 32-bit field: all ones means that the zip64 field has the value.
    var storedSize: UInt32
    var size: UInt32
    var name: Range<Int>
    var extra: Range<Int>

    /// - Parameter offset: of the flags, which begin the run of fields that both headers share.
    /// - Parameter names: where the name begins.
    init?(_ content: Span<UInt8>, at offset: Int, names: Int) {
        guard let flags = content.littleEndian16(offset), let method = content.littleEndian16(offset + 2),
            let crc = content.littleEndian32(offset + 8), let storedSize = content.littleEndian32(offset + 12),
            let size = content.littleEndian32(offset + 16), let nameLength = content.littleEndian16(offset + 20),
            let extraLength = content.littleEndian16(offset + 22)
        else { return nil }
        self.flags = flags
        self.method = method
        self.crc = crc
        self.storedSize = storedSize
        self.size = size
        name = names..<names + Int(nameLength)
        extra = name.upperBound..<name.upperBound + Int(extraLength)
        guard extra.upperBound <= content.count else { return nil }
    }
}

/// A local file header (APPNOTE §4.3.7).
struct ZipLocalHeader {
    static let fixedSize = 30

    var fields: ZipHeaderFields
    var dataOffset: Int { fields.extra.upperBound }

    init?(_ content: Span<UInt8>, at offset: Int) {
        guard content.has(ZipSignature.localHeader, at: offset),
            let fields = ZipHeaderFields(content, at: offset + 6, names: offset + Self.fixedSize)
        else { return nil }
        self.fields = fields
    }
}

/// A central directory header (APPNOTE §4.3.12).
struct ZipCentralHeader {
    static let fixedSize = 46

    var fields: ZipHeaderFields
    /// The system whose attributes these are: 3 Unix, 19 macOS, 0 DOS (APPNOTE §4.4.2).
    var madeBy: UInt8
    var disk: UInt16
    var attributes: UInt32
    var localOffset: UInt32
    var comment: Range<Int>
    var end: Int { comment.upperBound }

    init?(_ content: Span<UInt8>, at offset: Int) {
        guard content.has(ZipSignature.centralHeader, at: offset),
            let fields = ZipHeaderFields(content, at: offset + 8, names: offset + Self.fixedSize),
            let madeBy = content.byte(offset + 5), let commentLength = content.littleEndian16(offset + 32),
            let disk = content.littleEndian16(offset + 34), let attributes = content.littleEndian32(offset + 38),
            let localOffset = content.littleEndian32(offset + 42)
        else { return nil }
        self.fields = fields
        self.madeBy = madeBy
        self.disk = disk
        self.attributes = attributes
        self.localOffset = localOffset
        comment = fields.extra.upperBound..<fields.extra.upperBound + Int(commentLength)
        guard comment.upperBound <= content.count else { return nil }
    }
}

/// The end of central directory record (APPNOTE §4.3.16).
struct ZipEndRecord {
    static let fixedSize = 22

    var offset: Int
    var disk: UInt16
    var directoryDisk: UInt16
    var entriesHere: UInt16
    var entries: UInt16
    var directorySize: UInt32
    var directoryOffset: UInt32
    var comment: Range<Int>

    init?(_ content: Span<UInt8>, at offset: Int) {
        guard content.has(ZipSignature.endRecord, at: offset), let disk = content.littleEndian16(offset + 4),
            let directoryDisk = content.littleEndian16(offset + 6),
            let entriesHere = content.littleEndian16(offset + 8),
            let entries = content.littleEndian16(offset + 10), let directorySize = content.littleEndian32(offset + 12),
            let directoryOffset = content.littleEndian32(offset + 16),
            let commentLength = content.littleEndian16(offset + 20)
        else { return nil }
        self.offset = offset
        self.disk = disk
        self.directoryDisk = directoryDisk
        self.entriesHere = entriesHere
        self.entries = entries
        self.directorySize = directorySize
        self.directoryOffset = directoryOffset
        comment = offset + Self.fixedSize..<offset + Self.fixedSize + Int(commentLength)
    }
}

/// The zip64 end record and its locator (APPNOTE §4.3.14, §4.3.15).
struct Zip64EndRecord {
    static let fixedSize = 56
    static let locatorSize = 20

    /// The locator's: where the record is said to be, and on how many disks.
    var recordOffset: UInt64
    var recordDisk: UInt32
    var disks: UInt32
    /// The record's length without its first 12 bytes.
    var remainingSize: UInt64
    var disk: UInt32
    var directoryDisk: UInt32
    var entriesHere: UInt64
    var entries: UInt64
    var directorySize: UInt64
    var directoryOffset: UInt64

    /// - Parameter locator: where the locator begins. The record is read where the locator says.
    init?(_ content: Span<UInt8>, locator: Int) {
        guard content.has(ZipSignature.zip64Locator, at: locator),
            let recordDisk = content.littleEndian32(locator + 4),
            let recordOffset = content.littleEndian64(locator + 8),
            let disks = content.littleEndian32(locator + 16), let at = Int(exactly: recordOffset), at <= content.count,
            content.has(ZipSignature.zip64EndRecord, at: at), let remainingSize = content.littleEndian64(at + 4),
            let disk = content.littleEndian32(at + 16), let directoryDisk = content.littleEndian32(at + 20),
            let entriesHere = content.littleEndian64(at + 24), let entries = content.littleEndian64(at + 32),
            let directorySize = content.littleEndian64(at + 40), let directoryOffset = content.littleEndian64(at + 48)
        else { return nil }
        self.recordDisk = recordDisk
        self.recordOffset = recordOffset
        self.disks = disks
        self.remainingSize = remainingSize
        self.disk = disk
        self.directoryDisk = directoryDisk
        self.entriesHere = entriesHere
        self.entries = entries
        self.directorySize = directorySize
        self.directoryOffset = directoryOffset
    }
}
