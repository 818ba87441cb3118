// Addresses of databases: what they say, what is refused, and that no message repeats a password.

import SluiceModel
import Testing

@testable import SluicePostgres

struct AddressTests {
    @Test(
        "An address says server, database, user and how far the server has to prove itself",
        arguments: [
            ("postgres://ann@/tickets?host=/run/postgresql", "/run/postgresql", 5432, "tickets", "ann", "prefer"),
            ("postgresql://db.example.org/tickets", "db.example.org", 5432, "tickets", nil, "verify-full"),
            (
                "postgres://db.example.org:6000/tickets?sslmode=require", "db.example.org", 6000, "tickets", nil,
                "require"
            ),
            ("postgres://a%40b@[::1]:7/t%2Fx", "::1", 7, "t/x", "a@b", "prefer"),
            ("postgres://127.0.0.1/t?sslmode=disable", "127.0.0.1", 5432, "t", nil, "disable"),
            ("postgres://127.db.example.org/t", "127.db.example.org", 5432, "t", nil, "verify-full"),
            ("postgres:///t?host=%2Ftmp&port=99", "/tmp", 99, "t", nil, "prefer"),
        ] as [(String, String, Int, String, String?, String)])
    func says(example: (text: String, host: String, port: Int, database: String, user: String?, tls: String)) throws {
        let address = try PostgresAddress(example.text)
        let host = try #require(address.hosts.first)
        #expect(address.hosts.count == 1)
        #expect((host.name, host.port) == (example.host, example.port))
        #expect((address.database, address.user) == (example.database, example.user))
        #expect(address.tls(for: host).rawValue == example.tls)
        #expect(address.weakerTLS.isEmpty == (example.tls != "require"))
    }

    @Test("Several servers keep their order, and files are passed on")
    func several() throws {
        let address = try PostgresAddress("postgres://a:1,b,[::2]:3/t?sslrootcert=/etc/ca.pem&passfile=/etc/pass")
        #expect(address.hosts.map(\.name) == ["a", "b", "::2"])
        #expect(address.hosts.map(\.port) == [1, 5432, 3])
        #expect(address.files == ["sslrootcert": "/etc/ca.pem", "passfile": "/etc/pass"])
        #expect(address.description == "t on a:1, b:5432, ::2:3")
    }

    @Test(
        "What cannot be meant is refused by name, and a password is never repeated",
        arguments: [
            ("postgres://ann:s3cret@db/t", "password"), ("postgres://db/t?password=s3cret", "password"),
            ("postgres://db/t?sslmod=require", "Did you mean sslmode?"), ("postgres://db/t?sslmode=s3cret", "sslmode"),
            ("postgres://db/", "no database"), ("postgres://db", "no database"), ("postgres:///t", "no server"),
            ("postgres://db:0/t", "port"), ("postgres://db:s3cret/t", "port"), ("postgres://db/t?port=5", "host"),
            ("postgres://db/t?host=/tmp", "twice"), ("postgres://db/t?sslmode=require&sslmode=prefer", "twice"),
            ("postgres://db/t%00", "cannot be read"), ("postgres://db/t%+1", "cannot be read"),
            ("postgres://db/t?sslmode", "no value"),
            ("mysql://db/t", "postgres://"), ("postgres://a,,b/t", "cannot be read"),
            ("postgres://db/a/b", "no database"),
        ])
    func refused(example: (text: String, word: String)) {
        let error = #expect(throws: SluiceError.self) { try PostgresAddress(example.text) }
        #expect(error?.code == "usage.command-line")
        #expect(error?.logLine.contains(example.word) == true)
        #expect(error?.logLine.contains("s3cret") == false)
    }
}
