// What the XML answers of an object store say: errors, listings, uploads in parts (docs.aws.amazon.com/AmazonS3/latest/API).

import SluiceModel

/// `<Error>`.
struct ErrorAnswer: Sendable, Hashable {
    var code = ""
    var message = ""

    /// - Returns: `nil` where the document is no error.
    init?(_ document: [UInt8]) {
        var answer = (code: "", message: "", isError: false)
        let isWhole = XMLElements.walk(document) { path, text in
            switch path {
            case ["Error", "Code"]: answer.code = text
            case ["Error", "Message"]: answer.message = text
            case ["Error"]: answer.isError = true
            default: break
            }
        }
        guard isWhole, answer.isError else { return nil }
        (code, message) = (answer.code, answer.message)
    }
}

/// One page of `<ListBucketResult>` (ListObjectsV2).
struct ListingAnswer: Sendable {
    struct Item: Sendable {
        var key = ""
        var size: Int64?
        /// Seconds since 1970.
        var changedAt: Int64?
    }

    var items: [Item] = []
    /// What lies below each next slash, where the listing was asked to stop there.
    var folders: [String] = []
    var isTruncated = false
    var continuation: String?

    /// - Returns: `nil` where the document is no listing, or names are missing in it.
    init?(_ document: [UInt8]) {
        var answer = (items: [Item](), folders: [String](), isTruncated: false, next: String?.none, isListing: false)
        var item = Item()
        let isWhole = XMLElements.walk(document) { path, text in
            guard path.first == "ListBucketResult" else { return }
            switch path.dropFirst() {
            case []: answer.isListing = true
            case ["IsTruncated"]: answer.isTruncated = text == "true"
            case ["NextContinuationToken"]: answer.next = text
            case ["CommonPrefixes", "Prefix"]: answer.folders.append(text)
            case ["Contents", "Key"]: item.key = text
            case ["Contents", "Size"]: item.size = Int64(text)
            case ["Contents", "LastModified"]: item.changedAt = ServerTime.iso(text)
            case ["Contents"]:
                answer.items.append(item)
                item = Item()
            default: break
            }
        }
        // With encoding-type=url, names are percent-encoded, so that every byte can stand in XML.
        guard isWhole, answer.isListing else { return nil }
        for index in answer.items.indices {
            guard let key = PercentCoding.decodeForm(answer.items[index].key), !key.isEmpty else { return nil }
            answer.items[index].key = key
        }
        items = answer.items
        folders = answer.folders.compactMap(PercentCoding.decodeForm)
        isTruncated = answer.isTruncated
        continuation = answer.next
    }
}

/// `<InitiateMultipartUploadResult>`; rclone calls the element otherwise.
struct UploadAnswer {
    let id: String

    init?(_ document: [UInt8]) {
        var id = ""
        let isWhole = XMLElements.walk(document) { path, text in
            if path.count == 2, path[1] == "UploadId" { id = text }
        }
        guard isWhole, !id.isEmpty else { return nil }
        self.id = id
    }
}

/// One page of `<ListMultipartUploadsResult>`.
struct UploadsAnswer {
    struct Item {
        var key = ""
        var id = ""
        /// Seconds since 1970.
        var begunAt: Int64?
    }

    var items: [Item] = []
    var isTruncated = false
    var nextKey = ""
    var nextID = ""

    init?(_ document: [UInt8]) {
        var answer = (items: [Item](), isTruncated: false, key: "", id: "", isListing: false)
        var item = Item()
        let isWhole = XMLElements.walk(document) { path, text in
            guard path.first == "ListMultipartUploadsResult" else { return }
            switch path.dropFirst() {
            case []: answer.isListing = true
            case ["IsTruncated"]: answer.isTruncated = text == "true"
            case ["NextKeyMarker"]: answer.key = text
            case ["NextUploadIdMarker"]: answer.id = text
            case ["Upload", "Key"]: item.key = text
            case ["Upload", "UploadId"]: item.id = text
            case ["Upload", "Initiated"]: item.begunAt = ServerTime.iso(text)
            case ["Upload"]:
                answer.items.append(item)
                item = Item()
            default: break
            }
        }
        guard isWhole, answer.isListing else { return nil }
        (items, isTruncated, nextKey, nextID) = (answer.items, answer.isTruncated, answer.key, answer.id)
    }
}
