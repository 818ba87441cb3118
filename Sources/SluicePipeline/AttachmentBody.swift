// Where an attachment's bytes come from, pulled piece by piece.

public import SluiceModel

/// A source of bytes. Reading blocks; it is done on a blocking thread.
public protocol AttachmentBody: ~Copyable {
    /// Fills the beginning of `buffer`.
    /// - Returns: how many bytes; 0 at the end.
    /// - Throws: `source.…` when the source cannot be read to its end; then nothing is decided.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SluiceError) -> Int

    /// How much there will be, where the source says so; a claim.
    var announcedSize: ByteCount? { get }
}

/// Bytes that are in memory already.
public struct BytesBody: AttachmentBody {
    private let bytes: [UInt8]
    private var offset = 0

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    public var announcedSize: ByteCount? { ByteCount(bytes.count) }

    public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SluiceError) -> Int {
        let count = min(buffer.count, bytes.count - offset)
        buffer.copyBytes(from: bytes[offset..<offset + count])
        offset += count
        return count
    }
}
