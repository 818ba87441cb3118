// The one place where an `errno` becomes an error of ours.

import Glibc
import SluiceModel

extension SluiceError {
    /// - Parameters:
    ///   - call: the system call that failed.
    ///   - number: its `errno`.
    ///   - what: a sentence that says what we were doing.
    static func system(_ call: StaticString, _ number: CInt, _ what: String) -> SluiceError {
        let cause = "\(call): \(String(cString: strerror(number)))"
        switch number {
        case ENOSPC, EDQUOT: return noSpace(what, cause: cause)
        case EACCES, EPERM, EROFS:
            return SluiceError(
                "store.not-permitted", what: what, why: "The store's folder may not be read or written by this user.",
                mend: "Give the user who runs Sluice all rights on the store's folder.", cause: cause)
        case EMFILE, ENFILE, ENOMEM:
            return SluiceError(
                "store.busy", what: what, why: "Too many files are open, or memory is short.",
                mend: "Try again in a moment; if it stays, raise the limit of open files.", cause: cause)
        default: return inputOutput(what, cause: cause)
        }
    }

    static func noSpace(_ what: String, cause: String) -> SluiceError {
        SluiceError(
            "store.no-space", what: what, why: "The disk that holds the store is full.",
            mend: "Free space on it and send the attachment again.", cause: cause)
    }

    static func inputOutput(_ what: String, cause: String) -> SluiceError {
        SluiceError(
            "store.io", what: what, why: "The disk that holds the store did not do what it was asked.",
            mend: "Send the attachment again; if it fails again, look at the system log for disk errors.", cause: cause)
    }

    static func storeInternal(_ what: String, cause: String) -> SluiceError {
        SluiceError(
            "store.internal", what: what, why: "This is a defect in Sluice.",
            mend: "Report it with the log line.", cause: cause)
    }
}
