// From the threads that take files in to the loop: what they have finished, with a descriptor that poll(2) can wait on.

import CDropFolder
import Glibc
import Synchronization

final class Mailbox: Sendable {
    let descriptor: CInt = drop_wake_open()
    private let finished = Mutex<[Taken]>([])

    deinit { close(descriptor) }

    func add(_ taken: Taken) {
        let isFirst = finished.withLock { list in
            list.append(taken)
            return list.count == 1
        }
        if isFirst { drop_wake(descriptor) }
    }

    func takeAll() -> [Taken] {
        drop_wake_clear(descriptor)
        return finished.withLock { list in
            defer { list = [] }
            return list
        }
    }
}
