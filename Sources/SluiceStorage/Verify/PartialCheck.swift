// Partials: every open one has its file, and every file belongs to an open one. What is wrong here concerns nothing that was acknowledged as an
// attachment.

import SluiceModel
import SluiceSystem

struct PartialCheck {
    private let partials: PartialDesk
    private let bytes: any PartialBytes
    private let log: VerificationLog
    private let moment: Int64?

    /// A file is made a moment before its row: a younger one says nothing.
    private static let settled: Int64 = 60

    /// - Parameter moment: seconds since 1970: leftovers from before are removed; `nil` mends nothing.
    init(_ storage: Storage, _ log: VerificationLog, removingFrom moment: Int64?) {
        partials = storage.partials
        bytes = storage.partialBytes
        self.log = log
        self.moment = moment
    }

    func run() throws(SluiceError) {
        let now = WallClock.seconds()
        let files = try bytes.list()
        let open = try partials.openPartials()
        let known = Set(open.map(\.id))
        for file in files where !known.contains(file.name) {
            guard file.isOurs else {
                let path = bytes.path(of: SafeText.display(file.name))
                log.add(StoreProblem(.foreignFile, path, what: "This is no file of Sluice's."))
                continue
            }
            if file.changedAt > now - Self.settled { continue }
            var problem = StoreProblem(
                .partialLeftover, bytes.path(of: file.name), what: "The upload that these bytes are of is over.")
            if let moment, file.changedAt <= moment {
                try bytes.remove(file.name)
                problem.isMended = true
            }
            log.add(problem)
        }
        for partial in open { try check(partial) }
    }

    private func check(_ partial: Partial) throws(SluiceError) {
        let size = try bytes.size(partial.id)
        if let size, size <= partial.length { return }
        // It may have been finished between the two looks.
        guard try partials.partial(partial.id)?.state == .open else { return }
        let what =
            size.map { "\($0) of \(partial.length) are there." } ?? "The bytes of an unfinished upload are not there."
        var problem = StoreProblem(.partialBroken, bytes.path(of: partial.id), what: what)
        if moment != nil {
            try partials.end(partial.id)
            try bytes.remove(partial.id)
            problem.isMended = true
        }
        log.add(problem)
    }
}
