// An answer before it goes onto the wire.

package import SluiceModel
import SluicePipeline

/// What a route answers.
package struct Response: Sendable {
    package enum Content: Sendable {
        case bytes([UInt8])
        /// A part of stored bytes, sent without passing through this program.
        case stored(any BlobReader, Range<Int64>)
        /// So many bytes that are made while they are sent.
        case pulled(any PulledBytes, Int64)
    }

    package var status: Int
    package var headers: [(name: String, value: String)]
    package var content: Content
    /// For the log: the outcome, the problem's code.
    package var remark: String?
    /// For the log alone: what went wrong inside.
    package var cause: String?

    package init(
        status: Int, headers: [(name: String, value: String)] = [], content: Content = .bytes([]),
        remark: String? = nil, cause: String? = nil
    ) {
        self.status = status
        self.headers = headers
        self.content = content
        self.remark = remark
        self.cause = cause
    }

    package static func json(_ status: Int, _ object: JSONObject, headers: [(name: String, value: String)] = [])
        -> Response
    {
        text(status, "application/json", object.line, headers: headers)
    }

    package static func text(
        _ status: Int, _ type: String, _ text: String, headers: [(name: String, value: String)] = []
    ) -> Response {
        Response(status: status, headers: [("Content-Type", type)] + headers, content: .bytes(Array(text.utf8)))
    }

    package static let noContent = Response(status: 204)

    var length: Int64 {
        switch content {
        case .bytes(let bytes): Int64(bytes.count)
        case .stored(_, let range): range.upperBound - range.lowerBound
        case .pulled(_, let size): size
        }
    }

    /// RFC 9110 §15, those that are used here.
    static func phrase(_ status: Int) -> String { phrases[status] ?? "Status \(status)" }

    private static let phrases: [Int: String] = [
        200: "OK", 201: "Created", 204: "No Content", 206: "Partial Content", 304: "Not Modified", 400: "Bad Request",
        401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 408: "Request Timeout",
        409: "Conflict", 410: "Gone", 411: "Length Required", 412: "Precondition Failed", 413: "Content Too Large",
        415: "Unsupported Media Type", 416: "Range Not Satisfiable", 417: "Expectation Failed",
        421: "Misdirected Request", 422: "Unprocessable Content", 423: "Locked", 429: "Too Many Requests",
        431: "Request Header Fields Too Large",
        460: "Checksum Mismatch", 500: "Internal Server Error", 503: "Service Unavailable",
        507: "Insufficient Storage",
    ]
}
