// Findings of the family `zip.*`: their codes, levels and words.

extension FindingDefinition {
    /// In the order in which `sluice findings` lists them.
    static let zipFamily: [FindingDefinition] = []
}
