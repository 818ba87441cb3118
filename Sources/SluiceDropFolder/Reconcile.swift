// Proves, after a crash or at any time, that every file of the drop folder is in exactly one state, and that the store has what the file's verdict says.
// Mends what can be mended. `sluice verify` checks the store itself.

import Glibc
public import SluiceModel

/// Something that does not agree.
public struct DropProblem: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// A dead watcher had claimed the file.
        case leftClaim = "left-claim"
        /// The file lies in an outcome folder without a whole verdict.
        case noVerdict = "no-verdict"
        /// The verdict says that the file is in the store, and it is not.
        case notInStore = "not-in-store"
        /// The file's bytes are not those that were judged.
        case otherBytes = "other-bytes"
        /// The verdict does not belong into the folder that it lies in.
        case wrongFolder = "wrong-folder"
        /// A verdict in `failed/` whose file is not there.
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
    /// A watcher is at work: its claims are no problem, and nothing is mended while it runs.
    public var hasWatcher = false
    /// Files in quarantined/ that a reviewer deleted from the store: nothing is missing.
    public var deleted = 0
    public var wasInterrupted = false
}

/// What a reconciliation asks the store.
public protocol DropFolderRecords {
    /// The digests of the attachments on a ticket, by attachment id.
    func attachments(of ticket: TicketID) throws(SluiceError) -> [String: Digest]
    /// The digests of the files that were rejected on a ticket.
    func rejectedDigests(on ticket: TicketID) throws(SluiceError) -> Set<Digest>
    /// Whether a reviewer deleted this attachment.
    func wasDeleted(_ attachment: String) throws(SluiceError) -> Bool
}

/// One reconciliation.
public struct Reconcile {
    private let tree: DropFolderTree
    private let records: any DropFolderRecords
    private let mending: Bool
    private let report: (DropProblem) -> Void
    private var summary = ReconcileSummary()
    /// The verdicts that belong to files in `failed/`.
    private var verdicts: Set<TreePath> = []
    /// What the store has on the ticket that was looked at last; files are walked ticket by ticket.
    private var known: (ticket: TicketID, attachments: [String: Digest], refused: Set<Digest>)?

    /// - Parameter mending: mend what can be mended; never while a watcher is at work.
    public static func run(
        _ path: [UInt8], records: any DropFolderRecords, mending: Bool, isInterrupted: () -> Bool,
        report: @escaping (DropProblem) -> Void
    ) throws(SluiceError) -> ReconcileSummary {
        let tree = try DropFolderTree(path, creating: false)
        var reconcile = Reconcile(tree: tree, records: records, mending: mending, report: report)
        return try reconcile.run(isInterrupted)
    }

    private init(
        tree: DropFolderTree, records: any DropFolderRecords, mending: Bool, report: @escaping (DropProblem) -> Void
    ) {
        (self.tree, self.records, self.mending, self.report) = (tree, records, mending, report)
    }

    private mutating func run(_ isInterrupted: () -> Bool) throws(SluiceError) -> ReconcileSummary {
        try claims()
        for outcome in OutcomeFolder.allCases {
            var files: [(TreePath, Sighting)] = []
            tree.outcomes.root(outcome).walk { files.append(($0, $1)) }
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
        tree.input.walk { path, _ in if !Sidecar.isOne(path.name) { summary.pending += 1 } }
        return summary
    }

    private mutating func claims() throws(SluiceError) {
        var orphans = 0
        for name in tree.claims.names() {
            guard let session = try ClaimSession.orphan(name, in: tree.claims) else {
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
            let recovery = try Recovery(tree: tree).run()
            summary.claimed = recovery.left.count
            summary.mended -= recovery.left.count
        } else {
            summary.claimed = orphans
        }
    }

    private mutating func check(
        _ path: TreePath, _ sighting: Sighting, _ outcome: OutcomeFolder
    ) throws(SluiceError) {
        let root = tree.outcomes.root(outcome)
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
        // A link or a device has no bytes to compare.
        guard sighting.kind == .file else { return }
        let digest = Self.digest(of: path.name, in: folder)
        if let claimed = record.digest, digest?.hexadecimal != claimed {
            return tell(
                .otherBytes, shown, "Its bytes are not those that were judged.",
                "Somebody has changed it afterwards; the store has the judged ones.")
        }
        if try !isInStore(record, digest) {
            // A reviewer deleted it; it is not lost. Put back into in/, it would be sent again with the rights of another name.
            if let id = record.attachment, try records.wasDeleted(id) {
                summary.deleted += 1
                return
            }
            tell(
                .notInStore, shown, "The store knows nothing of it.", "Put back into in/, it is taken again.",
                isMended: try putBack(path, name, folder))
        }
    }

    /// A person who takes a file away leaves its verdict behind. Only in failed/ is that a problem: there a verdict promises a file.
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
            known = (ticket, try records.attachments(of: ticket), try records.rejectedDigests(on: ticket))
        }
        // A file that was rejected unread has no digest to look for.
        guard let id = record.attachment else {
            return record.digest == nil || digest.map { known!.refused.contains($0) } ?? false
        }
        return digest != nil && known!.attachments[id] == digest
    }

    private func putBack(_ path: TreePath, _ name: OutcomeName, _ folder: Folder) throws(SluiceError) -> Bool {
        guard mending, !summary.hasWatcher, let target = try tree.input.folder(path.parent, making: true),
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
        return JudgedCopies.digest(of: file)
    }
}
