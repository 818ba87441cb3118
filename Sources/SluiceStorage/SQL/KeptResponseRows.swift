// Answers by idempotency key.

public import SluiceModel

extension SQLReader {
    public func answer(to key: String, of caller: String) throws(SluiceError) -> KeptResponse? {
        try query { (connection) throws(SluiceError) in
            try connection.all(
                "SELECT request, status, headers, body, given_at FROM kept_answer WHERE caller = ?1 AND key = ?2",
                [.text(caller), .text(key)]
            ) { (row) throws(SluiceError) in
                Digest(row.bytes(0)).map {
                    KeptResponse(
                        request: $0, status: Int(row.integer(1)),
                        headers: row.text(2).split(separator: "\n").map(String.init), body: row.optionalText(3),
                        givenAt: row.integer(4))
                }
            }.first
        }
    }
}

extension SQLUnitOfWork {
    public func keep(_ answer: KeptResponse, to key: String, of caller: String) throws(SluiceError) {
        try connection.run(
            """
            INSERT INTO kept_answer (caller, key, request, status, headers, body, given_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (caller, key) DO NOTHING
            """,
            [
                .text(caller), .text(key), .bytes(answer.request.bytes), .integer(answer.status),
                .text(answer.headers.joined(separator: "\n")), .text(answer.body), .integer(answer.givenAt),
            ])
    }

    public func forgetAnswers(before time: Int64) throws(SluiceError) {
        try connection.run("DELETE FROM kept_answer WHERE given_at < ?1", [.integer(time)])
    }
}
