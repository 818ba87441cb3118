// Failures of the store's own work. What an `errno` means is said in SluiceModel.

package import SluiceModel
package import SluiceSystem

extension SluiceError {
    private static let store = FailurePlace(code: "store", name: "the store", again: "then send the attachment again")

    /// - Parameter what: a sentence that says what we were doing.
    package static func system(
        _ failure: SystemCallFailure, _ what: String, file: StaticString = #fileID, line: UInt = #line
    ) -> SluiceError {
        system(failure.call, failure.number, what, at: store, file: file, line: line)
    }

    package static func noSpace(
        _ what: String, cause: String, file: StaticString = #fileID, line: UInt = #line
    ) -> SluiceError {
        noSpace(what, cause: cause, at: store, file: file, line: line)
    }

    package static func inputOutput(
        _ what: String, cause: String, file: StaticString = #fileID, line: UInt = #line
    ) -> SluiceError {
        inputOutput(what, cause: cause, at: store, file: file, line: line)
    }

    /// A server that holds rows or bytes cannot be reached.
    package static func unavailable(
        _ what: String, _ engine: String, cause: String, file: StaticString = #fileID, line: UInt = #line
    ) -> SluiceError {
        SluiceError(
            "store.unavailable", what: what, why: "The \(engine) cannot be reached.", mend: "Try again in a moment.",
            cause: cause, file: file, line: line)
    }

    package static func storeInternal(
        _ what: String, cause: String, file: StaticString = #fileID, line: UInt = #line
    ) -> SluiceError {
        SluiceError(
            "store.internal", what: what, why: "This is a defect in Sluice.",
            mend: "Report it with the log line.", cause: cause, file: file, line: line)
    }
}

/// Makes a failed system call an error of the store.
/// - Parameter what: a sentence that says what we were doing.
package func storing<Value: ~Copyable>(
    _ what: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line,
    _ body: () throws(SystemCallFailure) -> Value
) throws(SluiceError) -> Value {
    do throws(SystemCallFailure) { return try body() } catch {
        throw .system(error, what(), file: file, line: line)
    }
}
