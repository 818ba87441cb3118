// Findings of the family `tar.*`: their codes, levels and words.

extension FindingDefinition {
    /// In the order in which `sluice findings` lists them.
    static let tarFamily: [FindingDefinition] = []
}
