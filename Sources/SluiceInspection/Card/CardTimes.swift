// Full dates in lines, as seconds since 1970, and which stretches of time they cover. What has no year has no place on a card.

import SluiceModel

enum CardTime {
    /// The first full date with a time of day within the first characters.
    static func read(_ line: Span<UInt8>, _ hint: inout Int) -> Int64? {
        if let found = parse(line, hint) { return found }
        let end = min(line.count, 120)
        var at = 0
        while at < end {
            guard Timestamp.isDigit(line[at]) else {
                at += 1
                continue
            }
            if let found = parse(line, at) {
                hint = at
                return found
            }
            while at < end, Timestamp.isDigit(line[at]) { at += 1 }
        }
        return nil
    }

    private static func number(_ line: Span<UInt8>, _ at: Int, _ width: Int) -> Int64? {
        guard at >= 0, at + width <= line.count else { return nil }
        var value: Int64 = 0
        for index in at..<at + width {
            guard Timestamp.isDigit(line[index]) else { return nil }
            value = value * 10 + Int64(line[index] - 0x30)
        }
        return value
    }

    private static func parse(_ line: Span<UInt8>, _ at: Int) -> Int64? {
        guard at + 14 <= line.count, at == 0 || !Timestamp.isDigit(line[at - 1]) else { return nil }
        if let separator = line.byte(at + 4),
            separator == UInt8(ascii: "-") || separator == UInt8(ascii: "/") || separator == UInt8(ascii: "."),
            let year = number(line, at, 4)
        {
            guard line.byte(at + 7) == separator, let month = number(line, at + 5, 2), let day = number(line, at + 8, 2)
            else { return nil }
            return clock(line, at + 11, year, month, day)
        }
        // 04/Mar/2024:10:11:12, 04-Mar-2024 10:11:12
        if let separator = line.byte(at + 2), separator == UInt8(ascii: "/") || separator == UInt8(ascii: "-"),
            line.byte(at + 6) == separator, let day = number(line, at, 2), let month = month(line, at + 3),
            let year = number(line, at + 7, 4)
        {
            return clock(line, at + 12, year, month, day)
        }
        // 1684329817.579, 1684329817579 at the beginning
        if at <= 10, line[at] == UInt8(ascii: "1"), let seconds = number(line, at, 10) {
            let next = line.byte(at + 10) ?? 0x20
            if next == UInt8(ascii: ".") { return seconds }
            if number(line, at + 10, 3) != nil, !(line.byte(at + 13).map(Timestamp.isDigit) ?? false) { return seconds }
        }
        return nil
    }

    private static func month(_ line: Span<UInt8>, _ at: Int) -> Int64? {
        guard let a = line.byte(at), let b = line.byte(at + 1), let c = line.byte(at + 2) else { return nil }
        return switch (a | 0x20, b | 0x20, c | 0x20) {
        case (0x6A, 0x61, 0x6E): 1
        case (0x66, 0x65, 0x62): 2
        case (0x6D, 0x61, 0x72): 3
        case (0x61, 0x70, 0x72): 4
        case (0x6D, 0x61, 0x79): 5
        case (0x6A, 0x75, 0x6E): 6
        case (0x6A, 0x75, 0x6C): 7
        case (0x61, 0x75, 0x67): 8
        case (0x73, 0x65, 0x70): 9
        case (0x6F, 0x63, 0x74): 10
        case (0x6E, 0x6F, 0x76): 11
        case (0x64, 0x65, 0x63): 12
        default: nil
        }
    }

    private static func clock(_ line: Span<UInt8>, _ at: Int, _ year: Int64, _ month: Int64, _ day: Int64) -> Int64? {
        guard (1990...2100).contains(year), (1...12).contains(month), (1...31).contains(day),
            let hour = number(line, at, 2), line.byte(at + 2) == UInt8(ascii: ":"),
            let minute = number(line, at + 3, 2),
            hour < 24, minute < 60
        else { return nil }
        let second = line.byte(at + 5) == UInt8(ascii: ":") ? number(line, at + 6, 2) ?? 0 : 0
        guard second <= 60 else { return nil }
        // H. Hinnant's days_from_civil.
        let shifted = month <= 2 ? year - 1 : year
        let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + ofYear - 719_468
        return days * 86400 + hour * 3600 + minute * 60 + second - zone(line, at + 8)
    }

    /// Seconds east of Greenwich, where a zone stands behind the time; 0 where none does.
    private static func zone(_ line: Span<UInt8>, _ start: Int) -> Int64 {
        var at = start
        if let mark = line.byte(at), mark == UInt8(ascii: ".") || mark == UInt8(ascii: ",") {
            at += 1
            while let digit = line.byte(at), Timestamp.isDigit(digit), at < start + 12 { at += 1 }
        }
        if line.byte(at) == 0x20 { at += 1 }
        guard let sign = line.byte(at), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
            let hours = number(line, at + 1, 2), hours <= 14
        else { return 0 }
        let minutes = number(line, at + (line.byte(at + 3) == UInt8(ascii: ":") ? 4 : 3), 2) ?? 0
        return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60)
    }
}

/// Stretches of time with no hole of an hour, in order; a bounded number of them, the nearest two becoming one where there are more.
struct TimeCoverage {
    private static let most = 64
    static let hole: Int64 = 3600
    private(set) var stretches: [(from: Int64, to: Int64)] = []
    private var latest = 0

    mutating func add(_ time: Int64) {
        // Nearly always the stretch that the line before fell into.
        if latest < stretches.count, time >= stretches[latest].from, time <= stretches[latest].to { return }
        var at = 0
        while at < stretches.count, stretches[at].to + Self.hole < time { at += 1 }
        if at < stretches.count, stretches[at].from - Self.hole <= time {
            stretches[at].from = min(stretches[at].from, time)
            stretches[at].to = max(stretches[at].to, time)
            if at + 1 < stretches.count, stretches[at + 1].from - stretches[at].to <= Self.hole { join(at) }
        } else {
            stretches.insert((time, time), at: at)
            if stretches.count > Self.most { joinNearest() }
        }
        latest = min(at, stretches.count - 1)
    }

    private mutating func join(_ at: Int) {
        stretches[at].to = max(stretches[at].to, stretches[at + 1].to)
        stretches.remove(at: at + 1)
    }

    private mutating func joinNearest() {
        var best = 0
        for at in 1..<stretches.count - 1
        where stretches[at + 1].from - stretches[at].to < stretches[best + 1].from - stretches[best].to { best = at }
        join(best)
    }
}
