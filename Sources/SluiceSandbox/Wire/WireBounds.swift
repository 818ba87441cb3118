// How large the messages between the confined process and us may be. What a reply holds is bounded in SluiceModel.

/// The bounds of the wire format. All chosen: generous for what the inspection's own budgets allow, small against memory.
enum WireBounds {
    /// A reply as a whole: 10 000 entries with names of 1 024 bytes and all their counts are about 11 MiB.
    static let reply = 16 << 20
    /// An order is under 150 bytes; its one text, the extension, is at most 40 characters.
    static let order = 512
    /// Of an entry's bytes at once.
    static let piece = 64 << 10
    static let fileExtension = 256
}
