// Verifies one shard: the rows whose digests begin with one byte against the files of one folder, both ways.

import Glibc
import SluiceModel

struct ShardCheck {
    private let layout: StoreLayout
    private let tickets: any TicketStore
    private let area: BlobArea
    private let byte: UInt8
    private let log: VerificationLog

    init(_ layout: StoreLayout, _ tickets: any TicketStore, _ area: BlobArea, _ byte: UInt8, _ log: VerificationLog) {
        self.layout = layout
        self.tickets = tickets
        self.area = area
        self.byte = byte
        self.log = log
    }

    func run() throws(SluiceError) {
        // Rows first: bytes are there before their row is, so a row that is listed has its bytes however many imports run.
        let rows = try tickets.references(in: area, beginningWith: byte)
        var known = Set<Digest>()
        for row in rows {
            if log.isStopped { return }
            known.insert(row.digest)
            check(row)
        }
        let shard = StoreLayout.shardName(byte)
        for name in try FolderListing.names(shard, at: layout.folder(area)) {
            if log.isStopped { return }
            guard let digest = Digest(hexadecimal: name), digest.bytes[0] == byte else {
                reportForeign("\(shard)/\(SafeText.display(name))")
                continue
            }
            if !known.contains(digest) { checkUnreferenced(digest) }
        }
    }

    private func path(_ digest: Digest) -> String { "\(StoreLayout.folderName(area))/\(StoreLayout.blobPath(digest))" }

    private func check(_ row: BlobReference) {
        func problem(_ kind: StoreProblem.Kind, _ what: String) {
            log.add(StoreProblem(kind, path(row.digest), attachment: row.attachment, what: what))
        }
        switch look(row.digest) {
        case .interrupted: return
        case .missing:
            let other: BlobArea = area == .accepted ? .quarantined : .accepted
            if faccessat(layout.folder(other), StoreLayout.blobPath(row.digest), F_OK, 0) == 0 {
                problem(
                    .wrongArea,
                    "Attachment \(row.attachment) is \(area.rawValue), but its bytes lie in \(StoreLayout.folderName(other))."
                )
            } else {
                problem(.missingBytes, "The bytes of attachment \(row.attachment) are not there.")
            }
        case .noFile:
            problem(.foreignFile, "In place of the bytes of attachment \(row.attachment) there is no regular file.")
        case .unreadable(let cause):
            problem(.unreadable, "The bytes of attachment \(row.attachment) cannot be read (\(cause)).")
        case .read(let digest, let size):
            if size != row.size.bytes {
                problem(.wrongSize, "Attachment \(row.attachment) has \(size) bytes instead of \(row.size.bytes).")
            } else if digest != row.digest {
                problem(
                    .wrongDigest,
                    "The bytes of attachment \(row.attachment) have changed: their digest is now \(digest).")
            }
        }
        log.finishFile()
    }

    private func checkUnreferenced(_ digest: Digest) {
        switch look(digest) {
        case .interrupted, .missing: return
        case .noFile: reportForeign(StoreLayout.blobPath(digest))
        case .unreadable(let cause):
            log.add(StoreProblem(.unreadable, path(digest), what: "These bytes cannot be read (\(cause))."))
        case .read(let found, _):
            // Perhaps its row is just being written: LeftoverCheck looks again when nobody can be in the middle of it.
            log.note(VerificationLog.Unreferenced(digest: digest, area: area, isWhole: found == digest))
        }
        log.finishFile()
    }

    private func reportForeign(_ path: String) {
        let subject = "\(StoreLayout.folderName(area))/\(path)"
        log.add(StoreProblem(.foreignFile, subject, what: "This is no file of Sluice's."))
    }

    private enum Look {
        case missing, noFile, interrupted
        case unreadable(String)
        case read(Digest, Int64)
    }

    private func look(_ digest: Digest) -> Look {
        // Not blocking: a FIFO in the place of a file must not stop the verification.
        let number = retrying {
            openat(layout.folder(area), StoreLayout.blobPath(digest), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        }
        if number < 0 {
            switch errno {
            case ENOENT: return .missing
            case ELOOP, ENXIO, ENOTDIR: return .noFile
            default: return .unreadable(String(cString: strerror(errno)))
            }
        }
        let file = OwnedDescriptor(owning: number)
        var facts = stat()
        guard fstat(file.number, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return .noFile }
        do throws(SluiceError) {
            let result = try SHA256.digest(ofDescriptor: file.number) { log.read($0.count) }
            guard let result else { return .interrupted }
            return .read(result.digest, result.size)
        } catch {
            return .unreadable(error.cause ?? error.what)
        }
    }
}

/// The names in a folder.
enum FolderListing {
    /// - Returns: all but `.` and `..`; bytes that are no UTF-8 become replacement characters. None where there is no such folder.
    static func names(_ path: String, at folder: CInt) throws(SluiceError) -> [String] {
        let opened = try OwnedDescriptor.openExisting(
            path, at: folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
            doing: "The folder \(SafeText.display(path)) cannot be read.")
        guard let opened else { return [] }
        guard let stream = fdopendir(opened.release()) else {
            throw .system("fdopendir", errno, "The folder \(SafeText.display(path)) cannot be read.")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let line = readdir(stream) else {
                if errno != 0 {
                    throw .system("readdir", errno, "The folder \(SafeText.display(path)) cannot be read.")
                }
                return names
            }
            // The name ends at its NUL, inside the record that readdir lends until its next call (man 3 readdir).
            let name = withUnsafePointer(to: &line.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
    }
}
