// One request to an object store and its answer, as values. CurlHandle.swift sends it, ObjectClient.swift sends it again where that helps.

import SluiceModel

/// What a request is about.
struct ObjectRequest {
    enum Method: String {
        case get = "GET"
        case head = "HEAD"
        case put = "PUT"
        case post = "POST"
        case delete = "DELETE"
    }

    var method: Method
    /// With the store's prefix; empty for the bucket itself.
    var key: String
    /// Not encoded yet, in any order.
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var body = ObjectBody.none
    /// The SHA-256 of the body in hexadecimal digits, which becomes part of the signature; `nil` lets the store trust the connection.
    var bodyDigest: String?
    var sink = ObjectSink.collect
    /// Bytes that are expected as an answer: they prolong the deadline.
    var expected: Int64 = 0
}

/// Bytes to send. The memory stays valid for the call.
enum ObjectBody {
    case none
    case memory(UnsafeRawBufferPointer)
    case file(CInt, at: Int64, count: Int64)

    var count: Int64 {
        switch self {
        case .none: 0
        case .memory(let bytes): Int64(bytes.count)
        case .file(_, _, let count): count
        }
    }
}

/// Where the bytes of a successful answer go. Those of an error are always collected.
enum ObjectSink {
    /// Into the answer, up to `ObjectResponse.mostCollected`.
    case collect
    case memory(UnsafeMutableRawBufferPointer)
}

struct ObjectResponse {
    /// A listing of 1 000 long names is below 1 MiB (chosen).
    static let mostCollected = 8 << 20

    var status = 0
    /// Names in lower case.
    var headers: [String: String] = [:]
    /// What was collected.
    var body: [UInt8] = []
    /// Bytes that went into the sink.
    var received: Int64 = 0

    /// The store's clock, in seconds since 1970.
    var serverTime: Int64? { ServerTime.http(headers["date"]) }
    var changedAt: Int64? { ServerTime.http(headers["last-modified"]) }
    var length: Int64? { headers["content-length"].flatMap { Int64($0) } }
    /// The whole object's size, of an answer with a part of it: `bytes 0-99/1234`.
    var wholeLength: Int64? {
        headers["content-range"].flatMap { $0.split(separator: "/").last }.flatMap { Int64($0) }
    }
    /// The offset of a part in the whole.
    var partStart: Int64? {
        headers["content-range"].flatMap { $0.split(whereSeparator: { !$0.isNumber }).first }.flatMap { Int64($0) }
    }
    /// Without its quotation marks.
    var entityTag: String? { headers["etag"].map { String($0.filter { $0 != "\"" }) } }
}
