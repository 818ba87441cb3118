// `/api/v1/uploads`: resumable uploads, tus 1.0.0 with creation, creation-with-upload, expiration, checksum and termination. What becomes of the last byte
// is told in `Sluice-Outcome` and `Sluice-Attachment`.

import SluiceModel
import SluicePipeline
import SluiceServer
import SluiceStorage
import SluiceSystem

extension Routes {
    private static let oneUpload = "/api/v1/uploads/{upload}"

    static let describeUploads = Route("OPTIONS", "/api/v1/uploads", nil, .reading) { (_, context) throws(Problem) in
        .answer(
            Response(
                status: 204,
                headers: [
                    ("Tus-Resumable", Tus.version), ("Tus-Version", Tus.version), ("Tus-Extension", Tus.extensions),
                    ("Tus-Max-Size", "\(context.services.policy.sizeLimit.bytes)"),
                    ("Tus-Checksum-Algorithm", "sha1,sha256"),
                ]))
    }

    static let createUpload = Route("POST", "/api/v1/uploads", .submitter) { (request, context) throws(Problem) in
        do throws(Problem) {
            let services = context.services
            try Tus.checkVersion(request, begins: true)
            let length = try Tus.number("upload-length", request)
            if request.hasBody { try Tus.checkContentType(request) }
            let text = request[header: "upload-metadata"] ?? ""
            let submission = try UploadClaims.read(try Tus.metadata(text), context.caller)
            try Intake(context).refuseEarly(submission, announced: length)
            let checksum = try Tus.checksum(request)
            let (reservation, caller) = (
                try services.quotas.reserve(
                    ticket: submission.ticket!, submitter: submission.submitter, announced: length, most: length),
                context.caller
            )
            let opening = try services.quotas.open(submitter: submission.submitter, length: length)
            let receiver = try UploadReceiver(
                context, room: length, checksum: checksum, place: request.origin + "/api/v1/uploads"
            ) { () throws(Problem) in
                let partial = try services.uploads.begin(
                    submission, length: length, metadata: text, caller: caller,
                    hours: services.policy.quotas.uploadHours
                ) { (partial, rows) throws(SluiceError) in try services.quotas.checkOpening(partial, in: rows) }
                // From here on its row speaks for its bytes.
                opening.fulfil()
                reservation.fulfil(Usage(attachments: 1, size: ByteCount(length)))
                return (
                    partial,
                    try services.uploads.holds.take(partial.id, isNew: true) { () throws(Problem) in
                        UploadHold(partial.id, offset: 0, services.uploads.bytes)
                    }
                )
            }
            // Bytes may come on a transport thread, which creates nothing.
            if request.hasBody { try receiver.beginNow() }
            return .receiver(receiver)
        } catch { throw error.spokenInTus }
    }

    static let headUpload = Route("HEAD", oneUpload, .submitter, .writing) { (request, context) throws(Problem) in
        looking(request, context, speaksTus: true) { (partial, offset) in
            var headers = TusResponse.headers(partial, offset: offset)
            headers.append(("Upload-Length", "\(partial.length.bytes)"))
            if !partial.metadata.isEmpty { headers.append(("Upload-Metadata", partial.metadata)) }
            headers.append(("Cache-Control", "no-store"))
            return Response(status: 200, headers: headers)
        }
    }

    static let uploadState = Route("GET", oneUpload, .submitter, .writing) { (request, context) throws(Problem) in
        looking(request, context) { (partial, offset) in
            var object = JSONObject()
            object.add("offset", offset)
            object.add("length", partial.length.bytes)
            object.add("expires", CivilTime.moment(partial.expiresAt))
            if let answer = partial.answer { object.add("attachment", json: answer) }
            return .json(200, object)
        }
    }

    static let continueUpload = Route("PATCH", oneUpload, .submitter) { (request, context) throws(Problem) in
        try going(on: request, context)
    }

    static let endUpload = Route("DELETE", oneUpload, .submitter) { (request, context) throws(Problem) in
        try ending(request, context)
    }

    /// For clients whose network lets only GET and POST through (tus, X-HTTP-Method-Override).
    static let overriddenUpload = Route("POST", oneUpload, .submitter) { (request, context) throws(Problem) in
        switch request[header: "x-http-method-override"] {
        case "PATCH": return try going(on: request, context)
        case "DELETE":
            // DELETE ignores Upload-Offset, but a malformed one is still refused.
            if request[header: "upload-offset"] != nil { _ = try Tus.number("upload-offset", request) }
            return try ending(request, context)
        default:
            do throws(Problem) { _ = try context.services.uploads.find(request.text(0), for: context.caller) } catch {
                throw error.spokenInTus
            }
            throw Problem(
                405, "request.method", "An upload is continued with PATCH and ended with DELETE.",
                remedy: "Use these, or X-HTTP-Method-Override with POST.",
                headers: [("Allow", "GET, HEAD, PATCH, DELETE")])
        }
    }

    private static func looking(
        _ request: Request, _ context: UploadContext, speaksTus: Bool = false,
        _ answer: @escaping @Sendable (Partial, _ offset: Int64) -> Response
    ) -> RouteResult {
        .receiver(
            NoBody { () async throws(Problem) in
                do throws(Problem) {
                    var partial = try context.services.uploads.find(request.text(0), for: context.caller)
                    if speaksTus { try Tus.checkVersion(request) }
                    await context.services.uploads.holds.settle(partial.id)
                    let offset = try context.services.uploads.offset(partial)
                    // A client that sees offset == length takes the upload for finished, so it is decided before the answer.
                    if offset == partial.length.bytes && partial.state == .open {
                        partial = try await context.services.uploads.decide(partial, with: Intake(context))
                    }
                    return answer(partial, offset)
                } catch { throw error.spokenInTus }
            })
    }

    private static func going(on request: Request, _ context: UploadContext) throws(Problem) -> RouteResult {
        do throws(Problem) {
            let uploads = context.services.uploads
            let partial = try uploads.find(request.text(0), for: context.caller)
            try Tus.checkVersion(request)
            // Without bytes it only asks for the decision.
            if request.hasBody || request.contentType != nil { try Tus.checkContentType(request) }
            let announced = try Tus.number("upload-offset", request)
            let checksum = try Tus.checksum(request)
            if partial.state == .decided {
                try check(announced, is: partial.length.bytes)
                // The answer to the last byte was lost, perhaps: it is given again.
                return .receiver(
                    NoBody { () throws(Problem) in
                        Response(status: 204, headers: TusResponse.headers(partial, offset: partial.length.bytes))
                    })
            }
            let hold = try uploads.holds.take(partial.id) { () throws(Problem) in
                // What a silent request has left here counts.
                uploads.bytes.keepUnsynced(partial.id)
                let offset = try uploads.offset(partial)
                try check(announced, is: offset)
                if let length = request.contentLength, length > partial.length.bytes - offset {
                    throw Problem(
                        413, "tus.too-long", "The body is longer than what the upload still takes.",
                        remedy: "Send at most the bytes that are missing.",
                        evidence: [("missing", "\(partial.length.bytes - offset)")])
                }
                return UploadHold(partial.id, offset: offset, uploads.bytes)
            }
            do throws(Problem) {
                return .receiver(try UploadReceiver(context, partial, hold, checksum: checksum))
            } catch {
                uploads.holds.giveBack(hold)
                throw error
            }
        } catch { throw error.spokenInTus }
    }

    private static func check(_ announced: Int64, is offset: Int64) throws(Problem) {
        guard announced == offset else {
            throw Problem(
                409, "tus.offset", "The upload stands at \(offset) and not at \(announced).",
                remedy: "Ask with HEAD and go on from there.", evidence: [("offset", "\(offset)")])
        }
    }

    private static func ending(_ request: Request, _ context: UploadContext) throws(Problem) -> RouteResult {
        .receiver(
            NoBody { () throws(Problem) in
                do throws(Problem) {
                    let partial = try context.services.uploads.find(request.text(0), for: context.caller)
                    try Tus.checkVersion(request)
                    try context.services.uploads.end(partial)
                    return Response(status: 204, headers: [("Tus-Resumable", Tus.version)])
                } catch { throw error.spokenInTus }
            })
    }
}

enum TusResponse {
    static func headers(_ partial: Partial, offset: Int64) -> [(name: String, value: String)] {
        var headers = [(name: "Tus-Resumable", value: Tus.version), ("Upload-Offset", "\(offset)")]
        if partial.state == .open { headers.append(("Upload-Expires", Tus.date(partial.expiresAt))) }
        if let outcome = partial.outcome { headers.append(("Sluice-Outcome", outcome.rawValue)) }
        if let attachment = partial.attachment { headers.append(("Sluice-Attachment", attachment)) }
        return headers
    }
}

/// What `Upload-Metadata` claims: `filename` and `ticket`, and where given `category`, `comment` and `filetype`.
private enum UploadClaims {
    static func read(_ metadata: [String: [UInt8]], _ caller: Caller) throws(Problem) -> Submission {
        guard let name = metadata["filename"], !name.isEmpty, name.count <= 1024 else {
            throw Problem(
                400, "tus.no-name", "The metadata names no file.", remedy: "Add filename to Upload-Metadata.")
        }
        let text = metadata["ticket"].map { String(decoding: $0, as: UTF8.self) } ?? ""
        guard let ticket = TicketID(text) else {
            throw Problem(
                400, "request.ticket", "The metadata names no ticket: 1 to 64 letters, digits, - _ and .",
                remedy: "Add ticket to Upload-Metadata.",
                evidence: [("ticket", SafeText.display(text, limit: 80))])
        }
        try caller.mayUse(ticket)
        var submission = Submission(
            declaredName: DeclaredName(bytes: name), ticket: ticket, submitter: caller.name, source: .endpoint)
        if let type = metadata["filetype"].map({ String(decoding: $0, as: UTF8.self) }), !type.isEmpty,
            type.utf8.count <= 127
        {
            submission.declaredType = MediaType(String(type.prefix { $0 != ";" }).trimmingBlanks.lowercased())
        }
        if let word = try word("category", metadata) { submission.declaredCategory = try Category(named: word) }
        if let word = try word("comment", metadata) { submission.comment = try Comment.checked(word) }
        return submission
    }

    private static func word(_ key: String, _ metadata: [String: [UInt8]]) throws(Problem) -> String? {
        guard let bytes = metadata[key], !bytes.isEmpty else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Problem(400, "request.field-encoding", "The \(key) is not UTF-8.", remedy: "Encode it so.")
        }
        return text
    }
}
