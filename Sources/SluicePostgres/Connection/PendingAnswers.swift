// What has been sent to the server and not yet been answered. Answers come in the order of what was sent.

/// Sent, and not yet answered.
enum PendingAnswer {
    /// A text is being prepared. Where that fails, the text is not known on the server.
    case prepared(StatementText)
    /// A statement whose rows nobody wants.
    case done
    /// A statement whose rows are shown.
    case rows
    /// A question that was sent ahead, in the belief that it has no row.
    case nothing(StatementText)
    /// The first number of a block.
    case block
    case committed
    /// The end of what one failure skips.
    case sync
}

/// First in, first out.
struct PendingAnswers {
    private var answers: [PendingAnswer] = []
    private var first = 0

    var isEmpty: Bool { first == answers.count }

    mutating func add(_ answer: PendingAnswer) { answers.append(answer) }

    mutating func next() -> PendingAnswer? {
        guard first < answers.count else { return nil }
        defer {
            first += 1
            if first == answers.count {
                answers.removeAll(keepingCapacity: true)
                first = 0
            }
        }
        return answers[first]
    }
}
