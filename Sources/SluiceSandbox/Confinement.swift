// Takes every right from a process that it does not need to read hostile bytes. Prepared once in the fork parent, applied in every
// child. ConfinementReport says what this machine offers, SystemCallTable which system calls remain.

internal import CSandbox
internal import Glibc
public import SluiceModel

/// Everything that confines an inspector process. It belongs to one single-threaded process and its forks.
public final class Confinement {
    private let limits: ConfinementLimits
    private let filter: SeccompFilter?
    private let landlock: LandlockRules?

    /// - Parameter allowWeak: go on without Landlock or without seccomp where the kernel lacks one. Nothing else is ever left out.
    /// - Throws: `sandbox.incomplete`.
    public convenience init(limits: ConfinementLimits, allowWeak: Bool) throws(SluiceError) {
        if !allowWeak { try Confinement.requireComplete() }
        try self.init(
            limits: limits, seccomp: sandbox_seccomp_available(), landlock: LandlockRules.availableVersion > 0)
    }

    /// With the named layers. Production names all that the kernel has; only the tests that each layer holds by itself leave one out.
    package init(limits: ConfinementLimits, seccomp: Bool, landlock: Bool) throws(SluiceError) {
        self.limits = limits
        do throws(ConfinementFailure) {
            filter = seccomp ? try SeccompFilter() : nil
            self.landlock = landlock ? try LandlockRules() : nil
        } catch {
            throw .confinementIncomplete("\(error.step): \(String(cString: strerror(error.errno)))")
        }
    }

    /// From here on this process can only read the descriptors that it is given and answer on its session. There is no way back. Every
    /// descriptor above the session's is closed.
    /// - Throws: when one step fails. The process must end then, without having seen a byte.
    package func putOn() throws(ConfinementFailure) {
        // Limits come first: seccomp forbids these calls. Soft and hard limits are equal, except for the processor: SIGXCPU tells more
        // than SIGKILL.
        try limit(SANDBOX_MEMORY, UInt64(limits.memory))
        try limit(SANDBOX_CPU, UInt64(limits.processorSeconds), hard: UInt64(limits.processorSeconds) + 1)
        try limit(SANDBOX_FILE_SIZE, 0)
        try limit(SANDBOX_PROCESSES, 0)
        try limit(SANDBOX_CORE, 0)
        try check(sandbox_not_dumpable(), "PR_SET_DUMPABLE")
        try check(sandbox_no_new_privileges(), "PR_SET_NO_NEW_PRIVS")
        try landlock?.restrict()
        try check(sandbox_close_from(UInt32(ConfinedSession.descriptor) + 1), "close_range")
        try limit(SANDBOX_DESCRIPTORS, 8)
        try filter?.load()
    }

    private func limit(_ which: sandbox_limit, _ value: UInt64, hard: UInt64? = nil) throws(ConfinementFailure) {
        try check(sandbox_set_limit(which, value, hard ?? value), "setrlimit")
    }

    private func check(_ result: CInt, _ step: String) throws(ConfinementFailure) {
        guard result == 0 else { throw ConfinementFailure(step: step, errno: errno) }
    }
}
