// What the header tells already: a name whose type is not allowed, a size beyond the limit. Said before the body is sent.

import SluiceModel
import SluicePolicy

enum EarlyRefusal {
    /// - Parameter announced: by Content-Length.
    /// - Returns: 413 or 415; `nil` where the content has to be seen. Other findings about the name are answered with the attachment.
    static func problem(_ policy: Policy, _ submission: Submission, announced: Int64?) -> Problem? {
        if let announced, announced > policy.sizeLimit.bytes { return tooLarge(policy, submission, announced) }
        guard let judgement = policy.judgeUnread(submission, announcedSize: nil) else { return nil }
        let code = FindingDefinition.extensionNotAllowed.code
        return judgement.findings.first { $0.finding.code == code }.map {
            Problem(415, $0, evidence: [("name", submission.declaredName.description)])
        }
    }

    static func tooLarge(_ policy: Policy, _ submission: Submission, _ announced: Int64? = nil) -> Problem {
        let finding = JudgedFinding(Finding(.tooLarge, [.size(policy.sizeLimit)]), .reject)
        var evidence = [
            (name: "name", value: submission.declaredName.description), ("limit", "\(policy.sizeLimit.bytes)"),
        ]
        if let announced { evidence.append(("size", "\(announced)")) }
        return Problem(413, finding, evidence: evidence)
    }
}
