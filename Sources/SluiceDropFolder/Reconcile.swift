// Proves, after a crash or at any time, that every file of the drop folder is in exactly one state and that what its verdict says is in the store;
// mends what can be mended. What is wrong inside the store is `sluice verify`'s.

import Glibc
public import SluiceModel
public import SluiceStorage

/// Something that does not agree.
public struct DropProblem: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// Claimed by a watcher that is gone.
        case leftClaim = "left-claim"
        /// In an outcome folder without a whole verdict.
        case noVerdict = "no-verdict"
        /// The verdict says that it is in the store, and it is not.
        case notInStore = "not-in-store"
        /// The file's bytes are not those that the verdict speaks of.
        case otherBytes = "other-bytes"
        /// A verdict that says something else than the folder it lies in.
        case wrongFolder = "wrong-folder"
        /// A verdict in `failed/` whose file is elsewhere.
        case leftVerdict = "left-verdict"
    }

    public let kind: Kind
    /// Below the drop folder.
    public let path: [UInt8]
    public let what: String
    public let mend: String
    public var isMended = false
}

/// What a reconciliation found.
public struct ReconcileSummary: Sendable {
    public var pending = 0
    public var claimed = 0
    public var outcomes: [String: Int] = [:]
    public var problems = 0
    public var mended = 0
    /// A watcher is at work: its claims are no problem, and nothing is mended beside it.
    public var hasWatcher = false
    /// In quarantined/, and deleted from the store by a reviewer: nothing is missing.
    public var deleted = 0
    public var wasInterrupted = false
}

/// One reconciliation.
public struct Reconcile {
    private let places: Places
    private let store: Storage
    private let mending: Bool
    private let report: (DropProblem) -> Void
    private var summary = ReconcileSummary()
    /// Of the files that are in `failed/`.
    private var verdicts: Set<TreePath> = []
    /// Of the ticket looked at last; files are walked ticket by ticket.
    private var known: (ticket: TicketID, attachments: [String: Digest], refused: Set<Digest>)?

    /// - Parameter mending: put right what can be; never while a watcher is at work.
    public static func run(
        _ path: [UInt8], store: Storage, mending: Bool, isInterrupted: () -> Bool,
        report: @escaping (DropProblem) -> Void
    ) throws(SluiceError) -> ReconcileSummary {
        var one = Reconcile(places: try Places(path, creating: false), store: store, mending: mending, report: report)
        return try one.run(isInterrupted)
    }

    private init(places: Places, store: Storage, mending: Bool, report: @escaping (DropProblem) -> Void) {
        (self.places, self.store, self.mending, self.report) = (places, store, mending, report)
    }

    private mutating func run(_ isInterrupted: () -> Bool) throws(SluiceError) -> ReconcileSummary {
        try claims()
        for outcome in OutcomeFolder.allCases {
            var files: [(TreePath, Sighting)] = []
            places.outcomes.root(outcome).walk { files.append(($0, $1)) }
            verdicts =
                outcome == .failed ? Set(files.map { $0.0.parent.appending(OutcomeName(file: $0.0.name).json) }) : []
            for (path, sighting) in files {
                if isInterrupted() {
                    summary.wasInterrupted = true
                    return summary
                }
                try check(path, sighting, outcome)
            }
        }
        places.input.walk { path, _ in if !Sidecar.isOne(path.name) { summary.pending += 1 } }
        return summary
    }

    private mutating func claims() throws(SluiceError) {
        var orphans = 0
        for name in places.claims.names() {
            guard let session = try ClaimSession.orphan(name, in: places.claims) else {
                summary.hasWatcher = true
                continue
            }
            session.folders.root.walk { path, _ in
                if Sidecar.isOne(path.name) { return }
                orphans += 1
                tell(
                    .leftClaim, path.shown(in: "in"), "A watcher that is gone had claimed it.",
                    "The next sluice watch takes it up.", isMended: mending)
            }
        }
        if mending {
            let recovery = try Recovery(places: places).run()
            summary.claimed = recovery.left.count
            summary.mended -= recovery.left.count
        } else {
            summary.claimed = orphans
        }
    }

    private mutating func check(
        _ path: TreePath, _ sighting: Sighting, _ outcome: OutcomeFolder
    ) throws(SluiceError) {
        let root = places.outcomes.root(outcome)
        guard let folder = try root.folder(path.parent) else { return }
        let shown = path.shown(in: outcome.rawValue)
        let name = OutcomeName(file: path.name)
        guard !Recovery.isBeside(path, in: root) else {
            return checkVerdict(path, folder, outcome)
        }
        summary.outcomes[outcome.rawValue, default: 0] += 1
        guard let record = VerdictRecord(folder.content(name.json, atMost: VerdictRecord.most)) else {
            return tell(
                .noVerdict, shown, "It has no whole verdict beside it.", "Put back into in/, it is judged again.",
                isMended: try putBack(path, name, folder))
        }
        guard Self.agrees(record.outcome, outcome) else {
            return tell(.wrongFolder, shown, "Its verdict says \(record.outcome.rawValue).", "Move it back into in/.")
        }
        guard outcome != .failed else { return }
        // A link or a device has no bytes to prove.
        guard sighting.kind == .file else { return }
        let digest = Self.digest(of: path.name, in: folder)
        if let claimed = record.digest, digest?.hexadecimal != claimed {
            return tell(
                .otherBytes, shown, "Its bytes are not those that were judged.",
                "Somebody has changed it afterwards; the store has the judged ones.")
        }
        if try !isInStore(record, digest) {
            // Taken out by a person, not lost: put back, it would come again with another name's rights.
            if let id = record.attachment, try store.review.wasDeleted(id) {
                summary.deleted += 1
                return
            }
            tell(
                .notInStore, shown, "The store knows nothing of it.", "Put back into in/, it is taken again.",
                isMended: try putBack(path, name, folder))
        }
    }

    /// A verdict without its file is what a person leaves who takes the file away; only in failed/ does it promise what is not there.
    private mutating func checkVerdict(_ path: TreePath, _ folder: Folder, _ outcome: OutcomeFolder) {
        guard outcome == .failed, path.name.hasSuffix(OutcomeName.json), !verdicts.contains(path) else { return }
        let file = OutcomeName(file: Array(path.name.dropLast(OutcomeName.json.utf8.count)))
        let mends = mending && !summary.hasWatcher
        if mends {
            folder.remove(path.name)
            folder.remove(file.text)
        }
        tell(
            .leftVerdict, path.shown(in: "failed"), "Its file is not in failed/ any more.", "Remove it.",
            isMended: mends)
    }

    private static func agrees(_ outcome: Outcome, _ folder: OutcomeFolder) -> Bool {
        switch outcome {
        case .accepted: folder == .done
        case .duplicate: folder == .done || folder == .quarantined
        case .quarantined: folder == .quarantined
        case .rejected: folder == .rejected
        case .failed: folder == .failed
        }
    }

    private mutating func isInStore(_ record: VerdictRecord, _ digest: Digest?) throws(SluiceError) -> Bool {
        guard let ticket = record.ticket.flatMap({ TicketID($0) }) else { return false }
        if known?.ticket != ticket {
            known = (ticket, try attachments(of: ticket), try refusals(on: ticket))
        }
        // What was refused unread has no digest to look for.
        guard let id = record.attachment else {
            return record.digest == nil || digest.map { known!.refused.contains($0) } ?? false
        }
        return digest != nil && known!.attachments[id] == digest
    }

    /// Rows that are asked for at once.
    private static let page = 1000

    private func attachments(of ticket: TicketID) throws(SluiceError) -> [String: Digest] {
        var found: [String: Digest] = [:]
        var last: String?
        repeat {
            let page = try store.tickets.attachments(of: ticket, after: last, limit: Self.page)
            for attachment in page { found[attachment.id] = attachment.digest }
            last = page.count == Self.page ? page.last?.id : nil
        } while last != nil
        return found
    }

    private func refusals(on ticket: TicketID) throws(SluiceError) -> Set<Digest> {
        var found: Set<Digest> = []
        var last: Int64? = 0
        while let after = last {
            let page = try store.tickets.rejections(on: ticket, after: after, limit: Self.page)
            found.formUnion(page.compactMap(\.facts.digest))
            last = page.count == Self.page ? page.last?.number : nil
        }
        return found
    }

    private func putBack(_ path: TreePath, _ name: OutcomeName, _ folder: Folder) throws(SluiceError) -> Bool {
        guard mending, !summary.hasWatcher, let target = try places.input.folder(path.parent, making: true),
            target.sighting(path.name) == nil
        else { return false }
        if Sidecar.isThere(name.sidecar, in: folder) {
            _ = folder.move(name.sidecar, to: target, as: Sidecar.name(for: path.name))
        }
        guard folder.move(path.name, to: target, as: path.name) == 0 else { return false }
        folder.remove(name.json)
        folder.remove(name.text)
        return true
    }

    private mutating func tell(
        _ kind: DropProblem.Kind, _ path: [UInt8], _ what: String, _ mend: String, isMended: Bool = false
    ) {
        summary.problems += 1
        if isMended { summary.mended += 1 }
        report(DropProblem(kind: kind, path: path, what: what, mend: mend, isMended: isMended))
    }

    private static func digest(of name: [UInt8], in folder: Folder) -> Digest? {
        let file = folder.openFile(name)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return HandedOn.digest(of: file)
    }
}
