// Which findings say "could not be checked": neither clean nor dangerous, and never folded into either.

import SluiceModel

extension FindingDefinition {
    /// Whether it says that content could not be looked into at all.
    var leavesUnchecked: Bool { Self.unchecked.contains(code) }

    private static let unchecked: Set<String> = [
        "inspection.failed", "office.encrypted", "office.excel-2-to-4", "office.word-2", "pdf.encrypted",
        "zip.encrypted",
        "zip.method", "tar.sparse", "archive.budget-entries", "archive.budget-expanded", "archive.budget-ratio",
        "archive.budget-depth", "archive.budget-time", "archive.member-unproven",
    ]
}
