// Durable storage as the pipeline sees it. What stands behind these protocols is SluiceStorage's and SluiceFiles'.

/// Where bytes arrive before anything is known about them. Each call is blocking: call it on a blocking thread.
public protocol Spool: Sendable {
    /// - Parameter limit: the byte after it ends the reception.
    /// - Throws: `store.no-space`, `store.io`.
    func begin(limit: ByteCount) throws(SluiceError) -> any SpoolReception
}

/// One reception, used from one thread at a time. Dropping it frees everything.
public protocol SpoolReception: AnyObject {
    /// Takes the next bytes. After the limit is passed nothing more is kept; `isOverLimit` says so.
    /// - Throws: `store.no-space`, `store.io`.
    func append(_ bytes: UnsafeRawBufferPointer) throws(SluiceError)
    var received: ByteCount { get }
    var isOverLimit: Bool { get }
    /// The received bytes; call it once, and not when over the limit.
    func finish() throws(SluiceError) -> SpooledAttachment
}

/// Makes decisions durable. Calls that run at the same time share a commit.
public protocol Recorder: Sendable {
    /// Returns when the bytes and the row are durable, not before.
    /// - Throws: `store.no-space`, `store.io`, `store.busy`: then nothing of it is visible and the same call can be made again.
    func record(_ decision: Decision) async throws(SluiceError) -> Receipt
}

/// Where a kept attachment's bytes lie: served, or apart from everything that is served.
public enum BlobArea: String, Sendable, CaseIterable {
    case accepted, quarantined

    /// - Returns: `nil` for rejected attachments, whose bytes are not kept.
    public init?(_ verdict: Verdict) {
        switch verdict {
        case .accepted: self = .accepted
        case .quarantined: self = .quarantined
        case .rejected: return nil
        }
    }
}

/// The bytes of one attachment, opened to be read.
public protocol BlobReader: Sendable {
    var size: ByteCount { get }
    /// - Returns: how many bytes were read: 0 only at the end.
    /// - Throws: `store.io`.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(SluiceError) -> Int
    /// For calls that send a file without copying it; `nil` where the bytes are not in a file. Owned by this object.
    var descriptor: CInt? { get }
}
