// Findings of the family `text.*`: their codes, levels and words.

extension FindingDefinition {
    public static let textNulCharacters = FindingDefinition(
        "text.nul-characters", .note,
        title: "The text holds NUL characters.",
        what: "The text holds {0} NUL characters in {1} places.",
        why: "A crash or a rotation while writing leaves them in honest logs; some readers stop at the first one.",
        mend: "Nothing needs to be done; export the log anew if lines are missing.")

    public static let textMixedEncoding = FindingDefinition(
        "text.mixed-encoding", .note,
        title: "The text mixes two encodings.",
        what: "The text is UTF-8, but {0} places are not, the first in line {1}.",
        why: "Lines of programs with different encodings were put together, or characters were cut in half.",
        mend: "Nothing needs to be done; send the parts as separate files if characters matter.")

    public static let textControlCharacters = FindingDefinition(
        "text.control-characters", .note,
        title: "The text holds control characters.",
        what: "The text holds {0} control characters that are not ordinary; the first is {1} in line {2}, at byte {3}.",
        why:
            "Devices, terminals and exports leave them in honest text; some programs show them as squares or stop there.",
        mend: "Nothing needs to be done.")

    public static let textEncodingChanges = FindingDefinition(
        "text.encoding-changes", .note,
        title: "The text changes its encoding.",
        what: "The text changes {0} times between 8-bit characters and UTF-16, first at line {1}.",
        why:
            "Windows appends UTF-16 to a file that another program began, or the other way about; few programs show both parts.",
        mend: "Nothing needs to be done; save it in one encoding if somebody has to read it in an editor.")

    public static let textCutCharacter = FindingDefinition(
        "text.cut-character", .note,
        title: "The text ends inside a character.",
        what: "The last character of the text is cut: a part of it is missing.",
        why: "A file that is cut by its size ends anywhere.",
        mend: "Nothing needs to be done.")

    public static let textDockerFrames = FindingDefinition(
        "text.docker-frames", .note,
        title: "The log was saved with Docker's frames.",
        what: "The log lies in {0} frames of Docker's stream format; the frames were taken off to read it.",
        why: "Editors show eight odd characters before each line.",
        mend: "Nothing needs to be done; docker logs writes it without frames.")

    public static let textMentionsMarkup = FindingDefinition(
        "text.mentions-markup", .note,
        title: "The text mentions tags of a web page.",
        what: "The beginning of the text mentions {0}, but it is no page.",
        why: "It is kept and served as a download only, never shown in a page.",
        mend: "Nothing needs to be done.")

    public static let textLooksLike = FindingDefinition(
        "text.looks-like", .note,
        title: "The text is of a special kind.",
        what: "The text is {0}.",
        why: "It is kept and served as a download only, never shown in a page.",
        mend: "Nothing needs to be done if that is what you meant to send.")

    public static let textPrivateKey = FindingDefinition(
        "text.private-key", .warning,
        title: "The file holds a private key.",
        what: "{0} begins a private key.",
        why: "Whoever reads the ticket could use it.",
        mend: "Remove the key from the file and send it again, and replace the key where it is in use.")

    public static let textFormulaCells = FindingDefinition(
        "text.formula-cells", .note,
        title: "The table holds cells that a spreadsheet would calculate.",
        what: "{0} cells would be read as formulas by a spreadsheet, first in row {1}, column {2}.",
        why: "A formula from a stranger can fetch or send data when the table is opened.",
        mend: "Nothing needs to be done; whoever opens the table should import it as text.")

    public static let textRaggedTable = FindingDefinition(
        "text.csv-ragged", .note,
        title: "The rows of the table differ in length.",
        what: "{0} of {1} rows have another number of fields than the usual {2}.",
        why: "Readers of the table may put values into the wrong columns.",
        mend: "Nothing needs to be done; export the table anew if it looks wrong.")

    public static let textUnclosedQuote = FindingDefinition(
        "text.csv-unclosed-quote", .note,
        title: "A quoted field of the table is never closed.",
        what: "A quoted field that begins in row {0} is never closed.",
        why: "Readers of the table may take everything behind it for one field.",
        mend: "Nothing needs to be done; export the table anew if it looks wrong.")

    /// In the order in which `sluice findings` lists them.
    static let textFamily: [FindingDefinition] = [
        textNulCharacters, textControlCharacters, textMixedEncoding, textEncodingChanges, textCutCharacter,
        textDockerFrames, textMentionsMarkup, textLooksLike, textPrivateKey, textFormulaCells, textRaggedTable,
        textUnclosedQuote,
    ]
}
