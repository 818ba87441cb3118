// Which part of a store one verification looks at, and how fast: a store of many terabytes is verified by several machines, or over several nights.

import Glibc
import SluiceModel
import Synchronization

/// A range of digests, by their first bytes.
public struct VerificationScope: Sendable, Hashable {
    /// The first bytes, from 0 to 255.
    public var bytes: ClosedRange<UInt8>

    /// The whole store.
    public static let all = VerificationScope(bytes: 0...255)

    init(bytes: ClosedRange<UInt8>) { self.bytes = bytes }

    /// One of `count` parts of about the same size; all parts together are the whole store.
    /// - Parameter number: from 1 to `count`.
    /// - Returns: `nil` where there is no such part; there are at most 256.
    public init?(part number: Int, of count: Int) {
        guard (1...256).contains(count), (1...count).contains(number) else { return nil }
        bytes = UInt8((number - 1) * 256 / count)...UInt8(number * 256 / count - 1)
    }

    /// The rest of this part, for a verification that goes on where another one was interrupted.
    /// - Returns: `nil` where the byte is not of this part.
    public func beginning(at byte: UInt8) -> VerificationScope? {
        bytes.contains(byte) ? VerificationScope(bytes: byte...bytes.upperBound) : nil
    }

    /// What concerns the store as a whole is looked at once, however many parts there are.
    var isFirst: Bool { bytes.lowerBound == 0 }
    var isLast: Bool { bytes.upperBound == 255 }

    /// About what of these totals lies in this part: digests are spread evenly.
    func share(of totals: Usage) -> Usage {
        func part(_ total: Int64) -> Int64 { bytes.count == 256 ? total : total / 256 * Int64(bytes.count) }
        return Usage(attachments: part(totals.attachments), size: ByteCount(part(totals.size.bytes)))
    }
}

/// The first bytes of digests that are still to be looked at, handed to several threads in their order.
final class ShardQueue: Sendable {
    private struct State {
        var next: Int
        var unfinished: Set<UInt8>
    }

    private let last: Int
    private let state: Mutex<State>

    init(_ scope: VerificationScope) {
        last = Int(scope.bytes.upperBound)
        state = Mutex(State(next: Int(scope.bytes.lowerBound), unfinished: Set(scope.bytes)))
    }

    /// - Returns: `nil` when none is left.
    func take() -> UInt8? {
        state.withLock { state in
            guard state.next <= last else { return nil }
            defer { state.next += 1 }
            return UInt8(state.next)
        }
    }

    func finish(_ byte: UInt8) { state.withLock { _ = $0.unfinished.remove(byte) } }

    /// All before it are done.
    var firstUnfinished: UInt8? { state.withLock { $0.unfinished.min() } }
}

/// Holds the reading of several threads together to a rate.
final class ReadingPace: Sendable {
    /// A thread that waits asks so often whether the work was cancelled (chosen).
    private static let step = Duration.milliseconds(100)

    private let bytesPerSecond: Int64
    /// When the bytes that were read so far would have been read at the rate.
    private let due = Mutex(ContinuousClock.now)

    init(_ bytesPerSecond: Int64) { self.bytesPerSecond = max(bytesPerSecond, 1) }

    func wait(after bytes: Int, _ isCancelled: () -> Bool) {
        let cost = Duration.nanoseconds(Int64(Double(bytes) / Double(bytesPerSecond) * 1e9))
        let moment = due.withLock { due in
            // Time in which nothing was read is not made up for.
            due = max(due, .now - .seconds(1)) + cost
            return due
        }
        while !isCancelled() {
            let left = ContinuousClock.now.duration(to: moment)
            if left <= .zero { return }
            usleep(useconds_t(min(left, Self.step) / .microseconds(1)))
        }
    }
}
