// Errors of the families `usage.*` and `policy.*`: a command line or a policy file that cannot be used.

extension ErrorDefinition {
    public static let usage = ErrorDefinition(
        "usage.command-line", .sender, .bySender, exit: 2,
        what: "The command line cannot be used.",
        remedy: "Correct it as the message says; --help lists the options.")

    public static let policyFile = ErrorDefinition(
        "policy.file", .sender, .bySender, exit: 2,
        what: "The policy file cannot be read or holds a key or a value that does not exist.",
        remedy: "Correct the line that the message names.")

    static let commandFamily = [usage, policyFile]
}
