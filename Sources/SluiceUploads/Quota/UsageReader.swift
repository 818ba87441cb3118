// What is used already, as the quotas ask for it.

package import SluiceModel
package import SluiceStorage

/// Usage of tickets and submitters. Every call may block.
package protocol UsageReader: Sendable {
    func usage(of ticket: TicketID) throws(SluiceError) -> Usage
    func usage(of submitter: String?, on day: Day) throws(SluiceError) -> Usage
    /// What is on its way.
    func openTotals(submitter: String?) throws(SluiceError) -> PartialTotals
    func openTotals(ticket: TicketID) throws(SluiceError) -> PartialTotals
}

/// Usage as the store counts it.
package struct StoredUsage: UsageReader {
    private let rows: any StoreReader & Sendable

    package init(_ rows: any StoreReader & Sendable) { self.rows = rows }

    package func usage(of ticket: TicketID) throws(SluiceError) -> Usage { try rows.usage(of: ticket) }
    package func usage(of submitter: String?, on day: Day) throws(SluiceError) -> Usage {
        try rows.usage(of: submitter, on: day)
    }
    package func openTotals(submitter: String?) throws(SluiceError) -> PartialTotals {
        try rows.openTotals(submitter: submitter)
    }
    package func openTotals(ticket: TicketID) throws(SluiceError) -> PartialTotals {
        try rows.openTotals(ticket: ticket)
    }
}
