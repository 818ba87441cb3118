// The bits of a JPEG's entropy-coded data and their Huffman codes (T.81 annexes C and F.2.2). For JPEGCoverage.

/// A Huffman table: codes of up to 8 bits by look-up, longer ones by comparison.
struct JPEGHuffmanTable {
    let values: [UInt8]
    /// Length << 8 | value for what begins with these 8 bits; 0 where the code is longer.
    private var quick = [UInt16](repeating: 0, count: 256)
    /// The first number behind the last code of each length, and the sum that turns a code of that length into the index of its value.
    private var limits = [Int](repeating: 0, count: 17)
    private var offsets = [Int](repeating: 0, count: 17)

    /// - Parameter at: of the sixteen counts.
    /// - Returns: `nil` where the table does not fit or has too many codes.
    init?(_ content: Span<UInt8>, _ at: Int, before end: Int) {
        guard at + 16 <= end else { return nil }
        var total = 0
        for index in 0..<16 { total += Int(content[at + index]) }
        guard total <= 256, at + 16 + total <= end else { return nil }
        values = content.copy(at + 16..<at + 16 + total)
        var code = 0
        var next = 0
        for length in 1...16 {
            let count = Int(content[at + length - 1])
            offsets[length] = next - code
            if length <= 8 {
                for index in 0..<count {
                    let first = (code + index) << (8 - length)
                    guard first + 1 << (8 - length) <= 256 else { return nil }
                    for place in first..<first + 1 << (8 - length) {
                        quick[place] = UInt16(length) << 8 | UInt16(values[next + index])
                    }
                }
            }
            code += count
            next += count
            guard code <= 1 << length else { return nil }
            limits[length] = count > 0 ? code : 0
            code <<= 1
        }
    }

    /// - Parameter window: the next 16 bits.
    /// - Returns: the value and its code's length; `nil` where no code begins so.
    @inline(__always)
    func find(_ window: Int) -> (value: UInt8, length: Int)? {
        let entry = quick[window >> 8]
        if entry != 0 { return (UInt8(truncatingIfNeeded: entry), Int(entry >> 8)) }
        for length in 9...16 {
            let code = window >> (16 - length)
            if code < limits[length] {
                let place = code + offsets[length]
                return values.indices.contains(place) ? (values[place], length) : nil
            }
        }
        return nil
    }
}

/// Reads bits from the highest one down, without the zeros that are stuffed behind 0xFF (§F.1.2.3).
struct JPEGBits {
    /// The offset of the next byte that is not in the buffer.
    var position: Int
    private var buffer: UInt64 = 0
    private var count = 0

    init(position: Int) { self.position = position }

    mutating func begin() { (buffer, count) = (0, 0) }

    private mutating func fill(_ content: Span<UInt8>) {
        while count <= 48, position < content.count {
            let byte = content[position]
            if byte == 0xFF {
                guard content.byte(position + 1) == 0 else { return }
                position += 1
            }
            position += 1
            buffer = buffer << 8 | UInt64(byte)
            count += 8
        }
    }

    /// - Returns: `nil` where no code begins here, or the bits end.
    @inline(__always)
    mutating func symbol(_ table: JPEGHuffmanTable, _ content: Span<UInt8>) -> UInt8? {
        if count < 16 { fill(content) }
        let window = count >= 16 ? buffer >> UInt64(count - 16) : buffer << UInt64(16 - count)
        guard let (value, length) = table.find(Int(window & 0xFFFF)), length <= count else { return nil }
        count -= length
        return value
    }

    @inline(__always)
    mutating func skip(_ bits: Int, _ content: Span<UInt8>) -> Bool {
        if count < bits { fill(content) }
        var left = bits
        while count < left {  // more than a buffer holds
            if count == 0 { return false }
            left -= count
            count = 0
            fill(content)
        }
        count -= left
        return true
    }

    mutating func number(_ bits: Int, _ content: Span<UInt8>) -> Int? {
        if bits == 0 { return 0 }
        if count < bits { fill(content) }
        guard bits <= count else { return nil }
        count -= bits
        return Int(buffer >> UInt64(count) & (1 << UInt64(bits) - 1))
    }

    /// Gives back the whole bytes that were read ahead; the bits of a byte that was begun fill it up.
    mutating func align(_ content: Span<UInt8>) {
        while count >= 8 {
            count -= 8
            // A zero behind 0xFF is always a stuffed one.
            position -= position >= 2 && content[position - 1] == 0 && content[position - 2] == 0xFF ? 2 : 1
        }
        begin()
    }

    /// - Returns: whether a restart marker stands here.
    mutating func skipRestart(_ content: Span<UInt8>) -> Bool {
        align(content)
        guard content.byte(position) == 0xFF else { return false }
        while content.byte(position) == 0xFF { position += 1 }
        guard let marker = content.byte(position), (0xD0...0xD7).contains(marker) else { return false }
        position += 1
        return true
    }
}
