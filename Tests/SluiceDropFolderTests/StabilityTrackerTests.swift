// When a file counts as complete: told with a clock, no file and no waiting.

import Testing

@testable import SluiceDropFolder

@Suite struct StabilityTrackerTests {
    private static let file = TreePath("T-1/app.txt")

    private static func sighting(_ size: Int64 = 1, modified: Int64 = 1, inode: UInt64 = 1) -> Sighting {
        Sighting(inode: inode, size: size, modified: modified)
    }

    private static func tracker(seenAt moment: Duration = .zero) -> StabilityTracker {
        var tracker = StabilityTracker(settleTime: .seconds(2))
        tracker.saw(file, sighting(), at: moment)
        return tracker
    }

    @Test func aQuietFileSettlesAfterTheSettleTimeAndIsToldOnce() {
        var tracker = Self.tracker()
        #expect(tracker.nextMoment == .seconds(2))
        #expect(tracker.settled(at: .milliseconds(1999)) == [])
        #expect(tracker.settled(at: .seconds(2)) == [Self.file])
        #expect(tracker.settled(at: .seconds(9)) == [])
        #expect(tracker.count == 1 && tracker.unsettledCount == 0)
    }

    @Test(arguments: [sighting(2), sighting(modified: 2), sighting(inode: 2)])
    func whateverChangesBeginsTheWaitAnew(other: Sighting) {
        var tracker = Self.tracker()
        tracker.saw(Self.file, other, at: .seconds(1))
        #expect(tracker.settled(at: .milliseconds(2999)) == [])
        #expect(tracker.settled(at: .seconds(3)) == [Self.file])
    }

    @Test func anEventBeginsTheWaitAnewEvenIfNothingLooksChanged() {
        var tracker = Self.tracker()
        tracker.saw(Self.file, Self.sighting(), at: .seconds(1), isEvent: true)
        #expect(tracker.settled(at: .seconds(2)) == [])
        #expect(tracker.isUnsettled(Self.file, at: .milliseconds(2999)))
        #expect(tracker.settled(at: .seconds(3)) == [Self.file])
        #expect(!tracker.isUnsettled(Self.file, at: .seconds(3)))
    }

    @Test func lookingAtItAgainChangesNothing() {
        var tracker = Self.tracker()
        for tenth in 1..<20 { tracker.saw(Self.file, Self.sighting(), at: .milliseconds(tenth * 100)) }
        #expect(tracker.settled(at: .seconds(2)) == [Self.file])
    }

    @Test func aSettledFileThatChangesSettlesAgain() {
        var tracker = Self.tracker()
        #expect(tracker.settled(at: .seconds(2)) == [Self.file])
        tracker.saw(Self.file, Self.sighting(7), at: .seconds(5))
        #expect(tracker.settled(at: .seconds(6)) == [])
        #expect(tracker.settled(at: .seconds(7)) == [Self.file])
    }

    @Test func whatIsGoneNeverSettles() {
        var tracker = Self.tracker()
        tracker.gone(Self.file)
        #expect(tracker.settled(at: .seconds(9)) == [] && tracker.count == 0)
        tracker = Self.tracker()
        tracker.goneBelow(TreePath("T-1"))
        #expect(tracker.settled(at: .seconds(9)) == [] && tracker.count == 0)
        tracker = Self.tracker()
        tracker.goneBelow(TreePath("T"))
        #expect(tracker.count == 1)
    }

    @Test func aRescanFindsWhatHasGoneUnheard() {
        var tracker = Self.tracker()
        let other = TreePath("T-2/b.txt")
        tracker.saw(other, Self.sighting(), at: .zero)
        tracker.beginRescan()
        tracker.saw(Self.file, Self.sighting(), at: .seconds(1))
        tracker.endRescan()
        #expect(tracker.settled(at: .seconds(2)) == [Self.file])
        #expect(tracker.count == 1)
    }

    @Test func manyFilesSettleInTheOrderOfTheirLastChange() {
        var tracker = StabilityTracker(settleTime: .seconds(2))
        var generator = SystemRandomNumberGenerator()
        let moments = (0..<500).map { ($0, Int.random(in: 0..<100_000, using: &generator)) }
        for (number, moment) in moments {
            tracker.saw(TreePath("\(number)"), Self.sighting(), at: .milliseconds(moment))
        }
        let told = tracker.settled(at: .seconds(102)).map { Int(String(decoding: $0.bytes, as: UTF8.self))! }
        #expect(told.map { moments[$0].1 } == moments.map(\.1).sorted())
    }
}

@Suite struct BacklogTests {
    @Test func theOldestAndTheNewestTakeTurns() {
        var backlog = Backlog()
        for number in 1...5 { backlog.add(TreePath("\(number)")) }
        var given: [String] = []
        while let path = backlog.next() { given.append(String(decoding: path.bytes, as: UTF8.self)) }
        #expect(given == ["1", "5", "2", "4", "3"])
        #expect(backlog.isEmpty)
        backlog.add(TreePath("6"))
        #expect(backlog.next() == TreePath("6"))
    }
}
