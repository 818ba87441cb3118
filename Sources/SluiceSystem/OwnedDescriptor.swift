// A file descriptor that closes itself, and the few calls that open one. Calls are repeated when a signal interrupts them.

public import Glibc

/// Owns one open file or folder.
public struct OwnedDescriptor: ~Copyable, Sendable {
    public let number: CInt

    public init(owning number: CInt) { self.number = number }

    deinit { Glibc.close(number) }

    /// Gives the descriptor away: the caller closes it.
    public consuming func release() -> CInt {
        let number = self.number
        discard self
        return number
    }

    /// Opens a path below a folder. The descriptor is always closed in programs that this one starts (O_CLOEXEC).
    /// - Parameter mode: the rights of a file that the call makes.
    public static func open(
        _ path: String, at folder: CInt = AT_FDCWD, _ flags: CInt, mode: mode_t = 0
    ) throws(SystemCallFailure) -> OwnedDescriptor {
        let number = retrying { openat(folder, path, flags | O_CLOEXEC, mode) }
        guard number >= 0 else { throw SystemCallFailure("openat") }
        return OwnedDescriptor(owning: number)
    }

    /// - Returns: `nil` where there is nothing with this path.
    public static func openExisting(
        _ path: String, at folder: CInt = AT_FDCWD, _ flags: CInt
    ) throws(SystemCallFailure) -> OwnedDescriptor? {
        do throws(SystemCallFailure) { return try open(path, at: folder, flags) } catch {
            if error.number == ENOENT { return nil }
            throw error
        }
    }

    /// Opens a folder; a symbolic link in its place is refused.
    public static func openFolder(_ path: String, at folder: CInt = AT_FDCWD) throws(SystemCallFailure)
        -> OwnedDescriptor
    {
        try open(path, at: folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    }

    /// A second, read-only description of an open file. It has an offset of its own, and a holder of it cannot change the bytes.
    public static func reopen(_ descriptor: CInt) throws(SystemCallFailure) -> OwnedDescriptor {
        try open("/proc/self/fd/\(descriptor)", O_RDONLY)
    }
}

/// Repeats a call that a signal interrupted.
@inlinable @inline(__always)
public func retrying(_ call: () -> CInt) -> CInt {
    while true {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
}

/// Writes all bytes.
/// - Throws: the failed `write`; how many bytes were written before it is unknown.
public func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) throws(SystemCallFailure) {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 {
            if errno == EINTR { continue }
            throw SystemCallFailure("write")
        }
        // A regular file takes at least one byte or fails (man 2 write); a 0 would loop for ever.
        if count == 0 { throw SystemCallFailure("write", EIO) }
        rest = rest.dropFirst(count)
    }
}

/// The same for an array.
public func writeAll(_ bytes: [UInt8], to descriptor: CInt) throws(SystemCallFailure) {
    let failure: SystemCallFailure? = bytes.withUnsafeBytes { raw in
        do throws(SystemCallFailure) { try writeAll(raw, to: descriptor) } catch { return error }
        return nil
    }
    if let failure { throw failure }
}

/// Reads at an offset, whatever the descriptor's position is.
/// - Returns: how many bytes; 0 only at the end.
public func readAt(
    _ offset: Int64, of descriptor: CInt, into buffer: UnsafeMutableRawBufferPointer
) throws(SystemCallFailure) -> Int {
    while true {
        let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
        if count >= 0 { return count }
        if errno != EINTR { throw SystemCallFailure("pread") }
    }
}

extension [UInt8] {
    /// Calls `body` with the bytes as a C string, for names that need not be text.
    public func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        (self + [0]).withUnsafeBytes { body($0.baseAddress!.assumingMemoryBound(to: CChar.self)) }
    }
}
