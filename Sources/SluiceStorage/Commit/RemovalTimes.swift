// The times by which nodes keep out of each other's way when bytes are removed.

import SluiceModel

/// A node removes bytes under a lease on their address. Another node ends the removal only when that lease has run out and the removal is old, and the
/// first node does not begin to delete late. So a node that was stopped in between deletes nothing that was placed anew meanwhile.
enum RemovalTimes {
    /// Of the lease on an address (chosen: one object is deleted in milliseconds).
    static let lease = Duration.seconds(60)
    /// How long after taking the lease a deletion may begin. The rest of the lease is for the deletion itself: an engine gives up after 30 s.
    static let mostBeforeDeleting = Duration.seconds(20)
    /// A removal that is not done after that is ended by whoever meets it, in microseconds by that node's clock. Clocks may differ: the lease decides.
    static let abandonedAfter: Int64 = 60_000_000
    /// How long a commit waits for a removal that is under way, and how young the removal has to be for that (chosen).
    static let patience = Duration.seconds(1)
    static let youngFor: Int64 = 5_000_000
    /// Removals that are done are told for so long: no commit takes longer than a day between placing bytes and writing rows.
    static let remembered: Int64 = 24 * 3600 * 1_000_000

    static func leaseName(_ address: BlobAddress) -> String {
        "removal/\(address.area.rawValue)/\(address.digest.hexadecimal)"
    }
}
