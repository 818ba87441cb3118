// The first interrupt asks for an orderly end; a second one ends the program at once.

import Glibc
import Synchronization

enum Interrupt {
    private static let asked = Atomic<Bool>(false)

    /// Starts listening to SIGINT and SIGTERM.
    static func listen() {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in Interrupt.asked.store(true, ordering: .relaxed) }
        // The handler is used once: the second signal meets the default, which ends the program.
        action.sa_flags = CInt(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
        sigaction(SIGINT, &action, nil)
        sigaction(SIGTERM, &action, nil)
        // A reader that goes away (`sluice … | head`) is met as a failed write, not as a signal.
        signal(SIGPIPE, SIG_IGN)
    }

    static var isAsked: Bool { asked.load(ordering: .relaxed) }
}
