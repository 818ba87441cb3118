// Paths below the drop folder, as bytes. The sender chose them, so they are data: the kernel gets them only below an open folder.

import SluiceModel

/// A path relative to one of the drop folder's folders, without a slash at either end; empty for that folder itself.
struct TreePath: Hashable, Sendable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8] = []) { self.bytes = bytes }
    init(_ text: String) { bytes = Array(text.utf8) }

    private static let slash = UInt8(ascii: "/")

    var name: [UInt8] {
        guard let last = bytes.lastIndex(of: Self.slash) else { return bytes }
        return Array(bytes[(last + 1)...])
    }

    var parent: TreePath {
        guard let last = bytes.lastIndex(of: Self.slash) else { return TreePath() }
        return TreePath(Array(bytes[..<last]))
    }

    /// The first folder of the path; `nil` for a file that lies directly in the folder.
    var firstFolder: [UInt8]? { bytes.firstIndex(of: Self.slash).map { Array(bytes[..<$0]) } }

    var components: [[UInt8]] { bytes.split(separator: Self.slash).map(Array.init) }

    func appending(_ name: [UInt8]) -> TreePath {
        bytes.isEmpty ? TreePath(name) : TreePath(bytes + [Self.slash] + name)
    }

    func isBelow(_ folder: TreePath) -> Bool {
        folder.bytes.isEmpty || (bytes.count > folder.bytes.count && bytes.starts(with: folder.bytes + [Self.slash]))
    }

    /// The path for people and programs, with the folder that it lies in.
    func shown(in folder: String) -> [UInt8] { Array(folder.utf8) + [Self.slash] + bytes }
}

extension [UInt8] {
    func hasSuffix(_ suffix: String) -> Bool { reversed().starts(with: suffix.utf8.reversed()) }
}
