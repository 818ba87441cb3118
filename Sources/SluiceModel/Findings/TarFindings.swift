// Findings of the family `tar.*`: their codes, levels and words. The rules' numbers are those of Threats.

extension FindingDefinition {
    private static let again = "Create the archive again with a current tar program."

    /// TR1
    public static let tarChecksum = FindingDefinition(
        "tar.checksum", .reject,
        title: "The tar archive is damaged.",
        what: "The header at byte {0} has a wrong checksum.",
        why: "The archive is damaged there; what follows cannot be trusted.",
        mend: "Create the archive again, or send it again if the transfer damaged it.")

    /// TR1
    public static let tarOldStyle = FindingDefinition(
        "tar.no-magic", .note,
        title: "The tar archive is in the oldest format.",
        what: "The archive is in the oldest tar format, without a format mark.",
        why: "Its headers' checksums are right.",
        mend: "Nothing need be done.")

    /// TR2
    public static let tarEntryType = FindingDefinition(
        "tar.entry-type", .quarantine,
        title: "The tar archive holds an entry of an unusual kind.",
        what: "The entry is of the tar type {0}.",
        why: "Programs differ in what they make of it, so it could not be checked.",
        mend: again)

    /// TR2
    public static let tarSparse = FindingDefinition(
        "tar.sparse", .quarantine,
        title: "The tar archive holds a file with holes.", leavesUnchecked: true,
        what: "The entry is stored as a file with holes.",
        why: "Its real content is not in the archive as it stands, so it could not be checked.",
        mend: "Create the archive again without the option for sparse files (tar: without -S).")

    /// TR3
    public static let tarGlobalRename = FindingDefinition(
        "tar.global-header", .reject,
        title: "The tar archive renames or resizes all its entries.",
        what: "A global header sets {0} for all entries.",
        why: "Programs that ignore it see other names or sizes.",
        mend: again)

    /// TR3
    public static let tarHeaderOrder = FindingDefinition(
        "tar.header-order", .reject,
        title: "The tar archive's headers are in the wrong order.",
        what: "The extended header at byte {0} is not followed by the entry that it describes.",
        why: "Programs differ in which entry they apply it to.",
        mend: again)

    /// TR4
    public static let tarPaxRecord = FindingDefinition(
        "tar.pax-record", .reject,
        title: "An extended header of the tar archive is damaged.",
        what: "An extended header is malformed ({0}).",
        why: "Programs differ in what they read from it.",
        mend: again)

    /// TR4
    public static let tarPaxDuplicate = FindingDefinition(
        "tar.pax-duplicate", .reject,
        title: "An extended header of the tar archive says one thing twice.",
        what: "An extended header sets {0} twice.",
        why: "Programs differ in which of the two they believe.",
        mend: again)

    /// TR4
    public static let tarPaxCharset = FindingDefinition(
        "tar.pax-charset", .quarantine,
        title: "A name in the tar archive is not in UTF-8.",
        what: "An extended header gives {0} in another encoding than UTF-8.",
        why: "Programs differ in how they show it, so it could not be checked.",
        mend: "Rename the file with plain letters, then create the archive again.")

    /// TR4
    public static let tarPaxKey = FindingDefinition(
        "tar.pax-key", .warning,
        title: "The tar archive holds an unknown extended field.",
        what: "An extended header has the unknown key {0}.",
        why: "It is listed and otherwise ignored.",
        mend: "Nothing need be done.")

    /// TR5
    public static let tarPaxSize = FindingDefinition(
        "tar.pax-size", .reject,
        title: "A file in the tar archive has two different sizes.",
        what: "The extended header says {0}, the header itself says {1}.",
        why: "Programs that believe one or the other unpack different members.",
        mend: again)

    /// TR5
    public static let tarPaxSizeOnly = FindingDefinition(
        "tar.pax-size-only", .reject,
        title: "The size of a file stands only in the extended header.",
        what: "The size ({0}) stands only in the extended header, and the old field, which could hold it, is empty.",
        why:
            "Programs that read the old field find other entries in the file's content; writers leave it empty only beyond 8 GB.",
        mend: again)

    /// TR5, TR8
    public static let tarPaxPath = FindingDefinition(
        "tar.pax-path", .quarantine,
        title: "A file in the tar archive has two different names.",
        what: "The extended header calls the entry {0}, its own header {1}, and either name would have fitted there.",
        why: "Programs differ in which of the two they show, and in what they make of the dots.",
        mend: again)

    public static let tarDotPrefix = FindingDefinition(
        "tar.dot-prefix", .quarantine,
        title: "A name in the tar archive is split in an odd way.",
        what: "The entry's name is split so that {0} stands in a field of its own.",
        why: "No program splits a name that way; some readers drop that field, and some take it for a folder.",
        mend: again)

    public static let tarRootEntry = FindingDefinition(
        "tar.root-entry", .quarantine,
        title: "The tar archive changes the folder that it is unpacked into.",
        what: "The archive has an entry for the very folder that it is unpacked into, and that entry {0}.",
        why: "Unpacking it would replace that folder or take away the right to enter it.",
        mend: again)

    public static let tarLongNameNeedless = FindingDefinition(
        "tar.long-name-needless", .quarantine,
        title: "A file in the tar archive has two names.",
        what: "At byte {0} a GNU long name stands in a POSIX header whose own fields could have held it.",
        why: "Programs that read POSIX tars only show the entry under another name.",
        mend: again)

    public static let tarNamesDisagree = FindingDefinition(
        "tar.names-disagree", .reject,
        title: "A file in the tar archive has two names, and one leads outside.",
        what: "The long name is harmless, and the header's own name or link {0} points outside the archive.",
        why: "Programs that do not read the long one unpack it elsewhere.",
        mend: again)

    /// TR6
    public static let tarNumber = FindingDefinition(
        "tar.number", .reject,
        title: "A number in the tar archive cannot be read.",
        what: "The header at byte {0} has no readable {1}.",
        why: "Programs differ in what they make of it.",
        mend: again)

    /// TR7
    public static let tarDataBehindNone = FindingDefinition(
        "tar.data-without-file", .reject,
        title: "The tar archive has data where no file is.",
        what: "The entry is a {0} and yet has {1} of data.",
        why: "Some programs skip the data, others read it as further entries.",
        mend: again)

    /// TR8
    public static let tarLongName = FindingDefinition(
        "tar.long-name", .reject,
        title: "A long name in the tar archive is damaged.",
        what: "The long name at byte {0} is malformed or given twice.",
        why: "Programs differ in what they read from it.",
        mend: again)

    /// TR9
    public static let tarDataAfterEnd = FindingDefinition(
        "tar.data-after-end", .reject,
        title: "Other data stands behind the end of the tar archive.",
        what: "There is data behind the end of the archive, at byte {0}.",
        why: "It may be another file that only some programs see.",
        mend: "Create the archive in one go; do not join archives or append to the file.")

    /// TR9
    public static let tarNoEnd = FindingDefinition(
        "tar.no-end-mark", .warning,
        title: "The tar archive has no end mark.",
        what: "The archive ends without its two closing blocks.",
        why: "All its entries are complete.",
        mend: "Nothing need be done.")

    /// TR10
    public static let tarTruncated = FindingDefinition(
        "tar.truncated", .reject,
        title: "The tar archive is cut short.",
        what: "The archive ends at byte {0}, in the middle of an entry.",
        why: "The rest is missing.",
        mend: "Send it again; check that the file is complete (tar -tf).")

    /// TR10
    public static let tarHeaderOnly = FindingDefinition(
        "tar.header-only", .reject,
        title: "The tar archive is cut short behind its first header.",
        what: "The archive is a single header; the content of its only entry ({0}) is missing.",
        why: "Only the entry's name and size are known.",
        mend: "Send the complete archive.")

    /// TR11
    public static let tarSlashOnFile = FindingDefinition(
        "tar.slash-on-file", .reject,
        title: "A file in the tar archive has the name of a folder.",
        what: "The entry is a file, and its name ends like a folder's.",
        why: "Programs differ in which of the two they unpack.",
        mend: again)

    public static let tarPadding = FindingDefinition(
        "tar.padding", .warning,
        title: "The tar archive has data in its filling.",
        what: "The filling behind the entry's data is not empty.",
        why: "Programs skip these bytes (at most 511).",
        mend: "Nothing need be done.")

    public static let tarEmpty = FindingDefinition(
        "tar.empty", .warning,
        title: "The tar archive is empty.",
        what: "The archive has no entries.",
        why: "There is nothing to look at.",
        mend: "Check whether the export worked, and send it again if it should hold something.")

    /// In the order in which `sluice findings` lists them.
    static let tarFamily: [FindingDefinition] = [
        tarChecksum, tarOldStyle, tarEntryType, tarSparse, tarGlobalRename, tarHeaderOrder, tarPaxRecord,
        tarPaxDuplicate,
        tarPaxCharset, tarPaxKey, tarPaxSize, tarPaxSizeOnly, tarPaxPath, tarNamesDisagree, tarDotPrefix,
        tarRootEntry, tarNumber,
        tarDataBehindNone,
        tarLongName, tarLongNameNeedless, tarDataAfterEnd, tarNoEnd, tarTruncated, tarHeaderOnly, tarSlashOnFile,
        tarPadding, tarEmpty,
    ]
}
