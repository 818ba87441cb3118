// Tries every probe in a process that is confined exactly as production confines it, and for comparison without confinement and with
// each layer alone. Prints one line a probe: its name and what became of it, separated by tabs. ConfinementTests reads them.

internal import CProbes
internal import CSandbox
internal import Glibc
internal import SluiceModel
internal import SluiceSandbox

/// What a probe is tried under.
enum Layers: CaseIterable {
    case none, production, seccompAlone, landlockAlone

    func confinement() throws -> Confinement? {
        switch self {
        case .none: nil
        case .production: try Confinement(limits: ConfinementLimits(), allowWeak: true)
        case .seccompAlone: try Confinement(limits: ConfinementLimits(), seccomp: true, landlock: false)
        case .landlockAlone:
            Confinement.report().contains { $0.name == "Landlock" && $0.isOK }
                ? try Confinement(limits: ConfinementLimits(), seccomp: false, landlock: true) : nil
        }
    }
}

/// The child could not be brought into the state to be probed.
let notSetUp: CInt = 250

/// Forks a child, confines it, hands it a descriptor over the session, and lets it try.
func attempt(_ probe: CInt, under layers: Layers) throws -> String {
    let confinement = try layers.confinement()
    if layers == .landlockAlone, confinement == nil { return "not available" }
    let attachment = sandbox_memory_file()
    ftruncate(attachment, 4096)
    let writable = layers == .none || probe_wants_writable(probe)
    let given = open("/proc/self/fd/\(attachment)", (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC)
    var ends: [CInt] = [-1, -1]
    guard attachment >= 0, given >= 0, sandbox_socket_pair(false, &ends) == 0 else { return "not set up" }
    let parent = getpid()
    let child = sandbox_fork()
    if child == 0 {
        guard dup2(ends[1], ConfinedSession.descriptor) >= 0 else { _exit(notSetUp) }
        if let confinement {
            do { try confinement.putOn() } catch { _exit(notSetUp) }
        }
        var byte: UInt8 = 0
        var received: CInt = -1
        guard sandbox_receive(ConfinedSession.descriptor, &byte, 1, &received, 0) == 1, received >= 0 else {
            _exit(notSetUp)
        }
        var context = probe_context(session: ConfinedSession.descriptor, attachment: received, parent: parent)
        let result = probe_run(probe, &context)
        _exit(result >= 0 ? CInt(PROBE_SUCCEEDED) : CInt(-result))
    }
    _ = sandbox_send(ends[0], [0], 1, given, 0)
    var status: CInt = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    for descriptor in [attachment, given, ends[0], ends[1]] { close(descriptor) }
    switch (sandbox_ending_signal(status), sandbox_exit_code(status)) {
    case (SIGSYS, _): return "ended by seccomp"
    case (let signal, _) where signal != 0: return "ended by signal \(signal)"
    case (_, CInt(PROBE_SUCCEEDED)): return "succeeded"
    case (_, notSetUp): return "not set up"
    case (_, let code): return String(cString: strerror(code))
    }
}

// As in the inspector, the place of the session is taken from the start: nothing else that must live longer may land there.
while case let place = open("/dev/null", O_RDWR | O_CLOEXEC), place >= 0 {
    if place < ConfinedSession.descriptor { continue }
    if place > ConfinedSession.descriptor { close(place) }
    break
}
for probe in 0..<probe_count() {
    let outcomes = try Layers.allCases.map { try attempt(probe, under: $0) }
    // Written at once: a child must not inherit what is buffered.
    let line = ([String(cString: probe_name(probe))] + outcomes).joined(separator: "\t") + "\n"
    _ = write(1, line, line.utf8.count)
}
