// Requests that several tests send.

/// A log that every policy takes.
let logLine = Array("2026-01-02 03:04:05 INFO started\n".utf8)

/// A log of exactly that many bytes.
func log(_ size: Int) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(size + 64)
    var number = 0
    while out.count < size {
        out += Array("2026-01-02 03:04:05 INFO line \(number)\n".utf8)
        number += 1
    }
    out.removeLast(out.count - size)
    if !out.isEmpty { out[out.count - 1] = UInt8(ascii: "\n") }
    return out
}

func put(_ name: String, length: Int, ticket: String = "T-1", more: String = "") -> String {
    "PUT /api/v1/tickets/\(ticket)/attachments/\(name) HTTP/1.1\nHost: h\nContent-Length: \(length)\n\(more)\n"
}

func get(_ path: String, more: String = "") -> String { "GET \(path) HTTP/1.1\nHost: h\n\(more)\n" }

/// Reads what anybody sent, also without a token.
let readingAll = "Authorization: Bearer wide\n"

/// A form's body and the head of its request.
func form(_ parts: [(name: String, file: String?, content: [UInt8])], more: String = "") -> (
    head: String, body: [UInt8]
) {
    var body: [UInt8] = []
    for part in parts {
        let file = part.file.map { "; filename=\"\($0)\"" } ?? ""
        body += Array("--b\r\nContent-Disposition: form-data; name=\"\(part.name)\"\(file)\r\n\r\n".utf8) + part.content
        body += Array("\r\n".utf8)
    }
    body += Array("--b--\r\n".utf8)
    return (
        "POST /api/v1/tickets/T-1/attachments HTTP/1.1\nHost: h\nContent-Type: multipart/form-data; boundary=b\n"
            + "Content-Length: \(body.count)\n\(more)\n", body
    )
}
