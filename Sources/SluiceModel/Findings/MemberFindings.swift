// Findings about which kinds of members an archive holds: the policy's member rules.

extension FindingDefinition {
    public static let memberType = FindingDefinition(
        "archive.member-type", .warning,
        title: "The archive holds a file of a kind that is not listed.",
        what: "The entry is {0}, which the policy does not list among the types inside an archive.",
        why: "It is kept and shown as it is, and nothing here has proven what it does.",
        mend: "Nothing need be done; leave it out if it does not belong to the case.")

    public static let memberExecutable = FindingDefinition(
        "archive.member-executable", .quarantine,
        title: "The archive holds a program.", ways: [.removeEntries],
        what: "The entry is a program ({0}).",
        why: "Programs are not handed on to support staff without a person's decision.",
        mend: "Create the archive again without programs, libraries and installers.")

    public static let memberStarts = FindingDefinition(
        "archive.member-starts", .quarantine,
        title: "The archive holds a file that starts by itself when it is opened.",
        what: "A desktop starts the entry {0} or follows where it leads when a person opens it.",
        why:
            "Its name decides that, whatever is in it; such files are not handed on to support staff without a person's decision.",
        mend: "Create the archive again without this file, or rename it to end in .txt if its text matters to the case."
    )

    public static let memberScript = FindingDefinition(
        "archive.member-script", .warning,
        title: "The archive holds a script or a page.",
        what: "The entry {0} is a script or a page by its name.",
        why:
            "Log collectors carry such files honestly; it is to be read in an editor and not to be opened by a double click.",
        mend: "Nothing need be done; leave it out if it does not belong to the case.")

    public static let memberUnreadable = FindingDefinition(
        "archive.member-unreadable", .quarantine,
        title: "The archive holds a container that cannot be looked into.", leavesUnchecked: true,
        what: "The entry holds other files and cannot be looked into here ({0}).",
        why: "What is inside could not be checked.",
        mend: "Unpack it, and put its files into the archive in its place (a .zip inside the archive is fine).")

    static let memberFamily: [FindingDefinition] = [
        memberType, memberExecutable, memberStarts, memberScript, memberUnreadable,
    ]
}
