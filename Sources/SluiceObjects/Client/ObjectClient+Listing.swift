// Listings, page by page.

import SluiceModel

extension ObjectClient {
    /// One page of the names below a prefix, in the order of their bytes.
    /// - Parameters:
    ///   - after: names up to this one are left out.
    ///   - continuation: what the page before told; then `after` is not needed.
    ///   - delimiter: names are cut behind the next one, and told once.
    func list(
        _ prefix: String, after: String? = nil, continuation: String? = nil, delimiter: String? = nil, most: Int = 1000
    ) throws(ObjectFailure) -> ListingAnswer {
        var request = ObjectRequest(method: .get, key: "")
        request.query = [
            ("list-type", "2"), ("encoding-type", "url"), ("max-keys", String(most)), ("prefix", prefix),
        ]
        if let continuation { request.query.append(("continuation-token", continuation)) }
        if let after, continuation == nil { request.query.append(("start-after", after)) }
        if let delimiter { request.query.append(("delimiter", delimiter)) }
        let response = try send(request)
        guard let answer = ListingAnswer(response.body) else { throw .nonsense("a listing that cannot be read") }
        return answer
    }

    /// Walks all pages.
    func forEach(
        _ prefix: String, delimiter: String? = nil, _ page: (ListingAnswer) throws(ObjectFailure) -> Void
    ) throws(ObjectFailure) {
        var continuation: String?
        var last: String?
        while true {
            let answer = try list(prefix, after: last, continuation: continuation, delimiter: delimiter)
            try page(answer)
            guard answer.isTruncated else { return }
            continuation = answer.continuation
            let next = answer.items.last?.key
            // A page that leads nowhere would be asked for again without end.
            guard continuation != nil || (next != nil && next != last) else {
                throw .nonsense("a listing that is cut off and does not tell where it goes on")
            }
            last = next
        }
    }

    /// Uploads in parts that were begun and neither completed nor aborted, below a prefix.
    func unfinishedUploads(_ prefix: String) throws(ObjectFailure) -> [UploadsAnswer.Item] {
        var items: [UploadsAnswer.Item] = []
        var (key, id) = ("", "")
        while true {
            var request = ObjectRequest(method: .get, key: "")
            request.query = [("uploads", ""), ("prefix", prefix)]
            if !key.isEmpty { request.query += [("key-marker", key), ("upload-id-marker", id)] }
            let response: ObjectResponse
            do throws(ObjectFailure) { response = try send(request) } catch {
                // Some stores answer so where nothing was ever uploaded in parts.
                if error.code == "NoSuchUpload" { return items }
                throw error
            }
            guard let page = UploadsAnswer(response.body) else { throw .nonsense("uploads that cannot be read") }
            items += page.items.filter { $0.key.hasPrefix(prefix) }
            guard page.isTruncated, !page.nextKey.isEmpty, (page.nextKey, page.nextID) != (key, id) else {
                return items
            }
            (key, id) = (page.nextKey, page.nextID)
        }
    }

    func abort(_ upload: UploadsAnswer.Item) throws(ObjectFailure) {
        var request = ObjectRequest(method: .delete, key: upload.key)
        request.query = [("uploadId", upload.id)]
        do throws(ObjectFailure) { _ = try send(request) } catch {
            if error.status == 404 { return }
            throw error
        }
    }
}
