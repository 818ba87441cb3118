// The lock under which rows are written, and the statements around a transaction.

/// One transaction writes at a time, among all nodes: then the rules that hold where a database has one writer hold here as well.
enum WriterLock {
    /// Advisory locks are numbers; this one is `Sluice` and 1.
    static let key: Int64 = 0x536C_7569_6365_0001
    /// The same for nodes that prepare the tables.
    static let migrationKey: Int64 = 0x536C_7569_6365_0002

    static let begin = StatementText(text: "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
    static let take = StatementText(text: "SELECT pg_advisory_xact_lock(?1)")
    static let commit = StatementText(text: "COMMIT")
    static let rollBack = StatementText(text: "ROLLBACK")
}
