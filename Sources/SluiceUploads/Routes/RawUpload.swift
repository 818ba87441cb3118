// `PUT /api/v1/tickets/{ticket}/attachments/{name}`: one attachment, the body as it is.

import SluiceModel
import SluicePipeline
import SluiceServer

extension Routes {
    static let uploadRaw = Route("PUT", "/api/v1/tickets/{ticket}/attachments/{name}", .submitter) {
        (request, context) throws(Problem) in
        var submission = Submission(
            declaredName: DeclaredName(bytes: request.parameters[1]),
            declaredType: request.contentType.map { MediaType($0) },
            ticket: try context.ticket(of: request), submitter: context.caller.name, source: .endpoint)
        if let category = try request.decoded("x-sluice-category"), !category.isEmpty {
            submission.declaredCategory = try Category(named: category)
        }
        if let comment = try request.decoded("x-sluice-comment"), !comment.isEmpty {
            submission.comment = try Comment.checked(comment)
        }
        let claims = submission
        return .receiver(
            try RawUpload(claims, request, Intake(context)) { result in
                AttachmentResponse.single(result, of: claims)
            })
    }
}

extension Request {
    /// A field whose value is percent-encoded UTF-8.
    fileprivate func decoded(_ name: String) throws(Problem) -> String? {
        guard let value = self[header: name] else { return nil }
        guard let bytes = PercentEncoding.decode(value.utf8),
            let text = String(validating: bytes, as: UTF8.self)
        else {
            throw Problem(
                400, "request.field-encoding", "The value of \(name) is not percent-encoded UTF-8.",
                remedy: "Encode it as encodeURIComponent does.")
        }
        return text
    }
}

/// Receives one attachment into the spool.
final class RawUpload: BodyReceiver, @unchecked Sendable {
    private let submission: Submission
    private let intake: Intake
    private let answer: @Sendable (AttachmentResult) throws(Problem) -> Response
    private let began = ContinuousClock.now
    // guarded by: the exchange, which lets one thread at a time use its receiver.
    private var reception: (any SpoolReception)?
    private var passed: Int64 = 0

    /// - Throws: 413 and 415 where the header tells already.
    init(
        _ submission: Submission, _ request: Request, _ intake: Intake,
        answer: @escaping @Sendable (AttachmentResult) throws(Problem) -> Response
    ) throws(Problem) {
        self.submission = submission
        self.intake = intake
        self.answer = answer
        if request.contentType == "multipart/form-data" {
            throw Problem(
                415, "request.form-not-taken", "This takes the attachment's bytes as they are, not a form.",
                remedy: "Send forms with POST.")
        }
        try intake.refuseEarly(submission, announced: request.contentLength)
        reception = try intake.begin(submission, announced: request.contentLength)
    }

    func receive(_ bytes: UnsafeRawBufferPointer) throws(Problem) -> Int {
        passed += Int64(bytes.count)
        try intake.checkSize(passed, of: submission)
        try intake.append(bytes, to: reception)
        return bytes.count
    }

    func finish() async throws(Problem) -> Response {
        intake.services.metrics.stage(.receive, took: began.duration(to: .now))
        try intake.checkTurns(for: [reception])
        let result = await intake.take(submission, reception.take())
        if case .failed(let error) = result { throw Problem(error) }
        return try answer(result)
    }

    func abandon() { reception = nil }
}
