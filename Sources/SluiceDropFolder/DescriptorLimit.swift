// How many files the process may have open: shells give 1 024 by habit, while the system allows many more to who asks.

import Glibc

enum DescriptorLimit {
    /// More than this gains nothing here (chosen).
    private static let enough: rlim_t = 16_384

    /// Asks for as many as the system allows, up to what is of use.
    /// - Returns: how many descriptors the process may have now.
    static func raise() -> Int {
        var limit = rlimit()
        let which = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(which, &limit) == 0 else { return 1024 }
        if limit.rlim_cur < enough {
            var wanted = limit
            wanted.rlim_cur = min(enough, limit.rlim_max)
            if setrlimit(which, &wanted) == 0 { limit = wanted }
        }
        return Int(clamping: limit.rlim_cur)
    }
}
