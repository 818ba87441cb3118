// Findings about containers other than zip and tar, and about bytes behind the end of any format.

extension FindingDefinition {
    public static let containerUnread = FindingDefinition(
        "archive.container-unread", .quarantine,
        title: "An archive of another kind could not be read to its end.", leavesUnchecked: true,
        what: "The {0} could not be read to its end: {1}.",
        why: "It is encrypted, damaged or one part of several, so what it holds could not be checked.",
        mend: "Unpack it, and put its files into a .zip without a password.")

    public static let contentPadding = FindingDefinition(
        "content.padding", .note,
        title: "Line breaks or zeros follow the end of the file.",
        what: "{0} of line breaks or zeros stand behind the end of the content.",
        why: "Programs that hand files on add them; they hold nothing.",
        mend: "Nothing need be done.")

    public static let zipSplitMarker = FindingDefinition(
        "zip.split-marker", .note,
        title: "The zip was to be split and fitted into one part.",
        what: "The archive begins with the mark of a split archive, and all of it is here.",
        why: "Programs skip the mark (4 bytes).",
        mend: "Nothing need be done.")

    /// In the order in which `sluice findings` lists them.
    static let containerFamily: [FindingDefinition] = [containerUnread, contentPadding, zipSplitMarker]
}
