// Copies a store into another engine: bytes first, then rows, then a comparison of every row and a verification of every byte. What is there already is
// not copied again, so that an interrupted copy is simply run again.

public import SluiceModel
import SluiceSystem

/// How far a copy is.
public enum CopyProgress: Sendable {
    case bytes(VerificationProgress)
    /// Rows of a table that were copied, or compared.
    case rows(table: String, Int, isComparing: Bool)
}

/// What a copy did.
public struct CopySummary: Sendable, Hashable {
    public var blobs = 0
    public var bytes: Int64 = 0
    public var rows = 0
    /// Of uploads that were unfinished in the source; they have to be begun again.
    public var unfinishedUploads = 0
    public var wasInterrupted = false
}

/// From one store into another one. Nobody writes into either of them meanwhile; the comparison tells if somebody did.
public struct StoreCopy: Sendable {
    /// Rows in one transaction, and in one page of the comparison (chosen: evidence of some 100 KB in each of them still fits into memory).
    private static let page = 256
    /// Blobs that are placed together, and the bytes of which they may have so many (chosen).
    private static let mostBlobs = 64
    private static let mostBytes: Int64 = 64 << 20

    private let source: Storage
    private let target: Storage
    private let isCancelled: @Sendable () -> Bool
    private let report: @Sendable (CopyProgress) -> Void

    public init(
        from source: Storage, to target: Storage, isCancelled: @escaping @Sendable () -> Bool = { false },
        report: @escaping @Sendable (CopyProgress) -> Void
    ) {
        self.source = source
        self.target = target
        self.isCancelled = isCancelled
        self.report = report
    }

    /// Blocks.
    /// - Throws: `store.copy-target` where the target holds something else, `store.copy-changed` where the two differ at the end, and `store.…`.
    public func run() throws(SluiceError) -> CopySummary {
        var summary = CopySummary()
        for table in StoredTable.all { try checkTarget(table) }
        summary.unfinishedUploads = try source.partials.openPartials().count
        try copyBlobs(&summary)
        for table in StoredTable.all where !isCancelled() { try copyRows(of: table, &summary) }
        for table in StoredTable.all where !isCancelled() { try compareRows(of: table) }
        try target.database.continueNumbers()
        summary.wasInterrupted = isCancelled()
        return summary
    }

    // MARK: Bytes

    private func copyBlobs(_ summary: inout CopySummary) throws(SluiceError) {
        let totals = try source.tickets.referenceTotals()
        var progress = VerificationProgress(filesInAll: Int(totals.attachments), bytesInAll: totals.size.bytes)
        for area in BlobArea.allCases {
            for byte in UInt8.min...UInt8.max {
                var orders: [BlobOrder] = []
                var size: Int64 = 0
                for reference in try source.tickets.references(in: area, beginningWith: byte) {
                    if isCancelled() { return }
                    progress.files += 1
                    progress.bytes += reference.size.bytes
                    let address = BlobAddress(reference.digest, in: area)
                    if let there = try target.blobs.open(address), there.size == reference.size { continue }
                    orders.append(BlobOrder(try received(address, reference), in: area))
                    size += reference.size.bytes
                    summary.blobs += 1
                    summary.bytes += reference.size.bytes
                    if orders.count >= Self.mostBlobs || size >= Self.mostBytes {
                        try place(&orders)
                        size = 0
                    }
                    report(.bytes(progress))
                }
                try place(&orders)
            }
        }
    }

    private func received(_ address: BlobAddress, _ reference: BlobReference) throws(SluiceError) -> SpooledAttachment {
        let what = "The bytes \(source.blobs.path(of: address)) cannot be copied."
        guard let reader = try source.blobs.open(address) else {
            throw .inputOutput(what, cause: "they are not there; `sluice verify` on the source says more")
        }
        let copy = try target.spool.receive(reader)
        guard copy.digest == address.digest else {
            throw .inputOutput(what, cause: "their digest is \(copy.digest); `sluice verify` on the source says more")
        }
        return copy
    }

    private func place(_ orders: inout [BlobOrder]) throws(SluiceError) {
        if orders.isEmpty { return }
        try target.blobs.place(orders) { (addresses) throws(SluiceError) in try target.tickets.referenced(addresses) }
            .settle()
        orders = []
    }

    // MARK: Rows

    /// What the target has of this table has to be of the source: nothing is ever added to somebody else's store.
    private func checkTarget(_ table: StoredTable) throws(SluiceError) {
        if table.isCounted { return }
        let last = try target.query { (connection) throws(SluiceError) in
            try connection.first(table.last) { (row) throws(SluiceError) in table.values(row) }
        }
        guard let last else { return }
        let twin = try source.query { (connection) throws(SluiceError) in
            try connection.first(table.byKey, Array(last.prefix(table.keys))) { (row) throws(SluiceError) in
                table.replaced(table.values(row))
            }
        }
        if twin == last { return }
        throw SluiceError(
            "store.copy-target", what: "The target holds rows that the source does not have (table \(table.name)).",
            why: "It is another store, or it was used after it was copied.",
            mend: "Name an empty place for the copy.")
    }

    private func copyRows(of table: StoredTable, _ summary: inout CopySummary) throws(SluiceError) {
        var key: [SQLValue]?
        if !table.isCounted {
            key = try target.query { (connection) throws(SluiceError) in
                try connection.first(table.last) { (row) throws(SluiceError) in
                    Array(table.values(row).prefix(table.keys))
                }
            }
        }
        var copied = 0
        while !isCancelled() {
            let rows = try Self.rows(of: table, after: key, in: source).map(table.replaced)
            if rows.isEmpty { break }
            try target.transactionBlocking("Rows cannot be copied.") { (work) throws(SluiceError) in
                guard let work = work as? SQLUnitOfWork else { throw Self.speaksNoSQL }
                for row in rows { try work.connection.run(table.insert, row) }
            }
            key = Array(rows[rows.count - 1].prefix(table.keys))
            copied += rows.count
            summary.rows += rows.count
            report(.rows(table: table.name, copied, isComparing: false))
        }
    }

    private func compareRows(of table: StoredTable) throws(SluiceError) {
        var key: [SQLValue]?
        var compared = 0
        while !isCancelled() {
            let rows = try Self.rows(of: table, after: key, in: source).map(table.replaced)
            guard try rows == Self.rows(of: table, after: key, in: target) else {
                throw SluiceError(
                    "store.copy-changed", what: "The source and its copy differ (table \(table.name)).",
                    why: "Something has written into one of them since the copy was begun.",
                    mend: "Stop what writes to the source, and copy into an empty place.")
            }
            guard let last = rows.last else { return }
            key = Array(last.prefix(table.keys))
            compared += rows.count
            report(.rows(table: table.name, compared, isComparing: true))
        }
    }

    private static func rows(
        of table: StoredTable, after key: [SQLValue]?, in store: Storage
    ) throws(SluiceError) -> [[SQLValue]] {
        try store.query { (connection) throws(SluiceError) in
            try connection.all(table.page(isFirst: key == nil, limit: page), key ?? []) {
                (row) throws(SluiceError) in table.values(row)
            }
        }
    }

    static let speaksNoSQL = SluiceError.storeInternal(
        "The store cannot be copied.", cause: "one of the two is not kept in a database that speaks SQL")
}

extension Storage {
    fileprivate func query<Answer>(
        _ body: (any SQLConnection) throws(SluiceError) -> Answer
    ) throws(SluiceError) -> Answer {
        guard let reader = tickets as? any SQLReader else { throw StoreCopy.speaksNoSQL }
        return try reader.query(body)
    }
}
