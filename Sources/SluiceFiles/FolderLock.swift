// The lock that keeps `verify --mend` and removals away from a commit: shared by placements, exclusive for removals. A process that dies gives it back.

import CTimedLock
import Glibc
import SluiceModel
import SluiceStorage
import SluiceSystem

/// One hold on a folder's lock; it ends with this object. Each has an open file description of its own, so that holds of one process exclude each other as
/// those of several do (man 2 flock).
final class FolderLock: Sendable {
    enum Kind {
        case shared, exclusive

        fileprivate var operation: CInt { self == .shared ? LOCK_SH : LOCK_EX }
    }

    /// It is held for one commit or one removal; longer than this only by a process that is stopped (chosen).
    static let patience = Duration.seconds(30)

    private let descriptor: CInt

    /// Waits for the lock.
    /// - Throws: `store.busy` after `patience`.
    init(_ folder: CInt, _ kind: Kind, within patience: Duration = patience) throws(SluiceError) {
        let opened = try Self.opened(folder)
        let milliseconds = CInt(clamping: Int64(patience / .milliseconds(1)))
        if timed_flock(opened.number, kind.operation, milliseconds) != 0 {
            guard errno == EWOULDBLOCK else {
                throw .system(SystemCallFailure("flock"), "The store cannot be locked.")
            }
            throw SluiceError(
                "store.busy", what: "The store cannot be locked.",
                why: "Another program has held it for more than \(patience.components.seconds) s.",
                mend: "Look for a sluice that is stopped or hangs on this store; then try again.")
        }
        descriptor = opened.release()
    }

    /// - Returns: `nil` when somebody else holds it, or it cannot be had.
    init?(exclusiveNow folder: CInt) {
        guard let opened = try? Self.opened(folder) else { return nil }
        let number = opened.number
        guard retrying({ flock(number, LOCK_EX | LOCK_NB) }) == 0 else { return nil }
        descriptor = opened.release()
    }

    /// Closing the last descriptor of the description gives the lock back.
    deinit { close(descriptor) }

    private static func opened(_ folder: CInt) throws(SluiceError) -> OwnedDescriptor {
        try storing("The store cannot be locked.") { () throws(SystemCallFailure) in
            try OwnedDescriptor.openFolder(".", at: folder)
        }
    }
}
