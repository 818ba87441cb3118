// Reads a text as a table of delimited fields (CSV, RFC 4180 and the variants of programs): width of the rows, quotes, formula cells.

import SluiceModel

/// A streaming reader of CSV. Feed it all of the text; where it is cut makes no difference. It never changes a byte.
struct TableReader {
    /// The counts that choose the delimiter.
    private static let opening = 8 << 10
    private static let widest = 1024
    /// How much of a cell that begins like a formula is kept, to see whether it is a number.
    private static let keptOfCell = 48

    private var head: [UInt8] = []
    private var delimiter: UInt8?
    private var inQuotes = false
    private var afterQuote = false
    private var afterReturn = false
    private var isCellStart = true
    private var quoteRow = 0
    private var row = 1
    private var column = 1
    private var rowIsEmpty = true
    private var widths: [Int] = []
    /// The beginning of a cell that may be a formula.
    private var suspect: [UInt8] = []
    private var isSuspect = false

    private(set) var formulas = 0
    private(set) var firstFormula: (row: Int, column: Int)?
    private(set) var hasUnclosedQuote = false

    mutating func take(_ bytes: Span<UInt8>) {
        var at = 0
        if delimiter == nil {
            while at < bytes.count && head.count < Self.opening {
                head.append(bytes[at])
                at += 1
            }
            if head.count < Self.opening { return }
            begin()
        }
        read(bytes, from: at)
    }

    mutating func finish() {
        if delimiter == nil { begin() }
        if inQuotes { hasUnclosedQuote = true }
        if !rowIsEmpty || column > 1 { endRow() }
    }

    var quotedFrom: Int { quoteRow }
    var rows: Int { widths.reduce(0, +) }

    /// The commonest number of fields and how many rows have it.
    var usual: (width: Int, rows: Int) {
        var best = 0
        for (width, times) in widths.enumerated() where times > 0 && (best == 0 || times > widths[best]) {
            best = width
        }
        return (best, best == 0 ? 0 : widths[best])
    }

    /// Two columns at least, and 9 of 10 rows alike (chosen).
    var isTable: Bool { usual.width >= 2 && usual.rows * 10 >= rows * 9 }

    private mutating func begin() {
        widths = Array(repeating: 0, count: Self.widest + 1)
        var at = 0
        // Excel's own hint: `sep=;` as the first line names the delimiter and is no row.
        if head.span.has("sep=", at: 0) || head.span.has("SEP=", at: 0), let named = head.span.byte(4) {
            delimiter = named
            at = 5
            while at < head.count, head[at] == 0x0D || head[at] == 0x0A { at += 1 }
        } else {
            delimiter = Self.choose(head.span)
        }
        let opening = head
        head = []
        read(opening.span, from: at)
    }

    /// The delimiter that gives the most rows of equal width, the wider the better.
    private static func choose(_ text: Span<UInt8>) -> UInt8 {
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|")]
        var fields = SIMD4<Int32>(repeating: 1)
        var first = fields
        var alike = SIMD4<Int32>()
        var rows: Int32 = 0
        func endRow() {
            if rows == 0 { first = fields }
            alike.replace(with: alike &+ 1, where: fields .== first)
            rows += 1
        }
        var quoted = false
        var length = 0
        for index in text.indices {
            let byte = text[index]
            length += 1
            switch byte {
            case UInt8(ascii: "\""): quoted.toggle()
            case UInt8(ascii: ","): if !quoted { fields[0] += 1 }
            case UInt8(ascii: ";"): if !quoted { fields[1] += 1 }
            case 0x09: if !quoted { fields[2] += 1 }
            case UInt8(ascii: "|"): if !quoted { fields[3] += 1 }
            case 0x0A, 0x0D:
                if quoted { continue }
                if length > 1 { endRow() }
                fields = SIMD4(repeating: 1)
                length = 0
            default: break
            }
        }
        if rows == 0 { endRow() }
        var best: (delimiter: UInt8, score: Int32) = (UInt8(ascii: ","), 0)
        for (index, candidate) in candidates.enumerated() where first[index] >= 2 {
            let score = alike[index] * 1000 / rows + min(first[index], 100)
            if score > best.score { best = (candidate, score) }
        }
        return best.delimiter
    }

    private mutating func read(_ bytes: Span<UInt8>, from start: Int) {
        let mark = delimiter ?? UInt8(ascii: ",")
        var at = start
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if inQuotes {
                if afterQuote {
                    afterQuote = false
                    if byte == UInt8(ascii: "\"") {
                        suspectByte(byte)
                        continue
                    }
                    inQuotes = false
                    // and on as an unquoted byte
                } else {
                    if byte == UInt8(ascii: "\"") {
                        afterQuote = true
                    } else {
                        suspectByte(byte)
                        // The rest of an ordinary cell says nothing.
                        if !isSuspect {
                            at = bytes.firstOffset(of: UInt8(ascii: "\""), from: at, before: bytes.count) ?? bytes.count
                        }
                    }
                    continue
                }
            }
            if byte == mark {
                endCell()
                column += 1
                isCellStart = true
                rowIsEmpty = false
                afterReturn = false
            } else if byte == 0x0A {
                if !afterReturn { endRow() }
                afterReturn = false
            } else if byte == 0x0D {
                endRow()
                afterReturn = true
            } else {
                afterReturn = false
                if isCellStart && byte == UInt8(ascii: "\"") {
                    inQuotes = true
                    quoteRow = row
                    rowIsEmpty = false
                    continue
                }
                rowIsEmpty = false
                suspectByte(byte)
                if isSuspect { continue }
                while at < bytes.count, bytes[at] != mark, bytes[at] != 0x0A, bytes[at] != 0x0D { at += 1 }
            }
        }
    }

    @inline(__always)
    private mutating func suspectByte(_ byte: UInt8) {
        if isCellStart {
            isCellStart = false
            switch byte {
            case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D:
                isSuspect = true
                suspect.append(byte)
            default: break
            }
        } else if isSuspect && suspect.count < Self.keptOfCell {
            suspect.append(byte)
        }
    }

    private mutating func endCell() {
        afterQuote = false
        guard isSuspect else { return }
        isSuspect = false
        if Self.isFormula(suspect) {
            formulas += 1
            if firstFormula == nil { firstFormula = (row, column) }
        }
        suspect.removeAll(keepingCapacity: true)
    }

    private mutating func endRow() {
        endCell()
        if !rowIsEmpty { widths[min(column, Self.widest)] += 1 }
        row += 1
        column = 1
        rowIsEmpty = true
        isCellStart = true
    }

    /// Whether a spreadsheet would calculate: not a number (-12.5, -1,5 %, 1e-3), a telephone number (+49 30 123), a dash or a rule of dashes.
    static func isFormula(_ cell: [UInt8]) -> Bool {
        guard let first = cell.first, cell.count > 1 else { return false }
        if first == UInt8(ascii: "=") || first == UInt8(ascii: "@") { return cell[1] != first }
        if first == 0x09 || first == 0x0D {
            // Spreadsheets skip these and look at what follows.
            guard let inner = cell.first(where: { $0 > 0x20 }) else { return false }
            return [UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@")].contains(inner)
        }
        for byte in cell.dropFirst() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: ","), 0x20, UInt8(ascii: "("),
                UInt8(ascii: ")"),
                UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "%"), UInt8(ascii: "e"), UInt8(ascii: "E"),
                UInt8(ascii: "+"),
                UInt8(ascii: "'"), UInt8(ascii: "$"), UInt8(ascii: ":"), 0x80...0xFF, UInt8(ascii: "x"):
                continue
            default: return true
            }
        }
        return false
    }
}
