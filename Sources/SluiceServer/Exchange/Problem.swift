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

    /// An error of the stages or the store, answered as its definition says. What an error of ours tells beyond that is for the log.
    package init(_ error: SluiceError) {
        let definition = error.definition
        guard let status = definition.httpStatus, definition != .internal else {
            self.init(
                500, ErrorDefinition.internal.code, ErrorDefinition.internal.what,
                remedy: "Nothing was kept. Try again; if it stays, tell the operator the request's id.",
                cause: error.logLine)
            return
        }
        let remedy =
            switch status {
            // Only requests cause these: the error's own words are for the caller.
            case _ where definition.exitStatus == nil: error.mend
            case 507: "Nothing was kept. Try again later."
            case 500: "Nothing was kept. Tell the operator the request's id; trying again does not help."
            default: "Nothing was kept. Try again in a moment."
            }
        self.init(
            status, definition.code, status == 507 ? definition.what : error.what, remedy: remedy,
            evidence: error.evidence.map { ($0.name, $0.value) },
            headers: (error.retryAfter ?? definition.retryAfter).map { [("Retry-After", "\($0)")] } ?? [],
            cause: definition.fault == .sender ? nil : error.logLine)
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
