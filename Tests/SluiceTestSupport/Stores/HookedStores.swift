// Engines that call a test at chosen points, so that what several nodes do at once happens in the order that the test wants.

public import SluiceModel
public import SluiceStorage
import Synchronization

/// A blob store without a lock, as an object store is, around another one.
public final class HookedBlobStore: BlobStore {
    private let inner: any BlobStore
    private let hooks = Mutex<(afterPlacing: [@Sendable () -> Void], beforeRemoving: [@Sendable () -> Void])>(([], []))
    private let placings = Mutex(0)

    public init(_ inner: any BlobStore) { self.inner = inner }

    /// How often bytes were placed.
    public var placed: Int { placings.withLock { $0 } }

    /// After the next placing that has no hook yet, before its rows are written.
    public func afterPlacing(_ hook: @escaping @Sendable () -> Void) { hooks.withLock { $0.afterPlacing.append(hook) } }
    /// Before the bytes of the next removal go, once it is on record.
    public func beforeRemoving(_ hook: @escaping @Sendable () -> Void) {
        hooks.withLock { $0.beforeRemoving.append(hook) }
    }

    public func place(_ orders: [BlobOrder], _ referenced: ReferenceCheck) throws(SluiceError) -> any Placement {
        let placement = try inner.place(orders, referenced)
        if orders.isEmpty { return placement }
        placings.withLock { $0 += 1 }
        let hook = hooks.withLock { $0.afterPlacing.isEmpty ? nil : $0.afterPlacing.removeFirst() }
        hook?()
        return LockFreePlacement(placement)
    }

    public func remove(
        _ address: BlobAddress, namedBefore moment: Int64?, _ referenced: ReferenceCheck
    ) throws(SluiceError) -> BlobRemoval {
        guard moment != nil else { return try inner.remove(address, namedBefore: nil, referenced) }
        let hook = hooks.withLock { $0.beforeRemoving.isEmpty ? nil : $0.beforeRemoving.removeFirst() }
        hook?()
        // Like an object store it asks nobody: the removal is on record.
        return try inner.remove(address, namedBefore: moment) { (_) throws(SluiceError) in [] }
    }

    public func open(_ address: BlobAddress) throws(SluiceError) -> (any BlobReader)? { try inner.open(address) }
    public func list(in area: BlobArea, beginningWith byte: UInt8) throws(SluiceError) -> BlobListing {
        try inner.list(in: area, beginningWith: byte)
    }
    public func foreignNames(in area: BlobArea) throws(SluiceError) -> [String] { try inner.foreignNames(in: area) }
    public func sweepLeftovers(namedBefore moment: Int64?) throws(SluiceError) -> [SpoolLeftover] {
        try inner.sweepLeftovers(namedBefore: moment)
    }
    public func path(of address: BlobAddress) -> String { inner.path(of: address) }
}

private final class LockFreePlacement: Placement {
    private let inner: any Placement
    init(_ inner: any Placement) { self.inner = inner }
    func settle() { inner.settle() }
    func withdraw(_: ReferenceCheck) { inner.settle() }
}

/// A database that counts, and calls a test after a commit.
public final class HookedDatabase: Database {
    private let inner: any Database
    private let hooks = Mutex<[@Sendable () -> Void]>([])
    private let counted = Mutex<[Int]>([])

    public init(_ inner: any Database) { self.inner = inner }

    /// The number of units of each commit so far.
    public var unitsOfCommits: [Int] { counted.withLock { $0 } }
    /// After the next commit that has no hook yet.
    public func afterCommit(_ hook: @escaping @Sendable () -> Void) { hooks.withLock { $0.append(hook) } }

    public func commit(_ units: [any CommitUnit]) throws(CommitFailure) {
        try inner.commit(units)
        counted.withLock { $0.append(units.count) }
        let hook = hooks.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        hook?()
    }

    public var reader: any StoreReader & Sendable { inner.reader }
    public func read<Answer>(
        _ body: (any StoreReader) throws(SluiceError) -> Answer
    ) throws(SluiceError) -> Answer { try inner.read(body) }
    public var isOfOneMachine: Bool { inner.isOfOneMachine }
    public var leases: any Leases { inner.leases }
    public func checkIntegrity() throws(SluiceError) -> [String] { try inner.checkIntegrity() }
    public var name: String { inner.name }
    /// Another node may use what is inside.
    public func close() {}
}
