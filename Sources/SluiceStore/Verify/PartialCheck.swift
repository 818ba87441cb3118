// Partials: every open one has its file, and every file belongs to an open one. What is wrong here concerns nothing that was acknowledged as an
// attachment.

import Glibc
import SluiceModel

struct PartialCheck {
    let layout: StoreLayout
    let partials: any PartialStore
    let bytes: any PartialBytes
    let log: VerificationLog
    let mending: Bool
    let age: Duration

    /// A file is made a moment before its row: a younger one says nothing.
    private static let settled: Int64 = 60

    func run() throws(SluiceError) {
        let now = currentMicroseconds() / 1_000_000
        let names = try bytes.ids()
        let open = try partials.openPartials()
        let known = Set(open.map(\.id))
        for name in names where !known.contains(name) {
            let path = "\(PartialFiles.folder)/\(name)"
            var facts = stat()
            guard fstatat(layout.root, path, &facts, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
            let changed = Int64(facts.st_ctim.tv_sec)
            guard AttachmentID.isOne(name) else {
                log.add(
                    StoreProblem(
                        .foreignFile, "\(PartialFiles.folder)/\(SafeText.display(name))",
                        what: "This is no file of Sluice's."))
                continue
            }
            if changed > now - Self.settled { continue }
            var problem = StoreProblem(.partialLeftover, path, what: "The upload that these bytes are of is over.")
            if mending && changed <= now - age.components.seconds {
                try bytes.remove(name)
                problem.isMended = true
            }
            log.add(problem)
        }
        for partial in open { try check(partial) }
    }

    private func check(_ partial: Partial) throws(SluiceError) {
        let path = "\(PartialFiles.folder)/\(partial.id)"
        let size = try bytes.size(partial.id)
        if let size, size <= partial.length { return }
        // It may have been finished between the two looks.
        guard try partials.partial(partial.id)?.state == .open else { return }
        let what =
            size.map { "\($0) of \(partial.length) are there." } ?? "The bytes of an unfinished upload are not there."
        var problem = StoreProblem(.partialBroken, path, what: what)
        if mending {
            try partials.end(partial.id)
            try bytes.remove(partial.id)
            problem.isMended = true
        }
        log.add(problem)
    }
}
