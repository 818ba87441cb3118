// The doors to durable storage, as the pipeline sees them. What stands behind them is SluiceStore's.

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
