// Jobs on the threads of one kind of work.

import Synchronization
import Testing

@testable import SluiceServer

@Suite struct WorkersTests {
    private func limits(_ waiting: Int, ofCaller: Int) -> WorkLimits {
        var limits = WorkLimits()
        (limits.waiting, limits.waitingOfCaller) = (waiting, ofCaller)
        return limits
    }

    /// Runs one job that lasts until the returned continuation is finished.
    private func occupy(_ workers: Workers, _ caller: String) async throws -> AsyncStream<Void>.Continuation {
        let (stream, end) = AsyncStream<Void>.makeStream()
        await withCheckedContinuation { begun in
            try? workers.begin(for: caller) { _ in
                begun.resume()
                for await _ in stream {}
            }
        }
        return end
    }

    @Test func `A caller that is refused gets 429, all together 503`() async throws {
        let workers = Workers(threads: 1, limits(3, ofCaller: 2))
        let end = try await occupy(workers, "a")
        try workers.begin(for: "a") { _ in }
        try workers.begin(for: "a") { _ in }
        #expect(throws: Problem.self) { try workers.check("a") }
        do throws(Problem) { try workers.begin(for: "a") { _ in } } catch { #expect(error.status == 429) }
        try workers.begin(for: "b") { _ in }
        do throws(Problem) { try workers.begin(for: "c") { _ in } } catch { #expect(error.status == 503) }
        end.finish()
        while workers.underWay > 0 { await Task.yield() }
        workers.stop()
    }

    @Test func `A job whose turn has ended lets the next one begin while it goes on`() async throws {
        let workers = Workers(threads: 1, WorkLimits())
        let (stream, end) = AsyncStream<Void>.makeStream()
        try workers.begin(for: "a") { turn in
            turn.end()
            for await _ in stream {}
        }
        await withCheckedContinuation { done in try? workers.begin(for: "b") { _ in done.resume() } }
        #expect(workers.underWay >= 1)
        end.finish()
        while workers.underWay > 0 { await Task.yield() }
        workers.stop()
    }

    @Test func `No more runs at once than there are turns`() async throws {
        let threads = Workers(threads: 1, WorkLimits(), guests: 3)
        let workers = Workers(turns: 2, spare: 1, WorkLimits(), on: threads)
        let counts = Counts()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<60 {
                group.addTask {
                    _ = await workers.run(for: "\(number % 3)") {
                        counts.begin()
                        await Task.yield()
                        counts.end()
                        return (value: number, hitLimit: false)
                    }
                }
            }
        }
        #expect(counts.most <= 3)
        threads.stop()
    }
}

/// How many run at once.
private final class Counts: Sendable {
    private let state = Mutex((running: 0, most: 0))

    func begin() {
        state.withLock { state in
            state.running += 1
            state.most = max(state.most, state.running)
        }
    }

    func end() { state.withLock { $0.running -= 1 } }
    var most: Int { state.withLock { $0.most } }
}
