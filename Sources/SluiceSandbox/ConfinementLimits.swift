// How much an inspector process may use (Threats, "Confinement of the inspector"). Confinement applies the limits.

public import SluiceModel

/// The resource limits of one inspector process.
public struct ConfinementLimits: Sendable, Hashable {
    /// Address space, in bytes (RLIMIT_AS).
    public var memory: Int64
    /// Processor time of the whole process, in seconds (RLIMIT_CPU).
    public var processorSeconds: Int64

    public init(memory: Int64 = 256 << 20, processorSeconds: Int64 = 5) {
        self.memory = memory
        self.processorSeconds = processorSeconds
    }

    /// The limits for inspections under a policy: the defaults, which fit `portal`, or more where the policy's own budgets are larger.
    ///
    /// Memory: an attachment is mapped whole. A held member grows by being copied, which takes at most three times its size. An entry
    /// costs up to 2 KiB in the manifest and the reply. Processor time: normally the wall clock's budget ends an inspection first.
    public init(for policy: Policy) {
        let portal = ArchiveBudgets()
        func beyond(_ value: Int64, _ covered: Int64) -> Int64 { max(0, min(value, 1 << 40) - covered) }
        let archives = policy.archives
        let memory =
            beyond(policy.sizeLimit.bytes, 16 << 20) + 3 * beyond(archives.heldMember.bytes, portal.heldMember.bytes)
            + 2048 * beyond(Int64(archives.entries), Int64(portal.entries))
        let wallClock = archives.wallClock <= portal.wallClock ? 0 : archives.wallClock.components.seconds
        self.init()
        self.memory += memory
        processorSeconds = max(processorSeconds, min(wallClock, 86_400))
    }

    /// The limits as arguments of the inspector program.
    var arguments: [String] { ["--memory=\(memory)", "--processor-seconds=\(processorSeconds)"] }

    /// - Returns: `nil` for an unknown argument.
    init?(arguments: some Sequence<String>) {
        self.init()
        for argument in arguments {
            let parts = argument.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let value = Int64(parts[1]), value > 0 else { return nil }
            switch parts[0] {
            case "--memory": memory = value
            case "--processor-seconds": processorSeconds = value
            default: return nil
            }
        }
    }
}
