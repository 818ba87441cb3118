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

    // What a document brings in from parts of itself or from elsewhere.

    public static let openXMLImportedRichText = FindingDefinition(
        "openxml.imported-rich-text", .quarantine,
        title: "The document imports a Rich Text file when it is opened.", endangers: true,
        what: "When the document is opened, Word reads this part as Rich Text (RTF){0}.",
        why: "Rich Text can carry objects and fields of its own, and attacks on Word have come this way.",
        mend:
            "Open the document in Word, save it as .docx again, so that the imported text becomes part of it, and send that."
    )

    public static let openXMLImportedActivePage = FindingDefinition(
        "openxml.imported-active-page", .quarantine,
        title: "The document imports a web page that acts or loads when it is opened.", endangers: true,
        what: "When the document is opened, Word imports this part, {0}, which has {1}.",
        why: "What the page runs or loads was not here to be checked.",
        mend:
            "Open the document in Word, save it as .docx again, so that the imported page becomes part of it, and send that."
    )

    public static let openXMLImportedPage = FindingDefinition(
        "openxml.imported-page", .warning,
        title: "The document imports a plain web page.",
        what: "When the document is opened, Word imports this part, {0} without script or content from elsewhere.",
        why: "Web programs make documents so; what is shown comes from the imported page.",
        mend: "Nothing need be done; opening it in Word and saving it as .docx makes the page part of the document.")

    public static let openXMLImportedDocument = FindingDefinition(
        "openxml.imported-document", .note,
        title: "The document imports another one.",
        what: "When the document is opened, Word imports this part, {0}.",
        why: "The imported part was looked at as a document of its own.",
        mend: "Nothing need be done.")

    public static let openXMLImportUnchecked = FindingDefinition(
        "openxml.import-unchecked", .quarantine,
        title: "The document imports a part that could not be checked.", leavesUnchecked: true,
        what: "When the document is opened, Word imports this part, and it is {0}.",
        why: "What is in it could not be checked.",
        mend:
            "Open the document in Word, save it as .docx again, so that the imported part becomes part of it, and send that."
    )

    public static let openXMLDataConnection = FindingDefinition(
        "openxml.data-connection", .warning,
        title: "The workbook takes data from elsewhere.",
        what: "The workbook has a data connection ({0}) to {1}.",
        why: "Excel asks before it fetches the data; what is fetched can be missing or changed.",
        mend: "Nothing need be done; Data, Queries & Connections removes the connection if it does not matter.")

    public static let openXMLRefreshOnLoad = FindingDefinition(
        "openxml.refresh-on-load", .quarantine,
        title: "The workbook fetches data from elsewhere when it is opened.", endangers: true,
        what: "The workbook fetches data ({0}) from {1} as soon as it is opened.",
        why: "What is fetched was not here to be checked, and the other side learns who opened the workbook.",
        mend:
            "Remove the connection (Data, Queries & Connections) or switch off “Refresh data when opening the file”, save and send that."
    )

    public static let openXMLBytesOutside = FindingDefinition(
        "openxml.bytes-outside", .reject,
        title: "Other data stands before or behind the document.",
        what: "{0} of other data stand {1} the document.",
        why:
            "Word and Excel pass over them or call the document damaged, and another program may read them as something else.",
        mend: "Open the document in Word or Excel, save it under a new name and send that.")

    public static let openXMLTooDeep = FindingDefinition(
        "openxml.too-deep", .quarantine,
        title: "A part of the document is nested too deeply to check.", leavesUnchecked: true,
        what: "The elements of this part are nested more than {0} deep.",
        why: "What could not be checked is neither clean nor dangerous.",
        mend: "Open the document in the program that made it and save it anew, or send it as PDF.")

    /// In the order in which `sluice findings` lists them.
    static let openXMLFamily: [FindingDefinition] = [
        openXMLContentTypes, openXMLNoMainPart, openXMLMainPart, openXMLRelationships, openXMLDuplicatePart,
        openXMLPartName, openXMLPartWithoutType, openXMLDoctype, openXMLNotXML, openXMLMacro, openXMLActiveX,
        openXMLDDE, openXMLExternalRelationship, openXMLLinkedContent, openXMLEmbeddedObject, openXMLProgram,
        openXMLPartTooLarge, openXMLOverBudget, openXMLImportedRichText, openXMLImportedActivePage,
        openXMLImportedPage, openXMLImportedDocument, openXMLImportUnchecked, openXMLDataConnection,
        openXMLRefreshOnLoad, openXMLBytesOutside, openXMLTooDeep,
    ]
}
