// Leases as rows. The server's clock says when one has run out, so that the nodes' clocks may differ.

import SluiceModel
import SluiceStorage
import SluiceSystem

/// Leases among all nodes of one database. Each call is one statement on a connection of its own, which waits for no disk.
final class PostgresLeases: Leases {
    private static let asking = "The nodes of the ticket store cannot agree on who does it."

    private let address: PostgresAddress
    private let lock = ConditionLock()
    // guarded by: lock
    private nonisolated(unsafe) var connection: PostgresConnection?

    init(_ address: PostgresAddress) { self.address = address }

    func take(_ name: String, for duration: Duration) throws(SluiceError) -> Lease? {
        let number = try number(
            """
            INSERT INTO lease (name, number, until)
            VALUES (?1, nextval('lease_number'), clock_timestamp() + ?2 * interval '1 microsecond')
            ON CONFLICT (name) DO UPDATE SET number = excluded.number, until = excluded.until
            WHERE lease.until <= clock_timestamp()
            RETURNING number
            """, [.text(name), .integer(Self.microseconds(duration))])
        guard let number else { return nil }
        if number % Self.turn == 0 { try forget() }
        return Lease(name: name, number: number)
    }

    func extend(_ lease: Lease, for duration: Duration) throws(SluiceError) -> Bool {
        try number(
            """
            UPDATE lease SET until = clock_timestamp() + ?3 * interval '1 microsecond'
            WHERE name = ?1 AND number = ?2 RETURNING number
            """, [.text(lease.name), .integer(lease.number), .integer(Self.microseconds(duration))]) != nil
    }

    /// Where the server is away, the lease runs out by itself.
    func giveBack(_ lease: Lease) {
        _ = try? number(
            "DELETE FROM lease WHERE name = ?1 AND number = ?2 RETURNING number",
            [.text(lease.name), .integer(lease.number)])
    }

    func close() { lock.locked { connection = nil } }

    /// Now and then, rows of nodes that never gave back are removed (chosen: once in so many takings).
    private static let turn: Int64 = 1024

    private func forget() throws(SluiceError) {
        _ = try number("DELETE FROM lease WHERE until < clock_timestamp() - interval '1 hour' RETURNING number", [])
    }

    private static func microseconds(_ duration: Duration) -> Int64 { Int64(duration / .microseconds(1)) }

    /// The first column of the first row. A connection that the server has closed is opened anew.
    private func number(_ sql: String, _ values: [SQLValue]) throws(SluiceError) -> Int64? {
        let result: Result<Int64?, SluiceError> = lock.locked {
            do throws(SluiceError) { return .success(try numberLocked(sql, values)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private func numberLocked(_ sql: String, _ values: [SQLValue]) throws(SluiceError) -> Int64? {
        if connection?.link.hasNews == true { connection = nil }
        let open: PostgresConnection
        do throws(PostgresFailure) {
            open = if let connection { connection } else { try .open(address, for: .leases) }
        } catch { throw error.error(Self.asking) }
        connection = open
        open.begin(Self.asking)
        open.forgetFailure()
        do throws(SluiceError) {
            return try open.first(sql, values) { (row) throws(SluiceError) in row.integer(0) }
        } catch {
            if open.failure?.isAboutTheSession == true { connection = nil }
            throw error
        }
    }
}
