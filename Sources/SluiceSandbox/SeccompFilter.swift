// The table of system calls as a BPF program: compiled by libseccomp once in the fork parent, loaded by each child for itself.

internal import CSandbox
internal import CSeccomp
internal import Glibc

/// Why a confinement could not be prepared or applied. For the log.
package struct ConfinementFailure: Error, Equatable {
    package let step: String
    package let errno: CInt
}

/// A ready program. It also ends the process for calls of foreign architectures and x32 calls: libseccomp's default, named below.
struct SeccompFilter {
    /// One `struct sock_filter` each (<linux/filter.h>).
    private let instructions: [UInt64]

    init(_ rules: [SystemCallRule] = SystemCallTable.rules) throws(ConfinementFailure) {
        let builder = try FilterBuilder()
        for rule in rules { try builder.add(rule) }
        instructions = try builder.program()
    }

    /// From here on only calls that the table allows. Needs no_new_privs.
    func load() throws(ConfinementFailure) {
        guard sandbox_seccomp_load(instructions, instructions.count) == 0 else {
            throw ConfinementFailure(step: "seccomp", errno: errno)
        }
    }
}

/// Owns libseccomp's context.
private final class FilterBuilder {
    private let context: scmp_filter_ctx

    init() throws(ConfinementFailure) {
        guard let context = seccomp_init(seccomp_kill_process()) else {
            throw ConfinementFailure(step: "seccomp_init", errno: ENOMEM)
        }
        self.context = context
        try Self.check(
            seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, seccomp_kill_process()), "seccomp_attr_set")
        // A binary search instead of a chain: each call of the confined process walks it.
        try Self.check(seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2), "seccomp_attr_set")
    }

    deinit { seccomp_release(context) }

    func add(_ rule: SystemCallRule) throws(ConfinementFailure) {
        let call = seccomp_syscall_resolve_name(rule.name)
        // A call that this architecture lacks (arm64 has no `open`) cannot be made, so it needs no rule.
        guard seccomp_is_unknown(call) == 0 else { return }
        var conditions: [scmp_arg_cmp] = []
        var action = seccomp_allow()
        switch rule.action {
        case .allow: break
        case .fail(let error): action = seccomp_fail_with(UInt16(truncatingIfNeeded: error))
        case .allowWhen(let argument, let value), .failWhen(let argument, let value, _):
            if case .failWhen(_, _, let error) = rule.action {
                action = seccomp_fail_with(UInt16(truncatingIfNeeded: error))
            }
            // A descriptor is an `int`: the kernel looks only at the lower half of the register, so the filter does, too.
            conditions = [scmp_arg_cmp(arg: argument, op: SCMP_CMP_MASKED_EQ, datum_a: 0xFFFF_FFFF, datum_b: value)]
        case .allowWithout(let argument, let bits):
            conditions = [scmp_arg_cmp(arg: argument, op: SCMP_CMP_MASKED_EQ, datum_a: bits, datum_b: 0)]
        }
        try Self.check(
            seccomp_rule_add_array(context, action, call, UInt32(conditions.count), conditions), rule.name)
    }

    /// libseccomp 2.5 writes programs only to descriptors: here to an unnamed file in memory.
    func program() throws(ConfinementFailure) -> [UInt64] {
        let file = sandbox_memory_file()
        guard file >= 0 else { throw ConfinementFailure(step: "memfd_create", errno: errno) }
        defer { close(file) }
        try Self.check(seccomp_export_bpf(context, file), "seccomp_export_bpf")
        let size = Int(lseek(file, 0, SEEK_END))
        var program = [UInt64](repeating: 0, count: size / MemoryLayout<UInt64>.stride)
        let wanted = program.count * MemoryLayout<UInt64>.stride
        guard size > 0, size == wanted, program.withUnsafeMutableBytes({ pread(file, $0.baseAddress, size, 0) }) == size
        else { throw ConfinementFailure(step: "seccomp_export_bpf", errno: EIO) }
        return program
    }

    private static func check(_ result: CInt, _ step: String) throws(ConfinementFailure) {
        guard result == 0 else { throw ConfinementFailure(step: step, errno: -result) }
    }
}
