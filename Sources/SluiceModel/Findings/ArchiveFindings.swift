// Findings of the family `archive.*`: their codes, levels and words.

extension FindingDefinition {
    /// In the order in which `sluice findings` lists them.
    static let archiveFamily: [FindingDefinition] = []
}
