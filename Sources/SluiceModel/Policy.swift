// The policy's data: what is allowed, how much, and how grave each finding is. SluicePolicy reads policy files and judges.

/// The content that one extension may have.
public struct TypeRule: Sendable, Hashable {
    public var fileExtension: FileExtension
    /// The recognized types that agree with the extension. Answers name the first of them.
    public var recognized: [MediaType]
    /// Types that are found under this extension and are quarantined (markup called `.txt`).
    public var setApart: [MediaType]
    /// The answers of libmagic that agree: a compatible set, never string equality. A trailing `*` stands for any characters.
    public var secondOpinions: [String]

    public init(
        _ fileExtension: FileExtension, recognized: [MediaType], setApart: [MediaType] = [], secondOpinions: [String]
    ) {
        self.fileExtension = fileExtension
        self.recognized = recognized
        self.setApart = setApart
        self.secondOpinions = secondOpinions
    }
}

/// Everything a site can decide.
public struct Policy: Sendable, Hashable {
    public var name: String
    /// The name, and the digest of the file's content, so that a record says which rules were in force.
    public var version: String
    public var sizeLimit: ByteCount
    public var types: [TypeRule]
    public var secondOpinion: SecondOpinion
    public var archives: ArchiveBudgets
    public var images: ImageBudgets
    /// Types that may be inside an archive, besides any text and every allowed type. A trailing `*` stands for any characters.
    public var memberTypes: [String]
    /// Whether logs and archives get a card.
    public var card: Bool
    /// Whether proven text may have any name, unless a desktop starts files of that name.
    public var unlistedText: Bool
    /// Levels that differ from the findings' defaults.
    public var levels: [String: Severity]
    /// What tickets and submitters may use at the endpoint.
    public var quotas: Quotas

    public init(
        name: String, version: String, sizeLimit: ByteCount, types: [TypeRule],
        secondOpinion: SecondOpinion = .unproven,
        archives: ArchiveBudgets = ArchiveBudgets(), images: ImageBudgets = ImageBudgets(), memberTypes: [String] = [],
        card: Bool = true, unlistedText: Bool = false, levels: [String: Severity] = [:], quotas: Quotas = Quotas()
    ) {
        self.name = name
        self.version = version
        self.sizeLimit = sizeLimit
        self.types = types
        self.secondOpinion = secondOpinion
        self.archives = archives
        self.images = images
        self.memberTypes = memberTypes
        self.card = card
        self.unlistedText = unlistedText
        self.levels = levels
        self.quotas = quotas
    }
}
