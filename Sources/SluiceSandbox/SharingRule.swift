// When attachments may share one confined process, and when a process is used up. Threats, "Confinement of the inspector": never across
// tickets or submitters, never after anything suspicious, and only some dozens of small files of one batch.

internal import SluiceModel

/// Whose attachments a session may take. Only a batch shares a process: the files that were dropped for one ticket, or that one submitter
/// sends to one ticket. An anonymous upload gets a fresh process.
struct SessionOwner: Hashable {
    let ticket: TicketID?
    let submitter: String?
    let source: Submission.Source

    /// - Returns: `nil` for an attachment that shares with no other. A batch without a ticket (`sluice check`) is one person's own run.
    init?(_ submission: Submission, size: ByteCount) {
        guard size <= SessionUse.smallAttachment else { return nil }
        switch submission.source {
        case .batch: break
        case .dropFolder where submission.ticket != nil: break
        // What one person sends to one ticket. Two anonymous senders may be two people.
        case .endpoint where submission.ticket != nil && submission.submitter != nil: break
        case .dropFolder, .endpoint: return nil
        }
        ticket = submission.ticket
        submitter = submission.submitter
        source = submission.source
    }
}

/// What a session has done so far. The bounds are chosen: they keep the cost of forking under a tenth and each process short-lived.
struct SessionUse {
    static let smallAttachment = ByteCount.mebibytes(1)
    static let mostAttachments = 32
    static let mostBytes = ByteCount.mebibytes(16)
    /// The processor time of the whole process is limited, so the last attachment must still find most of it.
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
    /// Whether nothing about this attachment hints at an attack on the process that read it. Its type rests on more than a signature, no
    /// finding is graver than a note, and the same holds for every entry. Any other attachment ends its process. (The report comes from
    /// the process itself, and a process that was taken over can lie in it. That is why owners never share.)
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
