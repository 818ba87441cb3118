// The claims of the sender, and the received bytes.

import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The identifier of a ticket: 1 to 64 of letters, digits, `-`, `_`, `.`, not beginning with `.` or `-`.
public struct TicketID: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (1...64).contains(bytes.count), bytes[0] != UInt8(ascii: "."), bytes[0] != UInt8(ascii: "-") else {
            return nil
        }
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                continue
            default: return nil
            }
        }
        self.text = text
    }

    public var description: String { text }
}

/// The claims about one attachment. None of them is believed.
public struct Submission: Sendable, Hashable {
    /// The door that the attachment came through.
    public enum Source: String, Sendable, CaseIterable { case batch, endpoint, dropFolder = "drop-folder" }

    public var declaredName: DeclaredName
    public var declaredType: MediaType?
    public var declaredCategory: Category?
    /// `nil` when the attachment is only checked.
    public var ticket: TicketID?
    public var submitter: String?
    public var comment: String?
    public var source: Source

    public init(
        declaredName: DeclaredName, declaredType: MediaType? = nil, declaredCategory: Category? = nil,
        ticket: TicketID? = nil, submitter: String? = nil, comment: String? = nil, source: Source
    ) {
        self.declaredName = declaredName
        self.declaredType = declaredType
        self.declaredCategory = declaredCategory
        self.ticket = ticket
        self.submitter = submitter
        self.comment = comment
        self.source = source
    }
}

/// The received bytes: an unnamed, private file that is removed with this object, unless it is recorded.
public final class SpooledAttachment: Sendable {
    public let size: ByteCount
    public let digest: Digest
    /// Readable at any offset. This object owns it, so never close it. Its content does not change any more.
    public let descriptor: CInt
    private let distrusted = Atomic(false)

    /// The disk failed to write these bytes. They are never recorded: a second sync could succeed without having written anything, since
    /// the kernel forgets pages that it could not write. The sender has to send them again.
    public var isDistrusted: Bool { distrusted.load(ordering: .acquiring) }
    public func distrust() { distrusted.store(true, ordering: .releasing) }

    public init(size: ByteCount, digest: Digest, owning descriptor: CInt) {
        self.size = size
        self.digest = digest
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
