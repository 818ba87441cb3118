// Findings of the family `type.*`: extension, our recognizer and libmagic do not agree.

extension FindingDefinition {
    public static let typeMismatch = FindingDefinition(
        "type.mismatch", .reject,
        title: "The content is not what the file name says.",
        what: "The extension {0} stands for {1}, but the content is {2}.",
        why: "A file is taken only when its name and its content agree.",
        mend: "{3}")

    public static let typeUnproven = FindingDefinition(
        "type.unproven", .reject,
        title: "The file could not be recognized as what its name says.",
        what: "The extension {0} stands for {1}, but the content could not be proven to be that: it begins like {2}.",
        why: "A file is taken only when all of its content is what its name says.",
        mend: "Open the file to see whether it is whole, save it again, and send that.")

    public static let typeDisputed = FindingDefinition(
        "type.disputed", .reject,
        title: "Two checks disagree about what the file is.",
        what:
            "The extension {0} and the structure say {1}, but a second check took the content for something else ({5}).",
        why: "Both checks have to agree.",
        mend: "Save the file again with the program that made it, and send that.")

    public static let typeOtherText = FindingDefinition(
        "type.other-text", .quarantine,
        title: "The text is of another kind than the file name says.",
        what: "The extension {0} stands for {1}, but the text is {2}.",
        why: "Such text acts when it is opened as what it really is, so a person looks at it first.",
        mend: "{3}")

    static let typeFamily: [FindingDefinition] = [typeMismatch, typeUnproven, typeDisputed, typeOtherText]
}
