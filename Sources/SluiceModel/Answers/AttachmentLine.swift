// One attachment as the JSON object of Contract, Keys. Its keys are a contract.

package enum AttachmentLine {
    /// - Parameter hasManifest: whether an archive's entries are told one by one, each text with its category.
    package static func object(
        path: [UInt8], _ result: AttachmentResult, ticket: TicketID?, hasManifest: Bool = false
    ) -> JSONObject {
        var object = JSONObject()
        object.add("path", String(decoding: path, as: UTF8.self))
        object.add("name", name(path, result).whole)
        object.add("outcome", result.outcome.rawValue)
        switch result {
        case .answered(let answer): add(answer, hasManifest: hasManifest, to: &object)
        case .failed(let error): add(error, ticket: ticket, to: &object)
        }
        return object
    }

    /// As it was judged; of what was not, the path's last part.
    private static func name(_ path: [UInt8], _ result: AttachmentResult) -> DeclaredName {
        switch result {
        case .answered(let answer): answer.decision.submission.declaredName
        case .failed:
            DeclaredName(bytes: path.split(separator: UInt8(ascii: "/")).last.map { Array($0) } ?? path)
        }
    }

    private static func add(_ answer: IngestResult, hasManifest: Bool, to object: inout JSONObject) {
        let decision = answer.decision
        let judgement = decision.judgement
        object.add("verdict", (answer.receipt?.verdict ?? judgement.verdict).rawValue)
        object.add("category", judgement.category.rawValue)
        object.add("categoryBasis", judgement.ownCategory.basis)
        object.add("categoryConfidence", judgement.ownCategory.confidence)
        object.add("mediaType", decision.inspection.recognized.mediaType.name)
        object.add("extension", decision.submission.declaredName.fileExtension.text)
        object.add("size", decision.size.bytes)
        object.add("sha256", decision.spooled?.digest.hexadecimal)
        object.add("ticket", decision.submission.ticket?.text)
        object.add("attachment", answer.receipt?.attachment)
        if let manifest = decision.inspection.manifest {
            object.add("entries", Int64(manifest.entries.count))
            object.add("expandedSize", manifest.expandedSize.bytes)
            if hasManifest { object.add("manifest", entries(judgement)) }
        }
        if let card = decision.inspection.card { object.add("card", json: card.json) }
        object.add("findings", judgement.findings.map { FindingObject.finding(StoredFinding($0)) })
    }

    private static func add(_ error: SluiceError, ticket: TicketID?, to object: inout JSONObject) {
        object.add("ticket", ticket?.text)
        var problem = JSONObject()
        problem.add("code", error.code)
        problem.add("message", "\(error.what) \(error.why)")
        problem.add("remedy", error.mend)
        if let cause = error.cause { problem.add("cause", cause) }
        object.add("error", problem)
        object.add("findings", [])
    }

    private static func entries(_ judgement: Judgement) -> [JSONObject] {
        judgement.entries.enumerated().map { FindingObject.entry(StoredEntry($1), index: $0) }
    }
}
