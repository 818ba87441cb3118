// The connection that writes, with its mark: one attempt to run units of work in one transaction, and what came of it.

import SluiceModel
import SluiceStorage

/// The one connection of this process that writes. Used under its owner's lock.
final class Writer {
    /// How units are run.
    enum Manner {
        /// What is likely to be empty is not waited for.
        case guessing
        /// Every answer is waited for.
        case waiting
        /// Besides, each unit in a savepoint, so that one can fail without the others.
        case inSavepoints
    }

    enum Outcome {
        case committed
        /// A guess was wrong. Nothing is written.
        case wrongGuess
        /// At least one unit cannot be written. Nothing is written.
        case unitFailed
        /// Nothing is written, and this connection is not to be used any more where `isLost`.
        case failed(PostgresFailure, isLost: Bool)
        /// The connection was lost after the commit was sent.
        case undecided(PostgresFailure)
    }

    private let connection: PostgresConnection
    private(set) var mark = CommitMark()
    /// A commit waits for a standby server.
    private let waitsForStandby: Bool

    /// Opens a connection and gives it a mark.
    init(
        _ address: PostgresAddress, lockTimeout: Duration, guesses: EmptyAnswers
    ) throws(PostgresFailure) {
        connection = try .open(address, for: .writing(lockTimeout: lockTimeout), guesses: guesses)
        let standbys = try connection.link.execute("SELECT current_setting('synchronous_standby_names')")
        waitsForStandby = standbys.first?.first?.isEmpty == false
        try connection.send(CommitMark.forget)
        try connection.send(CommitMark.insert, [.integer(mark.connection)])
        try connection.askForNumbers()
        try connection.finish()
    }

    var roundTrips: Int { connection.roundTrips }
    /// Whether the server has closed the connection meanwhile.
    var isStale: Bool { connection.link.hasNews }

    func run(_ units: [any CommitUnit], _ manner: Manner) -> Outcome {
        var isCommitSent = false
        do throws(PostgresFailure) {
            connection.begin(units.first?.what ?? "")
            connection.forgetFailure()
            if case .guessing = manner { connection.isGuessing = true } else { connection.isGuessing = false }
            try begin()
            if case .inSavepoints = manner {
                for unit in units { try runInSavepoint(unit) }
            } else {
                for unit in units {
                    let isDone = run(unit)
                    if let failure = connection.failure { throw failure }
                    if !isDone {
                        try rollBack()
                        return .unitFailed
                    }
                }
            }
            // A wait for a standby that is cut short would commit all the same, on this server alone.
            if waitsForStandby { try connection.send(Self.noTimeout) }
            try connection.send(WriterLock.commit, [], .committed)
            isCommitSent = true
            try connection.finish()
            return .committed
        } catch { return outcome(of: error, isCommitSent: isCommitSent) }
    }

    private func begin() throws(PostgresFailure) {
        try connection.send(WriterLock.begin)
        try connection.send(WriterLock.take, [.integer(WriterLock.key)])
        try connection.send(CommitMark.update, mark.next())
        if connection.numbers.isLow { try connection.askForNumbers() }
    }

    /// - Returns: whether the unit went through, as far as is known.
    private func run(_ unit: any CommitUnit) -> Bool {
        connection.begin(unit.what)
        do throws(SluiceError) {
            try unit.run(SQLUnitOfWork(connection))
            return true
        } catch { return false }
    }

    private func runInSavepoint(_ unit: any CommitUnit) throws(PostgresFailure) {
        try connection.send(Self.savepoint)
        connection.forgetFailure()
        connection.begin(unit.what)
        var failed: SluiceError?
        do throws(SluiceError) { try unit.run(SQLUnitOfWork(connection)) } catch { failed = error }
        if let failure = connection.failure, !failure.isAboutOneUnit { throw failure }
        // The unit's last statements may still fail.
        do throws(PostgresFailure) { try connection.finish() } catch {
            guard error.isAboutOneUnit else { throw error }
            failed = failed ?? error.error(unit.what)
        }
        if let failed {
            unit.fail(failed)
            try connection.send(Self.backToSavepoint)
        }
        try connection.send(Self.release)
    }

    private static let noTimeout = StatementText(text: "SET LOCAL statement_timeout = 0")
    private static let savepoint = StatementText(text: "SAVEPOINT unit")
    private static let backToSavepoint = StatementText(text: "ROLLBACK TO SAVEPOINT unit")
    private static let release = StatementText(text: "RELEASE SAVEPOINT unit")

    private func rollBack() throws(PostgresFailure) {
        // What was sent ahead may have failed; that is over now.
        do throws(PostgresFailure) { try connection.finish() } catch { if error.kind == .lost { throw error } }
        try connection.send(WriterLock.rollBack)
        try connection.finish()
    }

    private func outcome(of failure: PostgresFailure, isCommitSent: Bool) -> Outcome {
        if failure.kind == .lost || connection.link.isLost {
            return isCommitSent ? .undecided(failure) : .failed(failure, isLost: true)
        }
        do throws(PostgresFailure) { try rollBack() } catch { return .failed(failure, isLost: true) }
        if failure.kind == .unexpectedAnswer { return .wrongGuess }
        if failure.isAboutOneUnit { return .unitFailed }
        return .failed(failure, isLost: failure.isAboutTheSession || failure.kind == .misuse)
    }
}
