// `POST /api/v1/tickets/{ticket}/attachments`: a form with files, each with an answer of its own. No part is held in memory; nothing is decided
// before the whole form is there, so that a request which is cut off leaves nothing.

import SluiceModel
import SluicePipeline
import SluiceServer

extension Routes {
    static let uploadForm = Route("POST", "/api/v1/tickets/{ticket}/attachments", .submitter) {
        (request, context) throws(Problem) in
        let ticket = try context.ticket(of: request)
        let claims = Submission(
            declaredName: DeclaredName(""), ticket: ticket, submitter: context.caller.name, source: .endpoint)
        return .receiver(
            try FormUpload(claims, request, Intake(context)) { (results) throws(Problem) in
                try AttachmentAnswer.several(results, on: ticket)
            })
    }
}

/// What one file of a form came to.
typealias FormResult = (submission: Submission, result: BatchResult)

/// Receives the files of a form into the spool.
final class FormUpload: BodyReceiver, @unchecked Sendable {
    // guarded by: the exchange, which lets one thread at a time use its receiver.
    private var parser: MultipartParser
    private var form: Form
    private let began = ContinuousClock.now
    private let answer: @Sendable ([FormResult]) throws(Problem) -> Response

    /// - Parameter claims: what all files have in common.
    /// - Throws: 413 and 415 where the header tells already.
    init(
        _ claims: Submission, _ request: Request, _ intake: Intake,
        answer: @escaping @Sendable ([FormResult]) throws(Problem) -> Response
    ) throws(Problem) {
        let boundary: MultipartBoundary?
        do throws(MultipartDefect) {
            boundary = try MultipartBoundary(contentType: request[header: "content-type"] ?? "")
        } catch {
            throw Problem(error)
        }
        guard let boundary else {
            throw Problem(
                415, "request.not-a-form", "This takes multipart/form-data.",
                remedy: "Send a form, or one file with PUT.")
        }
        let limits = MultipartParser.Limits()
        let most = Int64(limits.parts) * (intake.services.policy.sizeLimit.bytes + Int64(limits.head + 256))
        if let announced = request.contentLength, announced > most {
            throw Problem(
                413, "request.too-large", "The form is longer than \(limits.parts) attachments of the largest size.",
                remedy: "Send fewer files in a request.", evidence: [("limit", "\(most)"), ("size", "\(announced)")])
        }
        parser = MultipartParser(boundary, limits: limits)
        form = Form(claims: claims, intake: intake, most: request.contentLength)
        self.answer = answer
    }

    /// Each part begins a reception.
    var receivesOnWorkers: Bool { true }

    func receive(_ bytes: UnsafeRawBufferPointer) throws(Problem) {
        let typed = UnsafeBufferPointer(
            start: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), count: bytes.count)
        do throws(MultipartDefect) { try parser.consume(typed.span, into: &form) } catch {
            throw form.problem ?? Problem(error)
        }
        if let problem = form.problem { throw problem }
    }

    func finish() async throws(Problem) -> Response {
        do throws(MultipartDefect) { try parser.finish() } catch { throw Problem(error) }
        form.intake.services.metrics.stage(.receive, took: began.duration(to: .now))
        let files = try form.files()
        try form.intake.checkTurns(for: files.map(\.reception))
        guard files.count > 1 else {
            let file = files[0]
            return try answer([(file.submission, await form.intake.take(file.submission, file.reception))])
        }
        let intake = form.intake
        // A form waits with few of its files at a time, each with a turn of its own.
        let atOnce = intake.services.options.jobs
        let results = await withTaskGroup(of: (Int, BatchResult).self, returning: [BatchResult].self) { group in
            var results = [BatchResult?](repeating: nil, count: files.count)
            for (index, file) in files.enumerated() {
                if index >= atOnce, let (done, result) = await group.next() { results[done] = result }
                group.addTask { (index, await intake.take(file.submission, file.reception)) }
            }
            for await (index, result) in group { results[index] = result }
            return results.map { $0! }
        }
        return try answer(zip(files, results).map { ($0.submission, $1) })
    }

    func abandon() { form.forget() }
}

/// One file of a form.
private struct FormFile: @unchecked Sendable {
    var submission: Submission
    // guarded by: handed to one task, which is the only one to use it.
    var reception: (any SpoolReception)?
    var passed: Int64 = 0
}

/// The parts of a form as they come.
private struct Form: MultipartSink {
    let claims: Submission
    let intake: Intake
    /// The whole form's length, where it is known: no file in it is longer.
    private let most: Int64?
    /// The first thing that ends the request.
    private(set) var problem: Problem?
    private var received: [FormFile] = []
    private var texts: [(name: String, value: [UInt8])] = []
    private var isInFile = false
    /// An input in which nobody has chosen a file: browsers send it as a file without a name and without bytes (HTML, "constructing the entry list").
    private var isUnfilled = false
    private var unfilledType: MediaType?
    private var hasUnfilled = false

    init(claims: Submission, intake: Intake, most: Int64?) {
        self.claims = claims
        self.intake = intake
        self.most = most
    }

    mutating func begin(_ part: PartHead) {
        isInFile = part.isFile
        guard let name = part.declaredName else {
            texts.append((String(decoding: part.field, as: UTF8.self), []))
            return
        }
        isUnfilled = name.bytes.isEmpty
        // Whether it is one shows at its first byte; until then nothing is begun for it.
        if isUnfilled {
            unfilledType = part.declaredType
            return
        }
        receive(name, part.declaredType)
    }

    private mutating func receive(_ name: DeclaredName, _ type: MediaType?) {
        var file = FormFile(submission: claims)
        file.submission.declaredName = name
        file.submission.declaredType = type
        do throws(Problem) { file.reception = try intake.begin(file.submission, most: most) } catch {
            problem = problem ?? error
        }
        received.append(file)
    }

    mutating func append(_ bytes: Span<UInt8>) {
        guard problem == nil else { return }
        guard isInFile else {
            for index in bytes.indices { texts[texts.count - 1].value.append(bytes[index]) }
            return
        }
        if isUnfilled {
            isUnfilled = false
            receive(DeclaredName(""), unfilledType)
            guard problem == nil else { return }
        }
        let last = received.count - 1
        received[last].passed += Int64(bytes.count)
        let failure = bytes.withUnsafeBytes { raw -> Problem? in
            do throws(Problem) {
                try intake.checkSize(received[last].passed, of: received[last].submission)
                try intake.append(raw, to: received[last].reception)
                return nil
            } catch { return error }
        }
        guard let failure else { return }
        problem = failure
        forget()
    }

    mutating func end() {
        if isInFile && isUnfilled { hasUnfilled = true }
    }

    /// Frees what was received.
    mutating func forget() { received = [] }

    /// All files with the claims of the form's fields, which may stand behind them.
    func files() throws(Problem) -> [FormFile] {
        guard !received.isEmpty else {
            if hasUnfilled {
                throw Problem(
                    400, "request.no-file", "No file was chosen in the form.",
                    remedy: "Choose at least one file, then send the form again.")
            }
            throw Problem(
                400, "request.no-file", "The form holds no file.",
                remedy: "Give at least one part a filename in its Content-Disposition.")
        }
        var files = received
        for field in ["category", "comment"] {
            let values = texts.filter { $0.name == field }
            guard values.count <= 1 else {
                throw Problem(
                    400, "request.field-twice", "The field \(field) is given twice.", remedy: "Give it once.")
            }
            guard let value = values.first?.value, !value.isEmpty else { continue }
            guard let text = String(validating: value, as: UTF8.self) else {
                throw Problem(
                    400, "request.field-encoding", "The field \(field) is not UTF-8.", remedy: "Encode it so.")
            }
            for index in files.indices {
                if field == "category" {
                    files[index].submission.declaredCategory = try Category(named: text)
                } else {
                    files[index].submission.comment = try Comment.checked(text)
                }
            }
        }
        return files
    }
}

extension Problem {
    init(_ defect: MultipartDefect) { self.init(400, defect.code, defect.what, remedy: defect.mend) }
}
