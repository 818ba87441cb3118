// The ways out of a refusal that a program can follow. The sentence for people stands beside them: `Finding.remedy`.

/// One way to have an attachment accepted.
public struct Remedy: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
        /// Send the same bytes under the name `to`.
        case rename
        /// Put the file, or what is in it, into an archive called `to`.
        case compress
        /// Save it as `to` with the program `with`.
        case saveAs = "save-as"
        /// Make the archive or the document again without `entries`.
        case removeEntries = "remove-entries"
        /// Send it in several parts.
        case split
    }

    public var kind: Kind
    /// A whole file name; `nil` where any name will do.
    public var to: String?
    /// The program, in a customer's words: `Word`.
    public var with: String?
    public var entries: [String]

    public init(_ kind: Kind, to: String? = nil, with: String? = nil, entries: [String] = []) {
        self.kind = kind
        self.to = to
        self.with = with
        self.entries = entries
    }
}

extension FindingDefinition {
    /// The ways out that a finding of this code always has, whatever its facts are.
    /// - Parameter entry: the entry that the finding is about.
    public func standingRemedies(about entry: EntryName?) -> [Remedy] {
        guard severity > .note, let kind = Self.standing[self] else { return [] }
        if kind != .removeEntries { return [Remedy(kind)] }
        return entry.map { [Remedy(.removeEntries, entries: [$0.description])] } ?? []
    }

    private static let standing: [FindingDefinition: Remedy.Kind] = {
        let lists: [(Remedy.Kind, [FindingDefinition])] = [
            (.split, [tooLarge, budgetEntries, budgetExpanded, budgetTime, budgetWhole, zipSeveralDisks]),
            (.removeEntries, [memberExecutable, carriedProgram, carriedUnchecked, device, memberUnproven]),
            (
                .compress,
                [budgetDepth, nestedDamaged, readersDisagree, pathEscapes, pathAbsolute, pathParent, nameDuplicate]
            ),
            (
                .saveAs,
                [
                    imageTooManyPixels, imageBroken, imageChecksumWrong, imageTrailingBytes, imageUnaccountedBytes,
                    imageSecondFormat, imageCroppedRemains, imageExpandsTooFar, imageHiddenFile, imageHiddenData,
                ]
            ),
        ]
        return Dictionary(lists.flatMap { kind, list in list.map { ($0, kind) } }) { first, _ in first }
    }()
}
