// Findings of the family `office.*`: their codes, levels and words.

extension FindingDefinition {
    /// In the order in which `sluice findings` lists them.
    static let officeFamily: [FindingDefinition] = []
}
