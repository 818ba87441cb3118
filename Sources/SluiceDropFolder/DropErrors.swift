// Failures of the drop folder itself. What is wrong with a file's content is a finding and comes from the pipeline.

import Glibc
import SluiceModel

extension SluiceError {
    /// - Parameter number: the `errno` of `call`.
    static func drop(_ call: StaticString, _ number: CInt, _ what: String) -> SluiceError {
        let cause = "\(call): \(String(cString: strerror(number)))"
        switch number {
        case ENOSPC, EDQUOT:
            return SluiceError(
                "drop.no-space", what: what, why: "The disk that holds the drop folder is full.",
                mend: "Free space on it; the file is tried again by itself.", cause: cause)
        case EACCES, EPERM, EROFS:
            return SluiceError(
                "drop.not-permitted", what: what, why: "The file system refuses it to this user.",
                mend: "Give the user who runs Sluice all rights on the drop folder.", cause: cause)
        case EXDEV:
            return SluiceError(
                "drop.other-disk", what: what, why: "It lies on another file system than the drop folder.",
                mend: "Keep in/, done/, rejected/, quarantined/ and failed/ on one file system, without mounts below.",
                cause: cause)
        default:
            return SluiceError(
                "drop.io", what: what, why: "The disk that holds the drop folder did not do what it was asked.",
                mend: "It is tried again; if it stays, look at the system log for disk errors.", cause: cause)
        }
    }

    static func noTicket(_ why: String, mend: String) -> SluiceError {
        SluiceError("drop.no-ticket", what: "It is not known which ticket this file is for.", why: why, mend: mend)
    }

    static func badSidecar(_ why: String) -> SluiceError {
        SluiceError(
            "drop.bad-sidecar", what: "The sidecar of this file cannot be used.", why: why,
            mend:
                "Write it as {\"ticket\":\"T-17\",\"category\":\"Log File\",\"comment\":\"…\",\"submitter\":\"…\"}, every key "
                + "optional, then run sluice watch --retry-failed.")
    }
}
