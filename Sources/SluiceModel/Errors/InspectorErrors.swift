// Errors of the families `inspector.*`, `inspection.*` and `sandbox.*`: an attachment could not be inspected for a reason on our side.

extension ErrorDefinition {
    static let inspectorFamily = [
        ErrorDefinition(
            "inspector.unavailable", .environment, .byItself, .everyCall, http: 503, retryAfter: 5, exit: 3,
            what: "No inspector can be started.",
            remedy: "Run sluice doctor; then send the attachments again."),
        // Says nothing about the next attachment: one that interrupts its own inspection must not stop the others.
        ErrorDefinition(
            "inspector.interrupted", .ours, .byItself, http: 503, retryAfter: 5, exit: 3,
            what: "The inspection of this attachment did not end, several times.",
            remedy: "Send the attachment again in a moment."),
        ErrorDefinition(
            "inspection.unreadable", .environment, .bySender, exit: 3,
            what: "An inspector cannot read the received bytes.",
            remedy: "Send the attachment again."),
        ErrorDefinition(
            "sandbox.descriptor", .environment, .byItself, .everyCall, http: 503, retryAfter: 5, exit: 3,
            what: "The received bytes could not be handed to an inspector.",
            remedy: "Send the attachment again in a moment."),
        ErrorDefinition(
            "sandbox.incomplete", .environment, .byOperator, .everyCall, http: 503, retryAfter: 5, exit: 3,
            what: "This machine cannot confine inspectors fully.",
            remedy: "Use a kernel with Landlock and seccomp (Linux 5.13 or later), or give --weak-confinement."),
    ]
}
