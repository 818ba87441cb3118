// Blobs as objects named by their digests. An object store has no lock: that nobody removes what is being placed is decided in rows (SluiceStorage),
// and writing the same object twice does no harm.

public import SluiceModel
public import SluiceStorage
import SluiceSystem

/// Keeps blobs in a bucket.
public final class ObjectBlobStore: BlobStore {
    let client: ObjectClient
    let habits: StoreHabits

    public init(_ address: ObjectAddress, _ credentials: ObjectCredentials = ObjectCredentials()) {
        client = ObjectClient(address, credentials)
        habits = StoreHabits(client)
    }

    init(_ client: ObjectClient) {
        self.client = client
        habits = StoreHabits(client)
    }

    /// Requests so far, repeated ones included.
    package var requests: Int { client.requests }

    /// What the store has shown of itself, found out on the first call.
    package func arrivalProofName() throws(SluiceError) -> String {
        do throws(ObjectFailure) { return try habits.arrivalProof().rawValue } catch {
            throw SluiceError(error, "The object store cannot be used.", client.address)
        }
    }

    // MARK: Placing

    public func place(_ orders: [BlobOrder], _ referenced: ReferenceCheck) throws(SluiceError) -> any Placement {
        if orders.isEmpty { return ObjectPlacement() }
        var wanted: [BlobAddress: SpooledAttachment] = [:]
        for order in orders { wanted[BlobAddress(order.attachment.digest, in: order.area)] = order.attachment }
        if let lost = wanted.values.first(where: \.isDistrusted) {
            throw .inputOutput(
                "The received bytes of \(lost.digest) could not be read earlier.", cause: "not sent a second time")
        }
        let known = try referenced(Array(wanted.keys))
        try ParallelPlacing(wanted.map { ($0.key, $0.value) }) { [self] (address, attachment) throws(SluiceError) in
            try place(attachment, at: address, isReferenced: known.contains(address))
        }.run()
        return ObjectPlacement()
    }

    private func place(
        _ attachment: SpooledAttachment, at address: BlobAddress, isReferenced: Bool
    ) throws(SluiceError) {
        let what = "The received bytes \(address.digest) cannot be sent to the object store."
        let key = client.key(BlobNames.name(address))
        do throws(ObjectFailure) {
            // What a row refers to was known to be whole when that row was written.
            if isReferenced, try client.head(key)?.size == attachment.size.bytes { return }
            let body = ObjectBody.file(attachment.descriptor, at: 0, count: attachment.size.bytes)
            var upload = Upload(client: client, habits: habits, key: key, body: body, digest: attachment.digest.bytes)
            upload.onlyNew = true
            guard case .existing = try upload.run() else { return }
            // Left by a placing whose rows were not written, or placed by another node just now. It may be a damaged one that nobody took.
            if let found = try client.digest(key), found.digest == attachment.digest.bytes { return }
            upload.onlyNew = false
            _ = try upload.run()
        } catch {
            if case .local = error { attachment.distrust() }
            throw SluiceError(error, what, client.address)
        }
    }

    // MARK: Reading

    public func open(_ address: BlobAddress) throws(SluiceError) -> (any BlobReader)? {
        try ObjectBlobReader(
            client, client.key(BlobNames.name(address)), "The stored bytes \(address.digest) cannot be read.")
    }

    public func path(of address: BlobAddress) -> String { BlobNames.name(address) }

    public func list(in area: BlobArea, beginningWith byte: UInt8) throws(SluiceError) -> BlobListing {
        var listing = BlobListing()
        let prefix = client.key("\(BlobNames.folder(area))/\(BlobNames.shard(byte))/")
        try walk(prefix) { answer in
            for item in answer.items {
                let name = String(item.key.dropFirst(prefix.count))
                if let digest = Digest(hexadecimal: name), digest.bytes[0] == byte {
                    listing.blobs.append(ListedBlob(digest: digest, isReadable: true))
                } else {
                    listing.foreign.append(SafeText.display(client.name(item.key) ?? item.key))
                }
            }
        }
        return listing
    }

    public func foreignNames(in area: BlobArea) throws(SluiceError) -> [String] {
        var names: [String] = []
        let prefix = client.key(BlobNames.folder(area) + "/")
        try walk(prefix, delimiter: "/") { answer in
            let folders = answer.folders.filter { !BlobNames.isShard($0.dropFirst(prefix.count).dropLast()) }
            for key in answer.items.map(\.key) + folders { names.append(SafeText.display(client.name(key) ?? key)) }
        }
        return names
    }

    private func walk(
        _ prefix: String, delimiter: String? = nil, _ page: (ListingAnswer) -> Void
    ) throws(SluiceError) {
        do throws(ObjectFailure) { try client.forEach(prefix, delimiter: delimiter, page) } catch {
            throw SluiceError(error, "The object store cannot be listed.", client.address)
        }
    }

    // MARK: Removing

    /// - Parameter moment: by this machine's clock; the object's age is told by the store's own.
    public func remove(
        _ address: BlobAddress, namedBefore moment: Int64?, _ referenced: ReferenceCheck
    ) throws(SluiceError) -> BlobRemoval {
        if try !referenced([address]).isEmpty { return .referenced }
        let key = client.key(BlobNames.name(address))
        do throws(ObjectFailure) {
            guard let facts = try client.head(key) else { return .missing }
            guard let moment, isOlder(facts, than: moment) else { return .kept }
            try client.delete(key)
            return .removed
        } catch { throw SluiceError(error, "Bytes that nothing refers to cannot be removed.", client.address) }
    }

    private func isOlder(_ facts: ObjectFacts, than moment: Int64) -> Bool {
        if moment == .max { return true }
        guard let changedAt = facts.changedAt, let serverTime = facts.serverTime else { return false }
        let age = serverTime - changedAt
        return age >= WallClock.seconds() - moment
    }

    public func sweepLeftovers(namedBefore moment: Int64?) throws(SluiceError) -> [SpoolLeftover] {
        do throws(ObjectFailure) {
            var leftovers: [SpoolLeftover] = []
            for upload in try client.unfinishedUploads(client.key("")) {
                let name = SafeText.display(client.name(upload.key) ?? upload.key) + " (an upload in parts)"
                // An hour of difference between the clocks is more than any signature allows, so it needs no further care.
                let isOld = moment.map { (upload.begunAt ?? .max) <= $0 } ?? false
                if isOld { try client.abort(upload) }
                leftovers.append(SpoolLeftover(name: name, isRemoved: isOld))
            }
            return leftovers
        } catch { throw SluiceError(error, "Uploads in parts cannot be listed.", client.address) }
    }
}

/// Nothing is held: what was placed and not recorded stays, unreferenced and harmless, until `verify` finds it.
private final class ObjectPlacement: Placement {
    func settle() {}
    func withdraw(_ referenced: ReferenceCheck) {}
}
