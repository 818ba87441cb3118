// What is written about an attachment, as values: an engine turns them into rows and back.

public import SluiceModel

/// Kept bytes of an attachment.
public struct Rendition: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
        /// As received.
        case original
    }

    public var kind: Kind
    public var digest: Digest
    public var size: ByteCount
    public var area: BlobArea

    public init(kind: Kind, digest: Digest, size: ByteCount, area: BlobArea) {
        self.kind = kind
        self.digest = digest
        self.size = size
        self.area = area
    }
}

/// The encoded inspection that a judgement rests on.
public struct StoredEvidence: Sendable, Hashable {
    /// Of `EvidenceCoding`.
    public var version: Int
    /// Compressed where that is worth it.
    public var bytes: [UInt8]

    public init(version: Int, bytes: [UInt8]) { (self.version, self.bytes) = (version, bytes) }
}

/// An attachment that is to be kept.
public struct NewAttachment: Sendable {
    public var stored: StoredAttachment
    public var entries: [StoredEntry]
    /// JSON.
    public var card: String?
    public var findings: [StoredFinding]
    public var evidence: StoredEvidence?

    public init(
        stored: StoredAttachment, entries: [StoredEntry], card: String?, findings: [StoredFinding],
        evidence: StoredEvidence?
    ) {
        self.stored = stored
        self.entries = entries
        self.card = card
        self.findings = findings
        self.evidence = evidence
    }
}

/// One removal of a blob's bytes, which began when no row referred to them.
public struct NumberedRemoval: Sendable, Hashable {
    public var number: Int64
    public var address: BlobAddress
    /// Microseconds since 1970, UTC, by the clock of the node that removes.
    public var beganAt: Int64
    public var isDone: Bool

    public init(number: Int64, address: BlobAddress, beganAt: Int64, isDone: Bool) {
        self.number = number
        self.address = address
        self.beganAt = beganAt
        self.isDone = isDone
    }
}

/// A part of a partial upload's bytes, kept as one object.
public struct PartialPart: Sendable, Hashable {
    /// Its first byte's offset in the upload.
    public var begins: Int64
    public var size: Int64
    /// The object's name.
    public var object: String

    public init(begins: Int64, size: Int64, object: String) {
        self.begins = begins
        self.size = size
        self.object = object
    }
}

/// A refusal that is to be recorded.
public struct NewRefusal: Sendable {
    public var ticket: TicketID
    public var facts: StoredFacts
    public var findings: [StoredFinding]
    /// When it was told; later than `facts.receivedAt` where a person refused what had been kept.
    public var at: Int64

    public init(ticket: TicketID, facts: StoredFacts, findings: [StoredFinding], at: Int64) {
        self.ticket = ticket
        self.facts = facts
        self.findings = findings
        self.at = at
    }
}
