// inotify events for `in/` and the folders below. Events are only hints: the file itself is looked at, and a rescan finds what no event
// told.

import CDropFolder
import Glibc
import SluiceModel

/// What happened since the last look.
struct EventBatch {
    var changed: [TreePath] = []
    var gone: [TreePath] = []
    var newFolders: [TreePath] = []
    var goneFolders: [TreePath] = []
    /// Events were lost: everything has to be looked at.
    var overflow: Overflow?
}

/// Which queue was too small.
enum Overflow: Sendable {
    /// `fs.inotify.max_queued_events`.
    case kernels
    case ours
}

/// Watches a tree of folders. Used from one thread.
final class FolderEvents {
    let descriptor: CInt
    /// Events read at once; more count as an overflow, so that a flood costs a rescan and no memory.
    private let most: Int
    private var folders: [CInt: TreePath] = [:]
    /// False where some folders are not watched (`fs.inotify.max_user_watches`): rescans find what happens there.
    private(set) var isComplete = true
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 8)

    init(most: Int) throws(SluiceError) {
        self.most = most
        descriptor = drop_events_open()
        guard descriptor >= 0 else { throw .drop("inotify_init1", errno, "The drop folder cannot be watched.") }
    }

    deinit {
        close(descriptor)
        buffer.deallocate()
    }

    /// Call it before the folder is listed, so that no change is missed between the two.
    func watch(_ path: TreePath, _ folder: Folder) {
        let watch = drop_events_watch(descriptor, folder.descriptor)
        // A folder that was moved keeps its watch; the watch gets the new path here.
        if watch >= 0 { folders[watch] = path } else { isComplete = false }
    }

    /// Reads the events that are there; does not wait.
    func take() -> EventBatch {
        var changed: Set<TreePath> = []
        var batch = EventBatch()
        var taken = 0
        while true {
            let length = read(descriptor, buffer.baseAddress, buffer.count)
            if length < 0 && errno == EINTR { continue }
            guard length > 0 else { break }
            var event = drop_event()
            var offset = 0
            while true {
                let next = drop_event_at(buffer.baseAddress, offset, length, &event)
                guard next > 0 else { break }
                offset = next
                taken += 1
                if event.mask & UInt32(DROP_OVERFLOW) != 0 {
                    batch.overflow = .kernels
                } else if taken > most, batch.overflow == nil {
                    batch.overflow = .ours
                }
                if event.mask & UInt32(DROP_IGNORED) != 0 { folders[event.watch] = nil }
                if batch.overflow == nil { note(event, &changed, &batch) }
            }
        }
        if batch.overflow != nil { return EventBatch(overflow: batch.overflow) }
        batch.changed = Array(changed)
        return batch
    }

    private func note(_ event: drop_event, _ changed: inout Set<TreePath>, _ batch: inout EventBatch) {
        let name = Array(UnsafeRawBufferPointer(start: event.name, count: strlen(event.name)))
        guard let folder = folders[event.watch], !name.isEmpty else { return }
        let path = folder.appending(name)
        let isGone = event.mask & UInt32(DROP_GONE) != 0
        if event.mask & UInt32(DROP_IS_FOLDER) == 0 {
            // In order: a name may go and come back.
            if isGone {
                changed.remove(path)
                batch.gone.append(path)
            } else {
                changed.insert(path)
            }
        } else if isGone {
            forget(below: path)
            batch.goneFolders.append(path)
        } else {
            batch.newFolders.append(path)
        }
    }

    private func forget(below folder: TreePath) {
        for (watch, path) in folders where path == folder || path.isBelow(folder) {
            drop_events_forget(descriptor, watch)
            folders[watch] = nil
        }
    }
}
