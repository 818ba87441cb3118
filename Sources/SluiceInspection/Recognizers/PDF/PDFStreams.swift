// Decodes the filters of a stream (ISO 32000-1 §7.4), within the inspection's budget. PDFFilters has the filters other than Flate;
// PDFDocument finds out which filters a stream has.

import CZlib
import SluiceModel

/// The decoded bytes of a stream, or the reason why there are none.
enum PDFDecoded {
    case bytes([UInt8])
    case unreadable(String)
}

/// One filter with its parameters.
struct PDFFilterStep: Equatable {
    /// `nil` for one that is not known here.
    var filter: PDFName?
    var predictor = 1
    var columns = 1
    var colors = 1
    var sampleBits = 8
    var earlyChange = 1
    /// The name of a crypt filter.
    var name: [UInt8]?
}

enum PDFStreams {
    /// - Parameters:
    ///   - bytes: decrypted.
    ///   - isExact: whether the stream's length was right. If not, damage may mean that the data was cut at the wrong place, and viewers see more.
    static func decode(
        _ bytes: [UInt8], _ steps: [PDFFilterStep], isExact: Bool, _ context: inout InspectionContext
    ) -> PDFDecoded {
        var bytes = bytes
        let most = Int(context.budget.limits.heldMember.bytes)
        if steps.count > 8 { return .unreadable("too many filters") }
        for step in steps {
            switch step.filter {
            case .flate, .shortFlate:
                guard var inflater = PDFInflater() else { return .unreadable("no memory") }
                guard let out = inflater.inflate(bytes, &context) else {
                    return .unreadable(overBudget(context.budget.exhausted))
                }
                if out.bytes.isEmpty && !bytes.isEmpty && !out.isWhole || !out.isWhole && !isExact {
                    return .unreadable("damaged compression")
                }
                bytes = out.bytes
            case .lzw, .shortLZW, .runLength, .shortRunLength:
                let isLZW = step.filter == .lzw || step.filter == .shortLZW
                let out =
                    isLZW
                    ? PDFFilters.undoLZW(bytes, early: step.earlyChange, most: most)
                    : PDFFilters.undoRunLength(bytes, most: most)
                guard let out, context.budget.spend(out.count, memberTotal: out.count, stored: bytes.count) else {
                    return .unreadable(overBudget(context.budget.exhausted))
                }
                if isLZW, out.isEmpty, !bytes.isEmpty { return .unreadable("damaged compression") }
                bytes = out
            case .hexadecimal, .shortHexadecimal: bytes = PDFFilters.undoHexadecimal(bytes)
            case .base85, .shortBase85: bytes = PDFFilters.undoBase85(bytes)
            case .crypt: break  // undone before
            default: return .unreadable("unknown filter")
            }
            guard let plain = PDFFilters.undoPredictor(bytes, step) else { return .unreadable("unknown predictor") }
            bytes = plain
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

    /// The bytes up to the end or up to the first damage, as viewers read them.
    /// - Returns: also whether the stream's own end was reached; `nil` once a budget has run out.
    mutating func inflate(_ bytes: [UInt8], _ context: inout InspectionContext) -> (bytes: [UInt8], isWhole: Bool)? {
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
                if state != Z_OK || written == 0 { return (out, state == Z_STREAM_END) }
            }
        }
    }
}
