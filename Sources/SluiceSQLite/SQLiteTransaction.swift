// One transaction over several units of work, and what is left of it when something fails.

import SluiceModel
import SluiceStorage

/// Runs units on one connection. Between `begin` and the end of `commit` or of a failure a transaction is open.
struct SQLiteTransaction {
    private let connection: SQLiteConnection
    private let what: String

    /// - Parameter what: what to say when the transaction itself fails.
    init(_ connection: SQLiteConnection, what: String) {
        self.connection = connection
        self.what = what
    }

    func begin() throws(CommitFailure) { try execute("BEGIN IMMEDIATE") }

    /// Runs each unit, one after the other.
    /// - Returns: false where a unit has failed by itself. Then nothing is open any more.
    func runPlainly(_ units: [any CommitUnit]) throws(CommitFailure) -> Bool {
        for unit in units {
            do throws(SluiceError) { try run(unit) } catch {
                rollBack()
                if let failure = connection.failure, !failure.isAboutOneUnit { throw CommitFailure(error) }
                return false
            }
        }
        return true
    }

    /// Runs each unit in a savepoint. A unit that fails by itself is told, and the others go on.
    func runInSavepoints(_ units: [any CommitUnit]) throws(CommitFailure) {
        for unit in units {
            try execute("SAVEPOINT unit")
            do throws(SluiceError) { try run(unit) } catch {
                if let failure = connection.failure, !failure.isAboutOneUnit {
                    rollBack()
                    throw CommitFailure(error)
                }
                unit.fail(error)
                try execute("ROLLBACK TO unit")
            }
            try execute("RELEASE unit")
        }
    }

    func commit() throws(CommitFailure) {
        do throws(SQLiteFailure) { try connection.execute("COMMIT") } catch {
            rollBack()
            connection.note(error)
            throw CommitFailure(error.error(what), isUndecided: error.leavesCommitUndecided)
        }
    }

    private func run(_ unit: any CommitUnit) throws(SluiceError) {
        connection.begin(unit.what)
        try unit.run(SQLUnitOfWork(connection))
    }

    /// Some failures have rolled back by themselves (sqlite.org/lang_transaction.html): then this one fails, harmlessly.
    private func rollBack() { try? connection.execute("ROLLBACK") }

    private func execute(_ sql: String) throws(CommitFailure) {
        do throws(SQLiteFailure) { try connection.execute(sql) } catch {
            rollBack()
            connection.note(error)
            throw CommitFailure(error.error(what))
        }
    }
}
