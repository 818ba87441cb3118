// How much of anything may cross between the confined process and us. Both sides keep to it: the writer cuts, the reader refuses.

/// The bounds of the wire format. All chosen: generous for what the inspection's own budgets allow, small against memory.
enum WireBounds {
    /// A reply as a whole: 10 000 entries with names of 1 024 bytes and all their counts are about 11 MiB.
    static let reply = 16 << 20
    /// An order is under 150 bytes; its one text, the extension, is at most 40 characters.
    static let order = 512
    /// Of an entry's bytes at once.
    static let piece = 64 << 10
    /// RFC 6838 §4.2: type and subtype of at most 63 characters each are recommended; 127 are allowed in all by our grammar.
    static let mediaType = 127
    static let fileExtension = 256
    /// `RecognizedType.detail`.
    static let detail = 1024
    /// Of an entry, as its full path through nested archives.
    static let name = 16 << 10
    /// Text or bytes in a finding. Sentences show 200 characters of it.
    static let fact = 4096
    static let factsOfFinding = 8
    /// Ten of each code are kept, and there are a few hundred codes.
    static let findings = 8192
    /// Any text on a bundle card: 240 characters shown, in UTF-8.
    static let cardText = 1024
    static let code = 64
    /// Sizes and counts, which JSON's readers keep exactly up to here (RFC 8259 §6). Below the squares and sums that anybody makes of them.
    static let size: Int64 = 1 << 53
    /// From the year 1 to 9999, so that nothing that is reckoned with them can overflow.
    static let times: ClosedRange<Int64> = -62_135_596_800...253_402_300_799
}
