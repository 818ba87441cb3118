// Findings of the family `pdf.*`: their codes, levels and words.

extension FindingDefinition {
    /// In the order in which `sluice findings` lists them.
    static let pdfFamily: [FindingDefinition] = []
}
