// Which recognizer looks at which content. By the bytes alone: the declared name is a claim.

import SluiceModel

/// What recognizing one piece of content gave.
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

/// A reader of one format, in a file of its own. It looks only where its signature stands at its legal place.
protocol Recognizer {
    /// Cheap: whether the content begins like this format.
    static func claims(_ content: Span<UInt8>) -> Bool

    /// Walks the structure to its end and notes what is wrong with it.
    /// - Returns: the type with the basis that the walk has earned (`.signature` when the structure is broken; a finding says where), or `nil`
    ///   when it is not this format after all and another recognizer may look.
    static func recognize(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition?
}
