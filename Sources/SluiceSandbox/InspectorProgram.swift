// Finds the inspector program and starts it. The program inherits nothing but one socket. InspectorProcess talks to it.

internal import CSandbox
internal import Glibc
internal import SluiceModel

/// The program file of the inspector, and how it is started.
struct InspectorProgram {
    let path: String
    var limits: ConfinementLimits
    var allowWeak: Bool

    /// An explicit path, or `SLUICE_INSPECTOR`, or `sluice-inspector` beside the running program. Never a search path.
    /// - Throws: `inspector.unavailable` where there is no such program.
    init(path explicit: String?, limits: ConfinementLimits, allowWeak: Bool) throws(SluiceError) {
        let path = explicit ?? getenv("SLUICE_INSPECTOR").map { String(cString: $0) } ?? Self.besideUs
        guard let path, access(path, X_OK) == 0 else {
            throw InspectorService.refusal("there is no program at \(path ?? "an unknown place")")
        }
        self.path = path
        self.limits = limits
        self.allowWeak = allowWeak
    }

    private static var besideUs: String? {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { readlink("/proc/self/exe", $0.baseAddress!, $0.count) }
        guard count > 0, let slash = buffer[..<count].lastIndex(of: UInt8(ascii: "/")) else { return nil }
        return String(decoding: buffer[...slash], as: UTF8.self) + "sluice-inspector"
    }

    /// Starts it in a session of its own (we handle a ^C at the terminal), with default signals, an environment of three variables, null
    /// devices as standard streams, and the control socket as the only further descriptor.
    /// - Returns: its process id, or `nil` with errno.
    func start(control: CInt) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, control, ControlSocket.descriptorInForkParent)
        for stream in 0..<ControlSocket.descriptorInForkParent {
            posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0)
        }
        sandbox_spawn_closes_from(&actions, ControlSocket.descriptorInForkParent + 1)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        sandbox_spawn_apart(&attributes)

        let words = [path] + limits.arguments + (allowWeak ? ["--weak-confinement"] : [])
        var arguments = Self.vector(words)
        // LD_BIND_NOW: symbols are looked up here once and not again in every child.
        var environment = Self.vector(["LC_ALL=C.UTF-8", "TZ=UTC0", "LD_BIND_NOW=1"])
        defer { for text in arguments + environment { free(text) } }
        var process: pid_t = 0
        errno = posix_spawn(&process, path, &actions, &attributes, &arguments, &environment)
        return errno == 0 ? process : nil
    }

    /// Copies that C may keep. The caller frees each.
    private static func vector(_ words: [String]) -> [UnsafeMutablePointer<CChar>?] {
        var out: [UnsafeMutablePointer<CChar>?] = []
        for word in words { out.append(strdup(word)) }
        return out + [nil]
    }
}
