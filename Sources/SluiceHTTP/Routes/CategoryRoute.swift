// `PUT /api/v1/tickets/{ticket}/attachments/{id}/category`: a person's word on a category, recorded beside what was judged.

import FoundationEssentials
import SluiceModel
import SluicePipeline
import SluiceStore

extension Route {
    static let correctCategory = Route("PUT", "/api/v1/tickets/{ticket}/attachments/{id}/category", .submitter) {
        (request, services) throws(Problem) in
        let ticket = try request.ticket()
        return .receiver(
            try JSONBody.receiver(request, CategoryWord.self) { (word) throws(Problem) in
                let category = try Category(named: word.category)
                let attachment = try services.attachment(request.text(1), on: ticket)
                let person = request.caller.name ?? request.caller.token ?? "anonymous"
                do throws(SluiceError) {
                    _ = try services.store.tickets.correct(attachment.id, to: category, by: person)
                    return .json(200, try StoredAnswer.object(attachment, in: services.store.tickets))
                } catch { throw Problem(error) }
            })
    }
}

private struct CategoryWord: Decodable, Sendable {
    var category: String
}

/// Small JSON bodies.
enum JSONBody {
    /// - Throws: 415 for another content type; the receiver throws 400 for what has not the form.
    static func receiver<Form: Decodable & Sendable>(
        _ request: Request, _ form: Form.Type, _ answer: @escaping @Sendable (Form) async throws(Problem) -> Response
    ) throws(Problem) -> any BodyReceiver {
        guard request.contentType == "application/json" else {
            throw Problem(
                415, "request.not-json", "The body has to be application/json.",
                remedy: "Send JSON and say so in Content-Type.")
        }
        return SmallBody { (bytes) async throws(Problem) in
            guard let form = try? JSONDecoder().decode(Form.self, from: Data(bytes)) else {
                throw Problem(
                    400, "request.json", "The body is not the JSON object that this takes.",
                    remedy: "See /api/v1/openapi.json.")
            }
            return try await answer(form)
        }
    }
}
