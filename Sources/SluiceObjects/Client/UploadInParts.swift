// A large object in parts: begun, sent, completed; aborted where that fails.

import SluiceModel
import SluiceSystem

struct UploadInParts {
    private let upload: Upload
    private let proof: ArrivalProof

    private var client: ObjectClient { upload.client }

    init(_ upload: Upload, _ proof: ArrivalProof) { (self.upload, self.proof) = (upload, proof) }

    func run() throws(ObjectFailure) {
        var begin = ObjectRequest(method: .post, key: upload.key)
        begin.query = [("uploads", "")]
        guard let id = UploadAnswer(try client.send(begin).body)?.id else { throw .nonsense("an upload without an id") }
        do throws(ObjectFailure) {
            let tags = try sendParts(id)
            try complete(id, tags)
        } catch {
            // What cannot be aborted now is found by `sweepLeftovers`.
            try? client.abort(UploadsAnswer.Item(key: upload.key, id: id))
            throw error
        }
        if proof == .readBack { try upload.readBack() }
    }

    /// - Returns: the parts' tags, in their order.
    private func sendParts(_ id: String) throws(ObjectFailure) -> [String] {
        let whole = upload.body.count
        let size = max(Upload.partSize, (whole + Upload.mostParts - 1) / Upload.mostParts)
        var tags: [String] = []
        // The parts' digests say what arrived, and this one says that they are the object that was meant.
        var all = SHA256()
        var at: Int64 = 0
        while at < whole {
            let part = upload.body.part(at: at, count: min(size, whole - at))
            var request = ObjectRequest(method: .put, key: upload.key)
            request.query = [("partNumber", String(tags.count + 1)), ("uploadId", id)]
            request.body = part
            request.bodyDigest = HexadecimalText.of(try Self.digest(of: part, into: &all))
            let outgoing = OutgoingBytes(part, wantsMD5: proof == .entityTag)
            let response = try client.send(request, sending: outgoing)
            let sent = outgoing.finish()
            guard HexadecimalText.of(sent.digest) == request.bodyDigest else {
                throw .mismatch("the bytes on this machine's disk have changed")
            }
            guard let tag = response.entityTag, !tag.isEmpty else { throw .nonsense("a part without a tag") }
            if proof == .entityTag, tag.lowercased() != sent.md5.map(HexadecimalText.of) {
                throw .mismatch("the store has other bytes than were sent")
            }
            tags.append(tag)
            at += part.count
        }
        guard all.finish() == upload.digest else { throw .mismatch("the bytes on this machine's disk have changed") }
        return tags
    }

    private static func digest(of part: ObjectBody, into all: inout SHA256) throws(ObjectFailure) -> [UInt8] {
        let bytes = OutgoingBytes(part, wantsMD5: false)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
        defer { buffer.deallocate() }
        while let count = bytes.next(into: buffer), count > 0 {
            all.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
        if let failure = bytes.failure { throw .local(failure) }
        return bytes.finish().digest
    }

    private func complete(_ id: String, _ tags: [String]) throws(ObjectFailure) {
        // Tags are the store's own words: what is special in XML is escaped.
        let parts = tags.enumerated().map { index, tag in
            let text = tag.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            return "<Part><PartNumber>\(index + 1)</PartNumber><ETag>&quot;\(text)&quot;</ETag></Part>"
        }
        let document = Array("<CompleteMultipartUpload>\(parts.joined())</CompleteMultipartUpload>".utf8)
        let result = document.withUnsafeBytes { bytes in
            Result { () throws(ObjectFailure) in
                var request = ObjectRequest(method: .post, key: upload.key)
                request.query = [("uploadId", id)]
                request.body = .memory(bytes)
                request.bodyDigest = HexadecimalText.of(SHA256.bytes(of: bytes))
                return try client.send(request)
            }
        }
        do throws(ObjectFailure) {
            let response = try result.get()
            // The status is sent before the work is done, so an error may come behind a 200 (API_CompleteMultipartUpload).
            if let error = ErrorAnswer(response.body) {
                throw .answer(status: 500, error, serverTime: response.serverTime, retryAfter: nil)
            }
        } catch {
            // The answer to an earlier try may have been lost.
            guard error.code == "NoSuchUpload" else { throw error }
        }
        guard try client.head(upload.key)?.size == upload.body.count else {
            throw .mismatch("the store has put the parts together to another size")
        }
    }
}

extension ObjectBody {
    fileprivate func part(at offset: Int64, count: Int64) -> ObjectBody {
        switch self {
        case .none: .none
        case .memory(let bytes): .memory(UnsafeRawBufferPointer(rebasing: bytes[Int(offset)..<Int(offset + count)]))
        case .file(let descriptor, let start, _): .file(descriptor, at: start + offset, count: count)
        }
    }
}
