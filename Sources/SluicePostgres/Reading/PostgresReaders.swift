// Connections that read. Several threads read at the same time, each on a connection of its own.

import SluiceModel
import SluiceStorage
import SluiceSystem

/// A few connections, each used by one thread at a time and opened when it is needed.
final class PostgresReaders: Sendable {
    /// Beyond this a reader waits for another one (chosen: a server has 100 connections unless it is told otherwise, and reads are short).
    static let most = 8
    private static let reading = "The ticket store cannot be read."

    private struct State {
        var idle: [PostgresConnection] = []
        var open = 0
        var isClosed = false
        /// Of connections that are closed, or were given back.
        var roundTrips = 0
    }

    private let address: PostgresAddress
    private let lock = ConditionLock()
    // guarded by: lock
    private nonisolated(unsafe) var state = State()

    init(_ address: PostgresAddress) { self.address = address }

    /// - Parameter inOneState: all questions of `body` see one state of the database. Otherwise each is answered by itself, from what is committed.
    func read<Answer>(
        inOneState: Bool, _ body: (any SQLConnection) throws(SluiceError) -> Answer
    ) throws(SluiceError) -> Answer {
        let session = ReadingSession(inOneState: inOneState, what: Self.reading) {
            [self] (before) throws(PostgresFailure) in
            if let before { drop(before) }
            return try take()
        }
        do throws(SluiceError) {
            let answer = try body(session)
            end(session)
            return answer
        } catch {
            end(session)
            throw error
        }
    }

    /// No connection is open afterwards but those in use.
    func close() {
        lock.locked {
            state.open -= state.idle.count
            state.idle = []
            state.isClosed = true
            lock.wakeAll()
        }
    }

    var roundTrips: Int { lock.locked { state.roundTrips + state.idle.reduce(0) { $0 + $1.roundTrips } } }

    private func end(_ session: ReadingSession) {
        guard let connection = session.connection else { return }
        if session.end() { giveBack(connection) } else { drop(connection) }
    }

    /// A connection that the server has not closed meanwhile.
    private func take() throws(PostgresFailure) -> PostgresConnection {
        while true {
            let idle: PostgresConnection? = lock.locked {
                while true {
                    if let connection = state.idle.popLast() { return connection }
                    if state.open < Self.most || state.isClosed {
                        state.open += 1
                        return nil
                    }
                    lock.wait()
                }
            }
            guard let idle else { break }
            // The answer to the end of the last transaction is no news.
            if (try? idle.settle()) != nil, !idle.link.hasNews { return idle }
            drop(idle)
        }
        do throws(PostgresFailure) { return try .open(address, for: .reading) } catch {
            lock.locked {
                state.open -= 1
                lock.wakeOne()
            }
            throw error
        }
    }

    private func giveBack(_ connection: PostgresConnection) {
        lock.locked {
            if state.isClosed { state.open -= 1 } else { state.idle.append(connection) }
            lock.wakeOne()
        }
    }

    private func drop(_ connection: PostgresConnection) {
        lock.locked {
            state.open -= 1
            state.roundTrips += connection.roundTrips
            lock.wakeOne()
        }
    }
}
