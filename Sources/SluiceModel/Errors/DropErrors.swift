// Errors of the family `drop.*`: the drop folder could not take a file, or could not put it where it belongs.

extension ErrorDefinition {
    static let dropFamily = [
        ErrorDefinition(
            "drop.no-ticket", .sender, .bySender, exit: 3,
            what: "It is not known which ticket the file is for.",
            remedy: "Put the file into a folder that is named like the ticket, or name the ticket in a sidecar."),
        ErrorDefinition(
            "drop.bad-sidecar", .sender, .bySender, exit: 3,
            what: "The sidecar of the file cannot be used.",
            remedy: "Correct the sidecar, then run sluice watch --retry-failed."),
        ErrorDefinition(
            "drop.killed-watcher", .ours, .byOperator, exit: 3,
            what: "The watcher died each time it took this file.",
            remedy: "Report it with the watcher's log; sluice watch --retry-failed tries the file again."),
        ErrorDefinition(
            "drop.not-permitted", .environment, .byOperator, exit: 3,
            what: "This user may not read or write the drop folder.",
            remedy: "Give the user who runs Sluice all rights on the drop folder."),
        ErrorDefinition(
            "drop.other-disk", .environment, .byOperator, exit: 3,
            what: "A part of the drop folder lies on another file system.",
            remedy: "Keep in/, done/, rejected/, quarantined/ and failed/ on one file system, without mounts below."),
        ErrorDefinition(
            "drop.io", .environment, .byItself, exit: 3,
            what: "The disk that holds the drop folder reported an error.",
            remedy: "If the error stays, look for disk errors in the system log; the file is tried again by itself."),
        ErrorDefinition(
            "drop.no-space", .environment, .byOperator, .everyCall, exit: 3,
            what: "The disk that holds the drop folder is full.",
            remedy: "Free space on it; the file is tried again by itself."),
        ErrorDefinition(
            "drop.busy", .environment, .byItself, .everyCall, exit: 3,
            what: "Too many files are open, or memory is short.",
            remedy: "If the error stays, raise the limit of open files; the file is tried again by itself."),
    ]
}
