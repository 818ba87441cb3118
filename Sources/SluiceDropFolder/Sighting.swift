// What a look at one name shows. Two sightings that are equal mean that the file has not changed between them.

import Glibc
import SluiceModel

/// What one name in a folder stands for.
struct Sighting: Hashable, Sendable {
    enum Kind: Sendable { case file, folder, other }

    var kind: Kind
    var device: UInt64
    var inode: UInt64
    var size: Int64
    /// Nanoseconds since 1970.
    var modified: Int64

    init(kind: Kind = .file, device: UInt64 = 0, inode: UInt64, size: Int64, modified: Int64) {
        (self.kind, self.device, self.inode, self.size, self.modified) = (kind, device, inode, size, modified)
    }

    init(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .folder
        default: kind = .other
        }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        // The sender sets this time, and some file systems accept any value.
        modified = Int64(status.st_mtim.tv_sec).saturatingTimes(1_000_000_000)
            .saturatingPlus(Int64(status.st_mtim.tv_nsec))
    }
}
