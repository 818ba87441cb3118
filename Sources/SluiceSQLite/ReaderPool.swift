// Connections that read. Several threads read at the same time, each on a connection of its own; in the write-ahead log a reader never waits for a writer.

import SluiceModel
import SluiceSystem

/// A few connections, each used by one thread at a time and opened when it is needed.
final class ReaderPool: Sendable {
    /// Beyond this a reader waits for another one (chosen: reads are short, and each connection holds up to 4 MiB of pages and three descriptors).
    static let most = 4

    private struct State {
        var idle: [SQLiteConnection] = []
        var open = 0
        var isClosed = false
    }

    private let lock = ConditionLock()
    // guarded by: lock
    private nonisolated(unsafe) var state = State()
    private let connect: @Sendable () throws(SQLiteFailure) -> SQLiteConnection

    init(_ connect: @escaping @Sendable () throws(SQLiteFailure) -> SQLiteConnection) { self.connect = connect }

    /// Runs `body` on one state of the database.
    func read<Answer>(
        _ what: String, _ body: (SQLiteConnection) throws(SluiceError) -> Answer
    ) throws(SluiceError) -> Answer {
        let connection: SQLiteConnection
        do throws(SQLiteFailure) { connection = try take() } catch { throw error.error(what) }
        connection.begin(what)
        do throws(SluiceError) {
            do throws(SQLiteFailure) { try connection.execute("BEGIN") } catch { throw error.error(what) }
            let answer = try body(connection)
            do throws(SQLiteFailure) { try connection.execute("COMMIT") } catch { throw error.error(what) }
            giveBack(connection)
            return answer
        } catch {
            // Its view of the file may be wrong now: the next reader opens another one.
            drop()
            throw error
        }
    }

    /// No connection is open afterwards but those in use.
    func close() {
        lock.locked {
            state.open -= state.idle.count
            state.idle = []
            state.isClosed = true
        }
    }

    private func take() throws(SQLiteFailure) -> SQLiteConnection {
        let idle: SQLiteConnection? = lock.locked {
            while true {
                if let connection = state.idle.popLast() { return connection }
                if state.open < Self.most {
                    state.open += 1
                    return nil
                }
                lock.wait()
            }
        }
        if let idle { return idle }
        do throws(SQLiteFailure) { return try connect() } catch {
            drop()
            throw error
        }
    }

    private func giveBack(_ connection: SQLiteConnection) {
        lock.locked {
            if state.isClosed { state.open -= 1 } else { state.idle.append(connection) }
            lock.wakeOne()
        }
    }

    private func drop() {
        lock.locked {
            state.open -= 1
            lock.wakeOne()
        }
    }
}
