// What is told of a finding or an archive's entry: the same keys whether it was judged just now or comes out of the ticket store.

package enum FindingObject {
    /// - Parameter index: in the manifest's order.
    package static func entry(_ entry: StoredEntry, index: Int) -> JSONObject {
        var object = JSONObject()
        object.add("index", Int64(index))
        object.add("name", entry.name.whole)
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

    /// A finding's title is its code's of today; everything else is told in the words of the day of the decision.
    package static func finding(_ finding: StoredFinding) -> JSONObject {
        var object = JSONObject()
        object.add("code", finding.code)
        object.add("severity", finding.severity.rawValue)
        if let entry = finding.entry { object.add("entry", entry.whole) }
        object.add("title", FindingDefinition.named(finding.code)?.title ?? finding.code)
        object.add("message", finding.message)
        object.add("remedy", finding.remedy)
        object.add("remedies", json: finding.remedies)
        object.add("facts", json: finding.facts)
        return object
    }
}
