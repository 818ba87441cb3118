// The severity of a line, in the forms that programs use: a word (ERROR, [warn], level=info), a letter in front (klog, logcat), a number
// (syslog priorities, journald, pino) or a device's mnemonic (%LINK-3-UPDOWN).

import SluiceModel

enum CardLevel {
    /// What the words of a line can be, by their first four letters. Most words are nothing, and one look-up says so.
    static let firstFours: [UInt32] =
        words.map(\.text).map(CardWords.key) + [CardWords.key("leve"), CardWords.key("prio")]

    static let words: [(level: BundleCard.Level, text: String)] = [
        (.fatal, "fatal"), (.fatal, "critical"), (.fatal, "crit"), (.fatal, "emerg"), (.fatal, "emergency"),
        (.fatal, "alert"), (.fatal, "panic"), (.fatal, "severe"), (.error, "error"), (.error, "failure"),
        (.warning, "warning"), (.warning, "warn"), (.notice, "notice"), (.info, "info"), (.info, "information"),
        (.debug, "debug"), (.debug, "trace"), (.debug, "verbose"), (.debug, "fine"), (.debug, "finest"),
    ]

    /// By syslog's numbers (RFC 5424 §6.2.1).
    private static let numbered: [BundleCard.Level] = [
        .fatal, .fatal, .fatal, .error, .warning, .notice, .info, .debug,
    ]

    static func syslog(_ number: UInt8) -> BundleCard.Level? {
        number < 8 ? numbered[Int(number)] : nil
    }

    /// The level that a word at `start` names by itself: in capitals, or between marks.
    static func word(_ line: Span<UInt8>, _ start: Int, _ end: Int, _ table: CardWords) -> BundleCard.Level? {
        let length = end - start
        guard (3...11).contains(length) else { return nil }
        let before = start > 0 ? line[start - 1] : 0x20
        let after = line.byte(end) ?? 0x20
        switch before {
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"): return nil
        default: break
        }
        if after == UInt8(ascii: "_") { return nil }
        let isShouted = line[start] < 0x60 && line[end - 1] < 0x60
        if !isShouted && before != UInt8(ascii: "=") {
            switch after {
            case UInt8(ascii: "]"), UInt8(ascii: ":"), UInt8(ascii: "|"), UInt8(ascii: ">"), UInt8(ascii: "\""): break
            default: return nil
            }
        }
        return table.level(line, start, length)
    }

    /// The level that a line's beginning carries: `<3>…`, `E0304 10:11:12`, `03-04 10:11:12.123  12  34 E Tag`.
    static func leading(_ line: Span<UInt8>) -> BundleCard.Level? {
        guard let first = line.byte(0), let second = line.byte(1) else { return nil }
        if first == UInt8(ascii: "<") {
            // RFC 5424 §6.2.1: one to three digits, no more than 191.
            var value = 0
            var at = 1
            while at < 4, let digit = line.byte(at), Timestamp.isDigit(digit) {
                value = value * 10 + Int(digit - 0x30)
                at += 1
            }
            return at > 1 && line.byte(at) == UInt8(ascii: ">") && value <= 191 ? syslog(UInt8(value & 7)) : nil
        }
        guard Timestamp.isDigit(second) else { return nil }
        if Timestamp.isDigit(first) {
            // logcat, threadtime: the letter stands behind two numbers.
            guard line.byte(2) == UInt8(ascii: "-"), line.byte(5) == 0x20, line.byte(14) == UInt8(ascii: ".") else {
                return nil
            }
            var at = 18
            for _ in 0..<2 {
                while line.byte(at) == 0x20 { at += 1 }
                while let digit = line.byte(at), Timestamp.isDigit(digit) { at += 1 }
            }
            guard line.byte(at) == 0x20, line.byte(at + 2) == 0x20, let letter = line.byte(at + 1) else { return nil }
            return self.letter(letter)
        }
        // klog: Lmmdd hh:mm:ss.
        guard line.byte(5) == 0x20, line.byte(8) == UInt8(ascii: ":"), let fourth = line.byte(4),
            Timestamp.isDigit(fourth)
        else { return nil }
        return letter(first)
    }

    private static func letter(_ letter: UInt8) -> BundleCard.Level? {
        switch letter {
        case UInt8(ascii: "F"), UInt8(ascii: "A"): .fatal
        case UInt8(ascii: "E"): .error
        case UInt8(ascii: "W"): .warning
        case UInt8(ascii: "I"): .info
        case UInt8(ascii: "D"), UInt8(ascii: "V"): .debug
        default: nil
        }
    }

    /// `%FACILITY-3-MNEMONIC`, the percent sign standing before `start`.
    static func mnemonic(_ line: Span<UInt8>, _ start: Int) -> BundleCard.Level? {
        var at = start
        while let byte = line.byte(at), at < start + 32 {
            if byte == UInt8(ascii: "-"), let digit = line.byte(at + 1), Timestamp.isDigit(digit),
                line.byte(at + 2) == UInt8(ascii: "-")
            {
                return syslog(digit - 0x30)
            }
            guard byte &- 0x41 < 26 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || Timestamp.isDigit(byte)
            else { return nil }
            at += 1
        }
        return nil
    }

    /// `"level":50` (pino, bunyan: 10 to 60), `PRIORITY=3` (journald), from behind the word.
    static func number(_ line: Span<UInt8>, _ end: Int, isPriority: Bool) -> BundleCard.Level? {
        var at = end
        while at < end + 4, let byte = line.byte(at),
            byte == UInt8(ascii: "\"") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "=") || byte == 0x20
        { at += 1 }
        guard at > end, let digit = line.byte(at), Timestamp.isDigit(digit) else { return nil }
        let next = line.byte(at + 1) ?? 0x20
        if isPriority { return Timestamp.isDigit(next) ? nil : syslog(digit - 0x30) }
        guard next == UInt8(ascii: "0"), !(line.byte(at + 2).map(Timestamp.isDigit) ?? false) else { return nil }
        switch digit {
        case UInt8(ascii: "1"), UInt8(ascii: "2"): return .debug
        case UInt8(ascii: "3"): return .info
        case UInt8(ascii: "4"): return .warning
        case UInt8(ascii: "5"): return .error
        case UInt8(ascii: "6"): return .fatal
        default: return nil
        }
    }
}
