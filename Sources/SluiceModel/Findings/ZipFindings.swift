// Findings of the family `zip.*`: their codes, levels and words.

extension FindingDefinition {
    /// The remedy for archives that no ordinary program writes.
    private static let zipAgain =
        "Create the archive again with an ordinary program (the system's own, 7-Zip, Info-ZIP) and send that."

    public static let zipEmpty = FindingDefinition(
        "zip.empty", .note,
        title: "The zip is empty.",
        what: "The archive is a sound zip without any entry.",
        why: "Nothing is in it that could be looked at.",
        mend: "Nothing need be done; if something was meant to be inside, create the archive again.")

    public static let zipNoEndRecord = FindingDefinition(
        "zip.no-end-record", .reject,
        title: "The zip is damaged or incomplete: its end is missing.",
        what: "The archive has no end record.",
        why: "A zip is read from its end, so it is cut off or not a zip.",
        mend: "Check that the file was copied whole, then send it again.")

    public static let zipEndTruncated = FindingDefinition(
        "zip.truncated", .reject,
        title: "The zip is cut short.",
        what: "The archive ends {0} before its comment does.",
        why: "It is cut off, and what is missing cannot be known.",
        mend: "Check that the file was copied whole, then send it again.")

    public static let zipBytesBefore = FindingDefinition(
        "zip.bytes-before", .reject,
        title: "Other data stands in front of the zip.",
        what: "{0} stand before the first entry of the archive.",
        why:
            "A file that is an archive behind something else (a program, another archive) is read differently by different programs.",
        mend: "Send the plain archive, not a self-extracting one; or create it again.")

    public static let zipBytesAfter = FindingDefinition(
        "zip.bytes-after", .reject,
        title: "Other data stands behind the zip.",
        what: "{0} stand behind the end of the archive.",
        why: "Content behind the end is shown by some programs and hidden by others.",
        mend: zipAgain)

    public static let zipPadding = FindingDefinition(
        "zip.padding", .note,
        title: "Line breaks or zeros follow the zip.",
        what: "{0} of line breaks or zeros stand behind the archive.",
        why: "Programs that write to a pipe or hand files on add them; they hold nothing.",
        mend: "Nothing need be done.")

    public static let zipTwoEndRecords = FindingDefinition(
        "zip.two-end-records", .reject,
        title: "The zip has two ends.",
        what: "More than one end record could be the real one.",
        why: "Different programs would list different entries.",
        mend: zipAgain)

    public static let zipRecordInComment = FindingDefinition(
        "zip.record-in-comment", .reject,
        title: "The comment of the zip holds parts of another zip.",
        what: "A comment holds the signature of a zip record.",
        why: "A program that searches for records would find a different archive inside the comment.",
        mend: "Create the archive again without a comment.")

    public static let zipSixtyFourRecord = FindingDefinition(
        "zip.zip64-record", .reject,
        title: "The zip's records for large archives contradict each other.",
        what: "The zip64 end records are not where they belong or do not say what the end record says.",
        why: "Programs that know zip64 and those that do not would list different entries.",
        mend: zipAgain)

    public static let zipSeveralDisks = FindingDefinition(
        "zip.several-disks", .reject,
        title: "This is only one part of a split zip.",
        what: "This is one part of several of a split archive.",
        why: "Only the whole can be looked into.",
        mend: "Send it whole, not split (join the parts first), or send the material as several complete zips.")

    public static let zipDirectoryBroken = FindingDefinition(
        "zip.directory-broken", .reject,
        title: "The zip's list of files is damaged.",
        what: "The central directory cannot be read behind entry {0}.",
        why: "What cannot be listed cannot be checked.",
        mend: "Check that the file was copied whole, or create the archive again.")

    public static let zipCountDiffers = FindingDefinition(
        "zip.count-differs", .reject,
        title: "The zip counts its files in two different ways.",
        what: "The end record counts {0} entries, the central directory holds {1}.",
        why: "Different programs would list different entries.",
        mend: zipAgain)

    public static let zipGap = FindingDefinition(
        "zip.gap", .reject,
        title: "The zip holds data that belongs to none of its files.",
        what: "{0} at offset {1} belong to no entry and to no record.",
        why: "Content may be hidden between the entries of an archive.",
        mend: zipAgain)

    public static let zipUnlistedMember = FindingDefinition(
        "zip.unlisted-entry", .reject,
        title: "The zip holds a file that is not in its list.",
        what: "An entry at offset {0} is not listed in the central directory.",
        why: "A program that reads the archive from its beginning would unpack it, others would not show it.",
        mend: zipAgain)

    public static let zipOverlap = FindingDefinition(
        "zip.overlap", .reject,
        title: "Two files in the zip share the same data.",
        what: "The entry shares bytes with another entry or with the central directory.",
        why: "Honest programs never write this; it is how small archives expand without end.",
        mend: zipAgain)

    public static let zipLocalHeaderMissing = FindingDefinition(
        "zip.local-header-missing", .reject,
        title: "The zip lists a file that is not there.",
        what: "No local header stands where the central directory says it is (offset {0}).",
        why: "The entry is listed but not there.",
        mend: "Check that the file was copied whole, or create the archive again.")

    public static let zipNameDiffers = FindingDefinition(
        "zip.name-differs", .reject,
        title: "A file in the zip has two different names.",
        what: "The entry is called {0} in one place and {1} in another.",
        why: "Different programs would unpack it under different names.",
        mend: zipAgain)

    public static let zipMethodDiffers = FindingDefinition(
        "zip.method-differs", .reject,
        title: "A file in the zip is described in two different ways.",
        what: "The two headers of the entry name different compression methods, {0} and {1}.",
        why: "Different programs would unpack different content.",
        mend: zipAgain)

    public static let zipFlagsDiffer = FindingDefinition(
        "zip.flags-differ", .reject,
        title: "A file in the zip is described in two different ways.",
        what: "The two headers of the entry have different flags, {0} and {1}.",
        why: "Different programs would read the entry differently.",
        mend: zipAgain)

    public static let zipSizeDiffers = FindingDefinition(
        "zip.size-differs", .reject,
        title: "A file in the zip has two different sizes.",
        what: "The two headers of the entry say different sizes, {0} and {1} bytes.",
        why: "Different programs would unpack different content.",
        mend: zipAgain)

    public static let zipChecksumDiffers = FindingDefinition(
        "zip.crc-differs", .reject,
        title: "A file in the zip has two different checksums.",
        what: "The two headers of the entry have different checksums.",
        why: "One of them is not that of the content.",
        mend: zipAgain)

    public static let zipDescriptor = FindingDefinition(
        "zip.descriptor", .reject,
        title: "A file in the zip is described in two different ways.",
        what: "The data descriptor of the entry is missing or does not say what the central directory says.",
        why: "Different programs would unpack different content.",
        mend: zipAgain)

    public static let zipMethod = FindingDefinition(
        "zip.method", .quarantine,
        title: "A file in the zip is compressed in an unusual way.", leavesUnchecked: true, ways: [.removeEntries],
        what: "The entry is compressed with method {0}, which is not looked into.",
        why: "Stored and deflated entries are; what could not be checked is neither clean nor dangerous.",
        mend: "Create the archive again with the ordinary method, Deflate.")

    public static let zipStoredSize = FindingDefinition(
        "zip.stored-size", .reject,
        title: "A file in the zip has two different sizes.",
        what: "The entry is stored uncompressed, yet it has two sizes, {0} and {1}.",
        why: "Different programs would unpack different content.",
        mend: zipAgain)

    public static let zipEncrypted = FindingDefinition(
        "zip.encrypted", .quarantine,
        title: "The zip is protected with a password.", leavesUnchecked: true, ways: [.removeEntries],
        what: "The entry is encrypted.",
        why: "What could not be checked is neither clean nor dangerous.",
        mend: "Create the archive again without a password.")

    public static let zipExtraField = FindingDefinition(
        "zip.extra-field", .reject,
        title: "The zip's additional fields are damaged.",
        what: "The extra fields of a header are malformed, or one that may stand there once is repeated.",
        why: "Programs that stop at different places would read the header differently.",
        mend: zipAgain)

    public static let zipSixtyFourField = FindingDefinition(
        "zip.zip64-field", .reject,
        title: "The zip's sizes for large files are damaged.",
        what: "The zip64 field of a header does not fit the header.",
        why: "Programs that know zip64 and those that do not would read different sizes.",
        mend: zipAgain)

    public static let zipUnicodePath = FindingDefinition(
        "zip.unicode-path", .reject,
        title: "A file in the zip has two different names.",
        what: "The unicode path of the entry, {0}, is not the same name as the stored one.",
        why: "Different programs would unpack the entry under different names.",
        mend: zipAgain)

    public static let zipNameEncoding = FindingDefinition(
        "zip.name-encoding", .reject,
        title: "A name in the zip is not in the encoding that the zip says.",
        what: "The name of the entry is marked as UTF-8 but is not.",
        why: "Different programs would unpack the entry under different names.",
        mend: "Rename the file to plain letters and create the archive again.")

    public static let zipLegacyName = FindingDefinition(
        "zip.legacy-name", .note,
        title: "A name in the zip is in an old code page.",
        what: "The name of the entry is in a legacy code page that the archive does not name.",
        why: "It may be shown with wrong characters.",
        mend: "Nothing need be done; an archive made by a newer program shows the name rightly.")

    public static let zipLink = FindingDefinition(
        "zip.link", .note,
        title: "The zip holds a symbolic link.",
        what: "The entry is a symbolic link.",
        why: "Where it leads is judged by the rules for links of every archive.",
        mend: "Nothing need be done; zip without -y stores the file itself.")

    public static let zipSpecialFile = FindingDefinition(
        "zip.special-file", .reject,
        title: "The zip holds a device or a pipe.",
        what: "The entry is a device, pipe or socket.",
        why: "Unpacking it would create a special file on the reader's machine.",
        mend: "Create the archive again with regular files only.")

    public static let zipSizedFolder = FindingDefinition(
        "zip.sized-folder", .note,
        title: "A folder in the zip has a size.",
        what: "The entry is a folder without content, yet a size of {0} is given for it.",
        why: "Some programs store what the file system shows as a folder's size; nothing is hidden by it.",
        mend: "Nothing need be done.")

    public static let zipDirectoryWithContent = FindingDefinition(
        "zip.directory-content", .reject,
        title: "A folder in the zip has content.",
        what: "The entry is a folder by its name or its attributes, yet it has content ({0}).",
        why: "Some programs would unpack a folder and others a file.",
        mend: zipAgain)

    public static let zipDirectoryAttributes = FindingDefinition(
        "zip.directory-attributes", .note,
        title: "An empty entry of the zip is a file and a folder.",
        what: "The name of the empty entry and its attributes disagree about whether it is a folder.",
        why: "It holds nothing either way.",
        mend: "Nothing need be done.")

    public static let zipStreamBroken = FindingDefinition(
        "zip.data-broken", .reject,
        title: "A file in the zip is damaged.",
        what: "The compressed data of the entry is broken after {0}.",
        why: "It cannot be unpacked to its end.",
        mend: "Check that the file was copied whole, or create the archive again.")

    public static let zipStreamTruncated = FindingDefinition(
        "zip.data-truncated", .reject,
        title: "A file in the zip is cut short.",
        what: "The compressed data of the entry ends too early, after {0}.",
        why: "It cannot be unpacked to its end.",
        mend: "Check that the file was copied whole, or create the archive again.")

    public static let zipStreamTrailing = FindingDefinition(
        "zip.data-trailing", .reject,
        title: "Hidden data follows a file inside the zip.",
        what: "{0} follow the end of the entry's compressed data inside the entry.",
        why: "Content may be hidden there.",
        mend: zipAgain)

    public static let zipLengthWrong = FindingDefinition(
        "zip.length-wrong", .reject,
        title: "A file in the zip is larger or smaller than declared.",
        what: "The entry unpacks to {0} (or more), but is declared as {1}.",
        why: "Programs that believe the declared length would unpack something else.",
        mend: zipAgain)

    public static let zipChecksumWrong = FindingDefinition(
        "zip.crc-wrong", .reject,
        title: "A file in the zip is damaged.",
        what: "The checksum of the unpacked entry is wrong.",
        why: "The content is damaged or was changed.",
        mend: "Check that the file was copied whole, or create the archive again.")

    /// In the order in which `sluice findings` lists them.
    static let zipFamily: [FindingDefinition] = [
        zipEmpty, zipNoEndRecord, zipEndTruncated, zipBytesBefore, zipBytesAfter, zipPadding, zipTwoEndRecords,
        zipRecordInComment,
        zipSixtyFourRecord, zipSeveralDisks, zipDirectoryBroken, zipCountDiffers, zipGap, zipUnlistedMember, zipOverlap,
        zipLocalHeaderMissing, zipNameDiffers, zipMethodDiffers, zipFlagsDiffer, zipSizeDiffers, zipChecksumDiffers,
        zipDescriptor, zipMethod, zipStoredSize, zipEncrypted, zipExtraField, zipSixtyFourField, zipUnicodePath,
        zipNameEncoding, zipLegacyName, zipLink, zipSpecialFile, zipSizedFolder, zipDirectoryWithContent,
        zipDirectoryAttributes,
        zipStreamBroken, zipStreamTruncated, zipStreamTrailing, zipLengthWrong, zipChecksumWrong,
    ]
}
