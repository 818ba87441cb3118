// The filters of PDF's streams other than Flate (ISO 32000-1 §7.4), each bounded by its input or by a limit.

enum PDFFilters {
    /// §7.4.2
    static func undoHexadecimal(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count / 2)
        var high: UInt8?
        for byte in bytes {
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46, 0x61...0x66: digit = (byte | 0x20) - 0x61 + 10
            case UInt8(ascii: ">"): return out + (high.map { [$0 << 4] } ?? [])
            default: continue
            }
            if let first = high {
                out.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        if let high { out.append(high << 4) }
        return out
    }

    /// §7.4.3
    static func undoBase85(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count / 5 * 4)
        var value: UInt64 = 0
        var digits = 0
        func flush() {
            guard digits > 1 else { return }
            for _ in digits..<5 { value = value &* 85 &+ 84 }
            for index in 0..<digits - 1 { out.append(UInt8(truncatingIfNeeded: value >> UInt64(24 - 8 * index))) }
        }
        var at = bytes.starts(with: [UInt8(ascii: "<"), UInt8(ascii: "~")]) ? 2 : 0
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            switch byte {
            case UInt8(ascii: "z") where digits == 0: out += [0, 0, 0, 0]
            case UInt8(ascii: "!")...UInt8(ascii: "u"):
                value = value &* 85 &+ UInt64(byte - UInt8(ascii: "!"))
                digits += 1
                if digits == 5 {
                    flush()
                    (value, digits) = (0, 0)
                }
            case UInt8(ascii: "~"):
                flush()
                return out
            default: continue
            }
        }
        flush()
        return out
    }

    /// §7.4.5
    /// - Returns: `nil` beyond `most` bytes.
    static func undoRunLength(_ bytes: [UInt8], most: Int) -> [UInt8]? {
        var out: [UInt8] = []
        var at = 0
        while at < bytes.count, bytes[at] != 128 {
            let length = Int(bytes[at])
            if length < 128 {
                let end = min(at + 2 + length, bytes.count)
                out += bytes[at + 1..<end]
                at = end
            } else {
                guard at + 1 < bytes.count else { break }
                out += repeatElement(bytes[at + 1], count: 257 - length)
                at += 2
            }
            if out.count > most { return nil }
        }
        return out
    }

    /// §7.4.4: codes of 9 to 12 bits, the highest bit first.
    /// - Parameter early: 1 when the codes grow one entry early, as they do unless the stream says otherwise.
    /// - Returns: `nil` beyond `most` bytes.
    static func undoLZW(_ bytes: [UInt8], early: Int, most: Int) -> [UInt8]? {
        var out: [UInt8] = []
        // Each entry is a piece of the output so far: where it begins, and how long it is.
        var starts = [Int](repeating: 0, count: 4096)
        var lengths = [Int](repeating: 0, count: 4096)
        var next = 258
        var previous: (start: Int, length: Int)?
        var (bits, held, width) = (0, 0, 9)
        for byte in bytes {
            bits = (bits << 8 | Int(byte)) & 0xFFFF_FFFF
            held += 8
            guard held >= width else { continue }
            held -= width
            let code = bits >> held & (1 << width - 1)
            if code == 257 { return out }
            if code == 256 {
                (next, width, previous) = (258, 9, nil)
                continue
            }
            let start = out.count
            if code < 256 {
                out.append(UInt8(code))
            } else if code < next {
                for index in starts[code]..<starts[code] + lengths[code] { out.append(out[index]) }
            } else if let last = previous, code == next {
                for index in last.start..<last.start + last.length { out.append(out[index]) }
                out.append(out[last.start])
            } else {
                return out  // damage: viewers stop here, too
            }
            if out.count > most { return nil }
            if let last = previous, next < 4096 {
                (starts[next], lengths[next]) = (last.start, last.length + 1)
                next += 1
            }
            previous = (start, out.count - start)
            width = next + early >= 2048 ? 12 : next + early >= 1024 ? 11 : next + early >= 512 ? 10 : 9
        }
        return out
    }

    /// §7.4.4.4
    /// - Returns: `nil` for an unknown predictor.
    static func undoPredictor(_ bytes: [UInt8], _ step: PDFFilterStep) -> [UInt8]? {
        if step.predictor == 1 { return bytes }
        let bits = min(max(step.colors, 1), 32) * min(max(step.sampleBits, 1), 32)
        let width = (min(max(step.columns, 1), 1 << 24) * bits + 7) / 8
        if step.predictor == 2 {
            guard step.sampleBits == 8 else { return nil }
            var out = bytes
            let sample = bits / 8
            for index in out.indices where index % width >= sample { out[index] &+= out[index - sample] }
            return out
        }
        return step.predictor >= 10 ? undoPNG(bytes, sample: max(1, bits / 8), width: width) : nil
    }

    /// PNG §9.2: each row begins with its filter's number.
    private static func undoPNG(_ bytes: [UInt8], sample: Int, width: Int) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var row = 0
        while row + 1 < bytes.count {
            let filter = bytes[row]
            let start = out.count
            for index in 0..<min(width, bytes.count - row - 1) {
                let left = index >= sample ? out[start + index - sample] : 0
                let up = start >= width ? out[start + index - width] : 0
                let corner = index >= sample && start >= width ? out[start + index - width - sample] : 0
                let guess: UInt8 =
                    switch filter {
                    case 1: left
                    case 2: up
                    case 3: UInt8((Int(left) + Int(up)) / 2)
                    case 4: paeth(left, up, corner)
                    default: 0
                    }
                out.append(bytes[row + 1 + index] &+ guess)
            }
            row += width + 1
        }
        return out
    }

    private static func paeth(_ left: UInt8, _ up: UInt8, _ corner: UInt8) -> UInt8 {
        let estimate = Int(left) + Int(up) - Int(corner)
        let distances = (abs(estimate - Int(left)), abs(estimate - Int(up)), abs(estimate - Int(corner)))
        if distances.0 <= distances.1 && distances.0 <= distances.2 { return left }
        return distances.1 <= distances.2 ? up : corner
    }
}
