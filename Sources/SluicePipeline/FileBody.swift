// A regular file as the source of an attachment's bytes. Links, devices and files that change while they are read are told apart.

public import Glibc
public import SluiceModel

/// Why a path gives no bytes although nothing failed: it is a fact about what was handed in.
public struct NotARegularFile: Sendable {
    /// `a symbolic link`, `a FIFO` …
    public let kind: String
}

/// A regular file, opened without following a last symbolic link unless asked to.
public struct FileBody: AttachmentBody, ~Copyable {
    private let descriptor: CInt
    private let before: stat
    private let path: [UInt8]
    /// Nobody else may have a name for the file, and nothing at all about it may change.
    private let isStrict: Bool
    private var position: Int64 = 0

    public enum Opened: ~Copyable {
        case file(FileBody)
        case notAFile(NotARegularFile)
    }

    /// - Parameters:
    ///   - path: bytes without NUL.
    ///   - followsLink: for paths that a person named; never for what a walk met.
    /// - Throws: `source.missing`, `source.denied`, `source.io`.
    public static func open(_ path: [UInt8], followsLink: Bool) throws(SluiceError) -> Opened {
        // O_NONBLOCK: a FIFO without a writer must not hang us.
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followsLink ? 0 : O_NOFOLLOW)
        let descriptor = (path + [0]).withUnsafeBytes { bytes in
            Glibc.open(bytes.baseAddress!.assumingMemoryBound(to: CChar.self), flags)
        }
        guard descriptor >= 0 else {
            if errno == ELOOP { return .notAFile(NotARegularFile(kind: "a symbolic link")) }
            if errno == ENXIO { return .notAFile(NotARegularFile(kind: "a socket or a device")) }
            throw failure(path, errno)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw failure(path, code)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return .notAFile(NotARegularFile(kind: kind(status.st_mode)))
        }
        return .file(FileBody(descriptor: descriptor, before: status, path: path, isStrict: false))
    }

    /// Takes over a descriptor of a file that a stranger may have prepared: it has to be a regular file with one name, and it may not be
    /// touched while it is read.
    /// - Parameter path: for messages.
    public static func adopt(_ descriptor: CInt, shownAs path: [UInt8]) throws(SluiceError) -> Opened {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw failure(path, code)
        }
        let isRegular = status.st_mode & S_IFMT == S_IFREG
        guard isRegular, status.st_nlink == 1 else {
            close(descriptor)
            let kind = isRegular ? "a file with further names elsewhere (hard links)" : kind(status.st_mode)
            return .notAFile(NotARegularFile(kind: kind))
        }
        return .file(FileBody(descriptor: descriptor, before: status, path: path, isStrict: true))
    }

    private init(descriptor: CInt, before: stat, path: [UInt8], isStrict: Bool) {
        self.descriptor = descriptor
        self.before = before
        self.path = path
        self.isStrict = isStrict
    }

    deinit { close(descriptor) }

    public var announcedSize: ByteCount? { ByteCount(before.st_size) }

    /// As it was when it was opened.
    public var status: stat { before }

    public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SluiceError) -> Int {
        // The size is known: a call that could only answer 0 is saved, and the check below finds a file that grew.
        if position == before.st_size, position > 0 {
            try checkUnchanged()
            return 0
        }
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count > 0 {
                position += Int64(count)
                return count
            }
            if count == 0 {
                try checkUnchanged()
                return 0
            }
            if errno != EINTR { throw Self.failure(path, errno) }
        }
    }

    /// A file that was written to while it was read is no one's file.
    private func checkUnchanged() throws(SluiceError) {
        var after = stat()
        guard fstat(descriptor, &after) == 0 else { throw Self.failure(path, errno) }
        var same =
            after.st_size == before.st_size && position == before.st_size
            && after.st_mtim.tv_sec == before.st_mtim.tv_sec && after.st_mtim.tv_nsec == before.st_mtim.tv_nsec
        if isStrict {
            // The time of the last change of the inode cannot be set back by anybody.
            same =
                same && after.st_nlink == 1 && after.st_ctim.tv_sec == before.st_ctim.tv_sec
                && after.st_ctim.tv_nsec == before.st_ctim.tv_nsec
        }
        if !same {
            throw SluiceError(
                "source.changed", what: "\(SafeText.display(path)) changed while it was read.",
                why: "Half of an old and half of a new file would be neither.",
                mend: "Wait until it is complete, then try again.")
        }
    }

    /// In the words of `submission.not-a-file`.
    public static func kind(_ mode: mode_t) -> String {
        switch mode & S_IFMT {
        case S_IFDIR: "a folder"
        case S_IFIFO: "a FIFO"
        case S_IFCHR, S_IFBLK: "a device"
        case S_IFSOCK: "a socket"
        case S_IFLNK: "a symbolic link"
        default: "something else"
        }
    }

    private static func failure(_ path: [UInt8], _ code: CInt) -> SluiceError {
        let name = SafeText.display(path)
        let cause = String(cString: strerror(code))
        switch code {
        case ENOENT, ENOTDIR:
            return SluiceError(
                "source.missing", what: "\(name) does not exist.", why: "There is nothing to read.",
                mend: "Check the path.",
                cause: cause)
        case EACCES, EPERM:
            return SluiceError(
                "source.denied", what: "\(name) may not be read.", why: "The file system refuses it to this user.",
                mend: "Grant read permission or run Sluice as a user who has it.", cause: cause)
        default:
            return SluiceError(
                "source.io", what: "\(name) could not be read.", why: "The file system reported an error.",
                mend: "Try again; if it stays, look at the disk.", cause: cause)
        }
    }
}
