// Failures of the store's own work. What an `errno` means is told in SluiceModel.

import Glibc
import SluiceModel

extension SluiceError {
    private static let store = FailurePlace(code: "store", name: "the store", again: "then send the attachment again")

    /// - Parameters:
    ///   - call: the system call that failed.
    ///   - number: its `errno`.
    ///   - what: a sentence that says what we were doing.
    static func system(_ call: StaticString, _ number: CInt, _ what: String) -> SluiceError {
        system(call, number, what, at: store)
    }

    static func noSpace(_ what: String, cause: String) -> SluiceError { noSpace(what, cause: cause, at: store) }
    static func inputOutput(_ what: String, cause: String) -> SluiceError { inputOutput(what, cause: cause, at: store) }

    static func storeInternal(_ what: String, cause: String) -> SluiceError {
        SluiceError(
            "store.internal", what: what, why: "This is a defect in Sluice.",
            mend: "Report it with the log line.", cause: cause)
    }
}
