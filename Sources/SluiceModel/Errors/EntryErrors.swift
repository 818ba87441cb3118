// Errors of the family `entry.*`: one entry of a stored archive cannot be handed out.

extension ErrorDefinition {
    static let entryFamily = [
        ErrorDefinition(
            "entry.missing", .sender, .bySender, http: 404,
            what: "The attachment has no such entry.",
            remedy: "Take an index from the manifest."),
        ErrorDefinition(
            "entry.unreadable", .sender, .bySender, http: 422,
            what: "The entry is encrypted, or packed with a method that Sluice does not read.",
            remedy: "Fetch the whole attachment."),
        ErrorDefinition(
            "entry.damaged", .sender, .bySender, http: 422,
            what: "The entry is damaged: its checks do not hold.",
            remedy: "Fetch the whole attachment."),
        ErrorDefinition(
            "entry.over-budget", .sender, .bySender, http: 422,
            what: "The entry expands to more than the policy allows.",
            remedy: "Fetch the whole attachment."),
        ErrorDefinition(
            "entry.failed", .ours, .byItself, http: 503, retryAfter: 5,
            what: "The process that reads the entry did not end well.",
            remedy: "Try again, or fetch the whole attachment."),
        ErrorDefinition(
            "entry.busy", .environment, .byItself, http: 503, retryAfter: 5,
            what: "Too many entries are being read at once.",
            remedy: "Try again in a moment."),
    ]
}
