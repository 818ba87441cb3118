// Findings of the family `inspection.*`: content that could not be checked, because of the content or because of us.

extension FindingDefinition {
    public static let inspectionFailed = FindingDefinition(
        "inspection.failed", .quarantine,
        title: "The file could not be checked.", leavesUnchecked: true,
        what: "The inspection of this attachment ended without an answer ({0}).",
        why: "What could not be checked is neither clean nor dangerous.",
        mend: "Send it again; if that fails too, export the material anew or send it in smaller pieces.")

    public static let inspectionIncomplete = FindingDefinition(
        "inspection.findings-cut", .note,
        title: "There are more findings of the same kind.",
        what: "There are {0} more findings of the kind {1}.",
        why: "Only the first ones are listed.",
        mend: "Mend those that are listed and check again.")

    static let inspectionFamily: [FindingDefinition] = [inspectionFailed, inspectionIncomplete]
}
