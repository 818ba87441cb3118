// What a person let pass for the same bytes before is no reason to set them apart again.

public import SluiceModel

extension Judgement {
    /// The judgement once releases are taken into account: a quarantining finding that was released becomes a note, and a note tells by whom. What
    /// rejects is never let pass.
    /// - Parameter releases: those for this attachment's digest.
    public func allowing(_ releases: [Release]) -> Judgement {
        let words = Dictionary(releases.map { ($0.code, $0) }) { first, _ in first }
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
