// Findings of the family `review.*`: what a reviewer decided about the same bytes before.

extension FindingDefinition {
    public static let released = FindingDefinition(
        "review.released", .note,
        title: "A person let this file pass.",
        what: "A person let {0} pass for exactly these bytes ({1}).",
        why: "What was looked at once is not set apart again.",
        mend: "Nothing need be done.")

    public static let deleted = FindingDefinition(
        "review.deleted", .reject,
        title: "A person looked at this file and deleted it.",
        what: "It was set apart, and a person decided to delete it ({0}).",
        why: "Its bytes are not kept.",
        mend: "If you think that this is a mistake, say so on the ticket.")

    static let reviewFamily: [FindingDefinition] = [deleted, released]
}
