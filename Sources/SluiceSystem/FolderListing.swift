// The names in a folder, read once and to the end.

public import Glibc

/// Lists folders.
public enum FolderListing {
    /// The names in an open folder, in the order of their bytes, without `.` and `..`. The descriptor stays open and its position unchanged.
    public static func names(in folder: CInt) throws(SystemCallFailure) -> [[UInt8]] {
        try names(reading: OwnedDescriptor.open(".", at: folder, O_RDONLY | O_DIRECTORY))
    }

    /// The same for a path, which may be a symbolic link only where `followsLink` says so.
    public static func names(
        of path: [UInt8], at folder: CInt = AT_FDCWD, followsLink: Bool = false
    ) throws(SystemCallFailure) -> [[UInt8]] {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (followsLink ? 0 : O_NOFOLLOW)
        let number = (path + [0]).withUnsafeBytes { bytes in
            retrying { openat(folder, bytes.baseAddress!.assumingMemoryBound(to: CChar.self), flags) }
        }
        guard number >= 0 else { throw SystemCallFailure("openat") }
        return try names(reading: OwnedDescriptor(owning: number))
    }

    private static func names(reading folder: consuming OwnedDescriptor) throws(SystemCallFailure) -> [[UInt8]] {
        let number = folder.release()
        guard let stream = fdopendir(number) else {
            let failure = SystemCallFailure("fdopendir")
            close(number)
            throw failure
        }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let line = readdir(stream) else {
                if errno != 0 { throw SystemCallFailure("readdir") }
                return names.sorted { $0.lexicographicallyPrecedes($1) }
            }
            // The name ends at its NUL, inside the record that readdir lends until its next call (man 3 readdir).
            let name = withUnsafeBytes(of: &line.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != [UInt8(ascii: ".")], name != Array("..".utf8) { names.append(name) }
        }
    }
}
