// A file in an outcome folder is a copy of exactly the bytes that were judged, owned by the watcher: the sender may still hold the
// original open and could rewrite it after the verdict (Threats, H13). The copy replaces the claimed file before that is moved on, so
// that at every moment one of the two has the name.

import CDropFolder
import Glibc
import SluiceModel
import SluiceSystem
import Synchronization

struct JudgedCopies: Sendable {
    /// Where copies are made, below the drop folder. The copies of a dead watcher are removed.
    static let place = TreePath(".sluice/copies")
    /// From this size on the disk is asked to share the bytes instead of writing them again (chosen).
    private static let worthSharing = 64 << 10

    private let copies: Folder
    private let number = Number()

    init(_ copies: Folder) { self.copies = copies }

    /// - Returns: the claim as it is now. Without received bytes (a link, a file over the limit) nothing was judged, and the file stays
    ///   as it is.
    func replace(_ claim: Claim, with received: SpooledAttachment?) throws(SluiceError) -> Claim {
        let what = "A copy of \(SafeText.display(claim.path.bytes)) cannot be made."
        guard let received, let from = try claim.session.folders.folder(claim.path.parent, making: false) else {
            return claim
        }
        let name = claim.session.name + Array("-\(number.next())".utf8)
        let file = name.withCString {
            openat(copies.descriptor, $0, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        }
        guard file >= 0 else { throw .drop("openat", errno, what) }
        defer { close(file) }
        var isPlaced = false
        defer { if !isPlaced { copies.remove(name) } }

        if !share(file, received, from, claim.path.name) { try write(received, to: file, what) }
        let modified = claim.sighting.modified
        var times = [timespec(), timespec()]
        for index in 0..<2 {
            times[index].tv_sec = Int(modified / 1_000_000_000)
            times[index].tv_nsec = Int(modified % 1_000_000_000)
        }
        // A time that this file system cannot store is no reason to fail.
        _ = futimens(file, times)
        guard fchmod(file, 0o440) == 0 else { throw .drop("fchmod", errno, what) }
        let done = name.withCString { old in
            claim.path.name.withCString { renameat(copies.descriptor, old, from.descriptor, $0) }
        }
        guard done == 0 else { throw .drop("renameat", errno, what) }
        isPlaced = true
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .drop("fstat", errno, what) }
        var copied = claim
        copied.sighting = Sighting(status)
        return copied
    }

    /// Removes the copies that a dead watcher was making.
    static func removeBegun(of session: [UInt8], in copies: Folder) {
        for name in copies.names() where name.starts(with: session + Array("-".utf8)) { copies.remove(name) }
    }

    /// Where the disk can do it, the copy shares its bytes with the received ones, or with the claimed file if its bytes are still the
    /// same.
    private func share(_ file: CInt, _ received: SpooledAttachment, _ from: Folder, _ name: [UInt8]) -> Bool {
        guard received.size.bytes >= Self.worthSharing else { return false }
        if drop_clone(file, received.descriptor) == 0, Self.digest(of: file) == received.digest { return true }
        let claimed = from.openFile(name)
        guard claimed >= 0 else { return false }
        defer { close(claimed) }
        return drop_clone(file, claimed) == 0 && Self.digest(of: file) == received.digest
    }

    private func write(_ received: SpooledAttachment, to file: CInt, _ what: String) throws(SluiceError) {
        guard ftruncate(file, 0) == 0 else { throw .drop("ftruncate", errno, what) }
        let size = Int(clamping: min(max(received.size.bytes, 1), 256 << 10))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
        defer { buffer.deallocate() }
        var running = SHA256()
        var offset: Int64 = 0
        while offset < received.size.bytes {
            let count = pread(received.descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw .drop("pread", count < 0 ? errno : EIO, what) }
            let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            running.update(piece)
            var written = 0
            while written < count {
                let taken = pwrite(file, piece.baseAddress! + written, count - written, off_t(offset) + off_t(written))
                if taken < 0 && errno == EINTR { continue }
                guard taken > 0 else { throw .drop("pwrite", taken < 0 ? errno : EIO, what) }
                written += taken
            }
            offset += Int64(count)
        }
        guard running.finish() == received.digest.bytes else { throw .drop("pread", EIO, what) }
    }

    /// - Returns: `nil` where it cannot be read.
    static func digest(of file: CInt) -> Digest? {
        let read = try? SHA256.bytes(reading: { (buffer, offset) throws(SystemCallFailure) in
            try readAt(offset, of: file, into: buffer)
        })
        return read.flatMap { Digest($0.digest) }
    }

    private final class Number: Sendable {
        private let last = Atomic(0)
        func next() -> Int { last.wrappingAdd(1, ordering: .relaxed).newValue }
    }
}
