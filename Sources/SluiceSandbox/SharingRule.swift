// When attachments may share one confined process, and when a process is used up. THREATS, "Confinement of the inspector": never across
// tickets or submitters, never after anything suspicious, for some dozens of small files of one batch.

internal import SluiceModel

/// Whose attachments a session may take. Only a batch shares: files that were dropped for one ticket are one, and so is what one
/// submitter sends to one ticket. An anonymous upload gets a fresh process.
struct SessionOwner: Hashable {
    let ticket: TicketID?
    let submitter: String?
    let source: Submission.Source

    /// - Returns: `nil` for what shares with nobody. A batch without a ticket (`sluice check`) is one person's own run.
    init?(_ submission: Submission, size: ByteCount) {
        guard size <= SessionUse.smallAttachment else { return nil }
        switch submission.source {
        case .batch: break
        case .dropFolder where submission.ticket != nil: break
        // What one person sends to one ticket; nobody knows whether two anonymous senders are one.
        case .endpoint where submission.ticket != nil && submission.submitter != nil: break
        case .dropFolder, .endpoint: return nil
        }
        ticket = submission.ticket
        submitter = submission.submitter
        source = submission.source
    }
}

/// What a session has done so far. The bounds are chosen: together they keep the cost of the fork under a tenth, and a process short-lived.
struct SessionUse {
    static let smallAttachment = ByteCount.mebibytes(1)
    static let mostAttachments = 32
    static let mostBytes = ByteCount.mebibytes(16)
    /// Processor time is limited for the process as a whole: whoever comes late must still find most of it.
    static let mostTime = Duration.seconds(1)

    private(set) var attachments = 0
    private var bytes: Int64 = 0
    private var time = Duration.zero

    mutating func note(_ size: ByteCount, spent: Duration) {
        attachments += 1
        bytes += size.bytes
        time += spent
    }

    var isUsedUp: Bool {
        attachments >= Self.mostAttachments || bytes >= Self.mostBytes.bytes || time >= Self.mostTime
    }
}

extension Inspection {
    /// Whether nothing about this attachment hints at an attempt on the process that read it: its type is more than a signature, no
    /// finding is graver than a note, and the same holds for every entry. A process that met anything else is not used again.
    /// (The report is the process's own; a process that has been taken over can lie here, which is why owners never mix.)
    var isUnremarkable: Bool {
        recognized.basis >= .structure && findings.allSatisfy { $0.definition.severity == .note }
            && (manifest?.entries ?? []).allSatisfy { entry in
                switch entry.kind {
                case .file: entry.recognized.basis >= .structure
                case .directory: true
                case .link, .other: false
                }
            }
    }
}
