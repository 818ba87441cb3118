// Drives a pool in a process that does nothing else, so that descriptors and processes can be counted. Test-only.
//   PoolDriver leaks INSPECTOR          descriptors and child processes before, during and after
//   PoolDriver abandon INSPECTOR        ends as by kill -9, after naming the fork parent

internal import CSandbox
internal import Glibc
internal import SluiceModel
internal import SluiceSandbox

func attachment(_ text: String) -> SpooledAttachment {
    let file = sandbox_memory_file()
    guard pwrite(file, text, text.utf8.count, 0) == text.utf8.count,
        let digest = Digest([UInt8](repeating: 0, count: Digest.byteCount))
    else { fatalError("no file in memory") }
    return SpooledAttachment(size: ByteCount(text.utf8.count), digest: digest, owning: file)
}

func submission(_ source: Submission.Source) -> Submission {
    Submission(declaredName: DeclaredName("a.txt"), ticket: TicketID("T-1"), source: source)
}

func entries(_ path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var out: [String] = []
    while let entry = readdir(folder) {
        out.append(
            withUnsafePointer(to: &entry.pointee.d_name) {
                String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            })
    }
    return out.filter { $0 != "." && $0 != ".." }
}

/// Not counting the one that counts.
func descriptors() -> Int { entries("/proc/self/fd").count - 1 }

/// Every process below this one, zombies too (field 4 of /proc/N/stat is the parent).
func descendants(of process: pid_t) -> Int {
    entries("/proc").compactMap { pid_t($0) }.filter { parent(of: $0) == process }
        .reduce(0) { $0 + 1 + descendants(of: $1) }
}

func parent(of process: pid_t) -> pid_t? {
    let file = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = max(0, read(file, &bytes, bytes.count))
    guard let name = bytes[..<count].lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = bytes[(name + 1)..<count].split(separator: UInt8(ascii: " "))
    return fields.count > 1 ? pid_t(String(decoding: fields[1], as: UTF8.self)) : nil
}

func say(_ words: Any...) {
    let line = words.map { "\($0)" }.joined(separator: "\t") + "\n"
    _ = write(1, line, line.utf8.count)
}

func leaks(_ inspector: String) async throws {
    say("before", descriptors(), descendants(of: getpid()))
    do {
        let pool = try InspectorPool(jobs: 2, path: inspector, deadline: .milliseconds(200), allowWeak: true)
        let order = InspectionOrder()
        for round in 0..<200 {
            let command = ["fine", "segv", "suspicious", "garbage", "partial", "linger"][round % 6]
            _ = try await pool.inspect(attachment(command), of: submission(round % 2 == 0 ? .batch : .endpoint), order)
        }
        for _ in 0..<3 { _ = try await pool.inspect(attachment("hang"), of: submission(.endpoint), order) }
        usleep(50_000)  // what was let go of has ended by then
        say("during", descriptors(), descendants(of: getpid()))
    }
    usleep(50_000)
    say("after", descriptors(), descendants(of: getpid()))
}

/// Ends as by `kill -9` while a child hangs.
func abandon(_ inspector: String) async throws {
    let pool = try InspectorPool(jobs: 2, path: inspector, allowWeak: true)
    let hanging = Task { try await pool.inspect(attachment("hang"), of: submission(.endpoint), InspectionOrder()) }
    // Waits without its thread, which the inspection blocks.
    try await Task.sleep(for: .milliseconds(50))
    say("fork parent", pool.forkParent ?? 0)
    kill(getpid(), SIGKILL)
    _ = try await hanging.value
}

switch CommandLine.arguments.dropFirst().first {
case "leaks": try await leaks(CommandLine.arguments[2])
case "abandon": try await abandon(CommandLine.arguments[2])
default: exit(2)
}
