// What was asked, as one digest: the same request sent again has the same, and any other name or byte has another. A form is fingerprinted by its parts,
// since a client that sends it again may choose another boundary.

import SluiceModel
import SluiceServer
import SluiceStorage
import SluiceSystem

/// The running fingerprint of one request. Used by one thread at a time.
final class RequestFingerprint {
    private var digest: SHA256? = SHA256()
    private let isForm: Bool

    /// - Parameter caller: whose request it is.
    init(_ request: Request, caller: String) {
        // Everything that changes what the request means; the rest of the header does not.
        let headers = [
            "x-sluice-category", "x-sluice-comment", "upload-length", "upload-metadata", "upload-checksum",
        ]
        var words = [caller, request.method, request.route].map { Array($0.utf8) } + request.parameters
        words += headers.map { Array((request[header: $0] ?? "").utf8) }
        isForm = request.contentType == "multipart/form-data"
        if !isForm { words.append(Array((request.contentType ?? "").utf8)) }
        for word in words { update(word) }
    }

    /// The next bytes of the body. Those of a form say nothing here: its parts do.
    func receive(_ bytes: UnsafeRawBufferPointer) {
        if !isForm { digest?.update(bytes) }
    }

    /// - Parameter parts: of a form, as `PartDigests` tells them.
    func finish(parts: [[UInt8]] = []) -> Digest? {
        for part in parts { update(part) }
        guard let finished = digest.take()?.finish() else { return nil }
        return Digest(finished)
    }

    /// With its length before it, so that two words cannot be read as two others.
    private func update(_ bytes: [UInt8]) {
        withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { digest?.update($0) }
        bytes.withUnsafeBytes { digest?.update($0) }
    }
}

/// Each part's names and the digest of its bytes.
final class PartDigests: MultipartSink {
    private(set) var done: [[UInt8]] = []
    private var running: SHA256?

    func begin(_ part: PartHead) {
        done.append(part.field)
        done.append(part.declaredName?.bytes ?? [])
        done.append([part.isFile ? 1 : 0])
        running = SHA256()
    }

    func append(_ bytes: Span<UInt8>) { bytes.withUnsafeBytes { running?.update($0) } }

    func end() {
        guard let digest = running.take()?.finish() else { return }
        done.append(digest)
    }
}
