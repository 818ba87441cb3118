// Spooled bytes, read again by whoever put them there.

import Glibc
package import SluiceModel

package enum SpooledBytes {
    /// - Returns: how many bytes were read: 0 only at the end.
    /// - Throws: `store.io`.
    package static func read(
        _ spooled: SpooledAttachment, into buffer: UnsafeMutableRawBufferPointer, at offset: Int64
    ) throws(SluiceError) -> Int {
        while true {
            let count = pread(spooled.descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            if count >= 0 { return count }
            if errno != EINTR { throw .system("pread", errno, "Spooled bytes cannot be read.") }
        }
    }
}
