// Refusals and failures as RFC 9457 problem details: the one place that makes an HTTP answer of them.

package import SluiceModel

/// Why a request is not answered as it was meant to be.
package struct Problem: Error, Sendable {
    package var status: Int
    /// Dotted and stable, like a finding's.
    package var code: String
    package var title: String
    package var detail: String
    package var remedy: String
    /// What the refusal rests on: pairs of a name and a value.
    package var evidence: [(name: String, value: String)]
    package var headers: [(name: String, value: String)]
    /// For the log, not for the caller.
    package var cause: String?
    /// For the log: the public name of whoever made the request.
    package var loggedAs: String?

    package init(
        _ status: Int, _ code: String, _ detail: String, remedy: String, evidence: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], cause: String? = nil
    ) {
        self.status = status
        self.code = code
        title = Response.phrase(status)
        self.detail = detail
        self.remedy = remedy
        self.evidence = evidence
        self.headers = headers
        self.cause = cause
    }

    /// Our own failure: the caller can try again.
    package init(_ error: SluiceError) {
        switch error.code {
        case "store.no-space":
            self.init(
                507, error.code, "There is no space left to keep the attachment.",
                remedy: "Nothing was kept. Try again later.", headers: [("Retry-After", "30")], cause: error.description
            )
        // What no second try mends: our own mistake, or bytes that are lost.
        case "store.internal", "store.damaged":
            self.init(
                500, error.code, error.what,
                remedy: "Nothing was kept. Tell the operator the request's id; trying again does not help.",
                cause: error.description)
        case _
        where error.code.hasPrefix("store.") || error.code.hasPrefix("inspector.")
            || error.code.hasPrefix("sandbox."):
            self.init(
                503, error.code, error.what, remedy: "Nothing was kept. Try again in a moment.",
                headers: [("Retry-After", "5")], cause: error.description)
        default:
            self.init(
                500, "internal", "Something failed on our side.",
                remedy: "Nothing was kept. Try again; if it stays, tell the operator the request's id.",
                cause: error.description)
        }
    }

    package func response(requestID: String) -> Response {
        var object = JSONObject()
        object.add("type", "urn:sluice:problem:" + code)
        object.add("title", title)
        object.add("status", Int64(status))
        object.add("detail", detail)
        object.add("code", code)
        if !evidence.isEmpty {
            var facts = JSONObject()
            for (name, value) in evidence { facts.add(name, value) }
            object.add("evidence", facts)
        }
        object.add("remedy", remedy)
        object.add("requestId", requestID)
        var response = Response.text(status, "application/problem+json", object.line, headers: headers)
        response.remark = code
        response.cause = cause
        return response
    }
}
