// What travels down with every piece of content: the order, the findings so far, the budgets, and which entry is being read.

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
    /// libmagic, loaded at the first question.
    let magic: MagicDatabase
    /// Decompressors that are not in use, kept from member to member.
    let inflaters = InflaterPool()

    init(_ order: InspectionOrder, magic: MagicDatabase) {
        self.order = order
        self.magic = magic
        budget = ExpansionBudget(order.archives)
    }

    /// Notes a finding about the content being read.
    mutating func find(_ definition: FindingDefinition, _ facts: Fact...) {
        log.add(definition, entry: entry, facts)
    }
}
