// `POST /api/v1/check`: judges and stores nothing.

import SluiceModel
import SluicePipeline
import SluiceServer

extension Routes {
    static let check = Route("POST", "/api/v1/check", .submitter) { (request, context) throws(Problem) in
        let intake = Intake(context, keeps: false)
        var claims = Submission(
            declaredName: DeclaredName(""), declaredType: request.contentType.map { MediaType($0) },
            submitter: context.caller.name, source: .endpoint)
        if request.contentType == "multipart/form-data" {
            claims.declaredType = nil
            return .receiver(
                try FormUpload(claims, request, intake) { (results) throws(Problem) in
                    try answer(results)
                })
        }
        // Without a name it is judged as what has none: the finding says that an extension is needed.
        claims.declaredName = DeclaredName(request[query: "name"] ?? "")
        let submission = claims
        return .receiver(
            try RawUpload(submission, request, intake) { (result) throws(Problem) in try answer([(submission, result)])
            })
    }

    private static func answer(_ results: [FormResult]) throws(Problem) -> Response {
        for case .failed(let error) in results.map(\.result) { throw Problem(error) }
        var object = JSONObject()
        object.add("attachments", results.map { AttachmentResponse.object($0.result, of: $0.submission) })
        return .json(200, object)
    }
}
