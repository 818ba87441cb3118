// `PUT /api/v1/tickets/{ticket}/attachments/{name}`: one attachment, the body as it is.

import SluiceModel
import SluicePipeline
import SluicePolicy
import SluiceStore

extension Route {
    static let uploadRaw = Route("PUT", "/api/v1/tickets/{ticket}/attachments/{name}", .submitter) {
        (request, services) throws(Problem) in
        var submission = Submission(
            declaredName: DeclaredName(bytes: request.parameters[1]),
            declaredType: request.contentType.map { MediaType($0) },
            ticket: try request.ticket(), submitter: request.caller.name, source: .endpoint)
        if let category = try request.decoded("x-sluice-category"), !category.isEmpty {
            submission.declaredCategory = try Category(named: category)
        }
        if let comment = try request.decoded("x-sluice-comment"), !comment.isEmpty {
            submission.comment = try Comment.checked(comment)
        }
        return .receiver(try RawUpload(submission, announced: request.contentLength, services))
    }
}

extension Request {
    /// A field whose value is percent-encoded UTF-8.
    fileprivate func decoded(_ name: String) throws(Problem) -> String? {
        guard let value = self[header: name] else { return nil }
        guard let bytes = RequestTarget.decoded(Array(value.utf8)[...]),
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
    private let services: Services
    // guarded by: the exchange, which lets one thread at a time use its receiver.
    private var reception: (any SpoolReception)?

    /// - Throws: 413 and 415 where the header tells already.
    init(_ submission: Submission, announced: Int64?, _ services: Services) throws(Problem) {
        self.submission = submission
        self.services = services
        if let problem = EarlyRefusal.problem(services.policy, submission, announced: announced) { throw problem }
        do throws(SluiceError) { reception = try services.store.spool.begin(limit: services.policy.sizeLimit) } catch {
            throw Problem(error)
        }
    }

    func receive(_ bytes: UnsafeRawBufferPointer) throws(Problem) {
        guard let reception else { return }
        do throws(SluiceError) { try reception.append(bytes) } catch { throw Problem(error) }
        if reception.isOverLimit { throw EarlyRefusal.tooLarge(services.policy, submission) }
    }

    func finish() async throws(Problem) -> Response {
        guard let reception else { throw Problem(.ended) }
        self.reception = nil
        let result: BatchResult
        do throws(SluiceError) {
            result = .answered(try await services.pipeline.ingest(submission, received: reception))
        } catch { throw Problem(error) }
        return AttachmentAnswer.single(result, of: submission)
    }

    func abandon() { reception = nil }
}

extension SluiceError {
    fileprivate static let ended = SluiceError(
        "endpoint.internal", what: "The body was received twice.", why: "A receiver ends once.", mend: "Report it.")
}
