// Many attachments with a bounded number under way. One bad attachment never stops the others; every file gets its own answer.

public import SluiceModel

/// Takes a list of files in, several at once.
public struct Batch: Sendable {
    /// Attachments under way for each thread, at most. They wait together for one commit, so that a commit serves many (measured: beyond this
    /// the rate of small files does not grow).
    public static let underWayPerThread = 128

    private let pipeline: Pipeline
    private let threads: any TaskExecutor
    private let window: Int

    /// - Parameters:
    ///   - threads: where files are read and inspected; each call blocks its thread.
    ///   - window: attachments under way at once; each holds one descriptor.
    public init(_ pipeline: Pipeline, threads: any TaskExecutor, window: Int) {
        self.pipeline = pipeline
        self.threads = threads
        self.window = window
    }

    /// Runs the batch.
    /// - Parameters:
    ///   - submission: the claims for a file.
    ///   - isInterrupted: asked before each file; once true no further file is begun, and those under way are finished.
    ///   - report: called for every begun file in the order of the list.
    public func run(
        _ files: [SourceFile], submission: @Sendable @escaping (SourceFile) -> Submission,
        isInterrupted: () -> Bool, report: (SourceFile, AttachmentResult) -> Void
    ) async {
        await withTaskGroup(of: (Int, AttachmentResult).self) { group in
            var begun = 0
            var reported = 0
            var waiting: [Int: AttachmentResult] = [:]
            while true {
                // The window is counted from the oldest unreported file, so that what waits for its turn is bounded too.
                while begun < files.count, begun - reported < window, !isInterrupted() {
                    let (index, file) = (begun, files[begun])
                    group.addTask(executorPreference: threads) { (index, await takeIn(file, submission(file))) }
                    begun += 1
                }
                guard let (index, result) = await group.next() else { break }
                waiting[index] = result
                while let ready = waiting.removeValue(forKey: reported) {
                    report(files[reported], ready)
                    reported += 1
                }
            }
        }
    }

    private func takeIn(_ file: SourceFile, _ submission: Submission) async -> AttachmentResult {
        do {
            switch try FileBody.open(file.path, followsLink: file.isNamed) {
            case .file(let body): return .answered(try await pipeline.ingest(submission, body: body))
            case .notAFile(let other):
                return .answered(try await pipeline.refuse(submission, Finding(.notAFile, [.text(other.kind)])))
            }
        } catch {
            return .failed(error)
        }
    }
}
