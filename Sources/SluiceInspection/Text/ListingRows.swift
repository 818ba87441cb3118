// Rows as commands print them (listings, tables under a line of titles, sums of files, columns of figures). Also the lines of a packet
// filter's rule set, which a command prints, but which is loaded again.

import SluiceModel

/// Tells rows of listings by their layout. `Scripts/recount.py` does the same by regular expressions.
struct ListingRows {
    /// A line of titles went by, and no blank line since.
    private var isUnderTitles = false
    /// How much of a line is looked at after its indent, as in LineShape.
    private static let most = 256

    /// How a line is laid out.
    private struct Layout {
        var words = 0
        /// Runs of two blanks or more, and tabs, between words.
        var gaps = 0
        /// Words that begin with a digit, and words with a small letter.
        var figures = 0
        var small = 0
        /// Commas, semicolons, quotes, braces and other marks that titles do not have.
        var marks = 0
        var hasLetter = false

        init(_ line: Span<UInt8>) {
            var blanks = 0
            var isSmall = false
            for index in 0..<line.count {
                let byte = line[index]
                if byte == 0x20 || byte == 0x09 {
                    blanks += byte == 0x09 ? 2 : 1
                    continue
                }
                if index == 0 || blanks > 0 {
                    words += 1
                    if blanks > 1 { gaps += 1 }
                    if Timestamp.isDigit(byte) { figures += 1 }
                    isSmall = false
                }
                blanks = 0
                if byte &- 0x61 < 26 {
                    if !isSmall { small += 1 }
                    isSmall = true
                }
                if Timestamp.isLetter(byte) { hasLetter = true }
                switch byte {
                case UInt8(ascii: "="), UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "{"),
                    UInt8(ascii: "}"), UInt8(ascii: "$"), UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: "["):
                    marks += 1
                default: break
                }
            }
        }
    }

    mutating func passBlank() { isUnderTitles = false }

    /// Whether the line is a row, or the titles over rows.
    mutating func isRow(_ whole: Span<UInt8>, _ shape: LineShape, isTimed: Bool) -> Bool {
        guard !isTimed else { return false }
        let line = whole.extracting(shape.start..<min(shape.end, shape.start + Self.most))
        let layout = Layout(line)
        if Self.isTitles(line, layout, indent: shape.start) {
            isUnderTitles = true
            return true
        }
        if isUnderTitles, layout.words >= 3, layout.gaps >= 1, layout.marks < 3 { return true }
        return Self.isFile(line) || Self.isSum(line) || Self.isFact(line) || Self.isPath(line, layout)
            || Self.isPackage(line, layout) || Self.isInterface(line)
            || layout.words >= 4 && layout.gaps >= 2 && layout.figures * 5 >= layout.words * 3 && layout.marks == 0
    }

    /// `NAME  READY  STATUS`, `Filesystem  Size  Used Avail`, an indented `total  used  free`.
    private static func isTitles(_ line: Span<UInt8>, _ layout: Layout, indent: Int) -> Bool {
        guard layout.hasLetter, layout.figures == 0, layout.marks == 0, layout.words >= (indent >= 4 ? 2 : 3) else {
            return false
        }
        let first = line[0]
        let isCapital = first &- 0x41 < 26
        guard isCapital || indent > 0 && Timestamp.isLetter(first), let last = line.byte(line.count - 1),
            last != UInt8(ascii: "."), last != UInt8(ascii: ":")
        else { return false }
        if isCapital && layout.small <= 1 && layout.gaps + layout.words >= 5 { return true }
        return layout.gaps >= (layout.words == 2 ? 1 : 2) && (isCapital || layout.gaps * 2 >= layout.words)
    }

    /// `-rw-r--r--`, and `total 128` over such lines.
    private static func isFile(_ line: Span<UInt8>) -> Bool {
        guard let first = line.byte(0) else { return false }
        if first == UInt8(ascii: "t"), line.has("total ", at: 0) {
            return Timestamp.digitsEnd(line, 6) == line.count && line.count > 6
        }
        guard line.count > 10 else { return false }
        switch first {
        case UInt8(ascii: "-"), UInt8(ascii: "d"), UInt8(ascii: "l"), UInt8(ascii: "b"), UInt8(ascii: "c"),
            UInt8(ascii: "p"), UInt8(ascii: "s"):
            break
        default: return false
        }
        for index in 1..<10 {
            switch line[index] {
            case UInt8(ascii: "r"), UInt8(ascii: "w"), UInt8(ascii: "x"), UInt8(ascii: "-"), UInt8(ascii: "s"),
                UInt8(ascii: "S"), UInt8(ascii: "t"), UInt8(ascii: "T"):
                break
            default: return false
            }
        }
        return line[1] == UInt8(ascii: "r") || line[1] == UInt8(ascii: "-") && line[10] <= 0x2E
    }

    /// The sum of a file's bytes in hexadecimal digits (MD5 to SHA-512), two blanks or a blank and a star, and the file's name.
    private static func isSum(_ line: Span<UInt8>) -> Bool {
        guard line.count > 34 else { return false }
        var end = 0
        while let byte = line.byte(end), Timestamp.isDigit(byte) || byte &- 0x61 < 6 { end += 1 }
        switch end {
        case 32, 40, 56, 64, 96, 128: break
        default: return false
        }
        guard line.byte(end) == 0x20, let mark = line.byte(end + 1) else { return false }
        return mark == 0x20 || mark == UInt8(ascii: "*")
    }

    /// `MemTotal:        8008888 kB`, `Release:⇥12`, `IPv4 Address. . . : 10.0.0.1`; `model name⇥: x`.
    private static func isFact(_ line: Span<UInt8>) -> Bool {
        guard let first = line.byte(0), Timestamp.isLetter(first) else { return false }
        let isCapital = first < 0x60
        var at = 1
        while let byte = line.byte(at), at < 48 {
            if byte == UInt8(ascii: ":") {
                return isCapital && (line.has("   ", at: at + 1) || line.byte(at + 1) == 0x09)
            }
            if byte == 0x09 {
                while line.byte(at) == 0x09 { at += 1 }
                return line.has(": ", at: at)
            }
            if byte == UInt8(ascii: ".") {
                return isCapital && line.has(". . .", at: at) || line.has(" . . .", at: at + 1)
            }
            guard
                Timestamp.isLetter(byte) || Timestamp.isDigit(byte) || byte == 0x20 || byte == UInt8(ascii: "(")
                    || byte == UInt8(ascii: ")") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            else { return false }
            at += 1
        }
        return false
    }

    /// `/usr/lib/a.so`, `./a/b`; `120 /etc/a`, `4038471504 3028 /etc/a`, as find, du, wc and cksum print them.
    private static func isPath(_ line: Span<UInt8>, _ layout: Layout) -> Bool {
        guard layout.marks == 0, layout.words <= 3, layout.figures == layout.words - 1 else { return false }
        var at = 0
        if layout.words > 1 {
            guard Timestamp.isDigit(line[0]) else { return false }
            at = line.count
            while at > 0, line[at - 1] > 0x20 { at -= 1 }
        }
        if line.byte(at) == UInt8(ascii: ".") { at += 1 }
        return line.byte(at) == UInt8(ascii: "/") && line.count > at + 2
    }

    private static let architectures: [[UInt8]] = [".x86_64", ".noarch", ".i686", ".aarch64", ".s390x", ".ppc64le"]
        .map { Array($0.utf8) }

    /// `bash-5.1.8-9.el9.x86_64`, with nothing behind it or a time in a column of its own; `ii  bash  5.2  amd64  GNU shell`.
    private static func isPackage(_ line: Span<UInt8>, _ layout: Layout) -> Bool {
        if layout.words >= 4, layout.gaps >= 2, line.has("ii ", at: 0) || line.has("rc ", at: 0) { return true }
        guard layout.words == 1 || layout.gaps >= 1 else { return false }
        var end = 0
        while let byte = line.byte(end), byte > 0x20 { end += 1 }
        for name in architectures where end > name.count && line.has(name, at: end - name.count) { return true }
        return false
    }

    private static let interfaceWords: [[UInt8]] = [
        "inet ", "inet6 ", "ether ", "link/", "valid_lft ", "RX packets", "TX packets", "RX errors", "TX errors",
        "RX: ", "TX: ",
    ].map { Array($0.utf8) }

    /// A line of `ip addr` or `ifconfig`.
    private static func isInterface(_ line: Span<UInt8>) -> Bool {
        for word in interfaceWords where line.has(word, at: 0) { return true }
        return false
    }

    // MARK: - Rule sets

    /// `*filter`, `:INPUT DROP [0:0]`, `-A INPUT …`, `COMMIT`; `table inet a {`, `chain b {`, an indented rule that ends in its verdict.
    static func isRule(_ whole: Span<UInt8>, _ shape: LineShape) -> Bool {
        let line = whole.extracting(shape.start..<min(shape.end, shape.start + most))
        guard let first = line.byte(0), let last = line.byte(line.count - 1) else { return false }
        switch first {
        case UInt8(ascii: "*"): return shape.words == 1 && line.count > 2 && (line.byte(1) ?? 0) &- 0x61 < 26
        case UInt8(ascii: ":"): return shape.words == 3 && last == UInt8(ascii: "]")
        case UInt8(ascii: "-"):
            return line.has("-A ", at: 0) || line.has("-N ", at: 0) || line.has("-P ", at: 0) || line.has("-I ", at: 0)
        case UInt8(ascii: "C"): return line.count == 6 && line.has("COMMIT", at: 0)
        default: break
        }
        if last == UInt8(ascii: "{") { return line.has("table ", at: 0) || line.has("chain ", at: 0) }
        guard shape.start > 0, shape.words >= 2 else { return false }
        for verdict in verdicts where line.count > verdict.count {
            let start = line.count - verdict.count
            if line[start - 1] == 0x20, line.has(verdict, at: start) { return true }
        }
        return false
    }

    private static let verdicts: [[UInt8]] = [
        "accept", "drop", "reject", "masquerade", "policy accept;", "policy drop;",
    ]
    .map { Array($0.utf8) }
}
