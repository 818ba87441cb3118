// A person's word on an attachment's category, and the part of the ticket store that keeps it.

/// What one person said an attachment is. It stands beside what was judged and declared, never over it; the latest one holds.
public struct CategoryCorrection: Sendable, Hashable {
    public var attachment: StoredAttachment
    public var category: Category
    public var person: String
    /// Microseconds since 1970, UTC.
    public var correctedAt: Int64

    public init(attachment: StoredAttachment, category: Category, person: String, correctedAt: Int64) {
        self.attachment = attachment
        self.category = category
        self.person = person
        self.correctedAt = correctedAt
    }
}

/// Corrected categories. Every call is blocking and may come from any thread.
public protocol CorrectionStore: Sendable {
    /// Records what a person says an attachment is. The same said again by the same person as the latest word adds nothing.
    /// - Returns: false when there is no such attachment.
    func correct(_ attachment: String, to category: Category, by person: String) throws(SluiceError) -> Bool

    /// Every word on one attachment, the latest one last.
    func corrections(of attachment: String) throws(SluiceError) -> [CategoryCorrection]

    /// The latest word on each attachment that was corrected, in the order of the attachments' arrival.
    func corrections() throws(SluiceError) -> [CategoryCorrection]
}
