// Why a request to an object store failed, and which error of the store that is.

import SluiceModel
import SluiceStorage
import SluiceSystem

/// The wrapper's own failure; the rooms above see `SluiceError`.
enum ObjectFailure: Error {
    /// The store answered with a status that is no success.
    case answer(status: Int, ErrorAnswer?, serverTime: Int64?, retryAfter: Int64?)
    /// No whole answer came: the number and the words of libcurl.
    case transport(code: Int, words: String)
    /// Our own file could not be read or written.
    case local(SystemCallFailure)
    /// What arrived is not what was sent.
    case mismatch(String)
    /// The answer is not what the protocol says.
    case nonsense(String)
    /// There are no keys.
    case keys(SluiceError)

    /// The store's own word for it, such as `NoSuchKey`; empty where it gave none.
    var code: String {
        if case .answer(_, let answer, _, _) = self { return answer?.code ?? "" }
        return ""
    }

    var status: Int? {
        if case .answer(let status, _, _, _) = self { return status }
        return nil
    }

    /// There is no such object. A HEAD has no body that could tell an object from its bucket.
    var isMissingObject: Bool { status == 404 && code != "NoSuchBucket" }

    /// Whether the same request may succeed a moment later (docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
    var passes: Bool {
        switch self {
        case .answer(let status, _, _, _):
            if status == 507 { return false }
            return status >= 500 && status != 501 || status == 429 || status == 408
                || ["RequestTimeout", "SlowDown", "OperationAborted", "ConditionalRequestConflict", "InternalError"]
                    .contains(code)
        case .transport(let code, _): return CurlHandle.passes(code)
        case .nonsense: return true
        case .local, .mismatch, .keys: return false
        }
    }

    /// The keys may have expired, so that it helps to read them again.
    var concernsKeys: Bool {
        status == 403 || ["ExpiredToken", "InvalidToken", "TokenRefreshRequired", "InvalidAccessKeyId"].contains(code)
    }

    /// For the log. It has no keys: neither libcurl's words nor the store's codes contain them.
    var cause: String {
        switch self {
        case .answer(let status, let answer, _, _):
            let words = [answer?.code, answer?.message].compactMap { $0 }.filter { !$0.isEmpty }
            return SafeText.display((["status \(status)"] + words).joined(separator: ", "))
        case .transport(let code, let words): return SafeText.display("libcurl \(code): \(words)")
        case .local(let failure): return failure.text
        case .mismatch(let text), .nonsense(let text): return SafeText.display(text)
        case .keys(let error): return error.what
        }
    }
}

extension SluiceError {
    /// - Parameter what: a sentence that says what we were doing.
    init(_ failure: ObjectFailure, _ what: String, _ address: ObjectAddress) {
        func error(_ code: String, _ why: String, _ mend: String) -> SluiceError {
            SluiceError(code, what: what, why: why, mend: mend, cause: failure.cause)
        }
        let server = address.endpoint.text
        switch failure {
        case .local(let system): self = .system(system, what)
        case .keys(let error): self = error
        case .mismatch:
            self = error(
                "store.io", "The bytes changed on their way to the object store or back.",
                "Send the attachment again. If it stays, look for a defective memory, disk or network device.")
        case .nonsense:
            self = error(
                "store.io", "The server at \(server) does not answer as an S3-compatible object store does.",
                "Check that the endpoint in --blobs is that of the object store.")
        case .transport(let code, _) where CurlHandle.concernsCertificates(code):
            self = error(
                "store.unavailable", "The certificate of \(server) is not trusted.",
                "Name the file with the certificates of its issuer: add &ca=FILE to --blobs.")
        case .transport:
            self = error(
                "store.unavailable", "The object store at \(server) cannot be reached.",
                "Wait until it is back; nothing has to be done here. Otherwise check the endpoint in --blobs.")
        case .answer(let status, let answer, let serverTime, _):
            self = Self.answered(status, answer?.code ?? "", serverTime, address, error)
        }
    }

    private static func answered(
        _ status: Int, _ code: String, _ serverTime: Int64?, _ address: ObjectAddress,
        _ error: (String, String, String) -> SluiceError
    ) -> SluiceError {
        if code == "RequestTimeTooSkewed" || isSkewed(serverTime) && (status == 403 || status == 400) {
            let off = serverTime.map { " by \(abs($0 - WallClock.seconds())) s" } ?? ""
            return error(
                "store.not-permitted", "The clock of this machine differs\(off) from that of the object store.",
                "Set the clock of this machine, and let it follow a time server.")
        }
        switch (status, code) {
        case (301, _), (307, _), (400, "AuthorizationHeaderMalformed"), (400, "IllegalLocationConstraintException"):
            return error(
                "store.not-permitted", "The bucket \(address.bucket) lies in another region or at another server.",
                "Name its region and endpoint in --blobs.")
        case (507, _), (_, "QuotaExceeded"), (_, "StorageFull"), (_, "XMinioStorageFull"):
            return error(
                "store.no-space", "The object store has no room left for the bucket \(address.bucket).",
                "Free space or raise the bucket's quota; then send the attachment again.")
        case (401, _), (403, _), (400, "AccessDenied"), (400, "ExpiredToken"), (400, "InvalidToken"):
            return error(
                "store.not-permitted", "The object store refuses these keys.",
                "Check the keys, and that they may read, write, list and delete in the bucket \(address.bucket).")
        case (404, _):
            return error(
                "store.missing", "There is no bucket \(address.bucket) at \(address.endpoint.text).",
                "Make the bucket, or check its name in --blobs.")
        case (429, _), (500..., _), (408, _):
            return error(
                "store.unavailable", "The object store at \(address.endpoint.text) is not ready.",
                "Wait until it is back; nothing has to be done here.")
        default:
            return error(
                "store.io", "The object store did not do what it was asked.",
                "Look at the object store's log; then send the attachment again.")
        }
    }

    /// The stores allow 15 minutes (docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html).
    private static func isSkewed(_ serverTime: Int64?) -> Bool {
        serverTime.map { abs($0 - WallClock.seconds()) >= 15 * 60 } ?? false
    }
}
