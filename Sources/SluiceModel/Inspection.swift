// What inspecting an attachment is asked for, and the evidence that it gives.

/// When libmagic is asked as well.
public enum SecondOpinion: String, Sendable, CaseIterable {
    case always
    /// Only for what no recognizer has proven (the default: a call costs about a millisecond on text).
    case unproven
}

/// What an archive may cost to inspect. Each is spent in one place (`ExpansionBudget`).
public struct ArchiveBudgets: Sendable, Hashable {
    public var entries: Int
    public var expandedSize: ByteCount
    /// Expanded bytes to stored bytes of one member, once it is past `ratioFloor`.
    public var ratio: Int
    /// Ordinary logs compress 5 to 22 times, a heartbeat log 340 times: below this a ratio says nothing.
    public var ratioFloor: ByteCount
    /// How many containers deep, the attachment itself being the first.
    public var depth: Int
    public var nameLength: ByteCount
    public var wallClock: Duration
    /// A member that is not text is held whole in memory to be recognized; a larger one could not be checked.
    public var heldMember: ByteCount
    /// Containers of other kinds that are listed and expanded; any other one could not be checked.
    public var expand: Set<ForeignContainer>

    public init(
        entries: Int = 10_000, expandedSize: ByteCount = .mebibytes(400), ratio: Int = 250,
        ratioFloor: ByteCount = .mebibytes(16), depth: Int = 3, nameLength: ByteCount = ByteCount(1024),
        wallClock: Duration = .seconds(10), heldMember: ByteCount = .mebibytes(32),
        expand: Set<ForeignContainer> = []
    ) {
        self.entries = entries
        self.expandedSize = expandedSize
        self.ratio = ratio
        self.ratioFloor = ratioFloor
        self.depth = depth
        self.nameLength = nameLength
        self.wallClock = wallClock
        self.heldMember = heldMember
        self.expand = expand
    }
}

/// How large an image may claim to be.
public struct ImageBudgets: Sendable, Hashable {
    public var pixels: Int
    public var side: Int

    /// The pixels decide (chosen: phones have cameras of 108 megapixels, an A4 page at 720 dpi has 50); the side is the largest that JPEG can say,
    /// since captures of whole pages are long and narrow.
    public init(pixels: Int = 120_000_000, side: Int = 65_535) {
        self.pixels = pixels
        self.side = side
    }
}

/// What an inspection is to look for. Nothing in it is secret; it crosses into the confined process.
public struct InspectionOrder: Sendable, Hashable {
    /// A claim; it settles only which of several readings of the same text is tried (`csv` or `txt`).
    public var declaredExtension: FileExtension
    public var secondOpinion: SecondOpinion
    public var archives: ArchiveBudgets
    public var images: ImageBudgets
    /// Whether the bundle card is gathered: every line of every text is read for it.
    public var wantsCard: Bool

    public init(
        declaredExtension: FileExtension = "", secondOpinion: SecondOpinion = .unproven,
        archives: ArchiveBudgets = ArchiveBudgets(), images: ImageBudgets = ImageBudgets(), wantsCard: Bool = true
    ) {
        self.declaredExtension = declaredExtension
        self.secondOpinion = secondOpinion
        self.archives = archives
        self.images = images
        self.wantsCard = wantsCard
    }
}

/// The evidence: what the bytes show. No decision in it.
public struct Inspection: Sendable, Hashable {
    public var recognized: RecognizedType
    /// What libmagic says, where it was asked.
    public var secondOpinion: MediaType?
    /// Present for archives.
    public var manifest: Manifest?
    /// Present for text.
    public var text: TextFeatures?
    /// What logs in it tell at a glance; `nil` where nothing was found.
    public var card: BundleCard?
    public var findings: [Finding]

    public init(
        recognized: RecognizedType = .unrecognized, secondOpinion: MediaType? = nil, manifest: Manifest? = nil,
        text: TextFeatures? = nil, card: BundleCard? = nil, findings: [Finding] = []
    ) {
        self.recognized = recognized
        self.secondOpinion = secondOpinion
        self.manifest = manifest
        self.text = text
        self.card = card
        self.findings = findings
    }
}

/// Turns an attachment's bytes into evidence.
public protocol Inspector: Sendable {
    /// - Throws: only what is our own failure to start or reach an inspector at all. An inspector that dies over an attachment is not an
    ///   error: the inspection then holds the finding `inspection.failed`.
    func inspect(
        _ attachment: SpooledAttachment, of submission: Submission, _ order: InspectionOrder
    ) async throws(SluiceError) -> Inspection
}

/// The inspectors of one program: they inspect, they read entries of archives, and their state can be told.
public protocol InspectionService: Inspector, EntryExtractor {
    /// Whether a process for an inspection can be had at this moment.
    var isAvailable: Bool { get }
    /// How often the parent of the confined processes was started again.
    var restarts: Int { get }
    /// Layers of the confinement that this machine does not have, by name.
    var missingProtections: [String] { get }
}
