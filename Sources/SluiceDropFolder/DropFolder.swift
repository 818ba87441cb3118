// The drop folder as a whole: its options, its reports, and the call that watches it. The loop (WatchLoop.swift) decides on one thread;
// everything slow is done on other threads.

import CDropFolder
import Glibc
public import SluiceModel
public import SluicePipeline
import SluiceSystem

/// How a drop folder is watched.
public struct DropFolderOptions: Sendable {
    /// A file counts as complete when nothing has happened to it for this long.
    public var settleTime = Duration.seconds(2)
    /// The pause between two rescans, which find what no event told.
    public var rescanPause = Duration.seconds(30)
    /// Set for NFS and SMB, where inotify is silent and leases are wrong: neither is used, and everything is looked at this often.
    public var polling: Duration?
    /// Take the files that are there, then end.
    public var once = false
    /// Also try failed files again whose failure does not pass by itself.
    public var retriesAllFailed = false
    /// How long a failure that can pass is tried again before the file goes to `failed/`.
    public var patience = Duration.seconds(300)
    /// How long files stay in `done/`; `nil` means for ever.
    public var keepDone: Duration?
    /// Names that are ignored besides the usual leftovers. By default hidden files: a name that begins with a dot is not meant for
    /// anybody.
    public var ignored = LeftoverNames([".*"])
    /// Events read at once; more count as an overflow.
    public var eventQueue = 16_384
    public var defaultTicket: TicketID?
    /// Files read and inspected at the same time, as `DescriptorBudget.jobs` gives it.
    public var jobs: Int
    /// Make the folder where there is none.
    public var creates = false

    public init(jobs: Int) { self.jobs = jobs }
}

/// What the watcher reports. All calls come from one thread.
public struct DropFolderReport {
    /// A file has its outcome: its path in `in/`, the path where it lies now, the result, and the JSON object of the result (Contract,
    /// output).
    public var placed: (_ path: [UInt8], _ place: [UInt8], AttachmentResult, _ line: String) -> Void
    /// Called after each change, and at least once a second.
    public var status: (WatcherStatus) -> Void
    /// A sentence for the operator.
    public var remark: (String) -> Void
    public var isInterrupted: () -> Bool

    public init(
        placed: @escaping ([UInt8], [UInt8], AttachmentResult, String) -> Void,
        status: @escaping (WatcherStatus) -> Void,
        remark: @escaping (String) -> Void, isInterrupted: @escaping () -> Bool
    ) {
        (self.placed, self.status, self.remark, self.isInterrupted) = (placed, status, remark, isInterrupted)
    }
}

/// One watched folder.
public enum DropFolder {
    /// Watches until it is interrupted, or with `once` until nothing is left to do. Files under way are finished; files that wait are put
    /// back.
    /// - Throws: `drop.…` when the folder cannot be watched at all.
    public static func watch(
        _ path: [UInt8], through pipeline: Pipeline, _ options: DropFolderOptions, _ report: DropFolderReport
    ) async throws(SluiceError) -> WatcherStatus {
        drop_ignore_broken_leases()
        let loop = try WatchLoop(DropFolderTree(path, creating: options.creates), pipeline, options, report)
        return try await loop.run()
    }
}
