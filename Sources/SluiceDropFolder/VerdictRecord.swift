// Reads back the `verdict.json` that lies beside a file in an outcome folder.

import FoundationEssentials
import SluiceModel
import SluicePipeline

/// The members of a `verdict.json` that are checked.
struct VerdictRecord {
    static let most = 64 << 20
    var path: String?
    var outcome: Outcome
    var ticket: String?
    var attachment: String?
    var digest: String?
    var errorCode: String?

    /// - Returns: `nil` where the content is not a whole verdict.
    init?(_ content: [UInt8]?) {
        guard let content, let value = try? JSONDecoder().decode(JSONValue.self, from: Data(content)),
            case .object(let members) = value
        else { return nil }
        func text(_ key: String) -> String? { if case .text(let text)? = members[key] { text } else { nil } }
        guard let outcome = text("outcome").flatMap({ Outcome(rawValue: $0) }) else { return nil }
        self.outcome = outcome
        (path, ticket, attachment, digest) = (text("path"), text("ticket"), text("attachment"), text("sha256"))
        if case .object(let error)? = members["error"], case .text(let code)? = error["code"] { errorCode = code }
    }
}
