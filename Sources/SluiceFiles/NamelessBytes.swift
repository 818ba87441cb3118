// Giving received bytes their name, also when they had one before that was taken away again.

import CDisk
import Glibc
import SluiceModel
import SluiceStorage
import SluiceSystem

/// Bytes on the store's disk that may get a name.
struct NamelessBytes {
    private let attachment: SpooledAttachment
    private let folders: StoreFolders
    private let durability: BlobDurability
    /// Whether a new folder's own name is made durable here; else the caller syncs the whole disk.
    private let syncsFolders: Bool
    private var copy: SpooledAttachment?

    init(_ attachment: SpooledAttachment, _ folders: StoreFolders, _ durability: BlobDurability, syncsFolders: Bool) {
        self.syncsFolders = syncsFolders
        self.attachment = attachment
        self.folders = folders
        self.durability = durability
    }

    /// - Returns: false when the name is taken.
    mutating func link(to path: String, in folder: CInt) throws(SluiceError) -> Bool {
        while true {
            let source = (copy ?? attachment).descriptor
            // By the descriptor alone where this process may (man 2 linkat: a capability, or Linux 6.10); the way through /proc is longer.
            if linkat(source, "", folder, path, sluice_AT_EMPTY_PATH) == 0 { return true }
            if errno == EEXIST { return false }
            if linkat(AT_FDCWD, "/proc/self/fd/\(source)", folder, path, AT_SYMLINK_FOLLOW) == 0 { return true }
            if errno == EEXIST { return false }
            guard errno == ENOENT else { throw Self.failure(errno) }
            // Either the first blob of its shard (a small store has few of the 256 folders: making all took 60 ms) …
            if try makeFolder(of: path, in: folder) { continue }
            // … or a file whose name was withdrawn after a failed commit: it cannot get one again (man 2 linkat).
            guard copy == nil else { throw Self.failure(ENOENT) }
            copy = try durableCopy()
        }
    }

    private static func failure(_ number: CInt) -> SluiceError {
        .system(SystemCallFailure("linkat", number), "The received bytes cannot be given their name.")
    }

    /// - Returns: false when it is there already.
    private func makeFolder(of path: String, in folder: CInt) throws(SluiceError) -> Bool {
        guard let slash = path.firstIndex(of: "/") else { return false }
        if mkdirat(folder, String(path[..<slash]), 0o700) != 0 {
            if errno == EEXIST { return false }
            throw .system(SystemCallFailure("mkdirat"), "A folder for the received bytes cannot be made.")
        }
        if syncsFolders { try BlobDurability.syncFolder(".", at: folder) }
        return true
    }

    private func durableCopy() throws(SluiceError) -> SpooledAttachment {
        let reception = Reception(FileSpool(folders), limit: attachment.size)
        _ = try SHA256.bytes(
            reading: { (buffer, offset) throws(SluiceError) in
                try storing("The received bytes cannot be read.") { () throws(SystemCallFailure) in
                    try readAt(offset, of: attachment.descriptor, into: buffer)
                }
            },
            step: { (piece) throws(SluiceError) in
                try reception.append(piece)
                return true
            })
        let copy = try reception.finish()
        guard copy.digest == attachment.digest else {
            throw .inputOutput("The received bytes have changed on the disk.", cause: "digest \(copy.digest)")
        }
        try durability.syncContents([copy], wholeDisk: false)
        return copy
    }
}
