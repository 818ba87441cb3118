// `name.verdict.txt`: the verdict and the remedies in words, for a person who opens the folder.

import SluiceModel
import SluicePipeline

enum VerdictText {
    static func text(path: [UInt8], _ result: AttachmentResult) -> String {
        var lines = ["\(SafeText.display(path)): \(result.outcome.rawValue)", ""]
        switch result {
        case .failed(let error):
            lines += [error.what, error.why, "", "What to do: \(error.mend)"]
            let again =
                error.definition.isWorthRepeating
                ? "It is tried again when sluice watch starts anew." : "Then run sluice watch --retry-failed."
            lines += ["", "Nothing was decided about this file. \(again)  [\(error.code)]"]
        case .answered(let answer):
            lines += told(answer)
            let findings = answer.decision.judgement.findings.filter { $0.severity > .note }
            for judged in findings {
                let entry = judged.finding.entry.map { "\($0): " } ?? ""
                lines += [
                    "", "\(entry)\(judged.finding.message)",
                    "  What to do: \(judged.finding.remedy)  [\(judged.finding.code)]",
                ]
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func told(_ answer: IngestResult) -> [String] {
        let decision = answer.decision
        let ticket = decision.submission.ticket?.text ?? "?"
        let id = answer.receipt?.attachment.map { ", attachment \($0)" } ?? ""
        let first =
            switch answer.outcome {
            case .accepted: "It is on ticket \(ticket)\(id), as \(decision.judgement.category.rawValue)."
            case .duplicate: "The same file is on ticket \(ticket) already\(id)."
            case .quarantined: "It is kept apart\(id) of ticket \(ticket) until a person has decided."
            case .rejected: "It was not taken for ticket \(ticket); the reasons are kept there."
            case .failed: ""
            }
        var lines = [first, "\(decision.size)"]
        if let digest = decision.spooled?.digest { lines.append("SHA-256 \(digest.hexadecimal)") }
        return lines
    }
}
