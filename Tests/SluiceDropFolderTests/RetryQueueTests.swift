// Claims that wait for another try: when, how many at once, and what they hold up.

import SluiceModel
import Testing

@testable import SluiceDropFolder

@Suite struct RetryQueueTests {
    private static let general = SluiceError("store.no-space", what: "", why: "", mend: "")
    private static let own = SluiceError("source.io", what: "", why: "", mend: "")

    private let session: ClaimSession

    init() throws {
        let place = try Folder.named(Array("/tmp".utf8))
        session = try ClaimSession.begin(in: place)
        place.removeFolder(session.name)
    }

    private func claim(_ name: String) -> Claim {
        Claim(session: session, path: TreePath(name), sighting: Sighting(inode: 1, size: 1, modified: 1))
    }

    private func due(_ retries: inout RetryQueue, _ seconds: Int) -> [String] {
        retries.take(dueAt: .seconds(seconds)).map { String(decoding: $0.path.bytes, as: UTF8.self) }
    }

    @Test func ofManyThatMetOneCauseOneIsTriedForAll() {
        var retries = RetryQueue(RetrySchedule(patience: .seconds(60)))
        for name in ["a", "b", "c"] {
            let isFirst = retries.add(claim(name), Self.general, at: .zero, otherwise: .seconds(30))
            #expect(isFirst)
        }
        #expect(retries.isHeldUp && retries.nextMoment(after: .zero) == .milliseconds(500))
        let told1 = due(&retries, 1)
        #expect(told1 == ["a"])
        let told2 = due(&retries, 2)
        #expect(told2 == [])
        #expect(retries.isHeldUp)
        #expect(retries.nextMoment(after: .seconds(2)) == nil, "nobody is awake for what may not be tried")
        // It fails again: another one has its turn.
        let isFirst = retries.add(claim("a"), Self.general, at: .seconds(2), otherwise: .seconds(30))
        #expect(!isFirst)
        let told3 = due(&retries, 2)
        #expect(told3 == ["b"])
        // It gets through: all others at once, and new files as well.
        retries.forget(TreePath("b"), isThrough: true, at: .seconds(2))
        #expect(!retries.isHeldUp)
        let told4 = due(&retries, 2)
        #expect(Set(told4) == ["a", "c"])
        #expect(retries.waiting.isEmpty)
    }

    @Test func aCauseOfItsOwnHoldsNobodyUp() {
        var retries = RetryQueue(RetrySchedule(patience: .seconds(60)))
        for name in ["a", "b"] { _ = retries.add(claim(name), Self.own, at: .zero, otherwise: .seconds(30)) }
        #expect(!retries.isHeldUp)
        let told5 = due(&retries, 1)
        #expect(told5 == ["a", "b"])
    }

    @Test func whenPatienceIsOverAllAreAnsweredForGood() {
        var retries = RetryQueue(RetrySchedule(patience: .seconds(10)))
        for name in ["a", "b", "c"] { _ = retries.add(claim(name), Self.general, at: .zero, otherwise: .seconds(30)) }
        #expect(!retries.isLastAttempt(claim("a"), at: .seconds(9)))
        let told6 = due(&retries, 10)
        #expect(told6 == ["a", "b", "c"])
        #expect(["a", "b", "c"].allSatisfy { retries.isLastAttempt(claim($0), at: .seconds(10)) })
    }
}
