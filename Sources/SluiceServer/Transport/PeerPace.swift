// When a peer is too slow to be waited for (Threats, H2): pure, clock and counters in, answer out.

import SluiceModel

/// How long each part of an exchange may take. Chosen, from Threats, H2, where no other reason stands.
package struct PacePolicy: Sendable {
    /// From the first byte of a request, or from the connection, to the end of the header.
    package var header = Duration.seconds(10)
    /// Between two requests of one connection; a page that a person reads keeps its connection that long.
    package var idle = Duration.seconds(60)
    /// How long a body or an answer may be slow at a stretch.
    package var grace = Duration.seconds(20)
    /// Bytes a second on average of such a stretch.
    package var slowest: Int64 = 1024
    /// For a whole request with its answer, without our own work and without the time that its bytes may take.
    package var whole = Duration.seconds(600)
    /// Bytes a second over the whole: an honest line of a few kilobytes a second may bring the largest attachment, and one that stays at `slowest` ends
    /// soon after `whole`.
    package var slowestInAll: Int64 = 8192
    /// For a refused peer to read why, while what it still sends is thrown away.
    package var lingering = Duration.seconds(10)

    package init() {}
}

/// Where an exchange stands.
enum Phase: Sendable {
    /// Between two requests, or before the first one.
    case waiting
    case header
    case body
    /// Our own work; the peer is not to blame.
    case working
    case answering
    /// Refused, and still sending.
    case lingering
}

/// One connection's pace.
struct PeerPace: Sendable {
    private(set) var phase = Phase.waiting
    private var since: ContinuousClock.Instant
    private var isFresh = true
    /// When a body or an answer was last fast enough: the stretch that is judged next begins there.
    private var stretch: ContinuousClock.Instant
    /// Bytes that the connection had moved at the begin of the phase or the stretch; `nil` until the first look.
    private var baseline: Int64?
    /// In finished phases of this request.
    private var spent = Duration.zero
    /// Moved in this request: in finished stretches of all its phases.
    private var counted: Int64 = 0

    init(now: ContinuousClock.Instant) {
        since = now
        stretch = now
    }

    mutating func enter(_ next: Phase, now: ContinuousClock.Instant) {
        switch next {
        case .waiting:
            (spent, counted) = (.zero, 0)
            isFresh = false
        case .header: (spent, counted) = (.zero, 0)
        default: if phase != .working { spent += since.duration(to: now) }
        }
        phase = next
        since = now
        stretch = now
        baseline = nil
    }

    /// - Parameter moved: bytes that the connection has moved in the phase's direction in all its time; `nil` where nobody counts them.
    mutating func isTooSlow(_ policy: PacePolicy, now: ContinuousClock.Instant, moved: Int64?) -> Bool {
        let elapsed = since.duration(to: now)
        switch phase {
        case .waiting:
            if isFresh { return elapsed > policy.header }
            guard let moved, let before = baseline else {
                baseline = moved
                return elapsed > policy.idle
            }
            // The next request has begun and its first line is not there yet: its time runs.
            if moved != before { enter(.header, now: now) }
            return elapsed > policy.idle
        case .header: return elapsed > policy.header
        case .lingering: return elapsed > policy.lingering
        case .working: return false
        case .body, .answering:
            guard let moved else { return spent + elapsed > policy.whole }
            guard let before = baseline else {
                baseline = moved
                return false
            }
            let all = counted.saturatingPlus(max(0, moved.saturatingMinus(before)))
            if spent + elapsed > policy.whole + .seconds(all / max(1, policy.slowestInAll)) { return true }
            let length = stretch.duration(to: now)
            guard length > policy.grace else { return false }
            guard moved - before >= policy.slowest * length.components.seconds else { return true }
            // What a buffer took at once is no credit for the time after.
            counted = all
            stretch = now
            baseline = moved
            return false
        }
    }
}
