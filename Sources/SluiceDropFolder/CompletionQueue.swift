// Hands results from the threads that take files in to the loop. The loop waits for its descriptor with poll(2).

import CDropFolder
import Glibc
import Synchronization

final class CompletionQueue: Sendable {
    let descriptor: CInt = drop_wake_open()
    private let finished = Mutex<[ClaimResult]>([])

    deinit { close(descriptor) }

    func add(_ taken: ClaimResult) {
        let isFirst = finished.withLock { list in
            list.append(taken)
            return list.count == 1
        }
        if isFirst { drop_wake(descriptor) }
    }

    func takeAll() -> [ClaimResult] {
        drop_wake_clear(descriptor)
        return finished.withLock { list in
            defer { list = [] }
            return list
        }
    }
}
