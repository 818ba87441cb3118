// Releases: bytes that a reviewer released are not quarantined again for the same findings.

public import SluiceModel

extension Judgement {
    /// The judgement with releases applied. A released quarantining finding becomes a note, and another note says who released it. A
    /// rejecting finding cannot be released.
    /// - Parameters:
    ///   - releases: those for this attachment's digest, the latest first.
    ///   - ticket: the ticket that the attachment goes to; `nil` for none. A release for another ticket does not apply.
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
