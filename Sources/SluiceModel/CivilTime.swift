// Days of the calendar and seconds since 1970, both ways. It stands in this room because the confined process needs it as well, and does without
// Foundation.

/// Times of the proleptic Gregorian calendar, UTC.
public enum CivilTime {
    /// `2024-03-04T10:11:12`; where the year is not known, `--03-04T10:11:12` (as XML Schema's gMonthDay writes it).
    /// - Parameter seconds: since 1970.
    public static func text(_ seconds: Int64, hasYear: Bool = true) -> String {
        let date = civil(seconds)
        let rest = seconds - date.midnight
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let year = hasYear ? "\(date.year)" : "-"
        return
            "\(year)-\(two(date.month))-\(two(date.day))T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))"
    }

    /// RFC 3339 with six digits of the second: `2024-03-04T10:11:12.123456Z`.
    /// - Parameter microseconds: since 1970.
    public static func moment(_ microseconds: Int64) -> String {
        let rest = String(1_000_000 + microseconds % 1_000_000).dropFirst()
        return text(microseconds / 1_000_000) + "." + rest + "Z"
    }

    /// The day that a second falls on, UTC; proleptic Gregorian (H. Hinnant, civil_from_days).
    package static func civil(_ seconds: Int64) -> (year: Int64, month: Int64, day: Int64, midnight: Int64) {
        let days = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let day = shifted - era * 146_097
        let year = (day - day / 1460 + day / 36524 - day / 146_096) / 365
        let dayOfYear = day - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        let calendarMonth = month < 10 ? month + 3 : month - 9
        return (
            year + era * 400 + (calendarMonth <= 2 ? 1 : 0), calendarMonth, dayOfYear - (153 * month + 2) / 5 + 1,
            days * 86400
        )
    }

    /// Seconds since 1970 at the beginning of a day, UTC (H. Hinnant, days_from_civil); for years from 1.
    package static func seconds(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return (shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + ofYear - 719_468) * 86400
    }
}

extension BundleCard {
    /// The card's times as text; without a year where its logs tell none.
    public func text(of seconds: Int64) -> String { CivilTime.text(seconds, hasYear: hasYear) }
}
