// When a line was written: finds the clock in a line and reads the date before it (or the year behind it), or seconds since 1970.
// Which forms of dates there are is LineDates.swift's.

internal import Glibc
import SluiceModel

/// Reads the lines of one text; what it learned from one line makes the next one quick.
struct LineTimes {
    struct Moment {
        /// Since 1970, UTC where the line names its zone; without a year, in `CardTimes.nominalYear`.
        var seconds: Int64
        var hasYear: Bool
    }

    /// Where the clock's first colon stood in the line before, or -1.
    private var colon = -1
    /// Where seconds since 1970 stood in the line before, or -1.
    private var epoch = -1
    /// The last line's date and minute as they were written, and what they mean: most lines of a log share them with the line before.
    private var prefix: [UInt8] = []
    private var prefixStart = 0
    private var minute = Moment(seconds: 0, hasYear: true)
    /// `04/03/2024`: whether the day comes first, once a line has shown it.
    private var isDayFirst: Bool?
    /// Lines that were searched in vain before any time was found.
    private var vain = 0
    /// A text that had no time in so many lines is searched in every eighth line only (chosen: short lines without a date are the dearest).
    private static let patience = 1000
    /// Where the time of the line read last begins, and where its clock does.
    private(set) var start = 0
    private(set) var clock = 0

    /// Times stand in here (chosen).
    private static let width = 128

    /// The first time of day that has a date, or the first count of seconds.
    mutating func read(_ text: Span<UInt8>, _ count: Int) -> Moment? {
        if !prefix.isEmpty, let seconds = sameMinute(text, count) {
            start = prefixStart
            return Moment(seconds: minute.seconds + seconds, hasYear: minute.hasYear)
        }
        let line = text.extracting(0..<min(count, Self.width))
        if colon >= 0, Self.isClock(line, colon), let found = parse(line, colon) { return found }
        if epoch >= 0, let found = Self.count(line, epoch) {
            (start, clock) = (epoch, epoch)
            return Moment(seconds: found, hasYear: true)
        }
        guard line.count >= 10 else { return nil }
        if colon < 0 && epoch < 0 {
            vain += 1
            if vain > Self.patience && vain & 7 != 0 { return nil }
        }
        let digits = LineBits.digits(text, line.count)
        let clocks = digits.clocks(LineBits.colons(text, line.count))
        var at = clocks.next(0)
        var tries = 0
        while at < line.count, tries < 6 {
            if Self.isClock(line, at), let found = parse(line, at) {
                colon = at
                return found
            }
            tries += 1
            at = clocks.next(at + 1)
        }
        at = digits.starts.next(0)
        while at < min(line.count, 64) {
            if let found = Self.count(line, at) {
                (start, clock) = (at, at)
                epoch = at
                return Moment(seconds: found, hasYear: true)
            }
            at = digits.starts.next(at + 1)
        }
        return nil
    }

    /// Where the line goes on behind the time that was read last, its fraction and zone skipped.
    func end(_ line: Span<UInt8>) -> Int {
        var at = clock
        while let byte = line.byte(at),
            Timestamp.isDigit(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
                || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "Z") || byte == UInt8(ascii: "+")
                || byte == UInt8(ascii: "-")
        { at += 1 }
        return at
    }

    // MARK: - As in the line before

    /// The seconds, where date and minute are written as in the line before.
    @inline(__always)
    private func sameMinute(_ text: Span<UInt8>, _ count: Int) -> Int64? {
        let end = prefixStart + prefix.count
        guard end + 2 <= count else { return nil }
        let isSame = text.withUnsafeBytes { line in
            prefix.withUnsafeBytes { memcmp(line.baseAddress! + prefixStart, $0.baseAddress!, $0.count) == 0 }
        }
        guard isSame else { return nil }
        let tens = text[end] &- 0x30
        let ones = text[end + 1] &- 0x30
        return tens < 6 && ones < 10 ? Int64(tens * 10 + ones) : nil
    }

    // MARK: - Anew

    /// A digit before the colon and two behind it, which are all of their run.
    private static func isClock(_ line: Span<UInt8>, _ colon: Int) -> Bool {
        guard colon > 0, line.byte(colon) == UInt8(ascii: ":"), Timestamp.isDigit(line[colon - 1]),
            let tens = line.byte(colon + 1), let ones = line.byte(colon + 2), Timestamp.isDigit(tens),
            Timestamp.isDigit(ones)
        else { return false }
        return !(line.byte(colon + 3).map(Timestamp.isDigit) ?? false)
    }

    private mutating func parse(_ line: Span<UInt8>, _ colon: Int) -> Moment? {
        let begin = colon >= 2 && Timestamp.isDigit(line[colon - 2]) ? colon - 2 : colon - 1
        if begin > 0 && Timestamp.isDigit(line[begin - 1]) { return nil }
        guard var hour = LineDates.number(line, begin, colon),
            let minutes = LineDates.number(line, colon + 1, colon + 3),
            hour < 24, minutes < 60
        else { return nil }
        guard let date = LineDates.date(line, before: begin, &isDayFirst) else { return nil }
        var at = colon + 3
        var seconds: Int64 = 0
        var hasSeconds = false
        if line.byte(at) == UInt8(ascii: ":"), let read = LineDates.number(line, at + 1, at + 3), read <= 60 {
            (seconds, hasSeconds) = (read, true)
            at += 3
        }
        if let mark = line.byte(at), mark == UInt8(ascii: ".") || mark == UInt8(ascii: ",") || mark == UInt8(ascii: ":")
        {
            let fraction = at + 1
            var end = fraction
            while let digit = line.byte(end), Timestamp.isDigit(digit), end < fraction + 9 { end += 1 }
            if end > fraction { at = end }
        }
        var isHalved = false
        if line.byte(at) == 0x20, let half = line.byte(at + 1), let m = line.byte(at + 2), m | 0x20 == 0x6D, hour <= 12,
            half | 0x20 == 0x61 || half | 0x20 == 0x70
        {
            isHalved = true
            hour = hour % 12 + (half | 0x20 == 0x70 ? 12 : 0)
        }
        let zone = LineDates.zone(line, at)
        var year = date.year
        if year == nil { year = LineDates.yearBehind(line, at) }
        guard let day = LineDates.day(year: year ?? CardTimes.nominalYear, month: date.month, day: date.day) else {
            return nil
        }
        (start, clock) = (date.start, begin)
        // Twice a day `10:11` stands for another time where the day is halved: then nothing is learned from the line.
        if hasSeconds && !isHalved {
            prefixStart = date.start
            prefix.removeAll(keepingCapacity: true)
            for index in date.start..<colon + 4 { prefix.append(line[index]) }
        } else {
            prefix.removeAll(keepingCapacity: true)
        }
        let whole = day + hour * 3600 + minutes * 60 - zone
        minute = Moment(seconds: whole, hasYear: year != nil)
        return Moment(seconds: whole + seconds, hasYear: year != nil)
    }

    /// Seconds since 1970, also as milli-, micro- or nanoseconds, from 2001 to 2033: at the beginning of the line or behind a key that
    /// says so.
    private static func count(_ line: Span<UInt8>, _ at: Int) -> Int64? {
        guard line.byte(at) == UInt8(ascii: "1"), at == 0 || !Timestamp.isDigit(line[at - 1]),
            let seconds = LineDates.number(line, at, at + 10)
        else { return nil }
        var end = at + 10
        while let digit = line.byte(end), Timestamp.isDigit(digit), end < at + 20 { end += 1 }
        switch end - at {
        case 10, 13, 16, 19: break
        default: return nil
        }
        if let next = line.byte(end), Timestamp.isLetter(next) || next == UInt8(ascii: "_") { return nil }
        if at > 0 && !isBehindKey(line, at) { return nil }
        return seconds
    }

    /// `"ts":`, `time=`, `timestamp: "`, `audit(`, `[`.
    private static func isBehindKey(_ line: Span<UInt8>, _ at: Int) -> Bool {
        var end = at
        while end > 0, at - end < 4, !Timestamp.isLetter(line[end - 1]), line[end - 1] != UInt8(ascii: "_") { end -= 1 }
        if end == 0 { return true }
        var begin = end
        while begin > 0, end - begin < 24, Timestamp.isLetter(line[begin - 1]) || line[begin - 1] == UInt8(ascii: "_") {
            begin -= 1
        }
        guard end - begin >= 2 else { return false }
        var hasTime = false
        for index in begin..<end {
            switch line.folded4(index) {
            case CardKey.time, CardKey.audi, CardKey.epoc, CardKey.date: hasTime = true
            default: break
            }
        }
        return hasTime || (line[end - 2] | 0x20 == 0x74 && line[end - 1] | 0x20 == 0x73)  // …ts
    }
}

/// The beginnings of a few keys, as `Span.folded4` gives them.
private enum CardKey {
    static let time = CardWords.key("time")
    static let audi = CardWords.key("audi")
    static let epoc = CardWords.key("epoc")
    static let date = CardWords.key("date")
}
