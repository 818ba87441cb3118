// libmagic under a Swift face: the second witness, asked only for what no recognizer has proven.

import SluiceModel

/// One libmagic handle and its database. Used from one thread.
final class MagicDatabase {
    init() {}

    /// - Parameter content: its beginning suffices; at most the first MiB is looked at.
    /// - Returns: `nil` where libmagic has no answer.
    func mediaType(of content: Span<UInt8>) -> MediaType? { nil }
}
