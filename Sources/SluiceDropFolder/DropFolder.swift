// The drop folder as a whole: what is asked of it, and its loop, which hears of files, waits until they have settled, claims them and hands them to
// the threads that take them in. The loop decides on one thread; everything slow is done on others.

import CDropFolder
import Glibc
public import SluiceModel
public import SluicePipeline
import SluiceSystem

/// How a drop folder is watched.
public struct DropFolderOptions: Sendable {
    /// How long nothing may happen to a file before it counts as complete.
    public var settleTime = Duration.seconds(2)
    /// Between two looks at everything, in case an event was lost.
    public var rescanPause = Duration.seconds(30)
    /// No inotify and no leases, which are silent or wrong over NFS and SMB; look at everything instead, this often.
    public var polling: Duration?
    /// Take what is there, then end.
    public var once = false
    /// Also try again what had failed for a reason that does not pass by itself.
    public var retriesAllFailed = false
    /// How long a failure that can pass is tried again before the file goes to `failed/`.
    public var patience = Duration.seconds(300)
    /// How long files stay in `done/`; `nil` means for ever.
    public var keepDone: Duration?
    /// Besides the usual leftovers, what a name with a dot hides is not meant for anybody.
    public var ignored = LeftoverNames([".*"])
    /// Events taken at once; more count as an overflow.
    public var eventQueue = 16_384
    public var defaultTicket: TicketID?
    /// Files read and inspected at the same time, as `DescriptorBudget.jobs` gives it.
    public var jobs: Int
    /// Make the folder where there is none.
    public var creates = false

    public init(jobs: Int) { self.jobs = jobs }
}

/// What the watcher tells. All calls come from one thread.
public struct DropFolderReport {
    /// A file has got its outcome. The path is that in `in/`; the second one is where it lies now; the line is the object of DESIGN §6.
    public var placed: (_ path: [UInt8], _ place: [UInt8], BatchResult, _ line: String) -> Void
    /// Called after each change, and at least once a second.
    public var standing: (Standing) -> Void
    /// Something an operator should know, in words.
    public var remark: (String) -> Void
    public var isInterrupted: () -> Bool

    public init(
        placed: @escaping ([UInt8], [UInt8], BatchResult, String) -> Void, standing: @escaping (Standing) -> Void,
        remark: @escaping (String) -> Void, isInterrupted: @escaping () -> Bool
    ) {
        (self.placed, self.standing, self.remark, self.isInterrupted) = (placed, standing, remark, isInterrupted)
    }
}

/// One watched folder.
public enum DropFolder {
    /// Watches until it is interrupted, or with `once` until nothing is left to do. What is under way is finished; what waits is put back.
    /// - Throws: `drop.…` when the folder cannot be watched at all.
    public static func watch(
        _ path: [UInt8], through pipeline: Pipeline, _ options: DropFolderOptions, _ report: DropFolderReport
    ) async throws(SluiceError) -> Standing {
        drop_ignore_broken_leases()
        let loop = try WatchLoop(Places(path, creating: options.creates), pipeline, options, report)
        return try await loop.run()
    }
}
