// An attachment as the JSON object of DESIGN §6, with what the endpoint adds.

import SluiceModel
import SluicePipeline

enum AttachmentAnswer {
    /// What one upload came to.
    static func object(_ result: BatchResult, of submission: Submission) -> JSONObject {
        var object = AttachmentLine.object(path: submission.declaredName.bytes, result, ticket: submission.ticket)
        object.add("name", submission.declaredName.text)
        if let submitter = submission.submitter { object.add("submitter", submitter) }
        if let comment = submission.comment { object.add("comment", comment) }
        if let category = submission.declaredCategory { object.add("declaredCategory", category.rawValue) }
        return object
    }

    /// 201 accepted, 200 on the ticket already, 422 refused.
    static func single(_ result: BatchResult, of submission: Submission) -> Response {
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
}
