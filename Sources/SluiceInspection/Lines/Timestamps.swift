// Dates and times of day as programs write them at the beginning of a log line, and anywhere in it.

/// What stands at one place of a line.
enum Timestamp {
    enum Kind { case none, date, time }

    /// Whether the line begins with a time, or only with a date, behind brackets, quotes, a priority or an escape sequence.
    static func leading(_ line: Span<UInt8>) -> Kind {
        var at = 0
        // At most a few decorations: "<134>1 ", "[", "*Mar", "\u{1B}[32m", "I0517".
        for _ in 0..<6 {
            guard let byte = line.byte(at) else { return .none }
            let kind = read(line, at)
            if kind != .none { return kind }
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "("), UInt8(ascii: "{"), UInt8(ascii: "\""), UInt8(ascii: "'"),
                UInt8(ascii: "*"),
                UInt8(ascii: "."), UInt8(ascii: "#"), 0x20, 0x09, UInt8(ascii: "|"), UInt8(ascii: "%"):
                at += 1
                while line.byte(at) == 0x20 || line.byte(at) == 0x09 { at += 1 }
                if at > 48 { return .none }
            case UInt8(ascii: "<"):
                // RFC 5424 §6.2.1: a priority of one to three digits, then perhaps a version.
                let end = digitsEnd(line, at + 1)
                guard end > at + 1, end <= at + 4, line.byte(end) == UInt8(ascii: ">") else { return .none }
                at = end + 1
                if line.byte(at) == UInt8(ascii: "1") && line.byte(at + 1) == 0x20 { at += 2 }
            case 0x1B:
                // ECMA-48 control sequence: parameters, then one final letter.
                at += 2
                while let next = line.byte(at), next < 0x40 { at += 1 }
                at += 1
            case UInt8(ascii: "I"), UInt8(ascii: "W"), UInt8(ascii: "E"), UInt8(ascii: "F"), UInt8(ascii: "D"):
                // glog: severity letter, month and day, then the time.
                guard digitsEnd(line, at + 1) == at + 5, line.byte(at + 5) == 0x20, isClock(line, at + 6) else {
                    return .none
                }
                return .time
            case UInt8(ascii: "@"):
                // TAI64N: @ and 24 hexadecimal digits beginning with 4.
                return line.byte(at + 1) == UInt8(ascii: "4") && hexEnd(line, at + 1) == at + 25 ? .time : .none
            default: return .none
            }
        }
        return .none
    }

    /// Whether a time of day with seconds, or seconds or milliseconds since 1970, stand in the first characters.
    static func anywhere(_ line: Span<UInt8>) -> Bool {
        let end = min(line.count, 256)
        var digits = 0
        var at = 0
        while at < end {
            let byte = line[at]
            at += 1
            if isDigit(byte) {
                digits += 1
                continue
            }
            // hh:mm:ss, seen from its first colon.
            if byte == UInt8(ascii: ":") && digits > 0 && at + 4 < line.count && line[at + 2] == UInt8(ascii: ":")
                && isTwoDigits(line, at)
                && isTwoDigits(line, at + 3) && !(line.byte(at + 5).map(isDigit) ?? false)
            {
                return true
            }
            // 1684329817.579, 1684329817579: from September 2001 to November 2033.
            if digits >= 10 && line[at - 1 - digits] == UInt8(ascii: "1") {
                if digits == 13 || (digits == 10 && (byte == UInt8(ascii: ".") || byte == UInt8(ascii: ")"))) {
                    return true
                }
            }
            digits = 0
        }
        return false
    }

    /// Two digits below 60.
    private static func isTwoDigits(_ line: Span<UInt8>, _ at: Int) -> Bool {
        line[at] &- 0x30 < 6 && isDigit(line[at + 1])
    }

    /// The kind of stamp that begins exactly at `at`.
    private static func read(_ line: Span<UInt8>, _ at: Int) -> Kind {
        guard let first = line.byte(at) else { return .none }
        if isDigit(first) { return readDigits(line, at) }
        guard isLetter(first) else { return .none }
        var cursor = at
        if let weekday = name(line, cursor, among: weekdays) {
            cursor = weekday
            if line.byte(cursor) == UInt8(ascii: ",") { cursor += 1 }
            cursor = skipBlanks(line, cursor)
            if let digit = line.byte(cursor), isDigit(digit) { return readDigits(line, cursor) }
        }
        // "Mar  4 10:11:12", "Mar 04 2024 10:11:12", "March 4, 2024"
        guard let month = name(line, cursor, among: months) else { return .none }
        cursor = skipBlanks(line, month)
        let day = digitsEnd(line, cursor)
        guard day > cursor, day <= cursor + 2 else { return .none }
        cursor = day
        if line.byte(cursor) == UInt8(ascii: ",") { cursor += 1 }
        cursor = skipBlanks(line, cursor)
        if isClock(line, cursor) { return .time }
        let year = digitsEnd(line, cursor)
        guard year == cursor + 4 else { return .none }
        cursor = skipBlanks(line, year)
        if line.byte(cursor) == UInt8(ascii: ":") || line.byte(cursor) == UInt8(ascii: ",") {
            cursor = skipBlanks(line, cursor + 1)
        }
        return isClock(line, cursor) ? .time : .date
    }

    private static func readDigits(_ line: Span<UInt8>, _ at: Int) -> Kind {
        let end = digitsEnd(line, at)
        let length = end - at
        let separator = line.byte(end) ?? 0
        switch length {
        case 1, 2:
            if isClock(line, at) { return .time }
            if separator == UInt8(ascii: "h") || separator == UInt8(ascii: ":") { return .none }
            return readDayFirst(line, end, separator)
        case 4:
            // Year first: 2024-03-04, 2024/3/4, 2024.03.04, 2024-Mar-04, 2024 Mar 04, 2024-064
            guard year(line, at) else { return .none }
            guard
                [UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: " "), UInt8(ascii: ":")]
                    .contains(separator)
            else { return .none }
            var cursor = end + 1
            if let month = name(line, cursor, among: months) {
                cursor = month
            } else {
                let month = digitsEnd(line, cursor)
                guard month > cursor, month <= cursor + 2 else { return .none }
                cursor = month
            }
            guard line.byte(cursor) == separator else { return .none }
            let day = digitsEnd(line, cursor + 1)
            guard day > cursor + 1, day <= cursor + 3 else { return .none }
            return afterDate(line, day)
        case 6:
            // MySQL: yymmdd hh:mm:ss
            return separator == 0x20 && isClock(line, skipBlanks(line, end)) ? .time : .none
        case 8:
            // yyyymmdd, then a time with or without colons
            guard year(line, at) else { return .none }
            if separator == UInt8(ascii: "T") || separator == 0x20 || separator == UInt8(ascii: "-")
                || separator == UInt8(ascii: "_")
            {
                let cursor = end + 1
                if isClock(line, cursor) { return .time }
                let clock = digitsEnd(line, cursor)
                if clock == cursor + 6 || clock == cursor + 9 { return .time }
            }
            return isFieldBehind(line, at) ? .time : .none
        case 10, 13, 16, 19:
            // Seconds, milliseconds, microseconds or nanoseconds since 1970, from 2001 on.
            guard line.byte(at) == UInt8(ascii: "1") else { return .none }
            return separator == UInt8(ascii: ".") || separator == 0x20 || separator == UInt8(ascii: ":")
                || separator == UInt8(ascii: "]")
                ? .time : .none
        case 14:
            return year(line, at) ? .time : .none
        default: break
        }
        // Seconds since a start: "[   12.345678]", "0.531: [GC"
        if separator == UInt8(ascii: "."), length <= 7 {
            let fraction = digitsEnd(line, end + 1)
            if (fraction == end + 4 || fraction == end + 7)
                && (line.byte(fraction) == UInt8(ascii: "]") || line.byte(fraction) == UInt8(ascii: ":"))
            {
                return .time
            }
        }
        return .none
    }

    /// `20240304<;>1011<;>`, `20240304,101112,`: a day as eight digits, and hours and minutes as a field of their own behind marks.
    private static func isFieldBehind(_ line: Span<UInt8>, _ at: Int) -> Bool {
        var clock = at + 8
        while let mark = line.byte(clock), mark > 0x20, mark < 0x80, !isLetter(mark), !isDigit(mark), clock < at + 11 {
            clock += 1
        }
        let end = digitsEnd(line, clock)
        guard clock > at + 8, end == clock + 4 || end == clock + 6 else { return false }
        return line[at + 4] <= 0x31 && line[at + 6] <= 0x33 && line[clock] <= 0x32 && line[clock + 2] <= 0x35
    }

    /// Day or month first: 04/03/2024, 4.3.24, 04-Mar-2024, 04Mar2024, 04 Mar 2024, 04 Mar 10:11:12, 03-04 10:11:12
    private static func readDayFirst(_ line: Span<UInt8>, _ end: Int, _ separator: UInt8) -> Kind {
        var cursor = end
        let hasSeparator = [UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: " ")].contains(
            separator)
        if hasSeparator { cursor += 1 }
        if let month = name(line, cursor, among: months) {
            cursor = month
            if let byte = line.byte(cursor), byte == separator || byte == 0x20 || byte == UInt8(ascii: ",") {
                cursor += 1
            }
            if isClock(line, cursor) { return .time }
        } else {
            // "12.345678]" is a clock since the start, not a date.
            if separator == UInt8(ascii: ".") {
                let fraction = digitsEnd(line, end + 1)
                if (fraction == end + 4 || fraction == end + 7),
                    line.byte(fraction) == UInt8(ascii: "]") || line.byte(fraction) == UInt8(ascii: ":")
                {
                    return .time
                }
            }
            guard hasSeparator, separator != 0x20 else { return .none }
            let month = digitsEnd(line, cursor)
            guard month > cursor, month <= cursor + 2 else { return .none }
            cursor = month
            if line.byte(cursor) == 0x20 && isClock(line, cursor + 1) { return .time }
            if line.byte(cursor) == UInt8(ascii: "-") && isClock(line, cursor + 1) { return .time }
            guard line.byte(cursor) == separator else { return .none }
            cursor += 1
        }
        let year = digitsEnd(line, cursor)
        guard year == cursor + 4 || year == cursor + 2 else { return .none }
        return afterDate(line, year)
    }

    private static func afterDate(_ line: Span<UInt8>, _ end: Int) -> Kind {
        var cursor = end
        while let byte = line.byte(cursor), cursor < end + 4,
            byte == 0x20 || byte == UInt8(ascii: "T") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":")
                || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "[") || byte == 0x09 || byte == UInt8(ascii: ";")
                || byte == UInt8(ascii: "]")
                || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "|")
                || byte == UInt8(ascii: ".")
        { cursor += 1 }
        if isClock(line, cursor) { return .time }
        // IIS and some others: hhmmss without colons behind T
        if line.byte(end) == UInt8(ascii: "T") && digitsEnd(line, end + 1) == end + 7 { return .time }
        guard let next = line.byte(end) else { return .date }
        return isDigit(next) || isLetter(next) ? .none : .date
    }

    /// `h:mm` or `hh:mm`, then `:ss` or `.`: the hour below 25, the minute below 60.
    static func isClock(_ line: Span<UInt8>, _ at: Int) -> Bool {
        let hour = digitsEnd(line, at)
        guard hour == at + 2 || hour == at + 1, let mark = line.byte(hour),
            mark == UInt8(ascii: ":") || mark == UInt8(ascii: "."),
            let tens = line.byte(hour + 1), (UInt8(ascii: "0")...UInt8(ascii: "5")).contains(tens),
            digitsEnd(line, hour + 1) == hour + 3
        else { return false }
        guard let next = line.byte(hour + 3) else { return mark == UInt8(ascii: ":") }
        if mark == UInt8(ascii: ".") && next != UInt8(ascii: ".") { return false }
        if next == mark { return digitsEnd(line, hour + 4) >= hour + 6 }
        return mark == UInt8(ascii: ":") && !isLetter(next)
    }

    private static func year(_ line: Span<UInt8>, _ at: Int) -> Bool {
        guard let century = line.byte(at), let decade = line.byte(at + 1) else { return false }
        return (century == UInt8(ascii: "1") && decade == UInt8(ascii: "9"))
            || (century == UInt8(ascii: "2") && decade <= UInt8(ascii: "1"))
    }

    static func digitsEnd(_ line: Span<UInt8>, _ at: Int) -> Int {
        var end = at
        while let byte = line.byte(end), isDigit(byte), end < at + 20 { end += 1 }
        return end
    }

    private static func hexEnd(_ line: Span<UInt8>, _ at: Int) -> Int {
        var end = at
        while let byte = line.byte(end), isDigit(byte) || (0x61...0x66).contains(byte | 0x20), end < at + 32 {
            end += 1
        }
        return end
    }

    private static func skipBlanks(_ line: Span<UInt8>, _ at: Int) -> Int {
        var end = at
        while line.byte(end) == 0x20 && end < at + 4 { end += 1 }
        return end
    }

    @inline(__always) static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    @inline(__always) static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    /// The first three letters, folded, as one number.
    private static func word(_ a: UInt8, _ b: UInt8, _ c: UInt8) -> UInt32 {
        UInt32(a | 0x20) << 16 | UInt32(b | 0x20) << 8 | UInt32(c | 0x20)
    }
    private static func words(_ names: StaticString) -> [UInt32] {
        let text = UnsafeBufferPointer(start: names.utf8Start, count: names.utf8CodeUnitCount)
        return stride(from: 0, to: text.count - 2, by: 3).map { word(text[$0], text[$0 + 1], text[$0 + 2]) }
    }
    private static let months = words("janfebmaraprmayjunjulaugsepoctnovdec")
    private static let weekdays = words("montuewedthufrisatsun")

    /// - Returns: the offset behind the name, which may be spelled out or end in a dot.
    private static func name(_ line: Span<UInt8>, _ at: Int, among names: [UInt32]) -> Int? {
        guard let a = line.byte(at), let b = line.byte(at + 1), let c = line.byte(at + 2), isLetter(a), isLetter(b),
            isLetter(c),
            names.contains(word(a, b, c))
        else { return nil }
        var end = at + 3
        while let byte = line.byte(end), isLetter(byte), end < at + 10 { end += 1 }
        if line.byte(end) == UInt8(ascii: ".") { end += 1 }
        return end
    }
}
