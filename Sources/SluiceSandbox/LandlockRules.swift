// Landlock with every right handled and no rule: no path can be opened, made, removed or executed, no TCP port bound or reached.
// Landlock leaves open descriptors usable, and covers neither `stat` nor Unix sockets by name: seccomp does.

internal import CSandbox
internal import Glibc

/// The ruleset, made once in the fork parent; each child restricts itself with it.
final class LandlockRules {
    let version: CInt
    private let ruleset: CInt

    /// The version of the kernel's interface; 0 without Landlock.
    static var availableVersion: CInt { max(0, sandbox_landlock_version()) }

    init() throws(ConfinementFailure) {
        version = Self.availableVersion
        guard version > 0 else { throw ConfinementFailure(step: "landlock_create_ruleset", errno: ENOSYS) }
        ruleset = sandbox_landlock_ruleset(Self.files(version), Self.network(version), Self.scopes(version))
        guard ruleset >= 0 else { throw ConfinementFailure(step: "landlock_create_ruleset", errno: errno) }
    }

    deinit { close(ruleset) }

    /// Needs no_new_privs.
    func restrict() throws(ConfinementFailure) {
        guard sandbox_landlock_restrict(ruleset) == 0 else {
            throw ConfinementFailure(step: "landlock_restrict_self", errno: errno)
        }
    }

    // <linux/landlock.h>: which rights each version knows. An older kernel refuses a newer right.

    private static func files(_ version: CInt) -> UInt64 {
        switch version {
        case 1: (1 << 13) - 1
        case 2: (1 << 14) - 1  // LANDLOCK_ACCESS_FS_REFER
        case 3, 4: (1 << 15) - 1  // LANDLOCK_ACCESS_FS_TRUNCATE
        default: (1 << 16) - 1  // LANDLOCK_ACCESS_FS_IOCTL_DEV
        }
    }

    private static func network(_ version: CInt) -> UInt64 { version >= 4 ? 0b11 : 0 }  // BIND_TCP, CONNECT_TCP
    private static func scopes(_ version: CInt) -> UInt64 { version >= 6 ? 0b11 : 0 }  // abstract Unix sockets, signals
}
