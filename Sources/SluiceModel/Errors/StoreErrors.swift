// Errors of the family `store.*`: the ticket store could not do its work. The next attachment would meet the same error.

extension ErrorDefinition {
    static let storeFamily = [
        ErrorDefinition(
            "store.no-space", .environment, .byOperator, .everyCall, http: 507, retryAfter: 30, exit: 3,
            what: "The disk that holds the store is full.",
            remedy: "Free space on it; then send the attachment again."),
        ErrorDefinition(
            "store.io", .environment, .byItself, .everyCall, http: 503, retryAfter: 5, exit: 3,
            what: "The disk that holds the store reported an error.",
            remedy: "Try again. If the error stays, look for disk errors in the system log."),
        ErrorDefinition(
            "store.busy", .environment, .byItself, .everyCall, http: 503, retryAfter: 5, exit: 3,
            what: "Memory or descriptors are short, or another program holds the store.",
            remedy: "Try again in a moment."),
        ErrorDefinition(
            "store.unavailable", .environment, .byItself, .everyCall, http: 503, retryAfter: 5, exit: 3,
            what: "The database or the object store cannot be reached.",
            remedy: "Try again in a moment. If the error stays, look at the server and at the way to it."),
        ErrorDefinition(
            "store.closed", .environment, .byItself, .everyCall, http: 503, retryAfter: 5, exit: 3,
            what: "The program is ending and has closed the store.",
            remedy: "Send the attachment again when the program runs."),
        ErrorDefinition(
            "store.not-permitted", .environment, .byOperator, .everyCall, http: 503, retryAfter: 5, exit: 3,
            what: "This user may not read or write the store.",
            remedy: "Give the user who runs Sluice all rights on the store's folder."),
        ErrorDefinition(
            "store.missing", .environment, .byOperator, .everyCall, http: 503, retryAfter: 5, exit: 3,
            what: "There is no store at this path.",
            remedy: "Check the path, or import something first."),
        ErrorDefinition(
            "store.unsupported-disk", .environment, .byOperator, .everyCall, http: 503, retryAfter: 5, exit: 3,
            what: "The store's file system cannot hold unnamed files.",
            remedy: "Put the store on ext4, XFS, Btrfs or tmpfs."),
        ErrorDefinition(
            "store.foreign-database", .environment, .byOperator, .everyCall, http: 503, retryAfter: 5, exit: 3,
            what: "The file sluice.sqlite is another program's database.",
            remedy: "Choose another folder for the store."),
        ErrorDefinition(
            "store.newer-schema", .environment, .byOperator, .everyCall, http: 503, retryAfter: 5, exit: 3,
            what: "A newer Sluice wrote the store.",
            remedy: "Use a Sluice that is at least as new as the one that wrote the store."),
        ErrorDefinition(
            "store.copy-target", .environment, .byOperator, .everyCall, exit: 3,
            what: "The place that a store is to be copied to holds another store.",
            remedy: "Name an empty place for the copy."),
        ErrorDefinition(
            "store.copy-changed", .environment, .byOperator, .everyCall, exit: 3,
            what: "A store and its copy differ after copying.",
            remedy: "Stop what writes to the source, and copy into an empty place."),
        // No second try mends these two: the bytes are lost, or Sluice has a defect.
        ErrorDefinition(
            "store.damaged", .environment, .byOperator, .everyCall, http: 500, exit: 3,
            what: "The store's database or stored bytes are damaged.",
            remedy: "Run sluice verify; restore what it names from a backup."),
        ErrorDefinition(
            "store.internal", .ours, .byOperator, .everyCall, http: 500, exit: 3,
            what: "The store met a case that must not happen. This is a defect in Sluice.",
            remedy: "Report it with the log line."),
    ]
}
