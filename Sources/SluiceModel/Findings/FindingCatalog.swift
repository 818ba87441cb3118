// All findings there are. `sluice findings` prints this table, and a test pins it: codes are a contract.

extension FindingDefinition {
    public static let all: [FindingDefinition] =
        [
            submissionFamily,
            typeFamily,
            archiveFamily,
            memberFamily,
            carriedFamily,
            containerFamily,
            zipFamily,
            tarFamily,
            imageFamily,
            pdfFamily,
            officeFamily,
            openXMLFamily,
            bundleFamily,
            textFamily,
            inspectionFamily,
            reviewFamily,
        ].flatMap { $0 }

    private static let byCode = Dictionary(uniqueKeysWithValues: all.map { ($0.code, $0) })

    /// - Returns: `nil` for a code that does not exist.
    public static func named(_ code: String) -> FindingDefinition? { byCode[code] }

    private static let ofContainers = Set(zipFamily + tarFamily)

    /// Whether the finding is about the structure of an archive. A broken archive may hide its members; a broken image or document hides nothing.
    public var isAboutContainer: Bool { Self.ofContainers.contains(self) }
}
