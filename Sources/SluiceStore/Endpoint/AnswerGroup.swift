// Answers by idempotency key. Whoever waits while a commit runs is in the next one, as in GroupCommit.

import SluiceModel

/// Keeps answers on one thread of its own.
final class AnswerGroup: AnswerStore {
    private struct Request: Sendable {
        let row: AnswerRow
        let done: CheckedContinuation<Result<Void, SluiceError>, Never>
    }

    private let rows: SQLiteTicketStore
    private let queue = WorkQueue<Request>()
    private let thread: BlockingThread

    init(_ rows: SQLiteTicketStore) {
        self.rows = rows
        thread = BlockingThread { [queue] in
            while true {
                let requests = queue.take(atMost: GroupCommit.largestGroup)
                if requests.isEmpty { return }
                let result = Result<Void, SluiceError> { () throws(SluiceError) in
                    try rows.keep(requests.map(\.row))
                }
                for request in requests { request.done.resume(returning: result) }
            }
        }
    }

    deinit { queue.close() }

    func answer(to key: String, of caller: String) throws(SluiceError) -> KeptAnswer? {
        try rows.answer(to: key, of: caller)
    }

    func keep(_ answer: KeptAnswer, to key: String, of caller: String) async throws(SluiceError) {
        let row = AnswerRow(caller: caller, key: key, answer: answer)
        let result = await withCheckedContinuation { done in
            if !queue.add(Request(row: row, done: done)) {
                done.resume(
                    returning: .failure(
                        SluiceError(
                            "store.closed", what: "The ticket store is being closed.", why: "The program is ending.",
                            mend: "Send the request again when it runs.")))
            }
        }
        try result.get()
    }

    func forgetAnswers(before time: Int64) throws(SluiceError) { try rows.forgetAnswers(before: time) }

    /// Finishes what is waiting, and blocks until that is done.
    func close() {
        queue.close()
        thread.join()
    }
}

struct AnswerRow: Sendable {
    var caller: String
    var key: String
    var answer: KeptAnswer
}

extension SQLiteTicketStore {
    func keep(_ answers: [AnswerRow]) throws(SluiceError) {
        try write("The answer cannot be recorded.") { (connection) throws(DatabaseFailure) in
            for row in answers {
                let answer = row.answer
                try connection.run(
                    """
                    INSERT INTO kept_answer (caller, key, request, status, headers, body, given_at)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (caller, key) DO NOTHING
                    """,
                    [
                        .text(row.caller), .text(row.key), .bytes(answer.request.bytes), .integer(answer.status),
                        .text(answer.headers.joined(separator: "\n")), .text(answer.body), .integer(answer.givenAt),
                    ])
            }
        }
    }

    func answer(to key: String, of caller: String) throws(SluiceError) -> KeptAnswer? {
        try read { (connection) throws(DatabaseFailure) in
            let found = try connection.first(
                "SELECT request, status, headers, body, given_at FROM kept_answer WHERE caller = ?1 AND key = ?2",
                [.text(caller), .text(key)]
            ) { (row) throws(DatabaseFailure) -> KeptAnswer? in
                guard let request = Digest(row.bytes(0)) else { return nil }
                return KeptAnswer(
                    request: request, status: Int(row.integer(1)),
                    headers: row.text(2).split(separator: "\n").map(String.init), body: row.optionalText(3),
                    givenAt: row.integer(4))
            }
            return found ?? nil
        }
    }

    func forgetAnswers(before time: Int64) throws(SluiceError) {
        try write("Old answers cannot be removed.") { (connection) throws(DatabaseFailure) in
            try connection.run("DELETE FROM kept_answer WHERE given_at < ?1", [.integer(time)])
        }
    }
}
