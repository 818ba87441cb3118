// Findings of the family `submission.*`: their codes, levels and words.

extension FindingDefinition {
    /// In the order in which `sluice findings` lists them.
    static let submissionFamily: [FindingDefinition] = []
}
