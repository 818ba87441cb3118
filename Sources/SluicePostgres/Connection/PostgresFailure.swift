// What PostgreSQL or libpq says when something fails, and the one place where that becomes an error of ours.

import CPostgres
import SluiceModel
import SluiceStorage

/// A call to the server failed.
struct PostgresFailure: Error {
    enum Kind {
        /// The connection is gone, or the server did not answer in time.
        case lost
        /// The server refused a statement; the connection goes on.
        case refused
        /// A question that was sent ahead has another answer than was expected.
        case unexpectedAnswer
        /// A defect of ours.
        case misuse
    }

    let kind: Kind
    /// PostgreSQL's documentation, "PostgreSQL Error Codes"; empty where there is none.
    let state: String
    /// Never with values of rows in it.
    let message: String

    init(_ kind: Kind, _ message: String, state: String = "") {
        self.kind = kind
        self.state = state
        self.message = message
    }

    /// Only the primary message is kept: the detail of a failed constraint repeats values.
    init(_ result: OpaquePointer) {
        func field(_ name: Character) -> String {
            sluice_error_field(result, CChar(bitPattern: name.asciiValue!)).map { String(cString: $0) } ?? ""
        }
        let state = field("C")
        let severity = field("V")
        let isLast = severity == "FATAL" || severity == "PANIC" || state.hasPrefix("08") || state.isEmpty
        let constraint = field("n")
        self.init(
            isLast ? .lost : state == Self.unexpectedAnswer ? .unexpectedAnswer : .refused,
            field("M") + (constraint.isEmpty ? "" : " (\(constraint))"), state: state)
    }

    /// Raised by the schema's function `sluice_expect`.
    static let unexpectedAnswer = "SL001"
    /// Raised by the schema's function `sluice_fence`.
    static let fenced = "SL002"

    /// The failure lies in the values of one unit of work, not in the store: data exceptions, broken constraints, too large values.
    var isAboutOneUnit: Bool {
        kind == .refused && (state.hasPrefix("22") || state.hasPrefix("23") || state.hasPrefix("54"))
    }

    /// A deadlock or a serialization failure: the same units may succeed at once.
    var isWorthAnotherRun: Bool { kind == .refused && (state == "40001" || state == "40P01") }

    /// What the session has prepared is gone or does not fit any more, as after a failover behind a proxy. A new connection knows nothing wrong.
    var isAboutTheSession: Bool {
        kind == .lost || (kind == .refused && ["26000", "42P05", "0A000", "25006", Self.fenced].contains(state))
    }

    func error(_ what: String) -> SluiceError {
        let cause = state.isEmpty ? "PostgreSQL: \(message)" : "PostgreSQL \(state): \(message)"
        switch (state, state.prefix(2)) {
        case ("53100", _): return .noSpace(what, cause: cause)
        case ("53200", _):
            return SluiceError(
                "store.busy", what: what, why: "The database server is short of memory.",
                mend: "Try again in a moment; if it stays, give the server more memory.", cause: cause)
        case ("53300", _), ("55P03", _), (_, "40"):
            return SluiceError(
                "store.busy", what: what, why: "Others are using the ticket store's database.",
                mend: "Try again in a moment.", cause: cause)
        case (_, "28"), ("42501", _):
            return SluiceError(
                "store.not-permitted", what: what, why: "The database does not let this user in, or not write.",
                mend: "Check the user in the database's address, the password file and the rights of the user.",
                cause: cause)
        case ("3D000", _):
            return SluiceError(
                "store.missing", what: what, why: "There is no database of this name on the server.",
                mend: "Check the address, or make the database with createdb.", cause: cause)
        case (_, "XX") where state == "XX001" || state == "XX002":
            return SluiceError(
                "store.damaged", what: what, why: "The ticket store's database is damaged.",
                mend: "Run `sluice verify`; restore the database from a backup.", cause: cause)
        case ("58030", _): return .inputOutput(what, cause: cause)
        // Timeouts, a standby that may not be written, a server that starts or stops, and whatever cut the connection.
        case (_, "57"), ("25006", _), (_, "25"), (_, "08"): return .unavailable(what, "database", cause: cause)
        default:
            return kind == .lost ? .unavailable(what, "database", cause: cause) : .storeInternal(what, cause: cause)
        }
    }
}
