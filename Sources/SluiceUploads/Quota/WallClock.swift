// The time of day, in the unit of the store's rows.

import Glibc

package enum WallClock {
    /// Microseconds since 1970, UTC.
    @Sendable package static func microseconds() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000
    }
}
