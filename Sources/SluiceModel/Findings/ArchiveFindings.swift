// Findings of the families `archive.*` and `content.*`: names, links, budgets and readings of any container.
// What is wrong with the structure of one format stands with that format (`tar.*`, `zip.*`).

extension FindingDefinition {
    // MARK: Names

    public static let pathEscapes = FindingDefinition(
        "archive.path-escapes", .reject,
        title: "The archive would write outside its folder.", endangers: true,
        what: "Entry {0} points outside the archive.",
        why: "Unpacking it could overwrite files on the reader's machine.",
        mend: "Create the archive again from inside the folder, without \"..\" in names.")

    public static let pathAbsolute = FindingDefinition(
        "archive.path-absolute", .quarantine,
        title: "The archive names a fixed place on the disk.",
        what: "Entry {0} has an absolute path.",
        why: "Some programs unpack it to that very place on the reader's machine.",
        mend: "Create the archive again with relative names, from inside the folder.")

    public static let pathParent = FindingDefinition(
        "archive.path-parent", .quarantine,
        title: "The archive has a name that leads upwards (\"..\").",
        what: "Entry {0} has \"..\" in its path.",
        why: "Programs differ in where they unpack such an entry.",
        mend: "Create the archive again from inside the folder, without \"..\" in names.")

    public static let pathUnclean = FindingDefinition(
        "archive.path-unclean", .warning,
        title: "The archive has a name with an empty part.",
        what: "Entry {0} has an empty or \".\" part in its path.",
        why: "It is read as if that part were not there.",
        mend: "Nothing need be done.")

    public static let pathBackslash = FindingDefinition(
        "archive.backslash", .warning,
        title: "The archive has a name with a backslash.",
        what: "Entry {0} has a backslash in its name.",
        why: "Windows takes it as a folder separator, other systems as part of the name.",
        mend: "Nothing need be done; a current archive program writes \"/\".")

    public static let nameEmpty = FindingDefinition(
        "archive.name-empty", .reject,
        title: "The archive has an entry without a name.", endangers: true,
        what: "An entry has no name.",
        why: "Programs differ in what they make of it.",
        mend: "Create the archive again with a current archive program.")

    public static let nameTooLong = FindingDefinition(
        "archive.name-too-long", .quarantine,
        title: "The archive has a name that is too long to unpack.",
        what: "The name of entry {0} has {1}; the limit is {2}.",
        why: "Such names cannot be unpacked on most systems.",
        mend: "Create the archive again from a folder further down, so that the names get shorter.")

    public static let nameControl = FindingDefinition(
        "archive.name-control", .quarantine,
        title: "The archive has a name with control characters.",
        what: "The name of entry {0} holds control characters.",
        why: "They can change what a terminal or a log shows.",
        mend: "Rename the file, then create the archive again.")

    public static let nameBidi = FindingDefinition(
        "archive.name-direction", .quarantine,
        title: "The archive has a name that shows as another one.",
        what: "The name of entry {0} holds characters that reverse the reading direction.",
        why: "The name then looks like another one, with another extension.",
        mend: "Rename the file, then create the archive again.")

    public static let nameInvisible = FindingDefinition(
        "archive.name-invisible", .warning,
        title: "The archive has a name with characters that cannot be seen.",
        what: "The name of entry {0} holds characters that cannot be seen.",
        why: "Two names can look alike.",
        mend: "Nothing need be done; rename the file if the character is not wanted.")

    public static let nameNotText = FindingDefinition(
        "archive.name-encoding", .note,
        title: "The archive has a name in an unknown encoding.",
        what: "The name of entry {0} is not UTF-8.",
        why: "It is shown with its bytes escaped.",
        mend: "Nothing need be done.")

    public static let nameReserved = FindingDefinition(
        "archive.name-reserved", .warning,
        title: "The archive has a name that Windows cannot unpack.",
        what: "The name of entry {0} is reserved on Windows.",
        why: "It cannot be unpacked there under this name.",
        mend: "Nothing need be done; rename the file if it is to be opened on Windows.")

    public static let nameTrailing = FindingDefinition(
        "archive.name-trailing", .warning,
        title: "The archive has a name that ends in a dot or a space.",
        what: "A part of the name of entry {0} ends in a dot or a space.",
        why: "Windows drops that character when unpacking.",
        mend: "Nothing need be done; rename the file if it is to be opened on Windows.")

    public static let nameDuplicate = FindingDefinition(
        "archive.duplicate-name", .quarantine,
        title: "The archive holds the same name twice.",
        what: "The name {0} stands twice in the archive.",
        why: "Programs differ in which of the two they show.",
        mend: "Create the archive anew instead of adding to it, so that each name stands once.")

    public static let nameTwins = FindingDefinition(
        "archive.name-twins", .warning,
        title: "Two names in the archive differ only in upper and lower case.",
        what: "The name {0} differs from another one only in upper and lower case.",
        why: "On Windows and macOS only one of the two can be unpacked.",
        mend: "Nothing need be done.")

    public static let nameConflict = FindingDefinition(
        "archive.name-conflict", .quarantine,
        title: "The archive uses one name for a file and for a folder.",
        what: "Entry {0} lies below an entry that is a file.",
        why: "A name cannot be a file and a folder; programs differ in which they unpack.",
        mend: "Create the archive anew from the folder itself.")

    // MARK: Links and special files

    public static let link = FindingDefinition(
        "archive.link", .warning,
        title: "The archive holds a link to another of its entries.",
        what: "The entry is a link to {0}, inside the archive.",
        why: "Links are listed, not followed.",
        mend: "Nothing need be done.")

    public static let linkEscapes = FindingDefinition(
        "archive.link-escapes", .quarantine,
        title: "The archive holds a link that leads outside.", ways: [.removeEntries],
        what: "The entry is a link to {0}, outside the archive.",
        why: "Once unpacked, it shows or overwrites a file of the reader's machine.",
        mend: "Create the archive again with the linked files themselves (tar: option -h) or without the link.")

    public static let throughLink = FindingDefinition(
        "archive.through-link", .reject,
        title: "The archive would write through a link.", endangers: true,
        what: "Entry {0} lies below an entry that is a link.",
        why: "Unpacking it would write wherever the link points.",
        mend: "Create the archive anew from the folder itself.")

    public static let device = FindingDefinition(
        "archive.special-file", .quarantine,
        title: "The archive holds a device or a pipe.", ways: [.removeEntries],
        what: "The entry is a {0}.",
        why: "Devices and pipes have no content and do not belong in a support case.",
        mend: "Create the archive again without it.")

    public static let setUserID = FindingDefinition(
        "archive.setuid", .warning,
        title: "The archive holds a file that asks for its owner's rights.",
        what: "The entry asks to run with its owner's rights (mode {0}).",
        why: "Unpack it without restoring the mode.",
        mend: "Nothing need be done.")

    // MARK: Budgets

    public static let budgetEntries = FindingDefinition(
        "archive.budget-entries", .quarantine,
        title: "The archive has too many entries to check.", leavesUnchecked: true, ways: [.split],
        what: "The archive has more than {1} entries.",
        why: "What lies behind the limit could not be checked.",
        mend: "Send it in several archives, or without folders that do not belong to the case.")

    public static let budgetExpanded = FindingDefinition(
        "archive.budget-expanded", .quarantine,
        title: "The archive is too large to check once it is unpacked.", leavesUnchecked: true, ways: [.split],
        what: "The archive expands to at least {0}; the limit is {1}.",
        why: "What lies behind the limit could not be checked.",
        mend: "Send it in several archives, or only the time span that matters.")

    public static let budgetRatio = FindingDefinition(
        "archive.budget-ratio", .reject,
        title: "The archive unpacks to far more than real files do.",
        endangers: true, leavesUnchecked: true, ways: [.removeEntries],
        what: "The entry expands to {0} times its stored size; the limit is {1} times.",
        why: "Material from real programs does not compress that well; decompression bombs do.",
        mend: "Send this file by itself, or only the part that matters.")

    public static let budgetDepth = FindingDefinition(
        "archive.budget-depth", .quarantine,
        title: "The archive holds archives inside archives, too deep to check.", leavesUnchecked: true,
        what: "The entry is an archive {0} levels deep; the limit is {1}.",
        why: "What is inside could not be checked.",
        mend: "Unpack the inner archives and send them side by side.")

    public static let budgetTime = FindingDefinition(
        "archive.budget-time", .quarantine,
        title: "The archive takes too long to check.", leavesUnchecked: true, ways: [.split],
        what: "Looking inside took longer than {0} ms; the limit is {1} ms.",
        why: "The rest could not be checked.",
        mend: "Send it in several archives.")

    public static let budgetWhole = FindingDefinition(
        "archive.budget-whole", .quarantine,
        title: "The archive as a whole unpacks to far more than real files do.", leavesUnchecked: true,
        what: "Entries that expand to more than {0} times their stored size come to {1} together; the limit is {2}.",
        why:
            "Material from real programs hardly ever compresses that well; decompression bombs do. The rest could not be checked.",
        mend: "Send only the part that matters, or these files in several archives.")

    // MARK: Readings

    public static let readersDisagree = FindingDefinition(
        "archive.readers-disagree", .reject,
        title: "The archive shows different files to different programs.", endangers: true,
        what: "Two readers list different members: {0}.",
        why: "An archive must read alike to every program, or it can show one thing and unpack another.",
        mend: "Unpack it and create the archive again with a current archive program.")

    public static let memberUnproven = FindingDefinition(
        "archive.member-unproven", .quarantine,
        title: "A file in the archive is too large to check.", leavesUnchecked: true, ways: [.removeEntries],
        what: "The entry is no text and larger than {0}.",
        why: "It could not be checked.",
        mend: "Send this file by itself or leave it out.")

    public static let memberDamaged = FindingDefinition(
        "archive.member-damaged", .warning,
        title: "A file in the archive is damaged.",
        what: "The entry is not a sound file of its kind ({0}): {1}",
        why: "It is kept as it is.",
        mend: "Nothing need be done; send the file again if it matters to the case.")

    public static let nestedDamaged = FindingDefinition(
        "archive.nested-damaged", .quarantine,
        title: "An archive inside the archive is damaged.",
        what: "The archive inside the archive is not sound ({0}): {1}",
        why: "What it holds could not be checked.",
        mend: "Create the inner archive again, or unpack it and send its files.")

    // MARK: Any content

    public static let contentEmpty = FindingDefinition(
        "content.empty", .warning,
        title: "The file is empty.",
        what: "The attachment has no content.",
        why: "There is nothing to look at.",
        mend: "Check whether the export worked, and send it again if it should hold something.")

    public static let secondFormat = FindingDefinition(
        "content.second-format", .reject,
        title: "The file is two things at once.",
        what: "The content is {0} and reads as {1} as well.",
        why: "A file that is two things at once shows each program something else.",
        mend: "Export the file again with the program that made it.")

    public static let hiddenBytes = FindingDefinition(
        "content.hidden-bytes", .warning,
        title: "The archive holds bytes that no program shows.",
        what: "{0} are hidden in {1}; they look like {2}.",
        why: "Programs that unpack the archive skip them, so nobody sees what else it carries.",
        mend: "Nothing need be done if the bytes may be sent; otherwise create the archive again.")

    public static let hiddenFile = FindingDefinition(
        "content.hidden-file", .quarantine,
        title: "Another file is hidden in the archive.",
        what: "{0} are hidden in {1} and begin like {2}.",
        why:
            "Programs that unpack the archive skip them, so nobody sees what else it carries; a person looks at it first.",
        mend: "Create the archive again with an ordinary program, and send the other file as an entry.")

    public static let streamDamaged = FindingDefinition(
        "content.stream-damaged", .reject,
        title: "The compressed file is damaged or cut short.",
        what: "The compressed stream ({0}) is damaged or cut short: {1}.",
        why: "It cannot be expanded to its end.",
        mend: "Compress the file again and check it before sending (gzip -t, xz -t, zstd -t).")

    /// In the order in which `sluice findings` lists them.
    static let archiveFamily: [FindingDefinition] = [
        pathEscapes, pathAbsolute, pathParent, pathUnclean, pathBackslash, nameEmpty, nameTooLong, nameControl,
        nameBidi,
        nameInvisible, nameNotText, nameReserved, nameTrailing, nameDuplicate, nameTwins, nameConflict, link,
        linkEscapes,
        throughLink, device, setUserID, budgetEntries, budgetExpanded, budgetRatio, budgetDepth, budgetTime,
        budgetWhole,
        readersDisagree,
        memberUnproven, memberDamaged, nestedDamaged, contentEmpty, secondFormat, hiddenBytes, hiddenFile,
        streamDamaged,
    ]
}
