// What verification can find wrong, as values with the words for a person.

/// One thing that is wrong with a store.
public struct StoreProblem: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
        /// A row speaks of bytes that are not there.
        case missingBytes = "missing-bytes"
        /// A row speaks of bytes that lie in the other area only.
        case wrongArea = "wrong-area"
        case wrongSize = "wrong-size"
        /// The bytes are not those that were received.
        case wrongDigest = "wrong-digest"
        case unreadable
        /// Bytes that no row speaks of.
        case unreferenced
        /// A file or folder that Sluice has not made.
        case foreignFile = "foreign-file"
        /// A name in the spool, which a crash left there.
        case spoolLeftover = "spool-leftover"
        /// Bytes of an upload that is over.
        case partialLeftover = "partial-leftover"
        /// The bytes of an unfinished upload are missing or too many; its sender has to begin again.
        case partialBroken = "partial-broken"
        /// The database's own check failed.
        case database
    }

    public var kind: Kind
    /// A path below the store's folder, or the database's name.
    public var subject: String
    /// An attachment that is concerned; one of several that may share the bytes.
    public var attachment: String?
    public var what: String
    public var mend: String
    /// Verification has put it right.
    public var isMended = false

    /// Nothing that was acknowledged is lost or wrong because of it.
    public var isHarmless: Bool { kind.isHarmless }

    init(_ kind: Kind, _ subject: String, attachment: String? = nil, what: String) {
        self.kind = kind
        self.subject = subject
        self.attachment = attachment
        self.what = what
        mend = kind.mend
    }
}

extension StoreProblem.Kind {
    var isHarmless: Bool {
        switch self {
        case .unreferenced, .spoolLeftover, .partialLeftover, .partialBroken: true
        default: false
        }
    }

    fileprivate var mend: String {
        switch self {
        case .missingBytes, .wrongSize, .wrongDigest:
            "Restore this file from a backup, or ask the submitter to send the attachment again to another ticket."
        case .wrongArea: "Find out who moved the file; move it to the area that the row's verdict names."
        case .unreadable: "Look at the system log for disk errors and at the rights of the file; verify again."
        case .unreferenced:
            "Nothing is lost: a crash or a failure left it. `sluice verify --mend` removes it once it is an hour old."
        case .foreignFile: "Find out where it came from and move it away."
        case .spoolLeftover:
            "Nothing is lost: a crash left it. `sluice verify --mend` removes it once it is an hour old."
        case .partialLeftover:
            "Nothing is lost: a crash left it. `sluice verify --mend` removes it once it is an hour old."
        case .partialBroken:
            "No attachment is concerned. `sluice verify --mend` ends the upload; its sender begins again."
        case .database: "Stop Sluice and restore sluice.sqlite from a backup."
        }
    }
}

/// How far a verification is.
public struct VerificationProgress: Sendable, Hashable {
    public var files = 0
    public var bytes: Int64 = 0
    /// By the rows; there may be unreferenced files besides.
    public var filesInAll: Int
    public var bytesInAll: Int64
}

/// What a verification tells while it runs. Never two at the same time, but from any thread.
public enum VerificationEvent: Sendable {
    case progress(VerificationProgress)
    case problem(StoreProblem)
}

/// What a verification found.
public struct VerificationSummary: Sendable, Hashable {
    public var files = 0
    public var bytes: Int64 = 0
    public var problems: [StoreProblem.Kind: Int] = [:]
    public var mended = 0
    public var wasInterrupted = false
    /// Of an interrupted one: the first byte of a digest at which another one may begin to see the rest.
    public var goesOnFrom: UInt8?

    /// Rows and bytes agree; harmless leftovers may be there.
    public var isSound: Bool {
        !wasInterrupted && problems.keys.allSatisfy(\.isHarmless)
    }
}
