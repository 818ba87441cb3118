// A database engine, as the storage rules see it: units of work go in, readers come out.

public import SluiceModel

/// One unit of work on its way through a commit. It is used by one thread at a time.
public protocol CommitUnit: AnyObject, Sendable {
    /// What to say when the database fails, such as "The token cannot be recorded."
    var what: String { get }
    /// Does the work and keeps its answer. It may be run again; then the answer of the last run holds.
    func run(_ work: any UnitOfWork) throws(SluiceError)
    /// The work itself has failed, and nothing of it is written.
    func fail(_ error: SluiceError)
}

/// A transaction was not completed.
public struct CommitFailure: Error, Sendable {
    public var error: SluiceError
    /// The failure came while the commit was under way, so that the rows may turn out to be there.
    public var isUndecided: Bool

    public init(_ error: SluiceError, isUndecided: Bool = false) {
        self.error = error
        self.isUndecided = isUndecided
    }
}

/// Rows in a database. Every call blocks and may come from any thread.
public protocol Database: Sendable {
    /// Writes all units in one transaction and returns when they are durable. A unit that fails by itself is told so and leaves no row; the others
    /// are written.
    func commit(_ units: [any CommitUnit]) throws(CommitFailure)

    /// Answers each question by itself, from what is committed at that moment.
    var reader: any StoreReader & Sendable { get }
    /// Runs `body` on one state of the rows.
    func read<Answer>(_ body: (any StoreReader) throws(SluiceError) -> Answer) throws(SluiceError) -> Answer

    /// Whether all who use this database run on one machine, so that locks of its file systems hold among them.
    var isOfOneMachine: Bool { get }
    /// Rights among all nodes that use this database.
    var leases: any Leases { get }

    /// The database's own proof of its structure.
    /// - Returns: one line for each thing that is wrong.
    func checkIntegrity() throws(SluiceError) -> [String]
    /// Rows were written with numbers of their own; the numbers that the database gives from now on are above them.
    func continueNumbers() throws(SluiceError)
    /// The file or server, for messages.
    var name: String { get }
    /// Closes what is open; the last call.
    func close()
}

extension Database {
    /// For engines that look at the rows for the next number.
    public func continueNumbers() throws(SluiceError) {}

    public var isOfOneMachine: Bool { false }
}
