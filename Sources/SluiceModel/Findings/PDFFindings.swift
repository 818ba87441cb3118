// Findings of the family `pdf.*`: their codes, levels and words.

extension FindingDefinition {
    public static let pdfTruncated = FindingDefinition(
        "pdf.truncated", .reject,
        title: "The PDF is cut short.", ways: [.saveAs],
        what: "The PDF ends too early: {0}.",
        why: "Part of the document is missing, and viewers show different things in its place.",
        mend: "Copy the file again from its source, or open the document and save it again.")

    public static let pdfBroken = FindingDefinition(
        "pdf.broken-structure", .reject,
        title: "The PDF is damaged.", ways: [.saveAs],
        what: "The file begins like a PDF but is none: {0}.",
        why: "Only its beginning looks like a document; what follows cannot be shown to be one.",
        mend: "Open the document in a viewer and print or save it to a new PDF, and send that.")

    public static let pdfTrailingBytes = FindingDefinition(
        "pdf.trailing-bytes", .reject,
        title: "Other data stands behind the PDF.", ways: [.saveAs],
        what: "{0} of other content follow the end of the PDF, from byte {1} on; they look like {2}.",
        why: "A viewer ignores them, so nobody sees what else the file carries.",
        mend: "Print or save the document to a new PDF; send other content as a file of its own.")

    public static let pdfSecondFormat = FindingDefinition(
        "pdf.second-format", .reject,
        title: "The PDF is also a file of another kind.", ways: [.saveAs],
        what: "The file is a PDF and at the same time {0} (at byte {1}).",
        why: "Different programs would open different things.",
        mend: "Print or save the document to a new PDF; send the other content as a file of its own.")

    public static let pdfUnaccountedBytes = FindingDefinition(
        "pdf.unaccounted-bytes", .warning,
        title: "The PDF holds data that belongs to nothing.",
        what: "{0} in the PDF, the first at byte {1}, belong to none of its objects.",
        why: "Viewers skip them; they come from programs that write PDF carelessly.",
        mend: "Nothing need be done; saving the document again removes them.")

    public static let pdfForeignBytes = FindingDefinition(
        "pdf.foreign-bytes", .reject,
        title: "The PDF holds data of another kind.", ways: [.saveAs],
        what: "{0} in the PDF, the first at byte {1}, belong to none of its objects.",
        why: "So much content that no viewer shows is not part of a document.",
        mend: "Print or save the document to a new PDF and send that.")

    public static let pdfLeadingBytes = FindingDefinition(
        "pdf.leading-bytes", .note,
        title: "Blanks stand in front of the PDF.",
        what: "{0} of blanks stand before the PDF's header.",
        why: "Web programs write them by accident; viewers skip them.",
        mend: "Nothing need be done.")

    public static let pdfCrossReference = FindingDefinition(
        "pdf.cross-reference", .warning,
        title: "The PDF's table of contents is wrong.",
        what: "The PDF's table of contents for machines is wrong: {0}.",
        why: "Viewers rebuild it by searching the file, and so was it read here.",
        mend: "Nothing need be done; saving the document again repairs it.")

    public static let pdfEncrypted = FindingDefinition(
        "pdf.encrypted", .quarantine,
        title: "The PDF is protected with a password.", leavesUnchecked: true,
        what: "The PDF opens with a password only, so its inside could not be checked.",
        why: "What could not be checked is neither clean nor dangerous.",
        mend: "Save the document without password and without restrictions.")

    public static let pdfUnreadable = FindingDefinition(
        "pdf.objects-unreadable", .quarantine,
        title: "A part of the PDF could not be checked.",
        what: "{0} compressed groups of objects in the PDF could not be checked ({1}).",
        why: "They can hold scripts or embedded files that nobody has seen.",
        mend: "Print or save the document to a new PDF and send that.")

    public static let pdfHiddenObjects = FindingDefinition(
        "pdf.hidden-objects", .quarantine,
        title: "The PDF hides objects in other data.",
        what: "{0} objects of the PDF lie inside the data of other objects.",
        why: "They were not inspected; viewers find them, other programs do not.",
        mend: "Print or save the document to a new PDF and send that.")

    public static let pdfJavaScript = FindingDefinition(
        "pdf.javascript", .quarantine,
        title: "The PDF holds program code.",
        what: "The PDF holds program code: {0}.",
        why: "It can run when the document is opened.",
        mend: "Print the document to a new PDF, which leaves the code out.")

    public static let pdfLaunch = FindingDefinition(
        "pdf.launch", .quarantine,
        title: "The PDF can start programs.",
        what: "The PDF can start programs or open other files: {0}.",
        why: "A click can run something on the reader's machine.",
        mend: "Print the document to a new PDF, which leaves such actions out.")

    public static let pdfEmbeddedFile = FindingDefinition(
        "pdf.embedded-file", .quarantine,
        title: "The PDF holds other files.",
        what: "The PDF holds other files inside: {0}.",
        why: "They could not be taken out and checked, and a viewer can save or open them.",
        mend: "Remove the attachments from the document and send them as files of their own.")

    public static let pdfRichMedia = FindingDefinition(
        "pdf.rich-media", .quarantine,
        title: "The PDF holds media that run in the viewer.",
        what: "The PDF holds media that play or run inside a viewer: {0}.",
        why: "Such content is run by the viewer's least tested parts.",
        mend: "Print the document to a new PDF, which leaves the media out.")

    public static let pdfForm = FindingDefinition(
        "pdf.xfa", .quarantine,
        title: "The PDF holds a form that acts by itself.",
        what: "The PDF holds an XFA form: {0}.",
        why: "Such forms carry program code of their own.",
        mend: "Print the filled-in form to a new PDF and send that.")

    public static let pdfSends = FindingDefinition(
        "pdf.sends-data", .warning,
        title: "The PDF sends or fetches data.",
        what: "The PDF has actions that send or fetch data: {0}.",
        why: "A click can send what the reader typed to another machine.",
        mend: "Nothing need be done; print the document to a new PDF to leave them out.")

    public static let pdfAutomatic = FindingDefinition(
        "pdf.automatic-action", .note,
        title: "The PDF acts when it is opened.",
        what: "The PDF has actions of its own, such as going to a page when it is opened: {0}.",
        why: "By themselves these actions only move about in the document; scripts would be listed apart.",
        mend: "Nothing need be done.")

    public static let pdfBytesBefore = FindingDefinition(
        "pdf.bytes-before", .reject,
        title: "Other content stands in front of the PDF.",
        what: "{0} of other content stand in front of the PDF; they look like {1}.",
        why: "The program that made the file wrote its messages into it; some viewers do not open such a file.",
        mend: "Export the document again without the program's messages, or print it to a new PDF.")

    public static let pdfCharactersBehind = FindingDefinition(
        "pdf.characters-behind", .note,
        title: "A few characters stand behind the PDF.",
        what: "{0} characters follow the end of the PDF: {1}.",
        why: "Web programs print them behind a file by accident; viewers skip them.",
        mend: "Nothing need be done.")

    public static let pdfUnnamedCatalog = FindingDefinition(
        "pdf.unnamed-catalog", .warning,
        title: "The PDF's list of pages has a wrong name.",
        what: "The object that lists the PDF's pages is not called the catalog.",
        why: "Viewers find it by its place, and so was it read here.",
        mend: "Nothing need be done; saving the document again repairs it.")

    public static let pdfOwnerPassword = FindingDefinition(
        "pdf.owner-password", .note,
        title: "The PDF restricts what its readers may do.",
        what: "The PDF is encrypted but opens without a password; it restricts: {0}.",
        why: "It was decrypted as viewers do, and all of it was checked.",
        mend: "Nothing need be done.")

    public static let pdfExpandsTooFar = FindingDefinition(
        "pdf.expands-too-far", .quarantine,
        title: "A part of the PDF expands without measure.", leavesUnchecked: true,
        what: "Object {0} of the PDF expands from {1} to {2} or more.",
        why: "A viewer that shows it can run out of memory.",
        mend: "Print the document to a new PDF and send that.")

    public static let pdfFormatting = FindingDefinition(
        "pdf.formatting-script", .note,
        title: "The PDF's form checks the format of its fields.",
        what: "{0} scripts in the PDF only call Acrobat's functions that format or add up fields: {1}.",
        why: "Such calls change nothing but the form itself.",
        mend: "Nothing need be done.")

    public static let pdfOtherDocument = FindingDefinition(
        "pdf.other-document", .note,
        title: "The PDF has links to other documents.",
        what: "The PDF has links that open another document: {0}.",
        why: "That document is not part of what was sent, or was checked as a file that the PDF carries.",
        mend: "Nothing need be done; send the other document as well if it matters.")

    public static let pdfRemoteFile = FindingDefinition(
        "pdf.remote-file", .quarantine,
        title: "The PDF opens files on another machine.",
        what: "The PDF points at files on another machine: {0}.",
        why: "Opening them tells that machine the reader's name and proof of password.",
        mend: "Print the document to a new PDF, which leaves such links out.")

    /// In the order in which `sluice findings` lists them.
    static let pdfFamily: [FindingDefinition] = [
        pdfTruncated, pdfBroken, pdfTrailingBytes, pdfSecondFormat, pdfUnaccountedBytes, pdfForeignBytes,
        pdfLeadingBytes, pdfBytesBefore, pdfCharactersBehind, pdfCrossReference, pdfUnnamedCatalog, pdfEncrypted,
        pdfOwnerPassword, pdfUnreadable, pdfExpandsTooFar, pdfHiddenObjects, pdfJavaScript, pdfFormatting, pdfLaunch,
        pdfEmbeddedFile, pdfRichMedia, pdfForm, pdfSends, pdfOtherDocument, pdfRemoteFile, pdfAutomatic,
    ]
}
