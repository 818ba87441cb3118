// What recognizing a piece of content gives, and the two protocols of recognition: one for the reader of a format, one for the table of all
// readers. The table reaches every reader through the context, so that a reader of archives can have the members recognized without knowing the
// other readers.

import SluiceModel

/// The result of recognizing one piece of content.
struct Recognition {
    var type: RecognizedType
    /// Present for text.
    var text: TextFeatures?
    /// Present for archives.
    var manifest: Manifest?

    init(_ type: RecognizedType, text: TextFeatures? = nil, manifest: Manifest? = nil) {
        self.type = type
        self.text = text
        self.manifest = manifest
    }
}

/// A reader of one format, in a file of its own. It claims content only where its signature stands at a legal place.
protocol Recognizer: SendableMetatype {
    /// Cheap: whether the content begins like this format.
    static func claims(_ content: Span<UInt8>) -> Bool

    /// Walks the structure to its end and notes what is wrong with it.
    /// - Returns: the type with the basis that the walk has earned (`.signature` when the structure is broken; a finding says where), or `nil`
    ///   when it is not this format after all and another recognizer may look.
    static func recognize(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition?
}

/// All recognizers together.
protocol RecognizerTable: SendableMetatype {
    /// A claim rests on so many bytes from the beginning.
    static var head: Int { get }

    /// Whether a recognizer of a structured format claims the content.
    /// - Parameter beginning: the first `head` bytes of the content, or all of it.
    static func isClaimed(_ beginning: Span<UInt8>) -> Bool

    /// Recognizes the attachment or one member. Content that no recognizer knows is `.unrecognized`.
    static func recognize(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition

    /// Recognizes the package of a modern Office document, for readers that have opened its encryption.
    /// - Returns: `nil` where it is no such package.
    static func recognizePackage(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition?

    /// Recognizes content that no structured recognizer claims: known by its first bytes, text, or unknown.
    /// - Parameters:
    ///   - beginning: of the content; at least the bytes that a signature or libmagic needs.
    ///   - tail: the last bytes, where `beginning` is not all of the content.
    ///   - isPlain: all of the content is plain text, even if it begins with the letters of a signature.
    ///   - text: recognizes the content as text; `nil` where it is not text.
    static func unclaimed(
        _ beginning: Span<UInt8>, tail: [UInt8], isPlain: Bool, _ context: inout InspectionContext,
        text: (inout InspectionContext) -> Recognition?
    ) -> Recognition
}
