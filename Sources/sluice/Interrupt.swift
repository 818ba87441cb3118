// The first interrupt asks the program to end in order; a second one ends it at once.

import Glibc
import Synchronization

enum Interrupt {
    private static let asked = Atomic<Bool>(false)

    /// Starts listening to SIGINT and SIGTERM.
    static func listen() {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in Interrupt.asked.store(true, ordering: .relaxed) }
        // The handler is used once. A second signal has its default effect and ends the program.
        action.sa_flags = CInt(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
        sigaction(SIGINT, &action, nil)
        sigaction(SIGTERM, &action, nil)
        // When a reader goes away (`sluice … | head`), a write fails; no signal ends the program.
        signal(SIGPIPE, SIG_IGN)
    }

    static var isAsked: Bool { asked.load(ordering: .relaxed) }
}
