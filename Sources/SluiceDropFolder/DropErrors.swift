// Failures of the drop folder itself. What is wrong with a file's content is a finding of the pipeline. What an `errno` means stands in
// SluiceModel.

import Glibc
import SluiceModel

extension SluiceError {
    private static let dropFolder = FailurePlace(
        code: "drop", name: "the drop folder", again: "the file is tried again by itself")

    /// - Parameter number: the `errno` of `call`.
    static func drop(
        _ call: StaticString, _ number: CInt, _ what: String, file: StaticString = #fileID, line: UInt = #line
    ) -> SluiceError {
        guard number == EXDEV else { return system(call, number, what, at: dropFolder, file: file, line: line) }
        return SluiceError(
            "drop.other-disk", what: what, why: "It lies on another file system than the drop folder.",
            mend: "Keep in/, done/, rejected/, quarantined/ and failed/ on one file system, without mounts below.",
            cause: "\(call): \(String(cString: strerror(number)))", file: file, line: line)
    }

    static func noTicket(
        _ why: String, mend: String, file: StaticString = #fileID, line: UInt = #line
    ) -> SluiceError {
        SluiceError(
            "drop.no-ticket", what: "It is not known which ticket this file is for.", why: why, mend: mend, file: file,
            line: line)
    }

    static func badSidecar(_ why: String, file: StaticString = #fileID, line: UInt = #line) -> SluiceError {
        SluiceError(
            "drop.bad-sidecar", what: "The sidecar of this file cannot be used.", why: why,
            mend:
                "Write it as {\"ticket\":\"T-17\",\"category\":\"Log File\",\"comment\":\"…\",\"submitter\":\"…\"}, every key "
                + "optional, then run sluice watch --retry-failed.",
            file: file, line: line)
    }
}
