// The two functions that libFuzzer calls, for the program that Scripts/fuzz builds. The variables SLUICE_FUZZ_… say what is asked for:
// TARGET a target's name; DEEP the policy's budgets; SEEDS a folder that takes the seeds; SLOW a file that takes the slowest input; LIST the names.

import Glibc
import SluiceModel

@testable import SluiceInspection

/// The one target of this process.
private final class FuzzProgram {
    let target: FuzzTarget
    let ground: FuzzGround
    private let edge: GuardedInput
    private var slowest = 0
    private var slowestLength = 0

    /// Microseconds from which on a figure is taken again.
    private static let doubtful = 500
    /// Microseconds from which on the slowest input is kept.
    private static let remarkable = 20_000

    // guarded by: libFuzzer runs everything on one thread.
    nonisolated(unsafe) static let shared = FuzzProgram()

    private init() {
        let isDeep = Self.variable("DEEP") != nil
        let factor = isDeep ? 16 : 1
        if Self.variable("LIST") != nil {
            for target in FuzzTarget.all { print(target.name, target.longest * factor) }
            exit(0)
        }
        guard let target = FuzzTarget.named(Self.variable("TARGET") ?? "") else {
            print("SLUICE_FUZZ_TARGET names no target")
            exit(2)
        }
        if let folder = Self.variable("SEEDS") {
            for (index, seed) in target.seeds().enumerated() { Self.keep(seed, to: "\(folder)/seed-\(index)") }
            exit(0)
        }
        self.target = target
        ground = FuzzGround(isDeep: isDeep)
        edge = GuardedInput(most: 64 << 20)
        atexit { FuzzProgram.shared.tell() }
    }

    func run(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let input = edge.holding(bytes)
        let (isOurs, first) = time(input)
        // The first use of something, or a page fault at a bad moment: a slow input is slow again.
        let microseconds = first > max(slowest, Self.doubtful) ? min(first, time(input).microseconds) : first
        if microseconds > slowest {
            (slowest, slowestLength) = (microseconds, bytes.count)
            if microseconds > Self.remarkable, let file = Self.variable("SLOW") { Self.keep(Array(bytes), to: file) }
        }
        return isOurs
    }

    private func time(_ input: UnsafeBufferPointer<UInt8>) -> (isOurs: Bool, microseconds: Int) {
        let start = Self.spent()
        let isOurs = target.run(input.span, ground)
        return (isOurs, Self.spent() - start)
    }

    private func tell() {
        let line = "slowest: \(slowest) us for \(slowestLength) bytes\n"
        write(STDERR_FILENO, line, line.utf8.count)
    }

    /// Of this thread's processor time, in microseconds: other programs on the machine do not count.
    private static func spent() -> Int {
        var now = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
        return now.tv_sec * 1_000_000 + now.tv_nsec / 1000
    }

    private static func variable(_ name: String) -> String? {
        getenv("SLUICE_FUZZ_" + name).map { String(cString: $0) }
    }

    private static func keep(_ bytes: [UInt8], to path: String) {
        guard let file = fopen(path, "w") else { return }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }
}

/// Memory whose last byte stands before a page that nobody may touch. The C libraries are not built with the address sanitizer, so it would
/// not see them read beyond the input; this does.
private struct GuardedInput {
    private let end: UnsafeMutableRawPointer
    private let most: Int

    init(most: Int) {
        let page = 4096
        let start = mmap(nil, most + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let start, start != MAP_FAILED, mprotect(start + most, page, PROT_NONE) == 0 else { abort() }
        end = start + most
        self.most = most
    }

    func holding(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        precondition(bytes.count <= most)
        let start = end - bytes.count
        if let source = bytes.baseAddress { memcpy(start, source, bytes.count) }
        return UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt8.self), count: bytes.count)
    }
}

@_cdecl("LLVMFuzzerInitialize")
public func fuzzerInitialize(
    _ count: UnsafeMutablePointer<CInt>,
    _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>
) -> CInt {
    _ = FuzzProgram.shared
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzerTestOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // -1: not worth keeping in the corpus (libFuzzer, "Rejecting unwanted inputs").
    FuzzProgram.shared.run(UnsafeBufferPointer(start: bytes, count: count)) ? 0 : -1
}
