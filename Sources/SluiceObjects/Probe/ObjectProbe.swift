// Whether the object store can be used, tried out with one small object: for `sluice doctor`.

public import SluiceModel
import SluiceSystem

/// What the object store has shown of itself.
public struct ObjectProbe: Sendable, Hashable {
    /// How it is known that bytes arrive whole: `signedDigest`, `entityTag` or `readBack`.
    public var arrivalProof: String
    /// The store's clock less ours, in seconds; `nil` where the store does not tell its time. 15 minutes are what the protocol allows.
    public var clockDifference: Int64?
    /// Keys and bytes cross the network without encryption.
    public var isUnprotected: Bool
}

extension ObjectBlobStore {
    /// Writes, reads, lists and deletes an object.
    /// - Throws: what keeps the store from being used, and in its own words what to mend: `store.unavailable`, `store.not-permitted`, `store.missing`, ….
    public func probe() throws(SluiceError) -> ObjectProbe {
        let key = client.key("probe/\(RandomText.make(16))")
        let content = Array("Sluice tries this store out.\n".utf8)
        let digest = content.withUnsafeBytes { SHA256.bytes(of: $0) }
        let proof = try step("The object store refuses to be written.") { () throws(ObjectFailure) in
            let written = content.withUnsafeBytes { bytes in
                Result { () throws(ObjectFailure) in
                    try Upload(client: client, habits: habits, key: key, body: .memory(bytes), digest: digest).run()
                }
            }
            _ = try written.get()
            return try habits.arrivalProof()
        }
        let facts = try step("The object store refuses to be read.") { () throws(ObjectFailure) in
            guard try client.digest(key)?.digest == digest else {
                throw .mismatch("other bytes were read than written")
            }
            return try client.head(key)
        }
        try step("The object store refuses to be listed.") { () throws(ObjectFailure) in
            guard try client.list(key).items.contains(where: { $0.key == key }) else {
                throw .nonsense("an object that was written is not listed")
            }
        }
        try step("The object store refuses to delete.") { () throws(ObjectFailure) in
            try client.delete(key)
            guard try client.head(key) == nil else { throw .nonsense("an object that was deleted is still there") }
        }
        return ObjectProbe(
            arrivalProof: proof.rawValue, clockDifference: facts?.serverTime.map { $0 - WallClock.seconds() },
            isUnprotected: client.address.isUnprotected)
    }

    private func step<Answer>(
        _ what: String, _ body: () throws(ObjectFailure) -> Answer
    ) throws(SluiceError) -> Answer {
        do throws(ObjectFailure) { return try body() } catch { throw SluiceError(error, what, client.address) }
    }
}
