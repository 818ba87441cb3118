// The ticket store in PostgreSQL: which connection serves what, and what is done after a failure. The rows themselves are SluiceStorage's, which speaks SQL.

import Glibc
public import SluiceModel
public import SluiceStorage
import SluiceSystem

/// Rows in one PostgreSQL database, which other nodes may use at the same time. One connection writes, a few read, one holds leases.
public final class PostgresDatabase: Database {
    /// How often the same units are run again: after deadlocks and lost connections (chosen: a server that restarts answers within two).
    private static let mostRuns = 5
    /// How long the outcome of a lost commit is asked for (chosen: a restart takes a few seconds; senders wait meanwhile).
    private static let patienceForOutcome: Duration = .seconds(10)
    private static let writing = "The ticket store's database cannot be written."

    private let address: PostgresAddress
    private let patience: Duration
    /// Keeps a second thread out of a transaction.
    private let lock = ConditionLock()
    /// Opened anew after it was lost.
    // guarded by: lock
    private nonisolated(unsafe) var writer: Writer?
    // guarded by: lock
    private nonisolated(unsafe) let guesses = EmptyAnswers()
    private let readers: PostgresReaders
    private let postgresLeases: PostgresLeases
    public let name: String

    /// Opens the database and brings its tables to the newest schema.
    /// - Parameters:
    ///   - patience: how long to wait for other nodes that write.
    ///   - creating: makes the tables where there are none. The database itself has to be there.
    /// - Throws: `store.unavailable`, `store.missing`, `store.newer-schema`, `store.foreign-database`, `store.not-permitted`, `store.no-space`, `store.busy`.
    public init(_ address: PostgresAddress, patience: Duration, creating: Bool = true) throws(SluiceError) {
        self.address = address
        self.patience = patience
        name = "the database \(address)"
        readers = PostgresReaders(address)
        postgresLeases = PostgresLeases(address)
        let opening = "The ticket store's database cannot be opened."
        let connection: PostgresConnection
        do throws(PostgresFailure) { connection = try .open(address, for: .migrating) } catch {
            throw error.error(opening)
        }
        try PostgresMigrations.apply(to: connection, creating: creating)
    }

    public var leases: any Leases { postgresLeases }

    // MARK: Writing

    public func commit(_ units: [any CommitUnit]) throws(CommitFailure) {
        let result: Result<Void, CommitFailure> = lock.locked {
            do throws(CommitFailure) { return .success(try commitLocked(units)) } catch { return .failure(error) }
        }
        try result.get()
    }

    private func commitLocked(_ units: [any CommitUnit]) throws(CommitFailure) {
        let what = units.first?.what ?? Self.writing
        var manner: Writer.Manner = .guessing
        var runs = 0
        while true {
            let writer: Writer
            do throws(PostgresFailure) { writer = try openWriter() } catch { throw CommitFailure(error.error(what)) }
            let failure: PostgresFailure
            switch writer.run(units, manner) {
            case .committed: return
            case .wrongGuess:
                manner = .waiting
                continue
            case .unitFailed:
                manner = .inSavepoints
                continue
            case .failed(let failed, let isLost):
                if isLost { self.writer = nil }
                guard isLost || failed.isWorthAnotherRun else { throw CommitFailure(failed.error(what)) }
                failure = failed
            case .undecided(let failed):
                self.writer = nil
                switch outcome(of: writer.mark) {
                case true?: return
                case false?: failure = failed
                case nil: throw CommitFailure(failed.error(what), isUndecided: true)
                }
            }
            runs += 1
            if runs == Self.mostRuns { throw CommitFailure(failure.error(what)) }
            Self.pause(runs)
        }
    }

    private func openWriter() throws(PostgresFailure) -> Writer {
        if let writer, !writer.isStale { return writer }
        writer = nil
        let opened = try Writer(address, lockTimeout: patience, guesses: guesses)
        writer = opened
        return opened
    }

    /// - Returns: `nil` where no server can tell.
    private func outcome(of mark: CommitMark) -> Bool? {
        let deadline = ContinuousClock.now.advanced(by: Self.patienceForOutcome)
        var tries = 0
        repeat {
            tries += 1
            do throws(PostgresFailure) {
                return try mark.isCommitted(.open(address, for: .writing(lockTimeout: Self.patienceForOutcome)))
            } catch { Self.pause(tries) }
        } while ContinuousClock.now < deadline
        return nil
    }

    /// Doubles from 10 ms to 640 ms, and differs between nodes that met each other.
    private static func pause(_ tries: Int) {
        let most = UInt32(10_000) << UInt32(min(tries, 6))
        usleep(UInt32.random(in: most / 2...most))
    }

    // MARK: Reading

    public var reader: any StoreReader & Sendable { PooledReader(readers: readers) }

    public func read<Answer>(
        _ body: (any StoreReader) throws(SluiceError) -> Answer
    ) throws(SluiceError) -> Answer {
        try readers.read(inOneState: true) { (connection) throws(SluiceError) in try body(SQLSnapshot(connection)) }
    }

    /// Answers each question on a connection from the pool.
    private struct PooledReader: SQLReader, Sendable {
        let readers: PostgresReaders

        func query<Answer>(_ body: (any SQLConnection) throws(SluiceError) -> Answer) throws(SluiceError) -> Answer {
            try readers.read(inOneState: false, body)
        }
    }

    public func checkIntegrity() throws(SluiceError) -> [String] {
        try readers.read(inOneState: true) { (connection) throws(SluiceError) in
            try PostgresIntegrity.check(connection)
        }
    }

    /// Sequences do not look at the rows, so they are told.
    public func continueNumbers() throws(SluiceError) {
        do throws(PostgresFailure) {
            try PostgresConnection.open(address, for: .migrating).link.execute(PostgresMigration.continueNumbers)
        } catch { throw error.error(Self.writing) }
    }

    public func close() {
        readers.close()
        postgresLeases.close()
        lock.locked { writer = nil }
    }

    /// How often the connections of this process have waited for the server, for measurements: the one that writes, and those that read.
    package var roundTrips: (writing: Int, reading: Int) {
        (lock.locked { writer?.roundTrips ?? 0 }, readers.roundTrips)
    }
}
