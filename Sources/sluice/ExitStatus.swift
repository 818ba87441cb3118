// The exit statuses of the program (Contract, command line).

import SluiceModel

enum ExitStatus: Int32 {
    /// Everything is accepted, or was on the ticket already.
    case success = 0
    /// Something was rejected or quarantined. For `verify`: something does not agree.
    case refused = 1
    /// The command line or the policy file is wrong.
    case usage = 2
    /// Something failed on our side and can be tried again.
    case failed = 3
    case interrupted = 130

    /// The status of a command that ended with this error.
    init(_ error: any Error) {
        let definition =
            switch error {
            case let error as SluiceError: error.definition
            case let error as UsageError: error.definition
            default: ErrorDefinition.internal
            }
        self = definition.exitStatus.flatMap { ExitStatus(rawValue: $0) } ?? .failed
    }

    /// The status of a run with these outcomes.
    /// - Parameter refused: how many were rejected or quarantined, now or when the same file came before.
    init(_ counts: [Outcome: Int], refused: Int, interrupted: Bool) {
        if interrupted {
            self = .interrupted
        } else if counts[.failed, default: 0] > 0 {
            self = .failed
        } else if refused > 0 {
            self = .refused
        } else {
            self = .success
        }
    }
}
