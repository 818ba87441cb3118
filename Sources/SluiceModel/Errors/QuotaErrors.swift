// Errors of the family `quota.*`: a ticket or a submitter has reached a limit.

extension ErrorDefinition {
    static let quotaFamily = [
        ErrorDefinition(
            "quota.day-attachments", .sender, .byItself, http: 429,
            what: "The submitter has sent enough attachments for today.",
            remedy: "Go on after midnight, UTC."),
        ErrorDefinition(
            "quota.day-size", .sender, .byItself, http: 429,
            what: "The submitter has sent enough bytes for today.",
            remedy: "Send less, or go on after midnight, UTC."),
        ErrorDefinition(
            "quota.entries", .sender, .byItself, http: 429, retryAfter: 2,
            what: "Too many entries are being read by the caller.",
            remedy: "Read some of them to their end first."),
        ErrorDefinition(
            "quota.open-uploads", .sender, .bySender, http: 429, retryAfter: 60,
            what: "Too many uploads of the submitter are unfinished.",
            remedy: "Finish or delete some of them."),
        ErrorDefinition(
            "quota.spool", .sender, .byItself, http: 429, retryAfter: 5,
            what: "Too many bytes of the caller wait for their verdict.",
            remedy: "Wait for some answers, then send the attachment again."),
        ErrorDefinition(
            "quota.ticket-attachments", .sender, .bySender, http: 413,
            what: "The ticket holds as many attachments as it may.",
            remedy: "Ask the portal's operator for more room."),
        ErrorDefinition(
            "quota.ticket-size", .sender, .bySender, http: 413,
            what: "The ticket holds as many bytes as it may.",
            remedy: "Send less, or ask the portal's operator for more room."),
        ErrorDefinition(
            "quota.unfinished-size", .sender, .bySender, http: 429, retryAfter: 60,
            what: "The unfinished uploads of the submitter have announced too many bytes.",
            remedy: "Finish or delete some of them."),
        ErrorDefinition(
            "quota.waiting", .sender, .byItself, http: 429, retryAfter: 3,
            what: "Too many requests of the caller are waiting to be worked on.",
            remedy: "Wait for some of their answers, then go on."),
    ]
}
