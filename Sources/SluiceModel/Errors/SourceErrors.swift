// Errors of the family `source.*`: a file that is to be imported cannot be read.

extension ErrorDefinition {
    package static let sourceChanged = ErrorDefinition(
        "source.changed", .sender, .byItself, exit: 3,
        what: "The file changed while it was read.",
        remedy: "Wait until the file is complete, then try again.")

    static let sourceFamily = [
        // Exit status 2: a path that is not there is mistyped, and trying again does not help.
        ErrorDefinition(
            "source.missing", .sender, .bySender, exit: 2,
            what: "There is no file at this path.",
            remedy: "Check the path."),
        ErrorDefinition(
            "source.denied", .environment, .byOperator, exit: 3,
            what: "The file system does not let this user read the file or list the folder.",
            remedy: "Grant read permission, or run Sluice as a user who has it."),
        sourceChanged,
        ErrorDefinition(
            "source.io", .environment, .byItself, exit: 3,
            what: "The file system reported an error while the file was read.",
            remedy: "Try again. If the error stays, check the disk."),
    ]
}
