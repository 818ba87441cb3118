// How many requests a second one caller may make: a bucket for each, filled steadily, pure but for its lock.

import SluiceModel
import Synchronization

/// Buckets by caller.
final class RateLimit: Sendable {
    /// Callers that are remembered; beyond it the full buckets are forgotten, which says the same (chosen).
    private static let most = 10_000

    private struct Bucket {
        var left: Double
        var at: ContinuousClock.Instant
    }

    private let perSecond: Double
    private let buckets = Mutex<[String: Bucket]>([:])

    /// - Parameter perSecond: also what may come at once after a pause of a second.
    init(perSecond: Int) { self.perSecond = Double(max(1, perSecond)) }

    /// - Throws: 429 with the seconds to wait.
    func spend(_ caller: String, now: ContinuousClock.Instant = .now) throws(Problem) {
        let isFree = buckets.withLock { buckets in
            if buckets.count > Self.most { buckets = buckets.filter { filled($0.value, now) < perSecond } }
            var bucket = buckets[caller] ?? Bucket(left: perSecond, at: now)
            bucket.left = filled(bucket, now)
            bucket.at = now
            defer { buckets[caller] = bucket }
            guard bucket.left >= 1 else { return false }
            bucket.left -= 1
            return true
        }
        if !isFree {
            throw Problem(
                429, "request.rate", "More than \(Int(perSecond).grouped) requests came within a second.",
                remedy: "Wait a second, then go on more slowly.", headers: [("Retry-After", "1")])
        }
    }

    private func filled(_ bucket: Bucket, _ now: ContinuousClock.Instant) -> Double {
        min(perSecond, bucket.left + bucket.at.duration(to: now) / .seconds(1) * perSecond)
    }
}
