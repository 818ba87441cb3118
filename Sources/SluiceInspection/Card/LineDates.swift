// The forms in which dates stand before a clock: read backwards from it, since the clock is what is found first.

import SluiceModel

enum LineDates {
    struct Date {
        var year: Int64?
        var month: Int64
        var day: Int64
        /// Where it begins in the line.
        var start: Int
    }

    /// Only digits, all of the range.
    static func number(_ line: Span<UInt8>, _ start: Int, _ end: Int) -> Int64? {
        guard start >= 0, start < end, end <= line.count, end - start <= 10 else { return nil }
        var value: Int64 = 0
        for index in start..<end {
            guard Timestamp.isDigit(line[index]) else { return nil }
            value = value * 10 + Int64(line[index] - 0x30)
        }
        return value
    }

    private static func digitsStart(_ line: Span<UInt8>, _ end: Int) -> Int {
        var at = end
        while at > 0, end - at < 9, Timestamp.isDigit(line[at - 1]) { at -= 1 }
        return at
    }

    private static func lettersStart(_ line: Span<UInt8>, _ end: Int) -> Int {
        var at = end
        while at > 0, end - at < 10, Timestamp.isLetter(line[at - 1]) { at -= 1 }
        return at
    }

    private static func blanksStart(_ line: Span<UInt8>, _ end: Int) -> Int {
        var at = end
        while at > 0, line[at - 1] == 0x20 || line[at - 1] == UInt8(ascii: ",") { at -= 1 }
        return at
    }

    /// The date that ends right before a clock at `clock`, with what usually stands between them.
    static func date(_ line: Span<UInt8>, before clock: Int, _ isDayFirst: inout Bool?) -> Date? {
        var end = clock
        // `date=2024-03-04 time=10:11:12`
        if end >= 5, line.folded4(end - 5) == CardWords.key("time"), line[end - 1] == UInt8(ascii: "=") { end -= 5 }
        while end > 0, clock - end < 10 {
            switch line[end - 1] {
            case 0x20, 0x09, UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: ","), UInt8(ascii: ";"),
                UInt8(ascii: ":"),
                UInt8(ascii: "@"), UInt8(ascii: "\""), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "|"),
                UInt8(ascii: "["), UInt8(ascii: "]"):
                end -= 1
                continue
            default: break
            }
            break
        }
        let begin = digitsStart(line, end)
        switch end - begin {
        case 1, 2: return endingInDay(line, begin, end, &isDayFirst)
        case 4: return endingInYear(line, begin, end, clock, &isDayFirst)
        case 8:
            guard let year = number(line, begin, begin + 4), let month = number(line, begin + 4, begin + 6),
                let day = number(line, begin + 6, end)
            else { return nil }
            return Date(year: year, month: month, day: day, start: begin)
        default: return nil
        }
    }

    /// `2024-03-04`, `24/03/04`, `03-04`, `Mar  4`, `2024 Mar  4`.
    private static func endingInDay(
        _ line: Span<UInt8>, _ begin: Int, _ end: Int, _ isDayFirst: inout Bool?
    ) -> Date? {
        guard begin > 0, let last = number(line, begin, end) else { return nil }
        let mark = line[begin - 1]
        if mark == 0x20 || mark == UInt8(ascii: ",") {
            let word = blanksStart(line, begin)
            let name = lettersStart(line, word)
            guard let month = month(line, name, word) else { return nil }
            // `2024 Mar  4`
            let before = blanksStart(line, name)
            let yearBegin = digitsStart(line, before)
            // In a listing a file's size stands there, right-aligned: only what begins the line is a year.
            if before < name, before - yearBegin == 4, yearBegin == 0 || line[yearBegin - 1] != 0x20,
                let year = number(line, yearBegin, before), isYear(year)
            {
                return Date(year: year, month: month, day: last, start: yearBegin)
            }
            return Date(year: nil, month: month, day: last, start: name)
        }
        guard mark == UInt8(ascii: "-") || mark == UInt8(ascii: "/") || mark == UInt8(ascii: ".") else { return nil }
        let middleEnd = begin - 1
        let middleBegin = digitsStart(line, middleEnd)
        guard let middle = number(line, middleBegin, middleEnd), middleEnd - middleBegin <= 2 else { return nil }
        if middleBegin > 0, line[middleBegin - 1] == mark {
            let firstEnd = middleBegin - 1
            let firstBegin = digitsStart(line, firstEnd)
            guard let first = number(line, firstBegin, firstEnd) else { return nil }
            if firstEnd - firstBegin == 4 { return Date(year: first, month: middle, day: last, start: firstBegin) }
            guard firstEnd - firstBegin == 2, mark != UInt8(ascii: ".") else { return nil }
            // Two digits of a year: `24/03/14`; or `03/14/24`, where only the middle can be a day.
            if first <= 12 && middle > 12 {
                return Date(year: 2000 + last, month: first, day: middle, start: firstBegin)
            }
            return first > 12 ? Date(year: 2000 + first, month: middle, day: last, start: firstBegin) : nil
        }
        // logcat's `03-04`, at the beginning of the line.
        guard middleBegin == 0, mark == UInt8(ascii: "-"), end - begin == 2, middleEnd == 2 else { return nil }
        return Date(year: nil, month: middle, day: last, start: 0)
    }

    /// `04/Mar/2024`, `04 Mar 2024`, `Mar  4 2024`, `Mar 4, 2024`, `04.03.2024`, `3/4/2024`; klog's `I0304`.
    private static func endingInYear(
        _ line: Span<UInt8>, _ begin: Int, _ end: Int, _ clock: Int, _ isDayFirst: inout Bool?
    ) -> Date? {
        guard begin > 0, let year = number(line, begin, end) else { return nil }
        let mark = line[begin - 1]
        if begin == 1, clock == end + 1, mark == 0x49 || mark == 0x57 || mark == 0x45 || mark == 0x46 {
            return Date(year: nil, month: year / 100, day: year % 100, start: 0)  // I, W, E, F
        }
        guard isYear(year) else { return nil }
        if mark == 0x20 || mark == UInt8(ascii: ",") {
            let before = blanksStart(line, begin)
            let name = lettersStart(line, before)
            if let month = month(line, name, before) {
                let dayEnd = blanksStart(line, name)
                let dayBegin = digitsStart(line, dayEnd)
                guard dayEnd - dayBegin <= 2, let day = number(line, dayBegin, dayEnd) else { return nil }
                return Date(year: year, month: month, day: day, start: dayBegin)
            }
            let dayBegin = digitsStart(line, before)
            guard before - dayBegin <= 2, let day = number(line, dayBegin, before) else { return nil }
            let word = blanksStart(line, dayBegin)
            let wordBegin = lettersStart(line, word)
            guard let month = month(line, wordBegin, word) else { return nil }
            return Date(year: year, month: month, day: day, start: wordBegin)
        }
        guard mark == UInt8(ascii: "/") || mark == UInt8(ascii: "-") || mark == UInt8(ascii: ".") else { return nil }
        let middleEnd = begin - 1
        let name = lettersStart(line, middleEnd)
        if let month = month(line, name, middleEnd) {
            guard name > 0, line[name - 1] == mark else { return nil }
            let dayBegin = digitsStart(line, name - 1)
            guard name - 1 - dayBegin <= 2, let day = number(line, dayBegin, name - 1) else { return nil }
            return Date(year: year, month: month, day: day, start: dayBegin)
        }
        let middleBegin = digitsStart(line, middleEnd)
        guard middleEnd - middleBegin <= 2, middleBegin > 0, line[middleBegin - 1] == mark,
            let middle = number(line, middleBegin, middleEnd)
        else { return nil }
        let firstBegin = digitsStart(line, middleBegin - 1)
        guard middleBegin - 1 - firstBegin <= 2, let first = number(line, firstBegin, middleBegin - 1) else {
            return nil
        }
        guard let dayFirst = order(first, middle, mark, line, clock, &isDayFirst) else { return nil }
        return Date(year: year, month: dayFirst ? middle : first, day: dayFirst ? first : middle, start: firstBegin)
    }

    /// Whether the day comes first; `nil` while nothing tells. A guess would be a wrong date.
    private static func order(
        _ first: Int64, _ second: Int64, _ mark: UInt8, _ line: Span<UInt8>, _ clock: Int, _ known: inout Bool?
    ) -> Bool? {
        if mark == UInt8(ascii: ".") { return true }
        if first > 12 { known = true }
        if second > 12 { known = false }
        if known == nil {
            // Where the day is halved, the month comes first.
            var at = clock
            while let byte = line.byte(at), Timestamp.isDigit(byte) || byte == UInt8(ascii: ":") { at += 1 }
            if line.byte(at) == 0x20, let m = line.byte(at + 2), m == UInt8(ascii: "M") { known = false }
        }
        return known
    }

    static func isYear(_ year: Int64) -> Bool { (1990...2100).contains(year) }

    /// `Mon Mar  4 10:11:12 2024`, `… 10:11:12 UTC 2024`, `… 10:11:12 +0100 2024`, from behind the clock.
    static func yearBehind(_ line: Span<UInt8>, _ start: Int) -> Int64? {
        var at = start
        while line.byte(at) == 0x20 { at += 1 }
        if let letter = line.byte(at), Timestamp.isLetter(letter) || letter == UInt8(ascii: "+") {
            let word = at
            while let byte = line.byte(at), byte > 0x20, at < word + 6 { at += 1 }
            while line.byte(at) == 0x20 { at += 1 }
        }
        guard at > start, let year = number(line, at, at + 4), isYear(year),
            !(line.byte(at + 4).map { Timestamp.isDigit($0) || Timestamp.isLetter($0) } ?? false)
        else { return nil }
        return year
    }

    /// Seconds at the beginning of a day since 1970; `nil` for what is no day.
    static func day(year: Int64, month: Int64, day: Int64) -> Int64? {
        guard isYear(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        return CivilTime.seconds(year: year, month: month, day: day)
    }

    /// Seconds east of Greenwich, where a zone stands at `start`; 0 where none does.
    static func zone(_ line: Span<UInt8>, _ start: Int) -> Int64 {
        var at = start
        let isApart = line.byte(at) == 0x20
        if isApart { at += 1 }
        guard let sign = line.byte(at), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
            let hours = number(line, at + 1, at + 3), hours <= 14
        else { return 0 }
        var minutes: Int64 = 0
        let mark = line.byte(at + 3)
        if let read = number(line, at + 3, at + 5) ?? (mark == UInt8(ascii: ":") ? number(line, at + 4, at + 6) : nil) {
            minutes = read
        } else if isApart {
            return 0  // a number of its own
        }
        return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60)
    }

    private static let months: [UInt32] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ].map { name in name.utf8.reduce(0) { $0 << 8 | UInt32($1) } }

    /// A month by its first three letters, spelled out or not.
    static func month(_ line: Span<UInt8>, _ start: Int, _ end: Int) -> Int64? {
        guard start >= 0, end - start >= 3, end - start <= 9, end <= line.count else { return nil }
        let word =
            UInt32(line[start] | 0x20) << 16 | UInt32(line[start + 1] | 0x20) << 8 | UInt32(line[start + 2] | 0x20)
        for index in 0..<12 where months[index] == word { return Int64(index + 1) }
        return nil
    }
}
