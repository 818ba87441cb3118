// How much of anything encoded evidence may hold. Both sides keep to it: the writer cuts, the reader refuses.

/// The bounds of encoded evidence. All chosen: generous for what the inspection's own budgets allow, small against memory.
package enum EvidenceBounds {
    /// RFC 6838 §4.2: type and subtype of at most 63 characters each are recommended; 127 are allowed in all by our grammar.
    package static let mediaType = 127
    /// `RecognizedType.detail`.
    package static let detail = 1024
    /// Of an entry, as its full path through nested archives.
    package static let name = 16 << 10
    /// Text or bytes in a finding. Sentences show 200 characters of it.
    package static let fact = 4096
    package static let factsOfFinding = 8
    /// Ten of each code are kept, and there are a few hundred codes.
    package static let findings = 8192
    /// Any text on a bundle card: 240 characters shown, in UTF-8.
    package static let cardText = 1024
    package static let code = 64
    /// Sizes and counts, which JSON's readers keep exactly up to here (RFC 8259 §6). Below the squares and sums that anybody makes of them.
    package static let size: Int64 = 1 << 53
    /// From the year 1 to 9999, so that nothing that is reckoned with them can overflow.
    package static let times: ClosedRange<Int64> = -62_135_596_800...253_402_300_799
}
