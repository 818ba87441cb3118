// How long the body is: the one question on which request smuggling lives (Threats, H3, RFC 9112 §6). Whatever could be answered in two ways is
// refused, and the connection ends with it.

/// What a header says about the body.
struct Framing: Equatable {
    /// `nil` where there is no body, or a chunked one.
    var contentLength: Int64?
    var isChunked = false
    var expectsContinue = false

    /// - Parameter isOld: HTTP/1.0, which knows no chunks.
    init(_ fields: [HeaderField], isOld: Bool) throws(Problem) {
        guard fields.count <= HeaderBlock.mostFields else {
            throw Problem(
                431, "request.header-too-large", "The request has more than \(HeaderBlock.mostFields) header fields.",
                remedy: "Send fewer.")
        }
        var hosts = 0
        for field in fields {
            switch field.name {
            case "content-length":
                guard contentLength == nil else { throw Self.smuggled("Content-Length is given twice") }
                contentLength = try Self.length(field.value)
            case "transfer-encoding":
                // Also «chunked» twice, in a list or with a parameter: nobody needs it, and readers differ.
                guard !isChunked, field.value.lowercased() == "chunked", !isOld else {
                    throw Self.smuggled("Transfer-Encoding is something else than one «chunked»")
                }
                isChunked = true
            case "host": hosts += 1
            case "expect":
                guard field.value.lowercased() == "100-continue" else {
                    throw Problem(
                        417, "request.expectation", "The only expectation that can be met is 100-continue.",
                        remedy: "Leave the field Expect out.")
                }
                expectsContinue = true
            case "content-encoding":
                guard field.value.isEmpty || field.value.lowercased() == "identity" else {
                    throw Problem(
                        415, "request.content-encoding", "The body is encoded; attachments are taken as they are.",
                        remedy: "Send it without Content-Encoding.", headers: [("Accept-Encoding", "identity")])
                }
            default: continue
            }
        }
        if isChunked && contentLength != nil {
            throw Self.smuggled("both Content-Length and Transfer-Encoding are given")
        }
        // RFC 9112 §3.2.
        if hosts == 0 && !isOld { throw Self.smuggled("Host is missing") }
        if hosts > 1 { throw Self.smuggled("Host is given twice") }
    }

    /// RFC 9110 §8.6: digits and nothing else.
    private static func length(_ text: String) throws(Problem) -> Int64 {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int64(text) else {
            throw smuggled("Content-Length is no number")
        }
        return value
    }

    static func smuggled(_ reason: String) -> Problem {
        Problem(
            400, "request.ambiguous", "The request can be read in more than one way: \(reason).",
            remedy: "Send it in the form of RFC 9112.")
    }
}
