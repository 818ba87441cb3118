// Which C libraries an inspector uses. The main program links none of them, so it asks the inspector program.

internal import Glibc
internal import SluiceModel

/// The versions of the libraries in the inspector program.
public enum InspectorLibraries {
    /// The argument that makes the inspector program print its libraries, one a line, instead of serving.
    public static let question = "--libraries"

    /// One fact for each library; one fact that says so where the program cannot be asked.
    public static func report(path: String? = nil) -> [ConfinementFact] {
        guard let answer = try? ask(path) else {
            return [
                ConfinementFact(
                    name: "libraries", state: "unknown", detail: "the inspector program does not answer", isOK: false)
            ]
        }
        return answer.split(separator: "\n").map { line in
            let fields = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            return ConfinementFact(
                name: fields[0], state: fields.count > 1 ? fields[1] : "", detail: fields.count > 2 ? fields[2] : "",
                isOK: !(fields.count > 1 && fields[1] == "missing"))
        }
    }

    /// - Returns: what the program prints. It sees no attachment in such a run.
    private static func ask(_ path: String?) throws(SluiceError) -> String {
        let program = try InspectorProgram(path: path, limits: ConfinementLimits(), allowWeak: false)
        // popen would use a shell, and no shell is needed.
        var ends: [CInt] = [0, 0]
        guard pipe(&ends) == 0 else { throw InspectorService.refusal("no pipe: errno \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        var arguments = [strdup(program.path), strdup(question), nil]
        var environment: [UnsafeMutablePointer<CChar>?] = [strdup("LC_ALL=C.UTF-8"), nil]
        defer { for text in arguments + environment { free(text) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, program.path, &actions, nil, &arguments, &environment)
        close(ends[1])
        guard code == 0 else { throw InspectorService.refusal("it does not start: errno \(code)") }
        var answer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while answer.count < 1 << 16 {
            let count = read(ends[0], &piece, piece.count)
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { break }
            answer += piece[..<count]
        }
        var status: CInt = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        guard status == 0 else { throw InspectorService.refusal("it ended with status \(status)") }
        return String(decoding: answer, as: UTF8.self)
    }
}
