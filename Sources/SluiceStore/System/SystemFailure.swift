// Failures of the store's own work. What an `errno` means is told in SluiceModel.

import Glibc
import SluiceModel

extension SluiceError {
    private static let store = FailurePlace(code: "store", name: "the store", again: "then send the attachment again")

    /// - Parameters:
    ///   - call: the system call that failed.
    ///   - number: its `errno`.
    ///   - what: a sentence that says what we were doing.
    static func system(
        _ call: StaticString, _ number: CInt, _ what: String, file: StaticString = #fileID, line: UInt = #line
    ) -> SluiceError {
        system(call, number, what, at: store, file: file, line: line)
    }

    static func noSpace(
        _ what: String, cause: String, file: StaticString = #fileID, line: UInt = #line
    ) -> SluiceError {
        noSpace(what, cause: cause, at: store, file: file, line: line)
    }

    static func inputOutput(
        _ what: String, cause: String, file: StaticString = #fileID, line: UInt = #line
    ) -> SluiceError {
        inputOutput(what, cause: cause, at: store, file: file, line: line)
    }

    static func storeInternal(
        _ what: String, cause: String, file: StaticString = #fileID, line: UInt = #line
    ) -> SluiceError {
        SluiceError(
            "store.internal", what: what, why: "This is a defect in Sluice.",
            mend: "Report it with the log line.", cause: cause, file: file, line: line)
    }
}
