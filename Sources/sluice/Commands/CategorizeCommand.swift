// `sluice categorize` and `sluice corrections`: record a person's correction of a category, and list the corrections for training.

import Glibc
import SluiceModel
import SluicePipeline
import SluiceStorage

extension Command {
    static let categorize = Command(
        name: "categorize", synopsis: "ATTACHMENT CATEGORY --by NAME [--store DIR]",
        summary: "Record what a person says an attachment is: \"Log File\", Configuration or Other.",
        details: """
            What was judged and declared stays as it was recorded; the correction stands beside it with who and when. Saying the
            same again adds nothing.
            """,
        options: [Option("--by", "NAME", "Who says so."), .store, .blobs, .spool]
    ) { arguments in
        let words = arguments.words
        guard words.count == 2 else { throw UsageError(message: "Name the attachment and the category.") }
        let known = Category.allCases.first { $0.rawValue.lowercased() == words[1].lowercased() }
        guard let category = known else {
            throw UsageError(
                message:
                    "The category is \"Log File\", Configuration or Other, not \(SafeText.display(words[1], limit: 80))."
            )
        }
        guard let person = arguments["--by"], person.utf8.count <= 200 else {
            throw UsageError(message: "Say who corrects it: --by NAME (at most 200 bytes).")
        }
        let store = try StoreLocation(arguments).open(creating: false)
        defer { store.close() }
        guard try store.review.correct(words[0], to: category, by: person) else {
            throw UsageError(message: "There is no attachment \(SafeText.display(words[0], limit: 80)) in this store.")
        }
        return .success
    }

    static let corrections = Command(
        name: "corrections", synopsis: "[--store DIR] [--format FORMAT]",
        summary: "List the categories that people corrected, for training (see Scripts/train-categories).",
        details: "The latest word on each attachment; path is where its bytes lie in the store.",
        options: [.store, .blobs, .spool, .format]
    ) { arguments in
        guard arguments.paths.isEmpty else {
            throw UsageError(message: "corrections takes no path; name the store by --store.")
        }
        let format = try arguments.format
        let location = try StoreLocation(arguments)
        let store = try location.open(creating: false)
        defer { store.close() }
        var output = StandardOutput()
        defer { output.flush() }
        for correction in try store.tickets.corrections() {
            let name = correction.attachment.facts.submission.declaredName.description
            switch format {
            case .json:
                var object = JSONObject()
                object.add("attachment", correction.attachment.id)
                object.add("category", correction.category.rawValue)
                object.add("ownCategory", correction.attachment.facts.ownCategory.category.rawValue)
                object.add("by", correction.person)
                object.add("at", CivilTime.text(correction.correctedAt / 1_000_000) + "Z")
                object.add("name", name)
                object.add("sha256", correction.attachment.digest.hexadecimal)
                object.add("path", path(of: correction.attachment, in: store, location))
                output.line(object.line)
            case .table:
                output.line(
                    "\(correction.attachment.id)  \(correction.category.rawValue)  \(SafeText.display(correction.person))  \(name)"
                )
            }
        }
        return .success
    }
}

private func path(of attachment: StoredAttachment, in store: Storage, _ location: StoreLocation) -> String {
    // Only what is kept can be corrected, so it lies in one of the two areas.
    let area = BlobArea(attachment.verdict) ?? .quarantined
    return wholePath("\(location.bytesPlace)/\(store.blobs.path(of: BlobAddress(attachment.digest, in: area)))")
}

/// The absolute path, since the reader may be in another folder. Unchanged where there is no file.
private func wholePath(_ path: String) -> String {
    guard let whole = realpath(path, nil) else { return path }
    defer { free(whole) }
    return String(cString: whole)
}
