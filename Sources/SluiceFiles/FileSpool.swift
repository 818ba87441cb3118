// The spool: unnamed files. Where the blobs lie on the same file system, keeping one is a link and not a copy.

import CDisk
import Glibc
public import SluiceModel
public import SluiceStorage
import SluiceSystem

/// Receives into unnamed files. A crash leaves nothing: what has no name is freed by the file system.
public final class FileSpool: Spool, SpoolPlace, ScratchPlace {
    private let folder: SpoolFolder

    public init(_ folder: SpoolFolder) { self.folder = folder }
    public convenience init(_ folders: StoreFolders) { self.init(folders.spoolFolder) }

    public func begin(limit: ByteCount) throws(SluiceError) -> any SpoolReception { Reception(self, limit: limit) }

    public func makeScratch() throws(SluiceError) -> CInt { try create().release() }

    func create() throws(SluiceError) -> OwnedDescriptor {
        // 0400: once it has a name, not even we open it for writing by mistake.
        let number = retrying { openat(folder.number, ".", sluice_O_TMPFILE | O_DIRECTORY | O_RDWR | O_CLOEXEC, 0o400) }
        if number >= 0 { return OwnedDescriptor(owning: number) }
        switch errno {
        // man 2 open, O_TMPFILE: EOPNOTSUPP from the file system, EISDIR from a kernel before 3.11.
        case EOPNOTSUPP, EISDIR, EINVAL:
            throw SluiceError(
                "store.unsupported-disk", what: "The store's folder cannot hold unnamed files.",
                why:
                    "Its file system does not support O_TMPFILE, on which it rests that a crash leaves nothing half-received.",
                mend: "Put the store on ext4, XFS, Btrfs or tmpfs.", cause: SystemCallFailure("openat").text)
        default: throw .system(SystemCallFailure("openat"), "The spool cannot open a private file.")
        }
    }

    /// The writable description is closed: whoever gets the descriptor to inspect the bytes cannot change what will be kept.
    func freeze(_ file: consuming OwnedDescriptor) throws(SluiceError) -> OwnedDescriptor {
        let number = file.number
        return try storing("The received bytes cannot be opened for reading.") { () throws(SystemCallFailure) in
            try OwnedDescriptor.reopen(number)
        }
    }
}
