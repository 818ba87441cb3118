// Errors of the family `review.*`: a decision of a reviewer that cannot be taken.

extension ErrorDefinition {
    static let reviewFamily = [
        ErrorDefinition(
            "review.not-quarantined", .sender, .bySender, http: 409,
            what: "The attachment is not quarantined.",
            remedy: "Load it anew: somebody has decided about it already."),
        ErrorDefinition(
            "review.own-attachment", .sender, .bySender, http: 403,
            what: "The sender of an attachment cannot release it.",
            remedy: "Ask another reviewer."),
    ]
}
