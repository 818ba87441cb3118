// How much an inspector process may use: THREATS, "Confinement of the inspector". What is done with it is in Confinement.

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

    /// As the inspector takes them on its command line.
    var arguments: [String] { ["--memory=\(memory)", "--processor-seconds=\(processorSeconds)"] }

    /// - Returns: `nil` for an argument that is not one of ours.
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
