// Findings of the family `text.*`: their codes, levels and words.

extension FindingDefinition {
    /// In the order in which `sluice findings` lists them.
    static let textFamily: [FindingDefinition] = []
}
