// `PUT /api/v1/tickets/{ticket}/attachments/{id}/category`: a person's word on a category, recorded beside what was judged.

import FoundationEssentials
import SluiceModel
import SluicePipeline
import SluiceServer
import SluiceStorage

extension Routes {
    static let correctCategory = Route("PUT", "/api/v1/tickets/{ticket}/attachments/{id}/category", .submitter) {
        (request, context) throws(Problem) in
        let ticket = try context.ticket(of: request)
        return .receiver(
            try JSONBody.receiver(request, CategoryWord.self) { (word) throws(Problem) in
                let category = try Category(named: word.category)
                let attachment = try context.services.attachment(request.text(1), on: ticket, for: context.caller)
                let person = context.caller.person
                do throws(SluiceError) {
                    let store = context.services.store
                    _ = try store.review.correct(attachment.id, to: category, by: person)
                    return .json(200, StoredObject.object(try store.tickets.detail(of: attachment)))
                } catch { throw Problem(error) }
            })
    }
}

private struct CategoryWord: JSONForm {
    static let members: Set = ["category"]
    var category: String
}

/// A JSON object that a route takes.
protocol JSONForm: Decodable, Sendable {
    /// All that it may hold: a misspelt member must not be passed over (`tickett` would make a token for every ticket).
    static var members: Set<String> { get }
}

/// Small JSON bodies.
enum JSONBody {
    /// - Throws: 415 for another content type; the receiver throws 400 for what has not the form.
    static func receiver<Form: JSONForm>(
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
            let told = try? JSONDecoder().decode(MemberNames.self, from: Data(bytes))
            if let unknown = told?.names.first(where: { !Form.members.contains($0) }) {
                throw Problem(
                    400, "request.json-member", "The object has a member that this does not know.",
                    remedy: "It takes: \(Form.members.sorted().joined(separator: ", ")).",
                    evidence: [("member", SafeText.display(unknown, limit: 80))])
            }
            return try await answer(form)
        }
    }
}

/// The names of an object's members, whatever they are.
private struct MemberNames: Decodable {
    let names: [String]

    init(from decoder: any Decoder) throws {
        names = try decoder.container(keyedBy: AnyName.self).allKeys.map(\.stringValue)
    }

    private struct AnyName: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
