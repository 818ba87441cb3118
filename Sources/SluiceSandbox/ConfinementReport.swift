// What this machine's kernel offers for confining inspectors: for `sluice doctor`, the health page and the refusal to start.

internal import CSandbox
public import SluiceModel

/// One layer of the confinement on this machine.
public struct ConfinementFact: Sendable, Hashable {
    /// `Landlock`
    public let name: String
    /// `version 7`, `missing`
    public let state: String
    /// What the layer does, or what its absence means.
    public let detail: String
    public let isOK: Bool

    public init(name: String, state: String, detail: String, isOK: Bool) {
        self.name = name
        self.state = state
        self.detail = detail
        self.isOK = isOK
    }
}

extension Confinement {
    /// Every layer. Asks the kernel; changes nothing.
    public static func report() -> [ConfinementFact] {
        let limits = ConfinementLimits()
        let landlock = LandlockRules.availableVersion
        let seccomp = sandbox_seccomp_available()
        return [
            ConfinementFact(
                name: "Landlock", state: landlock > 0 ? "version \(landlock)" : "missing",
                detail: landlock > 0
                    ? "no path can be opened, made, removed or executed"
                    : "the kernel lacks it or has it turned off (boot option lsm=landlock); seccomp alone closes the file system",
                isOK: landlock > 0),
            ConfinementFact(
                name: "seccomp", state: seccomp ? "filter, kills the process" : "missing",
                detail: seccomp
                    ? "\(SystemCallTable.rules.count) system calls have an answer, every other one ends the process"
                    : "the kernel lacks CONFIG_SECCOMP_FILTER; sockets and programs stay within an inspector's reach",
                isOK: seccomp),
            ConfinementFact(
                name: "no_new_privs", state: "available", detail: "no program can raise an inspector's rights",
                isOK: true),
            ConfinementFact(
                name: "resource limits", state: "available",
                detail:
                    "\(ByteCount(limits.memory).short) of memory, \(limits.processorSeconds) s of processor time, no file, "
                    + "no process, 8 descriptors, no core dump",
                isOK: true),
        ]
    }

    /// Whether every layer is there. Where one is missing, inspecting needs `--weak-confinement`.
    public static var isComplete: Bool { report().allSatisfy(\.isOK) }

    /// - Throws: `sandbox.incomplete`, with what is missing.
    public static func requireComplete() throws(SluiceError) { try requireComplete(report()) }

    static func requireComplete(_ report: [ConfinementFact]) throws(SluiceError) {
        let missing = report.filter { !$0.isOK }
        guard missing.isEmpty else {
            throw .confinementIncomplete(missing.map { "\($0.name): \($0.detail)" }.joined(separator: "; "))
        }
    }
}

extension SluiceError {
    static func confinementIncomplete(_ missing: String) -> SluiceError {
        SluiceError(
            "sandbox.incomplete", what: "This machine cannot confine inspectors fully (\(missing)).",
            why: "A hostile attachment that breaks a parser must not reach anything else.",
            mend:
                "Use a kernel with Landlock and seccomp (Linux 5.13 or later), or give --weak-confinement to go on without."
        )
    }
}
