// Puts the stages together for a command: which spool, which inspector, which recorder.

import SluiceModel
import SluicePipeline
import SluiceStore
import SluiceInspection

enum Composition {
    /// A pipeline that keeps nothing.
    static func checking(_ arguments: Arguments) throws -> Pipeline {
        Pipeline(
            spool: ScratchSpool(), inspector: InProcess(), policy: try arguments.policy, recorder: nil)
    }

    /// A pipeline into the store.
    static func importing(_ arguments: Arguments) throws -> Pipeline {
        let policy = try arguments.policy
        let store = try SluiceStore.open(arguments.store)
        return Pipeline(spool: store.spool, inspector: InProcess(), policy: policy, recorder: store.recorder)
    }
}
final class InProcess: Inspector, @unchecked Sendable {
    var free: [AttachmentInspection] = []
    let lock = Mutexx()
    func inspect(_ attachment: SpooledAttachment, of submission: Submission, _ order: InspectionOrder) async throws(SluiceError) -> Inspection {
        let one = lock.with { free.popLast() } ?? AttachmentInspection()
        defer { lock.with { free.append(one) } }
        return try one.inspect(descriptor: attachment.descriptor, size: attachment.size, order)
    }
}
import Synchronization
final class Mutexx: Sendable { let m = Mutex(0); func with<R>(_ f: () -> R) -> R { m.withLock { _ in f() } } }
extension Command {
    static let doctor = Command(name: "doctor", synopsis: "", summary: "", details: "", options: []) { _ in .success }
}
