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
                try AttachmentResponse.several(results, on: ticket)
            })
    }
}

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

    func receive(_ bytes: UnsafeRawBufferPointer) throws(Problem) -> Int {
        guard !form.isPartPending else { return 0 }
        let typed = UnsafeBufferPointer(
            start: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), count: bytes.count)
        let taken: Int
        do throws(MultipartDefect) { taken = try parser.consumeToPart(typed.span, into: &form) } catch {
            throw form.problem ?? Problem(error)
        }
        if let problem = form.problem { throw problem }
        return taken
    }

    /// Each file begins a reception of its own.
    func prepare() throws(Problem) { try form.openPart() }

    /// From now on the parts are digested as they come, so that the same form can be told from another one.
    func digestParts() { form.digests = PartDigests() }

    /// Names and digests of the parts; empty where they are not digested.
    var partDigests: [[UInt8]] { form.digests?.done ?? [] }

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
        let results = await withTaskGroup(of: (Int, AttachmentResult).self, returning: [AttachmentResult].self) {
            group in
            var results = [AttachmentResult?](repeating: nil, count: files.count)
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
    /// A file whose head is known and whose reception is not begun.
    private var pending: PartHead?
    /// Nothing has come of a file without a name. Browsers send an input in which nobody has chosen a file like that (HTML, "constructing the entry list").
    private var isUnfilled = false
    private var hasUnfilled = false
    /// `nil` where nobody asks for them.
    var digests: PartDigests?

    init(claims: Submission, intake: Intake, most: Int64?) {
        self.claims = claims
        self.intake = intake
        self.most = most
    }

    mutating func begin(_ part: PartHead) {
        digests?.begin(part)
        isInFile = part.isFile
        if isInFile { pending = part } else { texts.append((String(decoding: part.field, as: UTF8.self), [])) }
    }

    var isPartPending: Bool { pending != nil }

    /// Begins the reception of the file whose head has come.
    mutating func openPart() throws(Problem) {
        guard let part = pending.take(), let name = part.declaredName else { return }
        isUnfilled = name.bytes.isEmpty
        var file = FormFile(submission: claims)
        file.submission.declaredName = name
        file.submission.declaredType = part.declaredType
        file.reception = try intake.begin(file.submission, most: most)
        received.append(file)
    }

    mutating func append(_ bytes: Span<UInt8>) {
        guard problem == nil else { return }
        digests?.append(bytes)
        guard isInFile else {
            for index in bytes.indices { texts[texts.count - 1].value.append(bytes[index]) }
            return
        }
        isUnfilled = false
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
        digests?.end()
        guard isInFile && isUnfilled, problem == nil else { return }
        received.removeLast()
        isUnfilled = false
        hasUnfilled = true
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
