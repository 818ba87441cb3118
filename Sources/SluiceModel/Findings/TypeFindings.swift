// Findings of the family `type.*`: their codes, levels and words.

extension FindingDefinition {
    /// In the order in which `sluice findings` lists them.
    static let typeFamily: [FindingDefinition] = []
}
