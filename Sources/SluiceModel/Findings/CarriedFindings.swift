// Findings of the family `carried.*`: files inside a document (attached to a PDF, packed into an Office document), each judged by its
// own bytes.

extension FindingDefinition {
    public static let carriedFile = FindingDefinition(
        "carried.file", .note,
        title: "The document carries another file.",
        what: "The document carries the file {0} ({1}).",
        why: "It was looked at as a member of an archive is.",
        mend: "Nothing need be done.")

    public static let carriedObject = FindingDefinition(
        "carried.object", .warning,
        title: "A file is packed into the document.",
        what: "The file {0} is packed into the document as an object ({1}).",
        why: "It was looked at as a member of an archive is; a click in the document opens it.",
        mend: "Nothing need be done; send the file by itself if it matters.")

    public static let carriedProgram = FindingDefinition(
        "carried.program", .quarantine,
        title: "The document carries a program.",
        what: "The document carries the file {0}, which is a program or starts one when it is opened ({1}).",
        why: "Opened from inside the document it would run on the reader's machine.",
        mend: "Take the file out of the document, and send the document without it.")

    public static let carriedUnchecked = FindingDefinition(
        "carried.unchecked", .quarantine,
        title: "The document carries a file that could not be checked.", leavesUnchecked: true,
        what: "The document carries the file {0}, which holds other files and cannot be looked into ({1}).",
        why: "What is inside could not be checked.",
        mend: "Take the file out of the document and send its files in a .zip.")

    static let carriedFamily: [FindingDefinition] = [carriedFile, carriedObject, carriedProgram, carriedUnchecked]
}
