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
        title: "The archive holds a program.",
        what: "The entry is {0}, which counts as a program.",
        why: "Programs are not handed on to support staff without a person's decision.",
        mend: "Create the archive again without programs, libraries and installers.")

    static let memberFamily: [FindingDefinition] = [memberType, memberExecutable]
}
