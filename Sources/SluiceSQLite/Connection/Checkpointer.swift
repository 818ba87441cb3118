// Moves committed pages from the write-ahead log into the database file, on a thread and a connection of its own: SQLite would do it inside a commit, and
// every sender in that commit would wait for it.

import CSQLite
import SluiceSystem

/// Keeps the log of one database short while it is written.
final class Checkpointer: Sendable {
    /// Pages of the log from which it is worth a turn (SQLite's own default).
    private static let worthwhile = 1000
    /// From here on the writer waits until the whole log has been moved, or the log would grow without bound under an unbroken load (chosen: 64 MiB).
    private static let tooLong = 16_384

    private let wanted = WorkQueue<Void>(most: 1)
    private let thread: BlockingThread

    init(_ connect: @escaping @Sendable () throws(SQLiteFailure) -> SQLiteConnection) {
        thread = BlockingThread { [wanted] in
            var connection: SQLiteConnection?
            while !wanted.take(atMost: 1).isEmpty {
                if connection == nil { connection = try? connect() }
                // Where it fails, the log is longer for a while: the next turn tries again.
                connection?.checkpoint(SQLITE_CHECKPOINT_PASSIVE)
            }
        }
    }

    /// After each commit, on the writer's thread.
    func noteCommit(_ writer: SQLiteConnection) {
        if writer.logPages >= Self.tooLong {
            writer.checkpoint(SQLITE_CHECKPOINT_TRUNCATE)
        } else if writer.logPages >= Self.worthwhile {
            _ = wanted.add(())
        }
    }

    func close() {
        wanted.close()
        thread.join()
    }
}
