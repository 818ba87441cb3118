// The cheapest way to have a file accepted whose name and content do not agree, or whose type is not allowed. In words for the customer,
// and as remedies that a program can follow.

import SluiceModel

struct TypeAdvice {
    let words: String
    let remedies: [Remedy]

    private init(_ words: String, _ remedies: Remedy...) {
        self.words = words
        self.remedies = remedies
    }

    /// - Parameters:
    ///   - name: the declared name.
    ///   - inspection: says what the content was recognized as.
    static func mismatch(_ name: DeclaredName, _ inspection: Inspection, _ policy: Policy) -> TypeAdvice {
        let recognized = inspection.recognized
        if recognized.mediaType == .empty {
            return TypeAdvice("The file is empty: open it, check that it has content, save it, and send it again.")
        }
        guard recognized.basis > .none else { return unknown(policy) }
        if let rename = renaming(name, to: recognized.mediaType, policy) { return rename }
        let content = FileFamily(recognized.mediaType)
        // Web programs export tables and reports as HTML pages with an Office extension, and Office opens them.
        if content == .page {
            if ["xls", "xlsx"].contains(name.fileExtension) { return family(.spreadsheet, policy) }
            if ["doc", "docx"].contains(name.fileExtension) { return family(.wordProcessing, policy) }
        }
        return family(content, policy)
    }

    /// - Parameter name: has an extension that is not allowed. The content was not read.
    static func notAllowed(_ name: DeclaredName, _ policy: Policy) -> TypeAdvice {
        let family = FileFamily(name.fileExtension)
        if family == .text, policy.allows("txt") {
            let renamed = name.bytes + Array(".txt".utf8)
            return TypeAdvice(
                "Rename the file to \(SafeText.display(renamed)) and send it again; if it is large, put it into a .zip.",
                Remedy(.rename, to: renamed), Remedy(.compress))
        }
        return Self.family(family, policy)
    }

    /// The type is allowed under another extension.
    private static func renaming(_ name: DeclaredName, to type: MediaType, _ policy: Policy) -> TypeAdvice? {
        // The plain-text extension is also right for scripts and other text.
        guard
            let rule = policy.types.first(where: { $0.recognized.first == type })
                ?? policy.types.first(where: { $0.recognized.contains(type) && $0.fileExtension == "txt" })
        else { return nil }
        let stem =
            name.fileExtension.text.isEmpty ? name.bytes[...] : name.bytes[..<(name.bytes.lastIndex(of: 0x2E) ?? 0)]
        let renamed = Array(stem) + Array(rule.fileExtension.description.utf8)
        return TypeAdvice(
            "Rename the file to \(SafeText.display(renamed)) and send it again, if it is what you meant to send.",
            Remedy(.rename, to: renamed))
    }

    private static func unknown(_ policy: Policy) -> TypeAdvice {
        let packed = policy.allows("zip") ? " If it does, put it into a .zip and send that." : ""
        return TypeAdvice(
            "Open the file in the program that made it. If it does not open, save or export it again.\(packed)",
            Remedy(.compress))
    }

    private static func family(_ family: FileFamily, _ policy: Policy) -> TypeAdvice {
        switch family {
        case .text:
            return TypeAdvice(
                "Save the text as a .txt file, or put the file into a .zip.", Remedy(saveAs: "txt"), Remedy(.compress))
        case .page:
            return TypeAdvice(
                "Print the page into a PDF and send that, or put the file into a .zip.", Remedy(saveAs: "pdf"),
                Remedy(.compress))
        case .wordProcessing:
            return TypeAdvice(
                "Open it in Word and save it as a Word document (.docx).", Remedy(saveAs: "docx"))
        case .spreadsheet:
            return TypeAdvice(
                "Open it in Excel and save it as an Excel workbook (.xlsx), or as .csv.",
                Remedy(saveAs: "xlsx"),
                Remedy(saveAs: "csv"))
        case .presentation:
            return TypeAdvice("Open it in PowerPoint and export it as a PDF (.pdf).", Remedy(saveAs: "pdf"))
        case .picture:
            return TypeAdvice(
                "Open it in a picture program and save it as .png or .jpg.", Remedy(saveAs: "png"),
                Remedy(saveAs: "jpg"))
        case .compressed:
            return TypeAdvice(
                "Unpack the file once (gunzip, tar or 7-Zip) and send what is inside, or put the file as it is into a .zip.",
                Remedy(.compress))
        case .archive:
            return TypeAdvice("Unpack it and pack its files into a .zip.", Remedy(.compress))
        case .program:
            return TypeAdvice(
                "Programs and scripts are not taken directly. If the case needs this one, put it into a .zip: a person of support then looks at it before it is handed on."
            )
        case .other:
            return TypeAdvice(
                "Put the file into a .zip, or save it as one of the allowed types.", Remedy(.compress))
        }
    }
}

extension Policy {
    fileprivate func allows(_ fileExtension: FileExtension) -> Bool {
        types.contains { $0.fileExtension == fileExtension }
    }
}
