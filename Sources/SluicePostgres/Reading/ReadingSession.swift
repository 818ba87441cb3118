// The questions of one reader. The first one also begins the transaction where there has to be one, and is asked again where the connection was lost while nobody
// used it.

import SluiceModel
import SluiceStorage

/// One reader's use of a connection.
final class ReadingSession: SQLConnection {
    private let inOneState: Bool
    private let what: String
    /// Given the connection that was lost, or nothing.
    private let open: (PostgresConnection?) throws(PostgresFailure) -> PostgresConnection
    /// `nil` until the first question.
    private(set) var connection: PostgresConnection?
    private var hasBegun = false

    private static let begin = StatementText(text: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    init(
        inOneState: Bool, what: String,
        open: @escaping (PostgresConnection?) throws(PostgresFailure) -> PostgresConnection
    ) {
        self.inOneState = inOneState
        self.what = what
        self.open = open
    }

    func rows(
        _ sql: String, _ values: [SQLValue], _ row: (any SQLRow) throws(SluiceError) -> Void
    ) throws(SluiceError) {
        // In a transaction only the first question can be asked again: another transaction would see another state.
        let canBeRepeated = !inOneState || connection == nil
        var hasRows = false
        for isLast in [false, true] {
            let connection = try ready()
            do throws(SluiceError) {
                return try connection.rows(sql, values) { (line) throws(SluiceError) in
                    hasRows = true
                    try row(line)
                }
            } catch {
                guard let failure = connection.failure, failure.isAboutTheSession, canBeRepeated, !hasRows, !isLast
                else {
                    throw error
                }
                hasBegun = false
                self.connection = nil
                do throws(PostgresFailure) { self.connection = try open(connection) } catch { throw error.error(what) }
            }
        }
    }

    private func ready() throws(SluiceError) -> PostgresConnection {
        do throws(PostgresFailure) {
            let connection = if let connection { connection } else { try open(nil) }
            self.connection = connection
            connection.begin(what)
            connection.forgetFailure()
            if inOneState, !hasBegun {
                try connection.send(Self.begin)
                hasBegun = true
            }
            return connection
        } catch { throw error.error(what) }
    }

    /// Ends the transaction without waiting for that.
    /// - Returns: whether the connection can be used again.
    func end() -> Bool {
        guard let connection, !connection.link.isLost, connection.failure?.isAboutTheSession != true else {
            return false
        }
        guard inOneState, hasBegun else { return true }
        do throws(PostgresFailure) {
            try connection.send(WriterLock.rollBack)
            try connection.sendAll()
            return true
        } catch { return false }
    }
}
