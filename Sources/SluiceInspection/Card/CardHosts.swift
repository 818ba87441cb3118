// Host names in lines: the field behind syslog's time, and the settings in which devices and programs give their own name.

import SluiceModel

enum CardHosts {
    /// Words whose value is the name of the host that writes the log.
    static let keys = [
        "hostname", "host-name", "devname", "sysname", "switchname", "_HOSTNAME", "nodename", "computername",
    ]

    private static let folded: [[UInt8]] = keys.map { $0.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 } }

    /// `hostname r1`, `set hostname "fw"`, `host-name r1;`, `"hostname":"web-1"`, `devname="FG60"`; the word begins at `start`.
    static func look(
        _ line: Span<UInt8>, _ start: Int, fields: inout CardFacts, settings: inout CardFacts
    ) {
        // `log_hostname = off` is another setting; journald's field begins with its mark.
        if start > 0, line[start - 1] == UInt8(ascii: "_") || line[start - 1] == UInt8(ascii: ".") {
            guard start == 1 || line[start - 2] <= 0x22 else { return }
        }
        for key in folded {
            var end = start
            while end < line.count, end - start < key.count, line[end] | 0x20 == key[end - start] | 0x20 { end += 1 }
            guard end - start == key.count else { continue }
            if value(line, start, end, &fields, &settings) { return }
        }
    }

    private static func value(
        _ line: Span<UInt8>, _ start: Int, _ end: Int, _ fields: inout CardFacts, _ settings: inout CardFacts
    ) -> Bool {
        var at = end
        var isField = false
        while let byte = line.byte(at), at < end + 6 {
            if byte == UInt8(ascii: "=") || byte == UInt8(ascii: ":") {
                isField = true
            } else if byte != 0x20 && byte != 0x09 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "'") {
                break
            }
            at += 1
        }
        guard at > end else { return false }
        let host = word(line, at)
        guard !host.isEmpty else { return true }
        if !isField {
            // A setting of a device: the word opens the line (behind `set`, `system`), and nothing follows the name.
            guard opensSetting(line, start) else { return true }
            var rest = host.upperBound
            while let byte = line.byte(rest), byte == UInt8(ascii: "\"") || byte == UInt8(ascii: ";") || byte <= 0x20 {
                rest += 1
            }
            guard rest >= line.count else { return true }
        }
        // A field names the writing host only in a log; a device's own setting always does.
        if isField { fields.add(host: host, of: line) } else { settings.add(host: host, of: line) }
        return true
    }

    private static func opensSetting(_ line: Span<UInt8>, _ start: Int) -> Bool {
        var at = 0
        while at < start, line[at] == 0x20 || line[at] == 0x09 { at += 1 }
        if line.has("set ", at: at) { at += 4 }
        if line.has("system ", at: at) { at += 7 }
        return at == start
    }

    /// Behind a time at the beginning of the line: `host tag[12]:`; behind RFC 3164's time also `host tag:`; with RFC 5424's `<n>1 ` in
    /// front, `host app`. Elsewhere the word behind a time is the message's first.
    /// - Parameter own: where the program's own line begins behind a container runtime's timestamp, or 0.
    static func behindTime(_ line: Span<UInt8>, _ times: LineTimes, _ own: Int, _ facts: inout CardFacts) {
        guard own == 0, times.start <= 8, times.clock > times.start, isSyslog(line, times) else { return }
        var at = times.end(line)
        // `Mar  4 10:11:12 2024 host`, `… 10:11:12.123 UTC: %LINK`: no host of that form.
        guard line.byte(at) == 0x20 else { return }
        at += 1
        let host = word(line, at)
        guard let first = line.byte(at), Timestamp.isLetter(first) || Timestamp.isDigit(first),
            line.byte(host.upperBound) == 0x20
        else { return }
        // RFC 5424 §6: the app's name ends with a blank.
        let isNumbered = line.byte(0) == UInt8(ascii: "<")
        var end = host.upperBound + 1
        while let byte = line.byte(end), byte > 0x20, byte != UInt8(ascii: ":"), byte != UInt8(ascii: "["),
            end < at + 100
        {
            end += 1
        }
        guard let mark = line.byte(end), end > host.upperBound + 1 else { return }
        var isHost = isNumbered
        if mark == UInt8(ascii: "[") {
            // The process's number and nothing else.
            let number = Timestamp.digitsEnd(line, end + 1)
            isHost = isHost || number > end + 1 && line.byte(number) == UInt8(ascii: "]")
        } else if mark == UInt8(ascii: ":") {
            isHost = isHost || line.has("kernel:", at: host.upperBound + 1)
            isHost = isHost || Timestamp.isLetter(line[times.start]) && !isSentenceWord(line, host)
        }
        if isHost { facts.add(host: host, of: line) }
    }

    /// `Starting`: a capital and then small letters only.
    private static func isSentenceWord(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard line[range.lowerBound] &- 0x41 < 26 else { return false }
        for index in range.dropFirst() where line[index] &- 0x61 >= 26 { return false }
        return true
    }

    private static let noHosts: [[UInt8]] = [
        "off", "on", "true", "false", "yes", "no", "none", "null", "nil", "auto", "default", "localhost", "unknown",
        "string",
    ].map { Array($0.utf8) }

    /// A switch, a number or a date.
    static func isNone(_ host: [UInt8]) -> Bool {
        let folded = host.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        if noHosts.contains(folded) { return true }
        let points = host.count { $0 == UInt8(ascii: ".") }
        return points != 3 && host.allSatisfy { !Timestamp.isLetter($0) && $0 < 0x80 }
    }

    /// RFC 3164 §4.1.2: `Mar  4 10:11:12`; RFC 5424 and rsyslog: `2024-03-04T10:11:12`.
    private static func isSyslog(_ line: Span<UInt8>, _ times: LineTimes) -> Bool {
        if Timestamp.isLetter(line[times.start]) { return times.clock - times.start == 7 }
        return times.clock - times.start == 11 && line[times.clock - 1] == UInt8(ascii: "T")
    }

    private static func word(_ line: Span<UInt8>, _ start: Int) -> Range<Int> {
        var at = start
        while let byte = line.byte(at), at - start <= 64,
            Timestamp.isLetter(byte) || Timestamp.isDigit(byte) || byte == UInt8(ascii: ".")
                || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "_") || byte >= 0x80
        { at += 1 }
        return start..<at
    }
}
