// Stored bytes on their way into a spool once more: to become a blob in another place, or to be read as a file.

package import SluiceModel

extension Spool {
    /// Receives all that a reader gives.
    package func receive(_ source: any BlobReader) throws(SluiceError) -> SpooledAttachment {
        let reception = try begin(limit: source.size)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
        defer { buffer.deallocate() }
        var offset: Int64 = 0
        while true {
            let count = try source.read(into: buffer, at: offset)
            if count == 0 { return try reception.finish() }
            try reception.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += Int64(count)
        }
    }
}
