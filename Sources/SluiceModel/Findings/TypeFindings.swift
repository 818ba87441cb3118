// Findings of the family `type.*`: extension, our recognizer and libmagic do not agree.

extension FindingDefinition {
    public static let typeMismatch = FindingDefinition(
        "type.mismatch", .reject,
        title: "The content is not what the file name says.",
        what: "The extension {0} stands for {1}, but the content is {2}.",
        why: "A file is taken only when its name and its content agree.",
        mend: "Save the file again with the program that made it, under a name whose extension says what it is.")

    public static let typeEmpty = FindingDefinition(
        "type.empty", .reject,
        title: "The file is empty.",
        what: "The extension {0} stands for {1}, but the file is empty (0 bytes).",
        why: "There is nothing in it that could be looked at.",
        mend: "Open the file, put in what you want to send, save it and send it again.")

    public static let typeUnproven = FindingDefinition(
        "type.unproven", .reject,
        title: "The file could not be recognized as what its name says.",
        what: "The extension {0} stands for {1}, but the content could not be proven to be that ({2}).",
        why: "What nobody can prove is not taken; most often the file was damaged or cut on its way.",
        mend: "Open the file to see whether it is whole, save it again, and send that.")

    public static let typeDisputed = FindingDefinition(
        "type.disputed", .reject,
        title: "Two checks disagree about what the file is.",
        what: "The extension {0} and the structure say {1} ({2}), but a second check says {3}.",
        why: "Three witnesses have to agree, and here one does not.",
        mend: "Save the file again with the program that made it, and send that.")

    public static let typeOtherText = FindingDefinition(
        "type.other-text", .quarantine,
        title: "The text is of another kind than the file name says.",
        what: "The extension {0} stands for {1}, but the text is {2}.",
        why: "Such text acts when it is opened as what it really is, so a person looks at it first.",
        mend: "Put the file under its true name into a .zip, or send the part that matters as plain text.")

    static let typeFamily: [FindingDefinition] = [typeMismatch, typeEmpty, typeUnproven, typeDisputed, typeOtherText]
}
