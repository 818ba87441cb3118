// An open folder and the operations on names in it. No call here follows a symbolic link (Threats, H8), and no call overwrites a name.

import CDropFolder
import Glibc
import SluiceModel
import SluicePipeline
import SluiceSystem
import Synchronization

/// Owns a folder's descriptor.
final class Folder: Sendable {
    let descriptor: CInt

    private init(owning descriptor: CInt) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Opens a folder that a person named: links on the way to it are followed.
    static func named(_ path: [UInt8]) throws(SluiceError) -> Folder {
        let descriptor = path.withCString { Glibc.open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard descriptor >= 0 else {
            throw .drop("open", errno, "The folder \(SafeText.display(path)) cannot be opened.")
        }
        return Folder(owning: descriptor)
    }

    /// Opens a folder below this one.
    /// - Parameters:
    ///   - making: make the folder, and those on the way, where they are missing.
    ///   - mode: the rights of folders that are made.
    func folder(
        _ path: TreePath, making: Bool = false, mode: mode_t = 0o777
    ) throws(SluiceError) -> Folder? {
        if path.bytes.isEmpty { return try folder(TreePath("."), making: false) }
        let flags = O_RDONLY | O_DIRECTORY
        let descriptor = path.bytes.withCString { drop_open_beneath(self.descriptor, $0, flags) }
        if descriptor >= 0 { return Folder(owning: descriptor) }
        let number = errno
        guard number == ENOENT else {
            if !making, number == ENOTDIR || number == ELOOP || number == EXDEV { return nil }
            throw .drop("openat2", number, "The folder \(SafeText.display(path.bytes)) cannot be opened.")
        }
        guard making else { return nil }
        let above = try folder(path.parent, making: true, mode: mode)!
        guard path.name.withCString({ mkdirat(above.descriptor, $0, mode) }) == 0 || errno == EEXIST else {
            throw .drop("mkdirat", errno, "The folder \(SafeText.display(path.bytes)) cannot be made.")
        }
        return try above.folder(TreePath(path.name))
    }

    /// Opens a file in this folder for reading; a FIFO does not block. The caller owns the descriptor.
    /// - Returns: a negative number with `errno` where it cannot be opened.
    func openFile(_ name: [UInt8]) -> CInt { name.withCString { drop_open_beneath(descriptor, $0, O_RDONLY) } }

    /// - Returns: `nil` where there is no such name.
    func sighting(_ name: [UInt8]) -> Sighting? { status(name).map { Sighting($0) } }

    func status(_ name: [UInt8]) -> stat? {
        var status = stat()
        return name.withCString { fstatat(descriptor, $0, &status, AT_SYMLINK_NOFOLLOW) } == 0 ? status : nil
    }

    /// Takes the rights from other users that `mode` does not give them. Never gives more.
    func restrict(to mode: mode_t) {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & 0o777 & ~mode != 0 else { return }
        _ = fchmod(descriptor, status.st_mode & mode)
    }

    /// The names in this folder, in the order of their bytes.
    func names() -> [[UInt8]] {
        (try? FolderListing.names(in: descriptor)) ?? []
    }

    /// - Returns: 0, or the `errno`: EEXIST where the new name is there already.
    func move(_ name: [UInt8], to folder: Folder, as newName: [UInt8]) -> CInt {
        let done = name.withCString { old in
            newName.withCString { drop_rename_without_replacing(descriptor, old, folder.descriptor, $0) }
        }
        return done == 0 ? 0 : errno
    }

    /// As `move`, into a folder of claims, where no other process makes names.
    func claim(_ name: [UInt8], into folder: Folder) -> CInt {
        name.withCString { drop_rename_into_own(descriptor, $0, folder.descriptor) } == 0 ? 0 : errno
    }

    /// As `move`, after a crash. Where a rename takes two steps (see `drop_rename_without_replacing`), one file may have both names.
    func finishMove(_ name: [UInt8], to folder: Folder, as newName: [UInt8]) -> CInt {
        let number = move(name, to: folder, as: newName)
        guard number == EEXIST, isSameFile(name, newName, in: folder) else { return number }
        return remove(name) ? 0 : errno
    }

    /// Whether both names exist and are the same file.
    func isSameFile(_ name: [UInt8], _ other: [UInt8], in folder: Folder) -> Bool {
        guard let first = sighting(name), first.kind == .file, let second = folder.sighting(other) else { return false }
        return (first.device, first.inode) == (second.device, second.inode)
    }

    /// Writes a new file.
    /// - Returns: 0, or the `errno`: EEXIST where the name is there already. A file that could not be written whole is removed again.
    func write(_ text: String, as name: [UInt8]) -> CInt {
        let file = name.withCString {
            openat(descriptor, $0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o640)
        }
        guard file >= 0 else { return errno }
        defer { close(file) }
        do throws(SystemCallFailure) { try writeAll(Array(text.utf8), to: file) } catch {
            remove(name)
            return error.number
        }
        return 0
    }

    @discardableResult
    func remove(_ name: [UInt8]) -> Bool { name.withCString { unlinkat(descriptor, $0, 0) } == 0 }

    @discardableResult
    func removeFolder(_ name: [UInt8]) -> Bool { name.withCString { unlinkat(descriptor, $0, AT_REMOVEDIR) } == 0 }

    /// The content of a small file.
    /// - Returns: `nil` where the name is not a regular file with one name, cannot be read, or is longer than `most` bytes.
    func content(_ name: [UInt8], atMost most: Int) -> [UInt8]? {
        let file = openFile(name)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1,
            status.st_size <= most
        else { return nil }
        // One byte more than the file should have, so that a file that grew is noticed.
        let size = Int(status.st_size)
        var content = [UInt8](repeating: 0, count: size + 1)
        var length = 0
        while length <= size {
            let count = content.withUnsafeMutableBytes { read(file, $0.baseAddress! + length, size + 1 - length) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            length += count
        }
        return length <= size ? Array(content[..<length]) : nil
    }

    /// Walks everything below, without following links. It keeps its own stack, since the sender chooses how deep a tree is.
    /// - Parameters:
    ///   - enter: called for each folder before it is listed; false leaves the folder out.
    ///   - visit: called for each name that is not a folder.
    func walk(
        from start: TreePath = TreePath(), enter: (TreePath, Folder) -> Bool = { _, _ in true },
        visit: (TreePath, Sighting) -> Void
    ) {
        var pending = [start]
        while let path = pending.popLast() {
            guard let folder = try? folder(path), enter(path, folder) else { continue }
            var below: [TreePath] = []
            for name in folder.names() {
                guard let sighting = folder.sighting(name) else { continue }
                let inner = path.appending(name)
                if sighting.kind == .folder { below.append(inner) } else { visit(inner, sighting) }
            }
            pending += below.reversed()
        }
    }

    /// - Returns: false where another process holds the lock. The lock ends with this object or the process.
    func tryLock() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }
}
