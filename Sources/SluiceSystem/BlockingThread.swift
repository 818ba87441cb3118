// One thread of our own for calls that block: such calls never run on the cooperative pool.

import Glibc
import Synchronization

/// A thread that runs one function.
public final class BlockingThread: Sendable {
    private let thread: Mutex<pthread_t?>

    public init(_ body: @escaping @Sendable () -> Void) {
        // The thread itself frees the box.
        let box = Unmanaged.passRetained(Body(run: body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
        precondition(code == 0, "no thread can be started: \(SystemCallFailure.words(code))")
        self.thread = Mutex(thread)
    }

    /// Blocks until the function has returned. A second call returns at once.
    public func join() {
        let thread = self.thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        if let thread { pthread_join(thread, nil) }
    }

    deinit {
        if let thread = thread.withLock({ $0 }) { pthread_detach(thread) }
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }
}

extension BlockingThread {
    /// Runs the same function on several threads, this one among them, and waits for all.
    public static func runOnSeveral(_ count: Int, _ body: @escaping @Sendable () -> Void) {
        let others = (1..<max(count, 1)).map { _ in BlockingThread(body) }
        body()
        for thread in others { thread.join() }
    }
}
