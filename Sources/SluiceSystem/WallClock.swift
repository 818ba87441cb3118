// The time of day, in the unit of the store's rows. Its place in the calendar is SluiceModel's.

import Glibc

/// The clock that tells the time of day. It may jump; durations are measured with `ContinuousClock`.
public enum WallClock {
    /// Microseconds since 1970, UTC.
    @Sendable public static func microseconds() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000
    }

    /// Seconds since 1970, UTC.
    public static func seconds() -> Int64 { microseconds() / 1_000_000 }
}
