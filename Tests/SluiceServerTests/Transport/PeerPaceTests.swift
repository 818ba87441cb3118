// Threats, H2: slow headers, slow bodies, slow readers, as pure rules.

import SluiceModel
import Testing

@testable import SluiceServer

/// A pace under the usual rules, with a clock of the test's own in seconds.
private final class Paced {
    private let start = ContinuousClock.now
    private var pace: PeerPace

    init() { pace = PeerPace(now: start) }

    func enter(_ phase: Phase, at seconds: Double) { pace.enter(phase, now: start.advanced(by: .seconds(seconds))) }

    func isLate(at seconds: Double, moved: Int64?) -> Bool {
        pace.isTooSlow(PacePolicy(), now: start.advanced(by: .seconds(seconds)), moved: moved)
    }
}

@Suite struct PeerPaceTests {
    @Test(arguments: [(9.0, false), (11.0, true)]) func `A header has ten seconds`(seconds: Double, late: Bool) {
        let pace = Paced()
        #expect(pace.isLate(at: seconds, moved: 0) == late, "before the request line")
        pace.enter(.header, at: 5)
        #expect(pace.isLate(at: 5 + seconds, moved: nil) == late)
    }

    @Test func `A second request on a connection has ten seconds from its first byte`() {
        let pace = Paced()
        pace.enter(.header, at: 0)
        pace.enter(.waiting, at: 1)
        #expect(!pace.isLate(at: 2, moved: 500))
        #expect(!pace.isLate(at: 50, moved: 500), "nothing is asked for")
        #expect(!pace.isLate(at: 51, moved: 501), "it has begun")
        #expect(!pace.isLate(at: 60, moved: 502))
        #expect(pace.isLate(at: 62, moved: 503))
    }

    @Test func `A connection that asks for nothing is ended after a minute`() {
        let pace = Paced()
        pace.enter(.waiting, at: 0)
        #expect(!pace.isLate(at: 59, moved: 500))
        #expect(pace.isLate(at: 61, moved: 500))
    }

    @Test(arguments: [Phase.body, .answering]) func `After twenty seconds a kilobyte a second is needed`(phase: Phase) {
        let pace = Paced()
        pace.enter(phase, at: 0)
        #expect(!pace.isLate(at: 1, moved: 100))
        #expect(!pace.isLate(at: 19, moved: 100), "grace")
        #expect(!pace.isLate(at: 30, moved: 100 + 31 * 1024))
        #expect(!pace.isLate(at: 49, moved: 100 + 31 * 1024), "a stretch of its own")
        #expect(pace.isLate(at: 51, moved: 100 + 31 * 1024))
    }

    @Test func `What a buffer took at once is no credit for the time after`() {
        let pace = Paced()
        pace.enter(.answering, at: 0)
        #expect(!pace.isLate(at: 0, moved: 0))
        #expect(!pace.isLate(at: 21, moved: 4 << 20))
        #expect(pace.isLate(at: 42, moved: 4 << 20))
    }

    @Test func `A request has ten minutes in all, without our own work`() {
        let pace = Paced()
        pace.enter(.body, at: 0)
        #expect(!pace.isLate(at: 599, moved: nil))
        pace.enter(.working, at: 590)
        #expect(!pace.isLate(at: 2000, moved: nil), "ours")
        pace.enter(.answering, at: 2000)
        #expect(!pace.isLate(at: 2009, moved: nil))
        #expect(pace.isLate(at: 2011, moved: nil))
    }
}
