// A file descriptor that closes itself, and the few calls on it that the store makes. Calls are repeated when a signal interrupts them.

import CDisk
import Glibc
import SluiceModel

/// Owns one open file or folder.
struct OwnedDescriptor: ~Copyable {
    let number: CInt

    init(owning number: CInt) { self.number = number }

    deinit { Glibc.close(number) }

    /// Gives the descriptor away.
    consuming func release() -> CInt {
        let number = self.number
        discard self
        return number
    }

    /// A second, read-only description of an open file: with an offset of its own, and whoever gets it cannot change the bytes.
    static func reopen(_ descriptor: CInt) throws(SluiceError) -> OwnedDescriptor {
        let number = retrying { open("/proc/self/fd/\(descriptor)", O_RDONLY | O_CLOEXEC) }
        guard number >= 0 else { throw .system("open", errno, "The received bytes cannot be opened for reading.") }
        return OwnedDescriptor(owning: number)
    }

    /// - Returns: `nil` where there is no such file.
    static func openExisting(
        _ path: String, at folder: CInt = AT_FDCWD, _ flags: CInt, doing what: @autoclosure () -> String
    ) throws(SluiceError) -> OwnedDescriptor? {
        let number = retrying { openat(folder, path, flags | O_CLOEXEC) }
        if number < 0 {
            if errno == ENOENT { return nil }
            throw .system("openat", errno, what())
        }
        return OwnedDescriptor(owning: number)
    }

    static func openFolder(_ path: String, at folder: CInt = AT_FDCWD) throws(SluiceError) -> OwnedDescriptor {
        let number = retrying { openat(folder, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
        guard number >= 0 else {
            throw .system("openat", errno, "The folder \(SafeText.display(path)) cannot be opened.")
        }
        return OwnedDescriptor(owning: number)
    }
}

/// Repeats a call that a signal interrupted.
@inline(__always)
func retrying(_ call: () -> CInt) -> CInt {
    while true {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
}

/// Writes all bytes.
/// - Returns: 0, or the `errno`.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) -> CInt {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 {
            if errno == EINTR { continue }
            return errno
        }
        // A regular file takes at least one byte or fails (man 2 write); a 0 would loop for ever.
        if count == 0 { return EIO }
        rest = rest.dropFirst(count)
    }
    return 0
}

/// Microseconds since 1970, UTC.
func currentMicroseconds() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000
}
