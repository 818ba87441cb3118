// Undoing the filters of object streams and cross-reference streams (ISO 32000-1 §7.4), within the inspection's budget.
// Other streams (pages, images, fonts) are never undone.

import CZlib
import SluiceModel

/// What came out of a stream, or why nothing did.
enum PDFDecoded {
    case bytes([UInt8])
    case unreadable(String)
}

enum PDFStreams {
    static func decode(
        _ content: Span<UInt8>, _ range: Range<Int>, _ dictionary: PDFDictionary, _ context: inout InspectionContext
    ) -> PDFDecoded {
        var bytes = content.copy(range)
        if dictionary.filters.count > 4 { return .unreadable("too many filters") }
        for filter in dictionary.filters {
            switch filter {
            case .flate, .shortFlate:
                guard var inflater = PDFInflater() else { return .unreadable("no memory") }
                guard let out = inflater.inflate(bytes, &context) else {
                    return .unreadable(overBudget(context.budget.exhausted))
                }
                if out.isEmpty && !bytes.isEmpty { return .unreadable("damaged compression") }
                bytes = out
                if dictionary.predictor >= 10 {
                    bytes = undoPredictor(bytes, dictionary)
                } else if dictionary.predictor != 1 {
                    return .unreadable("unknown predictor")
                }
            case .hexadecimal, .shortHexadecimal: bytes = undoHexadecimal(bytes)
            case .base85, .shortBase85: bytes = undoBase85(bytes)
            default: return .unreadable("unknown filter")
            }
        }
        return .bytes(bytes)
    }

    /// The figure against its limit, as it stands in a finding.
    private static func overBudget(_ reason: ExpansionBudget.Exhausted?) -> String {
        let figures: String =
            switch reason {
            case .ratio(let ratio, let limit): ": \(ratio) times their stored size, the limit is \(limit) times"
            case .whole(let ratio, _, _): ": together more than \(ratio) times their stored size"
            case .expandedSize(let size, let limit): ": \(size.short), the limit is \(limit.short)"
            case .entries, .wallClock, nil: ""
            }
        return "over the inspection budget" + figures
    }

    /// PNG §9.2: each row begins with its filter's number.
    private static func undoPredictor(_ bytes: [UInt8], _ dictionary: PDFDictionary) -> [UInt8] {
        let sample = max(1, min(dictionary.colors, 32) * min(dictionary.sampleBits, 32) / 8)
        let bits = min(dictionary.colors, 32) * min(dictionary.sampleBits, 32)
        let width = (min(max(dictionary.columns, 1), 1 << 24) * max(bits, 1) + 7) / 8
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

    /// §7.4.2
    private static func undoHexadecimal(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
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
        return out
    }

    /// §7.4.3
    private static func undoBase85(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var group: [UInt8] = []
        func flush() {
            guard group.count > 1 else { return }
            var value: UInt64 = 0
            for index in 0..<5 { value = value * 85 + UInt64(index < group.count ? group[index] : 84) }
            for index in 0..<group.count - 1 { out.append(UInt8(truncatingIfNeeded: value >> UInt64(24 - 8 * index))) }
            group.removeAll(keepingCapacity: true)
        }
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "z") where group.isEmpty: out += [0, 0, 0, 0]
            case UInt8(ascii: "!")...UInt8(ascii: "u"):
                group.append(byte - UInt8(ascii: "!"))
                if group.count == 5 { flush() }
            case UInt8(ascii: "~"):
                flush()
                return out
            default: continue
            }
        }
        flush()
        return out
    }
}

/// zlib's decompressor. Owns its state; lives within one function.
private struct PDFInflater: ~Copyable {
    /// At an address of its own, since zlib's state points back to it.
    private let stream: UnsafeMutablePointer<z_stream>

    init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        if inflateInit_(stream, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) != Z_OK {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// What comes out up to the end or up to the first damage, as viewers read it.
    /// - Returns: `nil` once a budget has run out.
    mutating func inflate(_ bytes: [UInt8], _ context: inout InspectionContext) -> [UInt8]? {
        var out: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 32_768)
        let most = Int(context.budget.limits.heldMember.bytes)
        // Unsafe at the edge of zlib: input and output stay in place while zlib holds pointers to them.
        return bytes.withUnsafeBufferPointer { input in
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.pointee.avail_in = CUnsignedInt(clamping: input.count)
            while true {
                let (state, written) = piece.withUnsafeMutableBufferPointer { output in
                    stream.pointee.next_out = output.baseAddress
                    stream.pointee.avail_out = CUnsignedInt(output.count)
                    let state = CZlib.inflate(stream, Z_NO_FLUSH)
                    return (state, output.count - Int(stream.pointee.avail_out))
                }
                out += piece[..<written]
                if out.count > most || !context.budget.spend(written, memberTotal: out.count, stored: bytes.count) {
                    return nil
                }
                if state != Z_OK || written == 0 { return out }
            }
        }
    }
}
