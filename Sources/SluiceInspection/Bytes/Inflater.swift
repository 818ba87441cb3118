// Expands raw deflate streams (RFC 1951) in pieces, and computes the CRC-32 of zip. Two libraries do it: ISA-L, more than three times as
// fast as zlib on logs (measured), and zlib for short streams, where it is as fast (measured). Only zlib refuses incomplete code sets;
// those decode to the same bytes in every reader. A test compares the two. ZipExpansion checks what a zip says about a stream (length,
// CRC, end).

private import CISAL
private import CZlib

/// A decompressor with its buffers, to be used again from member to member. One thread, one stream at a time.
final class Inflater {
    /// How a stream ended.
    enum Ending: Equatable {
        /// The final block's end was reached after this many bytes of input.
        case finished(consumed: Int)
        /// The input ends before the stream does.
        case truncated
        /// Not a deflate stream.
        case invalid
        /// The receiver wanted no more.
        case stopped
    }

    /// The library that reads a stream.
    enum Engine: CaseIterable { case zlib, isal }

    /// Most bytes handed on at once (measured: smaller pieces cost ISA-L copies, larger ones leave the cache).
    static let pieceSize = 128 << 10
    /// Streams up to this length go through zlib (measured: up to about here the two cost the same).
    static let shortStream = 16 << 10
    /// Input is handed to the libraries in parts that their 32-bit counters hold.
    private static let mostInput = 1 << 30

    // Raw memory, since both libraries keep pointers into their states; freed in deinit.
    private let output = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: pieceSize)
    /// Made at the first stream that is long enough: 86 KiB are much for a process that lives for one attachment.
    private var quick: UnsafeMutablePointer<inflate_state>?
    private let strict = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let strictIsReady: Bool

    init() {
        strict.initialize(to: z_stream())
        // A negative window means a stream without header or trailer (zlib.h, inflateInit2).
        strictIsReady = inflateInit2_(strict, -15, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK
    }

    deinit {
        if strictIsReady { inflateEnd(strict) }
        strict.deallocate()
        quick?.deallocate()
        output.deallocate()
    }

    /// Expands the stream at the beginning of `input`; what follows its end is not looked at.
    /// - Parameter sink: takes the next piece; false stops.
    func inflate(_ input: Span<UInt8>, with engine: Engine? = nil, to sink: (Span<UInt8>) -> Bool) -> Ending {
        let short = input.count <= Self.shortStream && strictIsReady
        return input.withUnsafeBufferPointer { bytes in
            switch engine ?? (short ? .zlib : .isal) {
            case .zlib: inflateStrictly(bytes, to: sink)
            case .isal: inflateQuickly(bytes, to: sink)
            }
        }
    }

    private func readyQuick() -> UnsafeMutablePointer<inflate_state> {
        if let quick { return quick }
        let made = UnsafeMutablePointer<inflate_state>.allocate(capacity: 1)
        // Zeroed: ISA-L's init sets only what it reads first, and nothing of an earlier stream may ever show.
        made.initialize(to: inflate_state())
        isal_inflate_init(made)
        quick = made
        return made
    }

    private func inflateQuickly(_ input: UnsafeBufferPointer<UInt8>, to sink: (Span<UInt8>) -> Bool) -> Ending {
        let quick = readyQuick()
        isal_inflate_reset(quick)
        // The reset leaves the input of a stream that broke off.
        quick.pointee.avail_in = 0
        var given = 0
        while true {
            if quick.pointee.avail_in == 0, given < input.count {
                let part = min(input.count - given, Self.mostInput)
                quick.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress! + given)
                quick.pointee.avail_in = UInt32(part)
                given += part
            }
            let before = quick.pointee.avail_in
            quick.pointee.next_out = output.baseAddress
            quick.pointee.avail_out = UInt32(output.count)
            guard isal_inflate(quick) >= 0 else { return .invalid }
            let produced = output.count - Int(quick.pointee.avail_out)
            if produced > 0, !sink(output.extracting(0..<produced).span) { return .stopped }
            if quick.pointee.block_state == ISAL_BLOCK_FINISH {
                // Whole bytes that it has read ahead into its bit buffer are not part of the stream (igzip_lib.h, read_in_length).
                let ahead = Int(quick.pointee.avail_in) + Int(quick.pointee.read_in_length) / 8
                return .finished(consumed: given - ahead)
            }
            if produced == 0, quick.pointee.avail_in == before, given == input.count { return .truncated }
        }
    }

    private func inflateStrictly(_ input: UnsafeBufferPointer<UInt8>, to sink: (Span<UInt8>) -> Bool) -> Ending {
        guard inflateReset(strict) == Z_OK else { return .invalid }
        strict.pointee.avail_in = 0
        var given = 0
        while true {
            if strict.pointee.avail_in == 0, given < input.count {
                let part = min(input.count - given, Self.mostInput)
                strict.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress! + given)
                strict.pointee.avail_in = UInt32(part)
                given += part
            }
            strict.pointee.next_out = output.baseAddress
            strict.pointee.avail_out = UInt32(output.count)
            let code = CZlib.inflate(strict, Z_NO_FLUSH)
            let produced = output.count - Int(strict.pointee.avail_out)
            if produced > 0, !sink(output.extracting(0..<produced).span) { return .stopped }
            switch code {
            case Z_STREAM_END: return .finished(consumed: given - Int(strict.pointee.avail_in))
            case Z_OK: continue
            // No progress was possible: there is always room for output, so it is the input that ended (zlib.h, inflate).
            case Z_BUF_ERROR where given == input.count && strict.pointee.avail_in == 0: return .truncated
            default: return .invalid
            }
        }
    }
}

/// Inflaters at rest, kept from attachment to attachment. A member that is itself an archive is read while its container's inflater may still be
/// at work, hence more than one.
final class InflaterPool {
    private var resting: [Inflater] = []

    func take() -> Inflater { resting.popLast() ?? Inflater() }
    func putBack(_ inflater: Inflater) { resting.append(inflater) }
}

/// CRC-32 as zip has it (APPNOTE §4.4.7), over pieces.
struct CyclicCheck {
    private(set) var value: UInt32 = 0

    mutating func add(_ bytes: Span<UInt8>) {
        value = bytes.withUnsafeBufferPointer { bytes in
            bytes.isEmpty ? value : crc32_gzip_refl(value, bytes.baseAddress, UInt64(bytes.count))
        }
    }

    static func of(_ bytes: Span<UInt8>) -> UInt32 {
        var check = CyclicCheck()
        check.add(bytes)
        return check.value
    }
}
