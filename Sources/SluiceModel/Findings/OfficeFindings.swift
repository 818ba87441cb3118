// Findings of the family `office.*`: binary Office documents and the compound files (OLE2) that hold them.

extension FindingDefinition {
    // The container.

    public static let officeBrokenHeader = FindingDefinition(
        "office.broken-header", .reject,
        title: "The Office file is damaged.", ways: [.saveAs],
        what: "The header of this compound file is wrong: {0}.",
        why: "Programs cannot read it, or each reads something else.",
        mend: "Open the document in the program that made it, save it anew and send that.")

    public static let officeTruncated = FindingDefinition(
        "office.truncated", .reject,
        title: "The Office file is cut short.", ways: [.saveAs],
        what: "The file is cut short: {0} refers to sector {1}, and the file has {2}.",
        why: "A part of the document is missing.",
        mend: "Send the file again; if that fails too, save it anew and send that.")

    public static let officeBrokenChain = FindingDefinition(
        "office.broken-chain", .reject,
        title: "The Office file is damaged.", ways: [.saveAs],
        what: "The sectors of {0} cannot be followed: {1}.",
        why: "What belongs to the document is not certain, so it cannot be proven.",
        mend: "Open the document in the program that made it, save it anew and send that.")

    public static let officeBrokenDirectory = FindingDefinition(
        "office.broken-directory", .reject,
        title: "The Office file is damaged.", ways: [.saveAs],
        what: "The directory inside the file is damaged: {0}.",
        why: "What the document holds is not certain, so it cannot be proven.",
        mend: "Open the document in the program that made it, save it anew and send that.")

    public static let officeDuplicateName = FindingDefinition(
        "office.duplicate-name", .reject,
        title: "The Office file holds two parts of the same name.", ways: [.saveAs],
        what: "Two parts inside the file have the same name, {0}.",
        why: "Programs may each read another one of the two.",
        mend: "Open the document in the program that made it, save it anew and send that.")

    public static let officeTrailingData = FindingDefinition(
        "office.trailing-data", .reject,
        title: "Other data stands behind the document.", ways: [.saveAs],
        what: "{0} stand behind the end of the document.",
        why: "They belong to no part of it, and another program may read them as something else.",
        mend: "Open the document in the program that made it, save it anew and send that.")

    public static let officePadding = FindingDefinition(
        "office.padding", .note,
        title: "Padding follows the document.",
        what: "The document is followed by {0} of padding.",
        why: "It is empty and harmless.",
        mend: "Nothing need be done.")

    public static let officeLooseSectors = FindingDefinition(
        "office.loose-sectors", .note,
        title: "The document holds unused space.",
        what: "{0} inside the file belong to no part of the document.",
        why: "Programs leave such remains when they save over an older version; they may hold older text.",
        mend: "Nothing need be done; save under a new name to be rid of them.")

    // What is in it.

    public static let officeSecondFormat = FindingDefinition(
        "office.second-format", .reject,
        title: "The Office file is also a file of another kind.", ways: [.saveAs],
        what: "The file is a compound file and, read from another place, also {0}.",
        why: "A file that is two things at once is read differently by different programs.",
        mend: "Send the two as separate files.")

    public static let officeTwoDocuments = FindingDefinition(
        "office.two-documents", .reject,
        title: "The Office file holds two documents.", ways: [.saveAs],
        what: "The file holds two main documents: {0} and {1}.",
        why: "Programs open one or the other, so what support staff see is not certain.",
        mend: "Save each document as a file of its own and send both.")

    public static let officeBrokenWord = FindingDefinition(
        "office.broken-word-document", .reject,
        title: "The Word document is damaged.", ways: [.saveAs],
        what: "The Word document inside the file is damaged: {0}.",
        why: "Word cannot read it as it is.",
        mend: "Open the document in Word, save it anew and send that.")

    public static let officeBrokenExcel = FindingDefinition(
        "office.broken-workbook", .reject,
        title: "The Excel workbook is damaged.", ways: [.saveAs],
        what: "The Excel workbook inside the file is damaged: {0}.",
        why: "Excel cannot read it as it is.",
        mend: "Open the workbook in Excel, save it anew and send that.")

    public static let officeWorkbookRemains = FindingDefinition(
        "office.workbook-remains", .note,
        title: "The workbook holds unused data.",
        what: "The workbook holds {0} between or behind its sheets that belong to none of them.",
        why: "Some programs leave such remains; Excel passes over them.",
        mend: "Nothing need be done.")

    public static let officeOldExcel = FindingDefinition(
        "office.excel-2-to-4", .quarantine,
        title: "This is a worksheet of a very old Excel.", leavesUnchecked: true,
        what: "This is a bare worksheet of Excel {0}, a format of the early 1990s.",
        why: "Current Excel blocks such files by default, and what is in them is not checked here.",
        mend: "Open it in Excel or LibreOffice, save it as .xlsx and send that.")

    public static let officeWord2 = FindingDefinition(
        "office.word-2", .quarantine,
        title: "This is a document of a very old Word.", leavesUnchecked: true,
        what: "This is a document of Word 1 or 2 for Windows.",
        why: "Current Word blocks such files by default, and what is in them is not checked here.",
        mend: "Open it in Word or LibreOffice, save it as .docx and send that.")

    public static let officeWordDOS = FindingDefinition(
        "office.word-dos", .quarantine,
        title: "This is a document of Word for DOS.",
        what: "This is a document of {0}.",
        why: "Current programs do not open such files, and what is in them is not checked here.",
        mend: "Convert it with LibreOffice, save it as .docx and send that.")

    // What could not be checked, and what is active.

    public static let officeEncrypted = FindingDefinition(
        "office.encrypted", .quarantine,
        title: "The document is protected with a password.", leavesUnchecked: true,
        what: "The Office file is protected with a password ({0}), so its content could not be checked.",
        why: "What could not be checked is neither clean nor dangerous; a person decides.",
        mend: "Save it without a password and send that.")

    public static let officeMacro = FindingDefinition(
        "office.macro", .quarantine,
        title: "The document holds macros.",
        what: "The document holds a macro project ({0}).",
        why: "Macros are programs that can run when the document is opened.",
        mend: "Save it as .docx or .xlsx, which cannot hold macros, and send that.")

    public static let officeEmptyMacroProject = FindingDefinition(
        "office.empty-macro-project", .note,
        title: "The document holds an empty macro project.",
        what: "The document holds a macro project without any code in it ({0}).",
        why: "Office writes one when its editor was opened once.",
        mend: "Nothing need be done.")

    public static let officeSheetMacro = FindingDefinition(
        "office.xlm-macro", .quarantine,
        title: "The workbook holds old-style macros.",
        what: "The workbook holds {0} of Excel 4 macros ({1}).",
        why: "Such macros are programs that can run when the workbook is opened, even from a hidden sheet.",
        mend: "Save it as .xlsx, which cannot hold macros, and send that.")

    public static let officeAutoName = FindingDefinition(
        "office.auto-run", .quarantine,
        title: "The workbook runs something when it is opened.",
        what: "The workbook defines the name {0}.",
        why: "Excel runs what such a name refers to when the workbook is opened or closed.",
        mend: "Save it as .xlsx, which cannot hold macros, and send that.")

    public static let officeDynamicExchange = FindingDefinition(
        "office.dde", .quarantine,
        title: "The document starts another program when it is opened.",
        what: "The document asks another program for data when it is opened (DDE: {0}).",
        why: "Such a link can start a program.",
        mend: "Break the link, keep the values, save and send that.")

    public static let officeRemoteTemplate = FindingDefinition(
        "office.remote-template", .quarantine,
        title: "The document loads its template from elsewhere.",
        what: "The document fetches its template from {0}.",
        why: "What is fetched can hold macros and can change after this check.",
        mend: "Attach the ordinary template (Normal) to the document, save and send that.")

    public static let officeEmbeddedObject = FindingDefinition(
        "office.embedded-object", .warning,
        title: "The document holds embedded objects.",
        what: "The document holds embedded objects ({0}).",
        why: "Objects inside a document are kept as they are and not checked on their own.",
        mend: "Nothing need be done; send the objects as files of their own if they matter.")

    public static let officeDefaultPassword = FindingDefinition(
        "office.default-password", .note,
        title: "The document is protected, and opens without a password.",
        what: "The document is encrypted with the fixed password that Excel uses for protected workbooks ({0}).",
        why: "It opens without asking anybody, and what is inside was checked.",
        mend: "Nothing need be done.")

    public static let officeFetchingField = FindingDefinition(
        "office.fetching-field", .quarantine,
        title: "The document loads something from elsewhere.",
        what: "A field of the document ({0}) loads content from {1}.",
        why: "What is loaded was not here to be checked, and a file share learns who opened the document.",
        mend: "Turn the field into text (click on it, Ctrl+Shift+F9), save and send that.")

    public static let officeObjectUnread = FindingDefinition(
        "office.object-unread", .quarantine,
        title: "The document holds an object that could not be checked.", leavesUnchecked: true,
        what: "A file is packed into the document ({0}), and it could not be taken out.",
        why: "What could not be checked is neither clean nor dangerous.",
        mend: "Take the object out of the document, save it, and send the packed file by itself.")

    /// In the order in which `sluice findings` lists them.
    static let officeFamily: [FindingDefinition] = [
        officeBrokenHeader, officeTruncated, officeBrokenChain, officeBrokenDirectory, officeDuplicateName,
        officeTrailingData, officePadding, officeLooseSectors, officeSecondFormat, officeTwoDocuments,
        officeBrokenWord, officeBrokenExcel, officeWorkbookRemains, officeOldExcel, officeWord2, officeWordDOS,
        officeEncrypted, officeMacro, officeEmptyMacroProject, officeSheetMacro, officeAutoName, officeDynamicExchange,
        officeRemoteTemplate,
        officeEmbeddedObject, officeDefaultPassword, officeFetchingField, officeObjectUnread,
    ]
}
