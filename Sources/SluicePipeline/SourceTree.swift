// From the paths that a person named to the list of files: folders are walked, nothing is followed out of them.

import Glibc
public import SluiceModel

/// One file to take in.
public struct SourceFile: Sendable {
    /// As named, joined with the path inside a walked folder; bytes without NUL.
    public let path: [UInt8]
    /// Whether a person named it, so that a link is followed.
    public let isNamed: Bool
    /// From the walk, for the progress bar; 0 where it could not be told.
    public let size: ByteCount
    /// Nothing has this path.
    public let isMissing: Bool

    /// The last component.
    public var name: DeclaredName {
        DeclaredName(bytes: Array(path[(path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...]))
    }
}

/// Lists files.
public enum SourceTree {
    /// Walks folders depth-first in the order of their names' bytes. What cannot be listed is given to `unreadable` and the walk goes on.
    /// - Parameters:
    ///   - leftovers: names that a walk leaves out, folders with all that is in them. What a person named is taken whatever its name.
    ///   - leftOut: called for each of those.
    public static func files(
        under paths: [[UInt8]], leaving leftovers: LeftoverNames = LeftoverNames(),
        unreadable: (SluiceError, [UInt8]) -> Void, leftOut: ([UInt8]) -> Void = { _ in }
    ) -> [SourceFile] {
        var out: [SourceFile] = []
        // A stack of our own: the depth of a tree is the stranger's choice.
        var pending: [(path: [UInt8], isNamed: Bool)] = paths.reversed().map { ($0, true) }
        while let (path, isNamed) = pending.popLast() {
            var status = stat()
            let found = path.withCString { isNamed ? stat($0, &status) : lstat($0, &status) }
            guard found == 0, status.st_mode & S_IFMT == S_IFDIR else {
                // A path that is not there is still a file of this batch: reading it says why not.
                let isMissing = found != 0 && (errno == ENOENT || errno == ENOTDIR)
                let size = found == 0 ? ByteCount(Int64(status.st_size)) : .zero
                out.append(SourceFile(path: path, isNamed: isNamed, size: size, isMissing: isMissing))
                continue
            }
            do {
                let names = try names(in: path)
                let folder = path.last == UInt8(ascii: "/") ? path : path + [UInt8(ascii: "/")]
                for name in names.reversed() {
                    if leftovers.match(name) { leftOut(folder + name) } else { pending.append((folder + name, false)) }
                }
            } catch {
                unreadable(error, path)
            }
        }
        return out
    }

    private static func names(in folder: [UInt8]) throws(SluiceError) -> [[UInt8]] {
        guard let stream = folder.withCString({ opendir($0) }) else {
            throw SluiceError(
                "source.denied", what: "The folder \(SafeText.display(folder)) cannot be listed.",
                why: "The file system refuses it.", mend: "Grant read permission or leave the folder out.",
                cause: String(cString: strerror(errno)))
        }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != [UInt8(ascii: ".")], name != Array("..".utf8) { names.append(name) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }
}

extension [UInt8] {
    /// Calls `body` with the bytes as a C string.
    func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        (self + [0]).withUnsafeBytes { body($0.baseAddress!.assumingMemoryBound(to: CChar.self)) }
    }
}
