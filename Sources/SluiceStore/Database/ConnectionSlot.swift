// One connection with its turns: who may use it when, its transactions, and what happens to it after a failure.

import SluiceModel
import Synchronization

/// A transaction was not completed.
struct TransactionFailure: Error {
    let failure: DatabaseFailure
    /// The failure came from the commit itself, not from what was to be committed.
    let isCommitting: Bool
}

/// A connection that is opened when it is needed, and again after a failure that is about the file. One thread at a time has it.
final class ConnectionSlot: Sendable {
    private let slot = Mutex<Connection?>(nil)
    private let connect: @Sendable () throws(DatabaseFailure) -> Connection

    init(_ connect: @escaping @Sendable () throws(DatabaseFailure) -> Connection) { self.connect = connect }

    /// Opens the connection and runs `body` on it, outside any transaction.
    /// - Parameter what: what to say when it cannot be opened.
    func prepare(_ what: String, _ body: (Connection) throws(SluiceError) -> Void) throws(SluiceError) {
        try slot.withLock { (slot: inout sending Connection?) throws(SluiceError) in
            let connection: Connection
            do throws(DatabaseFailure) { connection = try connect() } catch { throw error.error(what) }
            try body(connection)
            slot = connection
        }
    }

    /// Runs `body` in a transaction that is committed when it returns, and rolled back when it throws.
    /// - Parameter beginning: the statement that begins it.
    func transaction<Answer: Sendable>(
        _ beginning: String, _ body: (Connection) throws(DatabaseFailure) -> Answer
    ) throws(TransactionFailure) -> Answer {
        try slot.withLock { (slot: inout sending Connection?) throws(TransactionFailure) in
            var isCommitting = false
            do throws(DatabaseFailure) {
                let connection: Connection
                if let open = slot {
                    connection = open
                } else {
                    connection = try connect()
                    slot = connection
                }
                try connection.execute(beginning)
                let answer = try body(connection)
                isCommitting = true
                try connection.execute("COMMIT")
                return answer
            } catch {
                // Some failures have rolled back by themselves (sqlite.org/lang_transaction.html): then this one fails, harmlessly.
                try? slot?.execute("ROLLBACK")
                if error.isAboutTheFile { slot = nil }
                throw TransactionFailure(failure: error, isCommitting: isCommitting)
            }
        }
    }
}
