// An attachment as the JSON object of Contract, Keys, with what the endpoint adds: from a fresh decision, or from the ticket store's rows.

import SluiceModel
import SluicePipeline
import SluiceServer

/// What one file of a form came to.
typealias FormResult = (submission: Submission, result: AttachmentResult)

enum AttachmentResponse {
    /// What one upload came to.
    static func object(_ result: AttachmentResult, of submission: Submission) -> JSONObject {
        if case .failed(let error) = result { return failed(error, submission) }
        var object = AttachmentLine.object(path: submission.declaredName.bytes, result, ticket: submission.ticket)
        addClaims(submission, to: &object)
        if case .answered(let answer) = result, let receipt = answer.receipt, receipt.attachment != nil {
            object.add("received", CivilTime.moment(receipt.recordedAt))
        }
        return object
    }

    /// Our own failure, without what is for the log alone.
    private static func failed(_ error: SluiceError, _ submission: Submission) -> JSONObject {
        let problem = Problem(error)
        var object = JSONObject()
        object.add("path", submission.declaredName.text)
        object.add("name", submission.declaredName.whole)
        object.add("outcome", Outcome.failed.rawValue)
        object.add("ticket", submission.ticket?.text)
        var inner = JSONObject()
        inner.add("code", problem.code)
        inner.add("message", problem.detail)
        inner.add("remedy", problem.remedy)
        object.add("error", inner)
        object.add("findings", [])
        addClaims(submission, to: &object)
        return object
    }

    private static func addClaims(_ submission: Submission, to object: inout JSONObject) {
        if let submitter = submission.submitter { object.add("submitter", submitter) }
        if let comment = submission.comment { object.add("comment", comment) }
        if let category = submission.declaredCategory { object.add("declaredCategory", category.rawValue) }
    }

    // MARK: Answers

    /// 201 accepted, 200 on the ticket already, 422 refused.
    static func single(_ result: AttachmentResult, of submission: Submission) -> Response {
        let status =
            switch result.outcome {
            case .accepted: 201
            case .duplicate: 200
            case .quarantined, .rejected: 422
            case .failed: 503
            }
        var headers: [(name: String, value: String)] = []
        if case .answered(let answer) = result, let receipt = answer.receipt, let id = receipt.attachment, status < 300
        {
            headers.append(("Location", "/api/v1/tickets/\(receipt.ticket)/attachments/\(id)"))
        }
        var response = Response.json(status, object(result, of: submission), headers: headers)
        response.remark = result.outcome.rawValue
        return response
    }

    /// The gravest of several, gravest first.
    private static let gravest: [Outcome] = [.failed, .rejected, .quarantined, .accepted, .duplicate]

    /// 201 when all are accepted or on the ticket already, else 422; 503 when something failed on our side.
    static func several(_ results: [FormResult], on ticket: TicketID) throws(Problem) -> Response {
        let outcomes = Set(results.map(\.result.outcome))
        let outcome = gravest.first { outcomes.contains($0) } ?? .failed
        if outcomes == [.failed], case .failed(let error) = results[0].result { throw Problem(error) }
        let status =
            switch outcome {
            case .accepted, .duplicate: 201
            case .quarantined, .rejected: 422
            case .failed: 503
            }
        var object = JSONObject()
        object.add("ticket", ticket.text)
        object.add("outcome", outcome.rawValue)
        object.add("attachments", results.map { self.object($0.result, of: $0.submission) })
        var response = Response.json(status, object, headers: status == 503 ? [("Retry-After", "5")] : [])
        response.remark = outcome.rawValue
        return response
    }
}
