// Findings of the family `image.*`: their codes, levels and words.

extension FindingDefinition {
    /// In the order in which `sluice findings` lists them.
    static let imageFamily: [FindingDefinition] = []
}
