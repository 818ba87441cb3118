import SluiceFiles
import SluiceModel
import SluicePipeline
import SluicePolicy
import SluiceSQLite
import SluiceSandbox
import SluiceStorage
import SluiceSystem

/// A portal's upload handler: one attachment in, one answer out.
struct UploadHandler {
    let threads = BlockingThreads(count: 4)
    let pipeline: Pipeline

    init(storeFolder: String, inspector: String? = nil) throws {
        let folders = try StoreFolders(storeFolder, creating: true)
        let database = try folders.openDatabase { (path) throws(SluiceError) in
            try SQLiteDatabase(path: path, timeout: .seconds(10))
        }
        let storage = folders.storage(database, pacing: .prompt)
        let inspectors = try InspectorPool(jobs: 4, path: inspector)
        pipeline = Pipeline(spool: storage.spool, inspector: inspectors, policy: .portal, recorder: storage)
    }

    func upload(_ body: [UInt8], named name: String, to ticket: TicketID) async -> (status: Int, text: String) {
        let submission = Submission(declaredName: DeclaredName(name), ticket: ticket, source: .endpoint)
        do {
            let answer = try await withTaskExecutorPreference(threads) {
                try await pipeline.ingest(submission, body: BytesBody(body))
            }
            let reasons = answer.decision.judgement.findings.map { "\($0.finding.message) \($0.finding.remedy)" }
            return (answer.outcome == .rejected ? 422 : 201, reasons.joined(separator: "\n"))
        } catch {
            return (503, "\(error)")
        }
    }
}
