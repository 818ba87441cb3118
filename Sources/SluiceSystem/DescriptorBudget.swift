// How many files the process may have open, and how much may be under way at once with that. Every command and every door asks here; shells give
// 1 024 by habit, services often less, while the system allows many more to who asks.

import Glibc

/// Shares out the descriptors of this process.
public struct DescriptorBudget: Sendable {
    /// Open whatever is done: standard streams, the store's folders, database and its log twice, the inspectors' control socket and the one that is
    /// being started, a listing, events (counted: about 30; the rest is chosen).
    private static let always = 48
    /// While one file is read and inspected: itself, the spool's file twice while it is frozen, the read-only one, the sockets of a session that
    /// works and of one that waits, a folder.
    private static let perJob = 8
    /// Beyond this nothing gains.
    private static let mostFolders = 128

    /// RLIMIT_NOFILE as it is now.
    public let limit: Int

    /// For tests; programs call `raised`.
    public init(limit: Int) { self.limit = max(limit, 16) }

    /// Raises the limit to what the system allows this user.
    public static func raised() -> DescriptorBudget {
        var limit = rlimit()
        let which = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(which, &limit) == 0 else { return DescriptorBudget(limit: 256) }
        if limit.rlim_cur < limit.rlim_max {
            var wanted = limit
            wanted.rlim_cur = limit.rlim_max
            if setrlimit(which, &wanted) == 0 { limit = wanted }
        }
        return DescriptorBudget(limit: Int(clamping: limit.rlim_cur))
    }

    /// What is not needed in any case.
    private var free: Int { max(limit - Self.always, 8) }

    /// Files read and inspected at once: at most as many as are wanted, and never more than half of what is free goes to them.
    public func jobs(_ wanted: Int) -> Int { max(1, min(wanted, free / 2 / Self.perJob)) }

    /// Attachments under way, each with one descriptor on its received bytes until its commit: at most `perJob` for each job.
    /// - Parameter jobs: as `jobs` gave it.
    public func underWay(jobs: Int, perJob most: Int) -> Int {
        let (wanted, overflows) = jobs.multipliedReportingOverflow(by: most)
        let left = free - jobs * Self.perJob
        return max(1, min(overflows ? .max : wanted, left * 2 / 3))
    }

    /// Connections at once, each with its socket, what it receives and what it is sent.
    /// - Parameter jobs: as `jobs` gave it.
    public func connections(jobs: Int, atMost most: Int) -> Int { max(4, min(most, (free - jobs * Self.perJob) / 3)) }

    /// Folders kept open by one of `caches` caches.
    public func folders(caches: Int) -> Int { max(2, min(Self.mostFolders, free / 8 / max(caches, 1))) }
}
