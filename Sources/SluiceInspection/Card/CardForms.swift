// Which lines are lines of a log, and so which texts are logs. Only logs count for times, levels and hosts: a configuration has names of
// severities, a listing has dates, a certificate has years, and none of these is an event.

import SluiceModel

/// The prefix before a program's own line: a container runtime's timestamp, as `kubectl logs --timestamps` and `docker logs -t` write it.
enum RuntimeStamp {
    /// Where the program's own line begins: behind `2026-11-18T11:06:40.485738843Z `, and behind the stream and the tag of the container
    /// runtime interface (`stdout F `); 0 where no such stamp stands in front.
    @inline(__always)
    static func end(_ line: Span<UInt8>) -> Int {
        guard line.byte(10) == UInt8(ascii: "T"), line.byte(19) == UInt8(ascii: "."), line.byte(4) == UInt8(ascii: "-")
        else { return 0 }
        var at = 20
        while at < 29, let digit = line.byte(at), Timestamp.isDigit(digit) { at += 1 }
        // Nanoseconds, of which zeros at the end are left out; programs that write their own time stop at micro- or milliseconds.
        guard at > 26 else { return 0 }
        if line.byte(at) == UInt8(ascii: "Z") { at += 1 } else if line.byte(at + 3) == UInt8(ascii: ":") { at += 6 }
        guard line.byte(at) == 0x20 else { return 0 }
        at += 1
        if line.has("stdout ", at: at) || line.has("stderr ", at: at), line.byte(at + 8) == 0x20 { at += 9 }
        return at < line.count ? at : 0
    }
}

/// Counts the lines of one text by whether they have the form of a log.
struct CardForms {
    /// Have a time where a log has one, or a level.
    private var formed = 0
    /// The lines among them that hold nothing else, as `date` prints them.
    private var bare = 0
    /// Neither formed nor the continuation of a line that may be.
    private var others = 0
    private var isProven = false
    private var isTable: Bool?

    /// Entries of several lines are common, and dates in a configuration are rare (chosen).
    private static let linesAnEntry = 6
    /// Behind a level, a thread or a process a time may stand so far from the line's beginning (chosen; what commands print in columns
    /// stands farther).
    private static let front = 18

    var isLog: Bool {
        isProven
            || isTable != true && formed > 0 && formed * Self.linesAnEntry >= others && (formed > bare || others > 0)
    }

    @inline(__always)
    mutating func take(_ line: Span<UInt8>, isFormed: Bool) {
        if isTable == nil { isTable = Self.isHeader(line) }
        if isFormed {
            formed += 1
        } else if let first = line.byte(0), first > 0x20, first != UInt8(ascii: "}"), first != UInt8(ascii: "#") {
            others += 1
        }
    }

    mutating func noteBare() { bare += 1 }
    mutating func prove() { isProven = true }

    /// `NAME  READY  STATUS`, `UID PID PPID C`: three words or more in capitals and nothing else.
    private static func isHeader(_ line: Span<UInt8>) -> Bool {
        var words = 0
        var before: UInt8 = 0x20
        for index in 0..<line.count {
            let byte = line[index]
            switch byte {
            case 0x41...0x5A: if before == 0x20 { words += 1 }
            case 0x20, 0x0D, UInt8(ascii: "%"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "-"): break
            default: return false
            }
            before = byte
        }
        return words >= 3
    }

    // MARK: - Times

    /// Whether the time that was read in a line stands where a log has it.
    @inline(__always)
    static func isTimed(_ line: Span<UInt8>, _ start: Int) -> Bool {
        if start == 0 { return true }
        let first = line[0]
        if first == UInt8(ascii: "{") { return true }
        if isMode(line) { return false }
        var at = start
        while at > 0, line[at - 1] == 0x20 || line[at - 1] == UInt8(ascii: "\"") || line[at - 1] == UInt8(ascii: "'") {
            at -= 1
        }
        if at == 0 { return true }
        switch line[at - 1] {
        case UInt8(ascii: "["), UInt8(ascii: "("), UInt8(ascii: "<"), UInt8(ascii: "|"): return true
        case UInt8(ascii: "="), UInt8(ascii: ":"): return isTimeKey(line, at - 1)
        default: break
        }
        return start <= front && first != UInt8(ascii: "#") || line.has("# Time", at: 0)
    }

    /// `time=`, `"ts":`, `eventTime=`; in front of a colon only a key that is quoted or begins the line, and no `creationTimestamp:`.
    private static func isTimeKey(_ line: Span<UInt8>, _ mark: Int) -> Bool {
        var end = mark
        while end > 0, line[end - 1] == UInt8(ascii: "\"") || line[end - 1] == 0x20 { end -= 1 }
        let isQuoted = end < mark
        var begin = end
        while begin > 0, Timestamp.isLetter(line[begin - 1]) || line[begin - 1] == UInt8(ascii: "_") { begin -= 1 }
        let isColon = line[mark] == UInt8(ascii: ":")
        // `000123: *Mar  1`, `[main]: 2024-…`
        guard begin < end else { return mark <= front }
        if isColon && !isQuoted && begin > 0 {
            return mark <= 12 && CardWords.shared.level(line, begin, end - begin) != nil
        }
        for key in keys where key.count == end - begin {
            var index = 0
            while index < key.count, line[begin + index] | 0x20 == key[index] { index += 1 }
            if index == key.count { return true }
        }
        if CardWords.shared.level(line, begin, end - begin) != nil { return true }
        // `kernel: 2024-…`: a program's name before its time.
        return false
    }

    private static let keys: [[UInt8]] =
        [
            "time", "ts", "t", "date", "timestamp", "datetime", "eventtime", "asctime", "logtime", "start", "dt", "rt",
            "at",
        ].map { Array($0.utf8) } + [Array("__realtime_timestamp".utf8.map { $0 | 0x20 })]

    /// `-rw-r--r--`: a line of a listing, whose time is a file's.
    private static func isMode(_ line: Span<UInt8>) -> Bool {
        guard line.count > 20 else { return false }
        for index in 1..<10 {
            switch line[index] {
            case UInt8(ascii: "r"), UInt8(ascii: "w"), UInt8(ascii: "x"), UInt8(ascii: "-"), UInt8(ascii: "s"),
                UInt8(ascii: "S"), UInt8(ascii: "t"), UInt8(ascii: "T"):
                break
            default: return false
            }
        }
        return true
    }

    /// Nothing stands behind the clock but a zone and a year.
    static func isBare(_ line: Span<UInt8>, _ end: Int) -> Bool {
        guard line.count - end <= 40 else { return false }
        for index in min(end, line.count)..<line.count where line[index] >= 0x61 && line[index] != UInt8(ascii: "m") {
            return false
        }
        return true
    }

    /// A field of journald's export, which has a field a line.
    static func isJournal(_ line: Span<UInt8>) -> Bool {
        line.has("__REALTIME_TIMESTAMP=", at: 0) || line.has("__CURSOR=", at: 0) || line.has("_HOSTNAME=", at: 0)
    }

    // MARK: - Levels

    /// Whether a level opens a line without a time: `ERROR …`, `[warn] …`, `level=info msg=…`, `{"level":30}`.
    static func isLevelled(_ line: Span<UInt8>, _ place: Int) -> Bool {
        guard let first = line.byte(0) else { return false }
        if first == UInt8(ascii: "{") || line.has("PRIORITY=", at: 0) { return true }
        var at = 0
        while at < min(place, line.count), !Timestamp.isLetter(line[at]), !Timestamp.isDigit(line[at]) { at += 1 }
        if at >= place {
            var end = place
            while let byte = line.byte(end), Timestamp.isLetter(byte) { end += 1 }
            return line.byte(end) != UInt8(ascii: "=") && first != UInt8(ascii: "#")
        }
        var pairs = 0
        for index in 0..<line.count where line[index] == UInt8(ascii: "=") { pairs += 1 }
        return pairs >= 2
    }
}
