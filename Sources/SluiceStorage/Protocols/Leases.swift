// Rights that the nodes of one store take from each other in time. Everything else that they must agree on is decided in rows.

public import SluiceModel

/// A named right that one worker has at a time, among all nodes of a store.
public struct Lease: Sendable, Hashable {
    public let name: String
    /// Grows with every taking.
    public let number: Int64

    public init(name: String, number: Int64) { (self.name, self.number) = (name, number) }
}

/// Gives rights for a time. A node that dies gives its rights back by running out of time, so what is done under a lease has to be harmless where two do
/// it for a moment. Every call blocks and may come from any thread.
public protocol Leases: Sendable {
    /// - Returns: `nil` while somebody else has it.
    /// - Throws: `store.unavailable`, `store.io`, `store.busy`.
    func take(_ name: String, for duration: Duration) throws(SluiceError) -> Lease?
    /// - Parameter duration: from now on.
    /// - Returns: false where it was given back, or has run out and somebody else took it.
    func extend(_ lease: Lease, for duration: Duration) throws(SluiceError) -> Bool
    /// Harmless where it is lost already.
    func giveBack(_ lease: Lease)
}
