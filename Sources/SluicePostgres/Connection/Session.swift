// How each connection is set up before it is used: limits of time, and what "committed" has to mean.

import SluiceModel

/// What a session is for.
enum SessionPurpose {
    case writing(lockTimeout: Duration)
    case reading
    case leases
    case migrating

    /// How long a transaction of this session may stand still before the server ends it: a node that vanished must not hold the writer's lock. A reader holds nothing
    /// that others wait for.
    private var idleLimit: Duration {
        switch self {
        case .reading: .seconds(120)
        default: .seconds(10)
        }
    }

    private var lockLimit: Duration {
        switch self {
        case .writing(let timeout): timeout
        default: .seconds(10)
        }
    }

    private var statementLimit: Duration {
        switch self {
        // A step of the schema may rewrite a large table, and a second node waits for it.
        case .migrating: .seconds(600)
        default: PostgresLink.statementTimeout
        }
    }

    var settings: String {
        func milliseconds(_ duration: Duration) -> Int64 { Int64(duration / .milliseconds(1)) }
        var text = """
            SET statement_timeout = \(milliseconds(statementLimit)); SET lock_timeout = \(milliseconds(lockLimit));
            SET idle_in_transaction_session_timeout = \(milliseconds(idleLimit));
            """
        switch self {
        // A lease that a crash of the server takes back harms nothing.
        case .leases: text += "SET synchronous_commit = off;"
        case .writing:
            // What is acknowledged is on the server's disk, whatever the server's own setting is. A stronger one stays.
            text += """
                SELECT set_config('synchronous_commit', 'on', false)
                WHERE current_setting('synchronous_commit') IN ('off', 'local');
                """
        case .reading, .migrating: break
        }
        return text
    }
}

extension PostgresConnection {
    /// Opens a connection for one purpose.
    static func open(
        _ address: PostgresAddress, for purpose: SessionPurpose, guesses: EmptyAnswers? = nil
    ) throws(PostgresFailure) -> PostgresConnection {
        let link = try PostgresLink(address)
        try link.execute(purpose.settings)
        return PostgresConnection(link, guesses: guesses)
    }
}
