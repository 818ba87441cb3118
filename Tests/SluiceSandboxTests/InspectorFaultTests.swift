// Faults beside honest attachments: whatever inspectors do, the others are answered rightly and keep their pace.
// `Scripts/faults inspector` makes the run long.

import SluiceModel
import Synchronization
import Testing

@testable import SluiceSandbox

@Suite(.serialized, .timeLimit(.minutes(60)))
struct InspectorFaultTests {
    private static let faults = [
        "segv", "trap", "forbidden", "memory", "garbage", "partial", "flood", "huge", "forged",
    ]
    /// Only the deadline ends them.
    private static let hangs = ["hang", "wait", "stall"]

    /// Honest attachments one after the other, until told to end: how many were answered rightly, of how many, a second.
    private func honest(
        _ pool: InspectorPool, while goesOn: (Int) -> Bool
    ) async throws -> (wrong: Int, rate: Double) {
        let start = ContinuousClock.now
        var (asked, wrong) = (0, 0)
        while goesOn(asked) {
            wrong += try await InspectorPoolTests.inspect(pool, "fine").recognized.basis == .proven ? 0 : 1
            asked += 1
        }
        return (wrong, Double(asked) / (start.duration(to: .now) / .seconds(1)))
    }

    /// One lane of honest attachments, timed alone and then beside a lane of faults: it may lose what the other lane's work takes of
    /// the processors, and no more.
    @Test(arguments: [("that break", faults), ("that hang", hangs)])
    func `Honest attachments keep their pace beside inspectors`(_ kind: (name: String, commands: [String])) async throws
    {
        let pool = try InspectorPoolTests.pool(jobs: 2, limits: ConfinementLimits(memory: 160 << 20))
        _ = try await honest(pool) { $0 < 20 }
        let alone = try await honest(pool) { $0 < 200 }
        let isDone = Atomic(false)
        async let accepted = {
            defer { isDone.store(true, ordering: .relaxed) }
            var accepted = 0
            for _ in 0..<InspectorPoolTests.rounds {
                for command in kind.commands {
                    let inspection = try await InspectorPoolTests.inspect(
                        pool, command, within: InspectorPoolTests.deadline(of: command))
                    accepted += inspection.findings.map(\.code) == ["inspection.failed"] ? 0 : 1
                }
            }
            return accepted
        }()
        let beside = try await honest(pool) { $0 < 20 || !isDone.load(ordering: .relaxed) }
        let faults = kind.commands.count * InspectorPoolTests.rounds
        print(
            "Honest attachments a second, alone \(Int(alone.rate)), beside \(faults) inspectors \(kind.name) "
                + "\(Int(beside.rate)); faults accepted: \(try await accepted)")
        #expect(try await accepted == 0)
        #expect(alone.wrong == 0 && beside.wrong == 0)
        // A tenth (chosen): the other lane takes half of the processors, killing and forking anew some of the rest, and other tests run at
        // the same time. A pool that stops for its faults would fall to a hundredth.
        #expect(beside.rate > alone.rate / 10)
    }
}
