// From the paths that a person named to the list of files: folders are walked, nothing is followed out of them.

import Glibc
import SluiceModel
import SluicePipeline
import SluiceSystem

/// Lists files.
enum SourceTree {
    /// Walks folders depth-first in the order of their names' bytes. What cannot be listed is given to `unreadable` and the walk goes on.
    /// - Parameters:
    ///   - leftovers: names that a walk leaves out, folders with all that is in them. What a person named is taken whatever its name.
    ///   - leftOut: called for each of those.
    static func files(
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
        do throws(SystemCallFailure) { return try FolderListing.names(of: folder, followsLink: true) } catch {
            throw SluiceError(
                "source.denied", what: "The folder \(SafeText.display(folder)) cannot be listed.",
                why: "The file system refuses it.", mend: "Grant read permission or leave the folder out.",
                cause: error.text)
        }
    }
}
