// What an answer tells of a finding or an archive's entry: the same keys whether it was judged just now or comes out of the ticket store.

package import SluiceModel

package enum AnswerParts {
    /// - Parameter index: in the manifest's order.
    package static func entry(_ entry: StoredEntry, index: Int) -> JSONObject {
        var object = JSONObject()
        object.add("index", Int64(index))
        object.add("name", entry.name.description)
        object.add("kind", "\(entry.kind)")
        object.add("size", entry.size.bytes)
        object.add("depth", Int64(entry.depth))
        object.add("mediaType", entry.recognized.mediaType.name)
        if let category = entry.category {
            object.add("category", category.category.rawValue)
            object.add("categoryBasis", category.basis)
            object.add("categoryConfidence", category.confidence)
        }
        return object
    }

    /// - Parameters:
    ///   - facts: JSON, as `FactText` writes it.
    ///   - remedies: JSON, as `FactText` writes it.
    package static func finding(
        _ code: String, _ severity: Severity, in entry: EntryName?, message: String, remedy: String, remedies: String,
        facts: String
    ) -> JSONObject {
        var object = JSONObject()
        object.add("code", code)
        object.add("severity", severity.rawValue)
        if let entry { object.add("entry", entry.description) }
        // A code of an earlier version that is no longer given has no title any more.
        if let title = FindingDefinition.named(code)?.title { object.add("title", title) }
        object.add("message", message)
        object.add("remedy", remedy)
        object.add("remedies", json: remedies)
        object.add("facts", json: facts)
        return object
    }
}
