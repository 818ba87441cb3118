// One file of a batch, before it is opened.

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

    public init(path: [UInt8], isNamed: Bool, size: ByteCount, isMissing: Bool) {
        self.path = path
        self.isNamed = isNamed
        self.size = size
        self.isMissing = isMissing
    }

    /// The last component.
    public var name: DeclaredName {
        DeclaredName(bytes: Array(path[(path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...]))
    }
}
