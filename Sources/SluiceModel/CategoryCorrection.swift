// A person's word on an attachment's category.

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
