// The answers for a person: one line for each attachment. Below an attachment that was not accepted stand the reasons and their
// remedies.

import SluiceModel
import SluicePipeline

enum PeopleTable {
    static let header = Paint.faint(row("outcome", "category", "size", "name"))

    /// The lines for one attachment.
    static func lines(path: [UInt8], _ result: AttachmentResult) -> [String] {
        let name = SafeText.name(path)
        switch result {
        case .failed(let error):
            return [row(paint(.failed), "", "", name)] + explained(error.code, "\(error.what) \(error.why)", error.mend)
        case .answered(let answer):
            let decision = answer.decision
            let judgement = decision.judgement
            let category = judgement.verdict == .rejected ? "" : judgement.category.rawValue
            var lines = [row(paint(answer.outcome), category, decision.size.short, name)]
            // Notes are for records and for JSON output. A person sees only the findings that matter to the decision.
            for judged in judgement.findings where judged.severity > .note {
                let entry = judged.finding.entry.map { "\($0): " } ?? ""
                lines += explained(judged.finding.code, entry + judged.finding.message, judged.finding.remedy)
            }
            return lines
        }
    }

    /// The lines for one quarantined attachment: its id first, then the same as in a run.
    static func lines(_ detail: AttachmentDetail) -> [String] {
        let waiting = detail.attachment
        let facts = waiting.facts
        let sender = facts.submission.submitter.map { ", from \(SafeText.display($0))" } ?? ""
        let since = CivilTime.text(facts.receivedAt / 1_000_000) + "Z"
        var lines = ["\(waiting.id)  on \(waiting.ticket.text) since \(since)\(sender)"]
        let name = facts.submission.declaredName.description
        lines.append(row(paint(.quarantined), facts.category.rawValue, facts.size.short, name))
        for finding in detail.findings where finding.severity > .note {
            let entry = finding.entry.map { "\($0): " } ?? ""
            lines += explained(finding.code, entry + finding.message, finding.remedy)
        }
        return lines
    }

    /// The lines for one release.
    static func lines(_ release: Release) -> [String] {
        func time(_ microseconds: Int64) -> String { CivilTime.text(microseconds / 1_000_000) + "Z" }
        var first = "\(release.id)  \(release.ticket.map { "on \($0)" } ?? "on every ticket")"
        first += "  by \(SafeText.display(release.person)) at \(time(release.releasedAt))"
        if let revoked = release.revokedAt {
            first += "  taken back by \(SafeText.display(release.revokedBy ?? "")) at \(time(revoked))"
        }
        let codes = release.codes.joined(separator: ", ")
        return [first, "   \(release.attachment)  \(codes): \(SafeText.display(release.note))"]
    }

    /// The lines for one event: when, what and by whom, then which attachment and why.
    static func lines(_ event: Event) -> [String] {
        let time = CivilTime.text(event.at / 1_000_000) + "Z"
        let person = event.person.map { "  by \(SafeText.display($0))" } ?? ""
        let name = event.name.map { "  \($0.description)" } ?? ""
        let note = event.note.isEmpty ? "" : ": \(SafeText.display(event.note))"
        return [
            "\(time)  \(event.kind.rawValue)\(person)  on \(event.ticket.text)",
            "   \(event.attachment ?? "")\(name)\(note)",
        ]
    }

    /// The last line of a run.
    static func summary(_ counts: [Outcome: Int], bytes: Int64, elapsed: Duration) -> String {
        let total = counts.values.reduce(0, +)
        let parts = Outcome.allCases.compactMap { outcome in
            counts[outcome].map { "\($0.grouped) \(outcome.rawValue)" }
        }
        let seconds = max(elapsed.seconds, 0.001)
        let rate = total > 1 ? ", \(Int(Double(total) / seconds).grouped) files/s" : ""
        let list = parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")
        return
            "\(total.counted("file")) (\(ByteCount(bytes).short))\(list); \(elapsed.shown)\(rate)."
    }

    private static func row(_ outcome: String, _ category: String, _ size: String, _ name: String) -> String {
        pad(outcome, 11) + "  " + pad(category, 13) + "  " + pad(size, 10, right: true) + "  " + name
    }

    private static func explained(_ code: String, _ message: String, _ remedy: String) -> [String] {
        ["             " + message + " " + Paint.faint("[\(code)]"), "             → " + remedy]
    }

    private static func paint(_ outcome: Outcome) -> String {
        let text = pad(outcome.rawValue, 11)
        return switch outcome {
        case .accepted, .duplicate: Paint.green(text)
        case .quarantined: Paint.yellow(text)
        case .rejected, .failed: Paint.red(text)
        }
    }

    private static func pad(_ text: String, _ width: Int, right: Bool = false) -> String {
        // Colour codes take no columns.
        guard !text.contains("\u{1B}") else { return text }
        let space = String(repeating: " ", count: max(0, width - text.count))
        return right ? space + text : text + space
    }
}

extension Int {
    /// `1 file`, `3 000 files`.
    func counted(_ noun: String) -> String { "\(grouped) \(noun)\(self == 1 ? "" : "s")" }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }

    /// `0.42 s`, `3 min 5 s`.
    var shown: String {
        let whole = Int(components.seconds)
        if whole >= 3600 { return "\(whole / 3600) h \(whole % 3600 / 60) min" }
        if whole >= 60 { return "\(whole / 60) min \(whole % 60) s" }
        let hundredths = Int((seconds * 100).rounded())
        let rest = String(hundredths % 100)
        return "\(hundredths / 100).\(rest.count == 1 ? "0" + rest : rest) s"
    }
}
