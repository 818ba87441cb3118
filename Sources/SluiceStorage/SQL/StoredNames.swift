// The words that stand in columns for the model's cases. Once written they stay readable: never change a word.

import SluiceModel

extension RecognizedType.Basis {
    var storedName: String {
        switch self {
        case .none: "none"
        case .signature: "signature"
        case .structure: "structure"
        case .proven: "proven"
        }
    }

    /// A word that this version does not know counts as the weakest.
    init(stored word: String) { self = Self.allCases.first { $0.storedName == word } ?? .none }
}

extension ManifestEntry.Kind {
    var storedName: String {
        switch self {
        case .file: "file"
        case .directory: "directory"
        case .link: "link"
        case .other: "other"
        }
    }

    init(stored word: String) { self = Self.allCases.first { $0.storedName == word } ?? .other }
}
