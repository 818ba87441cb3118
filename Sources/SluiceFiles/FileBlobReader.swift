// A file of the store, opened to be read.

import Glibc
import SluiceModel
import SluiceStorage
import SluiceSystem

/// Owns one open file.
final class FileBlobReader: BlobReader {
    let size: ByteCount
    private let number: CInt
    var descriptor: CInt? { number }

    /// - Parameter what: what to say where it cannot be read.
    /// - Throws: `store.io`, also where it is no regular file.
    init(_ file: consuming OwnedDescriptor, _ what: String) throws(SluiceError) {
        var facts = stat()
        guard fstat(file.number, &facts) == 0 else { throw .system(SystemCallFailure("fstat"), what) }
        guard facts.st_mode & S_IFMT == S_IFREG else { throw .inputOutput(what, cause: "it is no regular file") }
        size = ByteCount(Int64(facts.st_size))
        number = file.release()
    }

    deinit { close(number) }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(SluiceError) -> Int {
        try storing("Stored bytes cannot be read.") { () throws(SystemCallFailure) in
            try readAt(offset, of: number, into: buffer)
        }
    }
}
