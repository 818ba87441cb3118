// One connection with its prepared statements. What nobody waits for is sent ahead; its failure shows at the next wait. One thread at a time uses it; its
// owner sees to that.

import CPostgres
import SluiceModel
import SluiceStorage

/// One open connection.
final class PostgresConnection: SQLConnection {
    let link: PostgresLink
    private var names: [StatementText: String] = [:]
    /// Counts names of statements, so that none is given twice.
    private var lastName = 0
    private var pending = PendingAnswers()
    private var buffer = ParameterBuffer()
    private var isReading = false
    /// What is being done, as the first sentence of an error.
    private var what = ""
    /// Why the last statement failed, since `begin`.
    private(set) var failure: PostgresFailure?
    /// Which questions can be sent ahead; `nil` where nothing is written.
    private let guesses: EmptyAnswers?
    /// Whether they are sent ahead. Otherwise every answer is waited for.
    var isGuessing = false
    let numbers = NumberBlock()

    init(_ link: PostgresLink, guesses: EmptyAnswers? = nil) {
        self.link = link
        self.guesses = guesses
    }

    /// How often this side has waited for the server.
    var roundTrips: Int { link.waits }

    /// Something else is being done from now on.
    func begin(_ what: String) { self.what = what }

    /// A new transaction begins: no failure of before counts.
    func forgetFailure() { failure = nil }

    // MARK: SQLConnection

    func rows(
        _ sql: String, _ values: [SQLValue], _ row: (any SQLRow) throws(SluiceError) -> Void
    ) throws(SluiceError) {
        var reading: SluiceError?
        do throws(PostgresFailure) {
            let text = StatementText(text: sql)
            if isGuessing, let guesses, guesses.isEmptyExpected(text) {
                return try send(guesses.question(text), values, .nothing(text))
            }
            let count = try ask(text, values) { line in
                guard reading == nil else { return }
                do throws(SluiceError) { try row(line) } catch { reading = error }
            }
            guesses?.noteAnswer(text, isEmpty: count == 0)
        } catch { throw noted(error) }
        if let reading { throw reading }
    }

    func run(_ sql: String, _ values: [SQLValue]) throws(SluiceError) {
        do throws(PostgresFailure) { try send(StatementText(text: sql), values, .done) } catch { throw noted(error) }
    }

    func insert(_ statement: NumberedInsert, _ values: [SQLValue]) throws(SluiceError) -> Int64 {
        do throws(PostgresFailure) {
            if numbers.isEmpty {
                try askForNumbers()
                try finish()
            }
            guard let number = numbers.next() else { throw PostgresFailure(.misuse, "the server gave no number") }
            try send(StatementText(text: statement.withNumber), values + [.integer(number)], .done)
            return number
        } catch { throw noted(error) }
    }

    private func noted(_ failure: PostgresFailure) -> SluiceError {
        self.failure = self.failure ?? failure
        return failure.error(what)
    }

    // MARK: Sending

    /// Queues a statement. Nobody waits for its answer before the next `finish` or `ask`.
    func send(_ text: StatementText, _ values: [SQLValue] = [], _ answer: PendingAnswer = .done) throws(PostgresFailure)
    {
        let name: String
        if let known = names[text] { name = known } else { name = try prepare(text, values) }
        buffer.fill(values)
        try link.run(name, buffer)
        pending.add(answer)
    }

    private func prepare(_ text: StatementText, _ values: [SQLValue]) throws(PostgresFailure) -> String {
        lastName += 1
        let name = "s\(lastName)"
        try link.prepare(name, text.inPostgres, types: values.map { ParameterBuffer.type(of: $0) })
        names[text] = name
        pending.add(.prepared(text))
        return name
    }

    /// Asks for the next numbers; they come with the next answers.
    func askForNumbers() throws(PostgresFailure) {
        try send(StatementText(text: NumberBlock.question), [], .block)
    }

    /// Sends all that is queued, without waiting for the answers.
    func sendAll() throws(PostgresFailure) {
        try link.sync()
        pending.add(.sync)
    }

    // MARK: Receiving

    /// Takes in answers that are here already, as those to what an earlier user of this connection sent at its end.
    func settle() throws(PostgresFailure) {
        var failure: PostgresFailure?
        while let answer = pending.next() { try receive(answer, &failure) }
        if let failure { throw failure }
    }

    /// Waits for the answers to all that was sent.
    func finish() throws(PostgresFailure) {
        if pending.isEmpty { return }
        try sendAll()
        link.noteWait()
        try settle()
    }

    /// Sends a statement and shows its rows.
    /// - Returns: how many rows there were.
    private func ask(
        _ text: StatementText, _ values: [SQLValue], _ row: (PostgresRow) -> Void
    ) throws(PostgresFailure) -> Int {
        guard !isReading else { throw PostgresFailure(.misuse, "a question inside a row of another one") }
        try send(text, values, .rows)
        try sendAll()
        link.noteWait()
        isReading = true
        defer { isReading = false }
        var failure: PostgresFailure?
        var count = 0
        // What was sent before is answered first.
        while let answer = pending.next() {
            if case .rows = answer {
                count = try receiveRows(&failure, row)
            } else {
                try receive(answer, &failure)
            }
        }
        if let failure { throw failure }
        return count
    }

    private func receiveRows(
        _ failure: inout PostgresFailure?, _ row: (PostgresRow) -> Void
    ) throws(PostgresFailure) -> Int {
        link.showRowsSingly()
        var count = 0
        while let result = try link.nextResult() {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_SINGLE_TUPLE:
                count += 1
                row(PostgresRow(result: result))
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_PIPELINE_ABORTED: break
            default: failure = failure ?? PostgresFailure(result)
            }
        }
        return count
    }

    /// Takes in one answer whose rows nobody wants. The first failure is kept: what comes behind it was skipped.
    private func receive(_ answer: PendingAnswer, _ failure: inout PostgresFailure?) throws(PostgresFailure) {
        var isDone = false
        while let result = try link.nextResult() {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            // Nothing comes behind this one (PostgreSQL's documentation, "Pipeline Mode").
            case PGRES_PIPELINE_SYNC: return
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK:
                isDone = true
                if case .block = answer { numbers.add(PostgresRow(result: result).integer(0)) }
                if case .committed = answer, String(cString: PQcmdStatus(result)) != "COMMIT" {
                    failure = failure ?? PostgresFailure(.misuse, "the server rolled back instead of committing")
                }
            case PGRES_PIPELINE_ABORTED: break
            default:
                failure = failure ?? PostgresFailure(result)
                if case .nothing(let text) = answer { guesses?.noteWrong(text) }
            }
        }
        if !isDone, case .prepared(let text) = answer { names[text] = nil }
        if link.isLost, failure == nil { throw link.lost() }
    }
}
