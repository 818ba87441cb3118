// Chooses Log File, Configuration or Other from the counts of a text, with a reason in true figures. The weights stand in
// CategoryWeights.swift, the evidence of a name in NameEvidence.swift, the sentences in CategoryReasons.swift.

public import SluiceModel

/// Sluice's own opinion of an attachment's category.
public enum CategoryJudge {
    /// - Parameters:
    ///   - name: the declared name, or an entry's path. Weak evidence: the content can overrule it.
    ///   - text: the counts, where the content is text.
    public static func judge(name: DeclaredName, recognized: RecognizedType, text: TextFeatures?) -> CategoryJudgement {
        guard let text else { return judgeBinary(recognized) }
        if let form = CategoryReasons.documentForm(recognized.mediaType) {
            return CategoryJudgement(.other, basis: "It is \(form).", confidence: 0.9)
        }
        let lines = text[.sampledLines] - text[.blankLines]
        guard lines > 0 else {
            return CategoryJudgement(.other, basis: "There is no line with text in it.", confidence: 0.5)
        }

        let named = NameEvidence(name)
        if let judgement = CategoryForms.judge(text, lines, named) { return judgement }

        let vector = CategoryVector(named, recognized, text)
        var scores = CategoryWeights.bias
        for (row, value) in zip(CategoryWeights.rows, vector.values) where value != 0 {
            for index in 0..<3 { scores[index] += row.weights[index] * value }
        }
        let (best, confidence) = strongest(scores)
        let likeliest = CategoryWeights.order[best]
        guard CategoryForms.hasMark(of: likeliest, text, named) else {
            return CategoryJudgement(.other, basis: CategoryReasons.nothingSpeaks(text) + ".", confidence: 0.5)
        }
        var basis = CategoryReasons.sentence(likeliest, text, vector)
        if let named, named.category == likeliest {
            basis = CategoryReasons.join(basis, "the name \(named.words)")
        }
        if basis.isEmpty { basis = CategoryReasons.nothingSpeaks(text) }
        guard confidence < unsure, likeliest != .other else {
            return CategoryJudgement(likeliest, basis: basis + ".", confidence: confidence)
        }
        return CategoryJudgement(
            .other, basis: "Too unsure to say more than Other; perhaps \(likeliest.rawValue): \(basis).",
            confidence: rounded(1 - confidence))
    }

    /// Below this confidence the answer is Other, and the reason names what it could be (chosen: then the other two categories together
    /// are likelier).
    static let unsure = 0.5

    /// Whether the weights are used at all. They are not for a text whose form alone decides, nor for a text without lines.
    public static func isWeighed(_ recognized: RecognizedType, _ text: TextFeatures) -> Bool {
        CategoryReasons.documentForm(recognized.mediaType) == nil && text[.sampledLines] > text[.blankLines]
    }

    /// The category of an archive follows from its members by bytes.
    public static func judgeArchive(members: [(size: ByteCount, judgement: CategoryJudgement)]) -> CategoryJudgement {
        guard !members.isEmpty else {
            return CategoryJudgement(.other, basis: "No member of the archive could be judged.", confidence: 0.5)
        }
        var bytes = [0.0, 0.0, 0.0]
        var counts = [0, 0, 0]
        var sure = [0.0, 0.0, 0.0]
        for (size, judgement) in members {
            let index = CategoryWeights.index(judgement.category)
            // An empty member counts for a little, so that archives of empty files have a majority, too.
            let weight = Double(max(1, size.bytes))
            bytes[index] += weight
            counts[index] += 1
            sure[index] += weight * judgement.confidence
        }
        var best = 0
        for index in 1..<3 where bytes[index] > bytes[best] { best = index }
        let total = bytes.reduce(0, +)
        let category = CategoryWeights.order[best]
        let shares = (0..<3).filter { counts[$0] > 0 }.sorted { bytes[$0] > bytes[$1] }.map {
            "\(CategoryReasons.percent(bytes[$0] / total)) \(CategoryWeights.order[$0].rawValue) (\(counts[$0].grouped))"
        }
        return CategoryJudgement(
            category,
            basis: "By bytes of its \(members.count.grouped) \(members.count == 1 ? "member" : "members"): "
                + shares.joined(separator: ", ") + ".",
            confidence: rounded(bytes[best] / total * sure[best] / bytes[best]))
    }

    private static func judgeBinary(_ recognized: RecognizedType) -> CategoryJudgement {
        if recognized.mediaType == .eventLog {
            return CategoryJudgement(.logFile, basis: "It is a Windows event log.", confidence: 0.95)
        }
        let sure = recognized.basis == .none ? 0.6 : 0.9
        return CategoryJudgement(
            .other, basis: "It is not text (\(recognized.mediaType)), so neither a log nor a configuration.",
            confidence: sure)
    }

    /// The greatest score, and its probability.
    private static func strongest(_ scores: [Double]) -> (index: Int, confidence: Double) {
        var best = 0
        for index in 1..<3 where scores[index] > scores[best] { best = index }
        let sum = scores.reduce(0) { $0 + exponential($1 - scores[best]) }
        return (best, rounded(1 / sum))
    }

    private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

    /// `exp` for arguments up to 0, without a C library. Good to six digits, more than a confidence needs.
    static func exponential(_ value: Double) -> Double {
        guard value > -40 else { return 0 }
        var term = 1.0
        var sum = 1.0
        let small = value / 64
        for step in 1...8 {
            term *= small / Double(step)
            sum += term
        }
        for _ in 0..<6 { sum *= sum }
        return sum
    }
}
