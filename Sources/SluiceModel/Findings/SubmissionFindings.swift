// Findings of the families `submission.*`, `name.*` and `category.*`: the sender's claims against the policy.

extension FindingDefinition {
    public static let tooLarge = FindingDefinition(
        "submission.too-large", .reject,
        title: "The file is larger than the limit.", ways: [.compress, .split],
        what: "The attachment is larger than the limit of {0}.",
        why: "Reception stopped at the byte after the limit.",
        mend: "Send the part of the material around the time of the problem, or compress it into a zip.")

    public static let extensionNotAllowed = FindingDefinition(
        "submission.extension-not-allowed", .reject,
        title: "Files with this extension are not accepted here.",
        what: "The extension of the name ({0}) is not among those that are allowed: {1}.",
        why: "What may be attached is decided by the exact last extension and then by the content.",
        mend: "{2}")

    public static let notAFile = FindingDefinition(
        "submission.not-a-file", .reject,
        title: "This is not a regular file.",
        what: "This is {0}, not a regular file.",
        why: "Only the bytes of regular files are taken, and links are not followed while a folder is walked.",
        mend: "Name the file that it stands for.")

    public static let declaredNameDisguised = FindingDefinition(
        "name.disguised-extension", .reject,
        title: "The name hides what kind of file it is.",
        what: "The name hides its real extension ({0}).",
        why: "Such names make one program see one type of file and the next program another.",
        mend: "Rename the file to letters, digits, dots, dashes and underscores.")

    public static let declaredNameUnprintable = FindingDefinition(
        "name.unprintable", .warning,
        title: "The name holds characters that cannot be seen.",
        what: "The name holds characters that cannot be seen or that change how it reads ({0}).",
        why: "It is stored as it came and shown with these characters spelled out.",
        mend: "Nothing need be done; a plain name is easier to talk about.")

    public static let declaredNameTooLong = FindingDefinition(
        "name.too-long", .warning,
        title: "The name is longer than many systems can keep.",
        what: "The name is {0} bytes long; many systems keep only 255.",
        why: "It is stored as it came.",
        mend: "Nothing need be done; a shorter name travels better.")

    public static let declaredNameReserved = FindingDefinition(
        "name.reserved", .warning,
        title: "The name has a special meaning on other systems.",
        what: "The name means something special to other systems ({0}).",
        why: "Saved under this name, the file may be hidden, taken for an option or for a device.",
        mend: "Nothing need be done; whoever saves it should choose another name.")

    public static let programInName = FindingDefinition(
        "name.double-extension", .warning,
        title: "The name also carries the extension of a program.",
        what: "Before its last extension the name has another one, {0}, which is a program's.",
        why: "Some desktops hide the last extension, and then the name looks like a program.",
        mend: "Nothing need be done; the content was proven to be what the last extension says.")

    public static let scriptName = FindingDefinition(
        "name.script", .warning,
        title: "The file is a script or a page by its name.",
        what: "The name {0} is that of a script or a page.",
        why: "It is taken as the text that it is; whoever reads it should open it in an editor.",
        mend: "Nothing need be done.")

    public static let verdictName = FindingDefinition(
        "name.verdict", .reject,
        title: "The name is that of one of our own verdicts.",
        what: "The name ends like a verdict of the drop folder ({0}).",
        why: "Beside another file it would pass for the verdict on that file.",
        mend: "Rename the file and drop it again.")

    public static let categoryContradicts = FindingDefinition(
        "category.contradicts", .warning,
        title: "The content does not look like the declared category.",
        what: "It was declared as {0}, but the content looks like {1}: {2}.",
        why: "The declared category is kept for the record.",
        mend: "Correct the category if it was a slip.")

    static let submissionFamily: [FindingDefinition] = [
        tooLarge, extensionNotAllowed, notAFile, declaredNameDisguised, declaredNameUnprintable, declaredNameTooLong,
        declaredNameReserved,
        programInName, scriptName, verdictName, categoryContradicts,
    ]
}
