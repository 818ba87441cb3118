// The one place where an `errno` becomes an error of ours. The kind of error is the same for every disk; the words name the disk.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Whose disk a failed call was about.
package struct FailurePlace: Sendable {
    /// The first part of the error's code.
    let code: String
    /// In the middle of a sentence.
    let name: String
    /// What comes after the cause was removed, as the second half of a sentence.
    let again: String

    package init(code: String, name: String, again: String) { (self.code, self.name, self.again) = (code, name, again) }
}

extension SluiceError {
    /// - Parameters:
    ///   - call: the system call that failed.
    ///   - number: its `errno`.
    ///   - what: a sentence that says what we were doing.
    package static func system(
        _ call: StaticString, _ number: CInt, _ what: String, at place: FailurePlace, file: StaticString = #fileID,
        line: UInt = #line
    ) -> SluiceError {
        let cause = "\(call): \(String(cString: strerror(number)))"
        switch number {
        case ENOSPC, EDQUOT: return noSpace(what, cause: cause, at: place, file: file, line: line)
        case EACCES, EPERM, EROFS:
            return SluiceError(
                "\(place.code).not-permitted", what: what,
                why: "\(place.name.capitalizedFirst) may not be read or written by this user.",
                mend: "Give the user who runs Sluice all rights on \(place.name).", cause: cause, file: file, line: line
            )
        case EMFILE, ENFILE, ENOMEM:
            return SluiceError(
                "\(place.code).busy", what: what, why: "Too many files are open, or memory is short.",
                mend: "Try again in a moment; if it stays, raise the limit of open files.", cause: cause, file: file,
                line: line)
        default: return inputOutput(what, cause: cause, at: place, file: file, line: line)
        }
    }

    package static func noSpace(
        _ what: String, cause: String, at place: FailurePlace, file: StaticString = #fileID, line: UInt = #line
    ) -> SluiceError {
        SluiceError(
            "\(place.code).no-space", what: what, why: "The disk that holds \(place.name) is full.",
            mend: "Free space on it; \(place.again).", cause: cause, file: file, line: line)
    }

    package static func inputOutput(
        _ what: String, cause: String, at place: FailurePlace, file: StaticString = #fileID, line: UInt = #line
    ) -> SluiceError {
        SluiceError(
            "\(place.code).io", what: what,
            why: "The disk that holds \(place.name) did not do what it was asked.",
            mend: "Look at the system log for disk errors if it stays; \(place.again).", cause: cause, file: file,
            line: line)
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
