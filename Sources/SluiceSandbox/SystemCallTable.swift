// Which system calls the confined process may make, and why each. Every other call ends the process. SeccompFilter makes a filter of the
// table.

/// One line of the table.
struct SystemCallRule {
    enum Action: Equatable {
        case allow
        /// Only with this argument, a descriptor, equal to this value.
        case allowWhen(argument: UInt32, equals: UInt64)
        /// Refused with this errno where this argument, a descriptor, has this value.
        case failWhen(argument: UInt32, equals: UInt64, CInt)
        /// Only without these bits in this argument.
        case allowWithout(argument: UInt32, bits: UInt64)
        /// Refused with this errno.
        case fail(CInt)
    }

    let name: String
    let action: Action
}

enum SystemCallTable {
    private static let executable: UInt64 = 4  // PROT_EXEC, <asm-generic/mman-common.h>

    static let rules: [SystemCallRule] =
        // The attachment is read through its descriptor; it is never opened, sized or named here.
        allow("read", "pread64", "lseek", "fstat", "close")
        // The session: recvmsg receives an order with its descriptor, write sends the reply; both only on this one socket. There is no
        // sendmsg, so no descriptor ever leaves. There is no write to anything else, also not to the attachment.
        + [
            SystemCallRule(
                name: "recvmsg", action: .allowWhen(argument: 0, equals: UInt64(ConfinedSession.descriptor))),
            SystemCallRule(name: "write", action: .allowWhen(argument: 0, equals: UInt64(ConfinedSession.descriptor))),
            // A Swift trap or a failed check first writes to the standard error stream. Nobody reads that, but the process should end as
            // the trap that it is and not as a forbidden call.
            SystemCallRule(name: "write", action: .failWhen(argument: 0, equals: 2, 9 /* EBADF */)),
        ]
        // Memory, never executable. mprotect: the allocator grows arenas with it.
        + [
            SystemCallRule(name: "mmap", action: .allowWithout(argument: 2, bits: executable)),
            SystemCallRule(name: "mprotect", action: .allowWithout(argument: 2, bits: executable)),
        ]
        + allow("munmap", "mremap", "madvise", "brk")
        // Time where the vDSO cannot answer; randomness for hash seeds; locks that no other thread holds here.
        + allow("clock_gettime", "gettimeofday", "getrandom", "futex")
        // The end. No rt_sigreturn: no handler ever runs in a child (SIGCHLD, the only signal with a handler, is blocked there).
        + allow("exit", "exit_group")
        // Libraries ask for these and do well without an answer: there is no file, nothing is a terminal, newer calls do not exist.
        + fail(
            2 /* ENOENT */,
            "open", "openat", "stat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2", "readlink",
            "readlinkat")
        + fail(25 /* ENOTTY */, "ioctl")
        + fail(38 /* ENOSYS */, "clone3", "openat2", "rseq")

    private static func allow(_ names: String...) -> [SystemCallRule] {
        names.map { SystemCallRule(name: $0, action: .allow) }
    }

    private static func fail(_ error: CInt, _ names: String...) -> [SystemCallRule] {
        names.map { SystemCallRule(name: $0, action: .fail(error)) }
    }
}
