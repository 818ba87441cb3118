// Findings of the family `openxml.*`: office documents in OPC packages (docx, xlsx).

extension FindingDefinition {
    public static let openXMLContentTypes = FindingDefinition(
        "openxml.content-types", .reject,
        title: "The document's list of parts is damaged.", ways: [.saveAs],
        what: "The list of content types ([Content_Types].xml) is missing, broken or contradicts itself.",
        why: "Without it nobody can say what the parts of the document are.",
        mend: "Open the document in the program that made it and save it anew.")

    public static let openXMLNoMainPart = FindingDefinition(
        "openxml.no-main-part", .reject,
        title: "The document has no main part.", ways: [.saveAs],
        what: "The package does not say which part is the document, or that part is not there.",
        why: "It is not a document that a program could open.",
        mend: "Open the document in the program that made it and save it anew.")

    public static let openXMLMainPart = FindingDefinition(
        "openxml.main-part", .reject,
        title: "The document's main part is of another kind.", ways: [.saveAs],
        what: "The main part is not the kind of document that the package says.",
        why: "The package claims to be something it is not.",
        mend: "Open the document in the program that made it and save it anew.")

    public static let openXMLRelationships = FindingDefinition(
        "openxml.relationships", .reject,
        title: "The document's links between parts are damaged.", ways: [.saveAs],
        what: "A list of relationships is broken.",
        why: "Where the document leads cannot be told.",
        mend: "Open the document in the program that made it and save it anew.")

    public static let openXMLDuplicatePart = FindingDefinition(
        "openxml.duplicate-part", .reject,
        title: "The document holds a part twice.", ways: [.saveAs],
        what: "The package holds the part {0} twice.",
        why: "Different programs would show different documents.",
        mend: "Open the document in the program that made it and save it anew.")

    public static let openXMLPartName = FindingDefinition(
        "openxml.part-name", .reject,
        title: "A part of the document has a name that leads outside.", ways: [.saveAs],
        what: "The part name {0} leads out of the package.",
        why: "Unpacking it could overwrite files.",
        mend: "Open the document in the program that made it and save it anew.")

    public static let openXMLPartWithoutType = FindingDefinition(
        "openxml.part-without-type", .warning,
        title: "A part of the document has no type.",
        what: "The part has no content type.",
        why: "Programs pass over it, so nobody sees it.",
        mend: "Nothing need be done; saving the document anew removes the part.")

    public static let openXMLDoctype = FindingDefinition(
        "openxml.doctype", .reject,
        title: "The document holds declarations that Office never writes.", endangers: true, ways: [.saveAs],
        what: "The part holds a document type or entity declaration.",
        why: "Office documents never do; such declarations can exhaust a reader or make it fetch files.",
        mend: "Open the document in the program that made it and save it anew.")

    public static let openXMLNotXML = FindingDefinition(
        "openxml.not-xml", .reject,
        title: "A part of the document is damaged.", ways: [.saveAs],
        what: "The part is named XML but is not, or is in an encoding that office documents do not use.",
        why: "It cannot be checked, and no office program writes it.",
        mend: "Open the document in the program that made it and save it anew.")

    public static let openXMLMacro = FindingDefinition(
        "openxml.macro", .reject,
        title: "The document holds macros.", endangers: true, ways: [.saveAs],
        what: "The part holds macros, which this type of document never has.",
        why: "The document is a macro-enabled one under another name.",
        mend: "Save it without macros, as .docx or .xlsx, or send it as PDF.")

    public static let openXMLActiveX = FindingDefinition(
        "openxml.activex", .quarantine,
        title: "The document holds an ActiveX control.",
        what: "The part is an ActiveX control.",
        why: "It runs as a program when the document is opened.",
        mend: "Remove the control from the document, or send it as PDF.")

    public static let openXMLDDE = FindingDefinition(
        "openxml.dde", .quarantine,
        title: "The document starts another program when it is opened.",
        what: "The part holds a DDE link.",
        why: "Opening the document can start a program that the link names.",
        mend: "Remove the link or field (Ctrl+Shift+F9 turns fields into text), or send it as PDF.")

    public static let openXMLExternalRelationship = FindingDefinition(
        "openxml.external-relationship", .quarantine,
        title: "The document loads something from elsewhere when it is opened.",
        what: "The document loads a part of itself ({0}) from {1}.",
        why: "What is loaded when it is opened was not here to be checked.",
        mend:
            "Break the link (File, Info, Edit Links; for a template: Developer, Document Template), or send it as PDF.")

    public static let openXMLLinkedContent = FindingDefinition(
        "openxml.linked-content", .warning,
        title: "The document shows content from elsewhere.",
        what: "The document shows content ({0}) that it takes from {1}.",
        why: "The content may be missing or changed when it is opened.",
        mend: "Nothing need be done; embed the content if it matters.")

    public static let openXMLEmbeddedObject = FindingDefinition(
        "openxml.embedded-object", .warning,
        title: "The document holds embedded objects.",
        what: "The part is an embedded object.",
        why: "What is inside it is kept as it is; nothing here has proven what it does.",
        mend: "Nothing need be done; send the embedded file by itself if it matters.")

    public static let openXMLProgram = FindingDefinition(
        "openxml.program", .quarantine,
        title: "The document holds a program.",
        what: "The part is a program.",
        why: "Programs are not handed on to support staff without a person's decision.",
        mend: "Remove the embedded program from the document.")

    public static let openXMLPartTooLarge = FindingDefinition(
        "openxml.part-too-large", .quarantine,
        title: "A part of the document is too large to check.",
        what: "The part is larger than what is looked into ({0}).",
        why: "What could not be checked is neither clean nor dangerous.",
        mend: "Split the document, or send it as PDF.")

    public static let openXMLOverBudget = FindingDefinition(
        "openxml.over-budget", .quarantine,
        title: "The document is too large to check.",
        what: "The document could not be checked to its end: it has too many parts or expands to too much.",
        why: "What could not be checked is neither clean nor dangerous.",
        mend: "Split the document, or send it as PDF or CSV.")

    /// In the order in which `sluice findings` lists them.
    static let openXMLFamily: [FindingDefinition] = [
        openXMLContentTypes, openXMLNoMainPart, openXMLMainPart, openXMLRelationships, openXMLDuplicatePart,
        openXMLPartName, openXMLPartWithoutType, openXMLDoctype, openXMLNotXML, openXMLMacro, openXMLActiveX,
        openXMLDDE, openXMLExternalRelationship, openXMLLinkedContent, openXMLEmbeddedObject, openXMLProgram,
        openXMLPartTooLarge, openXMLOverBudget,
    ]
}
