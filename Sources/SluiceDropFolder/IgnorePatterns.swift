// Names that are never taken, because programs use them for what is not finished or not meant: they stay in `in/`.

import Glibc
import SluiceModel

/// Which names stay where they are.
public struct IgnorePatterns: Sendable {
    /// Shell patterns (man 7 glob), compared without regard to case.
    public static let usual = [
        ".*", "*.part", "*.tmp", "*.filepart", "*.crdownload", "~$*", "Thumbs.db", ".DS_Store",
    ]

    private let patterns: [String]

    /// - Parameter further: patterns besides the usual ones.
    public init(_ further: [String] = []) { patterns = (Self.usual + further).map { $0.lowercased() } }

    /// - Parameter name: of a file or of a folder, whose whole content is ignored then.
    func match(_ name: [UInt8]) -> Bool {
        let folded = name.map { (65...90).contains($0) ? $0 + 32 : $0 }
        return patterns.contains { pattern in folded.withCString { fnmatch(pattern, $0, 0) } == 0 }
    }
}
