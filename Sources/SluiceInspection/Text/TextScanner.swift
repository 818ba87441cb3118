// Reads text once, in pieces of any size: proves its encoding to the end and counts what the category rests on.

import SluiceModel

/// A streaming reader of text. Feed it all bytes in order; the answer does not depend on how they were cut.
struct TextScanner {
    init() {}

    /// Cheap once the content is known not to be text; then it only counts.
    mutating func feed(_ bytes: Span<UInt8>) {}

    /// False as soon as the content cannot be text any more.
    var mayBeText: Bool { false }

    /// - Returns: `nil` when it is not text. The media type is `text/plain` or that of a text format that shows itself (HTML, XML, RTF …).
    consuming func finish(declaredExtension: FileExtension) -> Recognition? { nil }
}
