// Findings of the family `review.*`: what a person said about the same bytes before.

extension FindingDefinition {
    public static let released = FindingDefinition(
        "review.released", .note,
        title: "A person let this file pass.",
        what: "A person let {0} pass for exactly these bytes ({1}).",
        why: "What was looked at once is not set apart again.",
        mend: "Nothing need be done.")

    static let reviewFamily: [FindingDefinition] = [released]
}
