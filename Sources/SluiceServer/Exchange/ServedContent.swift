// What the bytes of an answer come from, where they are not in memory. Rooms above implement these.

package import SluiceModel

/// An open file. The descriptor is valid as long as this object lives.
package protocol FileBytes: Sendable {
    var descriptor: CInt { get }
}

/// Bytes that come piece by piece. Asked from one thread at a time.
package protocol PulledBytes: AnyObject, Sendable {
    /// **Blocks its thread** until the next piece is there.
    /// - Returns: `nil` once all bytes have come and are known to be right.
    func next() throws(SluiceError) -> [UInt8]?
}
