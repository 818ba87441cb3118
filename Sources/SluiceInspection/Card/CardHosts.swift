// Hosts that lines name: the field behind syslog's time, and the settings in which devices and programs tell their own name.

import SluiceModel

enum CardHosts {
    /// Words whose value is the name of the host that speaks.
    static let keys = [
        "hostname", "host-name", "devname", "sysname", "switchname", "_HOSTNAME", "nodename", "computername",
    ]

    private static let folded: [[UInt8]] = keys.map { $0.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 } }

    /// `hostname r1`, `set hostname "fw"`, `host-name r1;`, `"hostname":"web-1"`, `devname="FG60"`; the word begins at `start`.
    static func look(_ line: Span<UInt8>, _ start: Int, _ facts: inout CardFacts) {
        for key in folded {
            var end = start
            while end < line.count, end - start < key.count, line[end] | 0x20 == key[end - start] | 0x20 { end += 1 }
            guard end - start == key.count else { continue }
            if value(line, start, end, &facts) { return }
        }
    }

    private static func value(_ line: Span<UInt8>, _ start: Int, _ end: Int, _ facts: inout CardFacts) -> Bool {
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
        facts.add(host: host, of: line)
        return true
    }

    private static func opensSetting(_ line: Span<UInt8>, _ start: Int) -> Bool {
        var at = 0
        while at < start, line[at] == 0x20 || line[at] == 0x09 { at += 1 }
        if line.has("set ", at: at) { at += 4 }
        if line.has("system ", at: at) { at += 7 }
        return at == start
    }

    /// Behind a time at the beginning of the line: `host tag[12]:`, `host tag:`; with RFC 5424's `<n>1 ` in front, `host app`.
    static func behindTime(_ line: Span<UInt8>, _ times: LineTimes, _ facts: inout CardFacts) {
        guard times.start <= 8, times.clock > times.start, isSyslog(line, times) else { return }
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
        guard let mark = line.byte(end), mark == UInt8(ascii: ":") || mark == UInt8(ascii: "[") || isNumbered else {
            return
        }
        facts.add(host: host, of: line)
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
