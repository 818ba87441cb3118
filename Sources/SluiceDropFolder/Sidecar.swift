// `name.sluice.json` beside `name`: the sender's claims about a file, such as its ticket.

import FoundationEssentials
import SluiceModel

/// What a sidecar says. These are claims, like everything that a sender says.
struct Sidecar: Equatable {
    static let suffix = ".sluice.json"
    /// A sidecar is a few lines; a longer file is not a sidecar (chosen).
    static let most = 64 << 10
    private static let keys = ["ticket", "category", "comment", "submitter"]

    var ticket: TicketID?
    var category: SluiceModel.Category?
    var comment: String?
    var submitter: String?

    static func name(for file: [UInt8]) -> [UInt8] { file + Array(suffix.utf8) }
    static func isOne(_ name: [UInt8]) -> Bool { name.hasSuffix(suffix) }

    /// A folder of such a name is not a sidecar.
    static func isThere(_ name: [UInt8], in folder: Folder) -> Bool {
        folder.sighting(name).map { $0.kind != .folder } ?? false
    }

    init() {}

    /// - Throws: `drop.bad-sidecar`.
    init(_ content: [UInt8]) throws(SluiceError) {
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(content)),
            case .object(let members) = value
        else { throw .badSidecar("It is not a JSON object.") }
        for (key, value) in members {
            guard case .text(let text) = value else {
                throw .badSidecar("The value of \(SafeText.display(key, limit: 40)) is \(value.kind) and not text.")
            }
            switch key {
            case "ticket":
                ticket = TicketID(text)
                if ticket == nil { throw .badSidecar("\(SafeText.display(text, limit: 80)) is no ticket.") }
            case "category":
                category = SluiceModel.Category.allCases.first { $0.rawValue.lowercased() == text.lowercased() }
                if category == nil { throw .badSidecar("\(SafeText.display(text, limit: 80)) is no category.") }
            case "comment":
                guard let checked = SluiceModel.Comment(text) else {
                    throw .badSidecar("The comment breaks the rule: \(SluiceModel.Comment.rule).")
                }
                comment = checked.text
            case "submitter":
                guard let checked = SubmitterName(text) else {
                    throw .badSidecar("The submitter's name breaks the rule: \(SubmitterName.rule).")
                }
                submitter = checked.text
            default:
                let hint = Nearest.word(to: key, among: Self.keys).map { " Did you mean \($0)?" } ?? ""
                throw .badSidecar("There is no key \(SafeText.display(key, limit: 40)).\(hint)")
            }
        }
    }
}
