// The state that goes along with every piece of content: the order, the findings so far, the budgets, and the entry that is being read.

import SluiceModel

/// The state of one inspection. Passed `inout`; there is one for each attachment.
struct InspectionContext {
    let order: InspectionOrder
    var log = FindingLog()
    var budget: ExpansionBudget
    /// The entry being read, as its full path; `nil` for the attachment itself.
    var entry: EntryName?
    /// Containers around the content being read: 0 for the attachment itself.
    var depth = 0
    /// The content being read is all that a compressed stream holds: an archive in it counts as one container with the stream.
    var isWholeStream = false
    /// Streams directly inside streams around the content being read. Each counts as a container, and none is a level of the manifest.
    var streamLevels = 0
    /// The extension of the attachment or of the entry that is being read: a claim.
    var declaredExtension: FileExtension
    /// Findings so far that refuse what they are about, counted as found: inside an archive they are noted at a lower level. A structure is sound
    /// when none was added while it was read.
    private(set) var faults = 0
    /// Why the content being read is no text, where its reader could tell.
    var notText: String?
    /// All recognizers, for the readers of formats that hold other content.
    let recognizers: any RecognizerTable.Type
    /// libmagic, loaded at the first question.
    let magic: MagicDatabase
    /// Decompressors that are not in use, kept from member to member and from attachment to attachment.
    let inflaters: InflaterPool
    /// The card of the attachment.
    let card: CardCollector?
    /// Held buffers, used again by one member after the other.
    let buffers: BufferPool
    /// Bytes that images' compressed pixels may still be expanded to, over all images of the attachment (chosen: 64 MiB take a tenth of a second
    /// and hold a screenshot of 16 megapixels). What is beyond is not expanded and so not proven.
    var imageBytes = 64 << 20
    /// How often libmagic may still be asked for a member's name.
    private var memberQuestions = 50  // chosen: each costs about a millisecond and only names a line of the manifest

    /// How often a well-known password may still be tried: each costs about a tenth of a second (chosen; an honest archive has a few).
    private var passwordTries = 8

    /// Bytes of markup that may still be read for what acts in it (chosen: at most some 0.8 s; an honest document with fields has a few MiB).
    private var markupLeft = 32 << 20

    init(
        _ order: InspectionOrder, recognizers: any RecognizerTable.Type, magic: MagicDatabase,
        buffers: BufferPool = BufferPool(), inflaters: InflaterPool = InflaterPool()
    ) {
        self.order = order
        self.recognizers = recognizers
        self.magic = magic
        self.buffers = buffers
        self.inflaters = inflaters
        declaredExtension = order.declaredExtension
        card = order.wantsCard ? CardCollector() : nil
        budget = ExpansionBudget(order.archives)
    }

    /// Notes a finding about the content being read. Inside an archive, what is wrong with one member's structure is not wrong with the
    /// archive: a damaged image must not refuse a whole bundle. What is active, encrypted or over a budget stays as grave as it is.
    mutating func find(_ definition: FindingDefinition, _ facts: Fact...) { find(definition, facts) }

    mutating func find(_ definition: FindingDefinition, _ facts: [Fact]) {
        if definition.severity == .reject { faults += 1 }
        guard depth > 0, definition.severity == .reject, !definition.endangers else {
            log.add(definition, entry: entry, facts)
            return
        }
        // A broken archive may hide what is in it, so that could not be checked; a broken image or document hides nothing that runs.
        log.add(
            definition.isAboutContainer ? .nestedDamaged : .memberDamaged, entry: entry,
            [.text(definition.code), .text(Finding(definition, entry: entry, facts).what)])
    }

    /// The full path of an entry called `name` in the container `container`.
    func name(_ name: [UInt8], in container: EntryName?) -> EntryName {
        container?.inside(name) ?? EntryName(bytes: name)
    }

    /// Runs `body` on the content of a container: one level further down, or none where the container is all that a stream holds, since those two are
    /// one container.
    mutating func within<Answer>(_ body: (inout InspectionContext) -> Answer) -> Answer {
        let (entry, isWholeStream, declared, depth) = (entry, isWholeStream, declaredExtension, depth)
        if !isWholeStream { self.depth += 1 }
        defer {
            self.depth = depth
            self.entry = entry
            self.isWholeStream = isWholeStream
            declaredExtension = declared
        }
        return body(&self)
    }

    /// Whether libmagic may be asked about the content being read; for a member it costs one of a few questions.
    mutating func mayAskMagic() -> Bool {
        if depth == 0 { return true }
        memberQuestions -= 1
        return memberQuestions >= 0
    }

    /// Whether a well-known password may be tried on the content being read.
    mutating func mayTryPassword() -> Bool {
        passwordTries -= 1
        return passwordTries >= 0
    }

    /// Counts the markup about to be read.
    mutating func mayRead(markup count: Int) -> Bool {
        markupLeft -= min(count, markupLeft + 1)
        return markupLeft >= 0
    }

    /// Counts the container about to be opened.
    /// - Returns: false when it is too deep; then there is a finding.
    mutating func mayOpenContainer() -> Bool {
        let level = depth + streamLevels + (isWholeStream ? 0 : 1)
        if level <= order.archives.depth { return true }
        find(.budgetDepth, .number(level), .number(order.archives.depth))
        return false
    }

    /// Notes a budget that ran out, once.
    mutating func noteExhaustion() {
        switch budget.takeNews() {
        case .entries(let count, let limit): find(.budgetEntries, .number(count), .number(limit))
        case .expandedSize(let size, let limit): find(.budgetExpanded, .size(size), .size(limit))
        case .ratio(let ratio, let limit): find(.budgetRatio, .number(ratio), .number(limit))
        case .whole(let ratio, let size, let limit): find(.budgetWhole, .number(ratio), .size(size), .size(limit))
        case .wallClock(let spent, let limit):
            find(.budgetTime, .number(spent.milliseconds), .number(limit.milliseconds))
        case nil: break
        }
    }
}

extension Duration {
    fileprivate var milliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(
            clamping: seconds.multipliedReportingOverflow(by: 1000).partialValue + attoseconds / 1_000_000_000_000_000)
    }
}
