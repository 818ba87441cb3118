// What confinement costs: the same attachment inspected in this process, in a fresh confined process each time, and in a shared one,
// turn by turn in one run. `Scripts/bench confinement` makes the material, runs it and judges the figures. It is not installed.
//
//   sluice-bench text ROUNDS FILE…   what TextSpeed.swift says
//   sluice-bench ROUNDS FILE…        prints a line a file: name, then six figures in microseconds, separated by tabs:
//                                    median in-process, fresh, shared; processor time of all processes together for each

import Glibc
import SluiceInspection
import SluiceModel
import SluiceSandbox

func fail(_ words: String) -> Never {
    let line = "sluice-bench: \(words)\n"
    _ = write(STDERR_FILENO, line, line.utf8.count)
    exit(2)
}

/// The file as the spool would hand it on.
func attachment(_ path: String) -> SpooledAttachment {
    let file = open(path, O_RDWR | O_CLOEXEC)
    guard file >= 0, let digest = Digest([UInt8](repeating: 0, count: Digest.byteCount)) else {
        fail("\(path) cannot be opened")
    }
    return SpooledAttachment(size: ByteCount(Int(lseek(file, 0, SEEK_END))), digest: digest, owning: file)
}

func submission(_ source: Submission.Source) -> Submission {
    Submission(declaredName: DeclaredName("a"), ticket: TicketID("BENCH"), source: source)
}

/// Processor time of this process and of every child that has ended and been waited for.
func processorTime() -> Duration {
    [RUSAGE_SELF.rawValue, RUSAGE_CHILDREN.rawValue].reduce(.zero) { sum, whose in
        var usage = rusage()
        getrusage(whose, &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(sum) { $0 + .seconds($1.tv_sec) + .microseconds($1.tv_usec) }
    }
}

extension Duration {
    var microseconds: Int { Int(components.seconds) * 1_000_000 + Int(components.attoseconds / 1_000_000_000_000) }
}

func median(_ times: [Duration]) -> Duration { times.sorted()[times.count / 2] }

struct Ways {
    let attachment: SpooledAttachment
    let order: InspectionOrder
    let inspection = AttachmentInspection()

    func inProcess() throws {
        _ = try inspection.inspect(descriptor: attachment.descriptor, size: attachment.size, order)
    }

    func confined(_ pool: InspectorPool, _ source: Submission.Source) async throws {
        let answer = try await pool.inspect(attachment, of: submission(source), order)
        guard !answer.findings.contains(where: { $0.code == "inspection.failed" }) else {
            fail("an inspection failed: \(answer.findings)")
        }
    }

    /// Medians of the three, a few of each in a row and turn by turn, so that whatever else the machine does meets all alike.
    func latencies(_ rounds: Int) async throws -> [Duration] {
        let inARow = 10
        let pool = try InspectorPool(jobs: 1)
        var times: [[Duration]] = [[], [], []]
        let clock = ContinuousClock()
        for _ in 0..<(rounds + inARow - 1) / inARow {
            for _ in 0..<inARow { times[0].append(try clock.measure { try inProcess() }) }
            for (way, source) in [(1, Submission.Source.endpoint), (2, .batch)] {
                usleep(3000)  // what the last one left behind has ended by then
                for _ in 0..<inARow {
                    let before = clock.now
                    try await confined(pool, source)
                    times[way].append(before.duration(to: clock.now))
                }
            }
        }
        return times.map(median)
    }

    /// Mean processor time of each, the fork parent's and the children's included, its start left out.
    func processorTimes(_ rounds: Int) async throws -> [Duration] {
        let start = try await spent { _ in }
        let inside = processorTime()
        for _ in 0..<rounds { try inProcess() }
        var out = [(processorTime() - inside) / rounds]
        for source in [Submission.Source.endpoint, .batch] {
            let whole = try await spent { pool in for _ in 0..<rounds { try await confined(pool, source) } }
            out.append((whole - start) / rounds)
        }
        return out
    }

    private func spent(_ body: (InspectorPool) async throws -> Void) async throws -> Duration {
        let before = processorTime()
        do {
            let pool = try InspectorPool(jobs: 1)
            try await body(pool)
        }
        return processorTime() - before
    }
}

let words = CommandLine.arguments.dropFirst()
if words.first == "text" {
    guard let rounds = words.dropFirst().first.flatMap({ Int($0) }), rounds > 0 else {
        fail("usage: sluice-bench text ROUNDS FILE…")
    }
    TextSpeed.run(rounds, words.dropFirst(2))
    exit(0)
}
guard let rounds = words.first.flatMap({ Int($0) }), rounds > 0, words.count > 1 else {
    fail("usage: sluice-bench ROUNDS FILE…")
}
for path in words.dropFirst() {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let ways = Ways(
        attachment: attachment(path), order: InspectionOrder(declaredExtension: DeclaredName(name).fileExtension))
    for _ in 0..<10 { try ways.inProcess() }
    let figures = try await ways.latencies(rounds) + ways.processorTimes(rounds)
    print(([name] + figures.map { "\($0.microseconds)" }).joined(separator: "\t"))
}
