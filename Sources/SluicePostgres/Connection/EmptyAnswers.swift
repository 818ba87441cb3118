// Which questions a unit of work asks whose answer is nearly always nothing: whether the attachment is there already, whether its bytes are being removed. They
// are sent ahead as a statement that fails where there is a row after all, so that the unit need not wait. Then the transaction is run again, waiting.

/// What the last answers to each question were. Used under the writer's lock.
final class EmptyAnswers {
    /// After a wrong guess a question is waited for so many times (chosen: a second run costs about as much as these waits).
    private static let timesToWait = 32

    private struct Known {
        /// The question as a statement that fails where it has a row.
        let question: StatementText
        var timesToWait: Int
    }

    private var known: [StatementText: Known] = [:]

    func isEmptyExpected(_ text: StatementText) -> Bool { known[text]?.timesToWait == 0 }

    /// - Parameter text: one that `isEmptyExpected`.
    func question(_ text: StatementText) -> StatementText { known[text]?.question ?? text }

    func noteAnswer(_ text: StatementText, isEmpty: Bool) {
        guard text.isQuestion else { return }
        guard let times = known[text]?.timesToWait else {
            let question = StatementText(text: "SELECT sluice_expect(NOT EXISTS (\(text.text)))")
            known[text] = Known(question: question, timesToWait: isEmpty ? 0 : Self.timesToWait)
            return
        }
        known[text]?.timesToWait = isEmpty ? max(0, times - 1) : Self.timesToWait
    }

    func noteWrong(_ text: StatementText) { known[text]?.timesToWait = Self.timesToWait }
}
