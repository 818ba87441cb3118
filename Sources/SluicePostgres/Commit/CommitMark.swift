// How a node learns what became of a commit whose answer was lost. Each connection that writes has a row with the number of its last commit, written in the
// commit's own transaction. After the connection is lost, another one takes the writer's lock, so that no transaction of the lost one is under way; reads the
// number; and takes the row away, so that nothing that is still on its way from the lost connection can commit any more.

import SluiceModel
import SluiceStorage
import SluiceSystem

/// The row of one connection.
struct CommitMark {
    /// Random; of this connection alone.
    let connection: Int64
    /// Of the last commit that was begun.
    private(set) var number: Int64 = 0

    static let insert = StatementText(text: "INSERT INTO commit_mark (connection, number, at) VALUES (?1, 0, now())")
    /// Fails where the row is not there any more: then this connection was given up by its node.
    static let update = StatementText(
        text: """
            WITH mark AS (
                UPDATE commit_mark SET number = ?2, at = now() WHERE connection = ?1 RETURNING 1
            )
            SELECT sluice_fence((SELECT count(*) FROM mark) = 1)
            """)
    /// A week after its last commit nobody asks for a mark any more (chosen). A connection that was silent for so long is opened anew.
    static let forget = StatementText(text: "DELETE FROM commit_mark WHERE at < now() - interval '7 days'")

    init() { connection = Int64.random(in: 1...Int64.max) }

    mutating func next() -> [SQLValue] {
        number += 1
        return [.integer(connection), .integer(number)]
    }

    /// Asks on another connection whether the last commit was made. Nothing of the lost connection can commit afterwards.
    func isCommitted(_ connection: PostgresConnection) throws(PostgresFailure) -> Bool {
        var found: Int64?
        try connection.send(WriterLock.begin)
        try connection.send(WriterLock.take, [.integer(WriterLock.key)])
        let values: [SQLValue] = [.integer(self.connection)]
        do throws(SluiceError) {
            found = try connection.first("DELETE FROM commit_mark WHERE connection = ?1 RETURNING number", values) {
                (row) throws(SluiceError) in row.integer(0)
            }
        } catch { throw connection.failure ?? PostgresFailure(.misuse, "a mark cannot be read") }
        try connection.send(WriterLock.commit, [], .committed)
        try connection.finish()
        return found == number
    }
}
