// What a person let pass for the same bytes before is no reason to set them apart again.

public import SluiceModel

extension Judgement {
    /// The judgement once releases are taken into account: a quarantining finding that was released becomes a note, and a note tells by whom. What
    /// rejects is never let pass.
    /// - Parameters:
    ///   - releases: those for this attachment's digest, the latest word first.
    ///   - ticket: where the attachment goes; `nil` where it goes nowhere. A release for another ticket says nothing about this one.
    public func allowing(_ releases: [Release], on ticket: TicketID?) -> Judgement {
        let holding = releases.filter { $0.revokedAt == nil && ($0.ticket == nil || $0.ticket == ticket) }
        let words = Dictionary(holding.flatMap { word in word.codes.map { ($0, word) } }) { first, _ in first }
        var told: Set<String> = []
        var notes: [JudgedFinding] = []
        let kept = findings.map { judged -> JudgedFinding in
            let code = judged.finding.code
            guard judged.severity == .quarantine, let word = words[code] else { return judged }
            if told.insert(code).inserted {
                notes.append(JudgedFinding(Finding(.released, [.text(code), .text(word.person)]), .note))
            }
            return JudgedFinding(judged.finding, .note)
        }
        if told.isEmpty { return self }
        var judgement = self
        judgement.findings = (kept + notes).enumerated().sorted {
            ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset)
        }.map(\.element)
        judgement.verdict = Verdict(gravest: judgement.findings.first?.severity)
        return judgement
    }
}
