// The table of errors holds every code that the sources use, and no other. Codes are a contract with whoever reads the answers: one that is gone or
// renamed, or that has another status, is a change that has to be meant, and shows here.

import Foundation
import SluiceModel
import Testing

@Suite struct ErrorCodesTests {
    /// Code, HTTP status, exit status.
    private static let pinned = """
        drop.bad-sidecar - 3
        drop.busy - 3
        drop.io - 3
        drop.killed-watcher - 3
        drop.no-space - 3
        drop.no-ticket - 3
        drop.not-permitted - 3
        drop.other-disk - 3
        endpoint.busy 503 -
        endpoint.listen - 3
        endpoint.start - 3
        entry.busy 503 -
        entry.damaged 422 -
        entry.failed 503 -
        entry.missing 404 -
        entry.over-budget 422 -
        entry.unreadable 422 -
        inspection.unreadable - 3
        inspector.interrupted 503 3
        inspector.unavailable 503 3
        internal 500 3
        multipart.boundary-invalid 400 -
        multipart.boundary-missing 400 -
        multipart.cut-short 400 -
        multipart.delimiter-ambiguous 400 -
        multipart.disposition-malformed 400 -
        multipart.disposition-missing 400 -
        multipart.encoding-not-taken 400 -
        multipart.field-too-long 400 -
        multipart.head-malformed 400 -
        multipart.head-too-long 400 -
        multipart.name-encoding 400 -
        multipart.names-conflict 400 -
        multipart.preamble-too-long 400 -
        multipart.tail-too-long 400 -
        multipart.too-many-parts 400 -
        policy.file - 2
        quota.day-attachments 429 -
        quota.day-size 429 -
        quota.entries 429 -
        quota.open-uploads 429 -
        quota.spool 429 -
        quota.ticket-attachments 413 -
        quota.ticket-size 413 -
        quota.unfinished-size 429 -
        quota.waiting 429 -
        request.ambiguous 400 -
        request.bad-token 401 -
        request.bound-token 403 -
        request.category 400 -
        request.comment 400 -
        request.content-encoding 415 -
        request.cross-site 403 -
        request.cut 400 -
        request.entry-index 400 -
        request.expectation 417 -
        request.field-encoding 400 -
        request.field-twice 400 -
        request.form-not-taken 415 -
        request.header-too-large 431 -
        request.host 421 -
        request.idempotency-key 400 -
        request.json 400 -
        request.json-member 400 -
        request.key-reused 409 -
        request.limit 400 -
        request.malformed 400 -
        request.method 405 -
        request.no-file 400 -
        request.no-such-attachment 404 -
        request.no-such-path 404 -
        request.no-such-release 404 -
        request.no-such-token 404 -
        request.no-token 401 -
        request.not-a-form 415 -
        request.not-json 415 -
        request.not-local 403 -
        request.note 400 -
        request.other-ticket 403 -
        request.own-token 409 -
        request.precondition 412 -
        request.quarantined 403 -
        request.range 416 -
        request.rate 429 -
        request.role 403 -
        request.role-unknown 400 -
        request.submitter 400 -
        request.target 400 -
        request.ticket 400 -
        request.token-width 400 -
        request.too-large 413 -
        request.unexpected-body 400 -
        review.not-quarantined 409 -
        review.own-attachment 403 -
        sandbox.descriptor 503 3
        sandbox.incomplete 503 3
        source.changed - 3
        source.denied - 3
        source.io - 3
        source.missing - 2
        store.busy 503 3
        store.closed 503 3
        store.copy-changed - 3
        store.copy-target - 3
        store.damaged 500 3
        store.foreign-database 503 3
        store.internal 500 3
        store.io 503 3
        store.missing 503 3
        store.newer-schema 503 3
        store.no-space 507 3
        store.not-permitted 503 3
        store.unavailable 503 3
        store.unsupported-disk 503 3
        tus.checksum 400 -
        tus.checksum-mismatch 460 -
        tus.content-type 415 -
        tus.expired 410 -
        tus.locked 423 -
        tus.metadata 400 -
        tus.no-name 400 -
        tus.no-such-upload 404 -
        tus.offset 409 -
        tus.taken-over 409 -
        tus.too-long 413 -
        tus.upload-length 400 -
        tus.upload-offset 400 -
        tus.version 412 -
        usage.command-line - 2
        """

    @Test func `The table is pinned`() {
        let table = ErrorDefinition.all.map { error in
            "\(error.code) \(error.httpStatus.map { "\($0)" } ?? "-") \(error.exitStatus.map { "\($0)" } ?? "-")"
        }
        #expect(table.sorted() == Self.pinned.split(separator: "\n").map(String.init))
        #expect(Set(ErrorDefinition.all.map(\.code)).count == ErrorDefinition.all.count)
    }

    /// A code is a dotted text literal whose first word is the name of a family. Findings have families of their own, apart from `review` and
    /// `inspection`, which both tables have.
    @Test func `The sources use exactly the codes of the table`() throws {
        let families = Set(ErrorDefinition.all.map { $0.code.prefix { $0 != "." } }).joined(separator: "|")
        let literal = try NSRegularExpression(pattern: "\"((?:\(families))\\.[a-z][a-z0-9-]*)\"")
        var used: Set<String> = ["internal"]
        for text in try Self.sources() {
            for match in literal.matches(in: text, range: NSRange(text.startIndex..., in: text)) {
                used.insert(String(text[Range(match.range(at: 1), in: text)!]))
            }
            // What an `errno` of this place can become.
            for place in text.split(separator: "FailurePlace(\n        code: \"").dropFirst()
                + text.split(separator: "FailurePlace(code: \"").dropFirst()
            {
                let family = place.prefix { $0 != "\"" }
                for end in ["no-space", "not-permitted", "busy", "io"] { used.insert("\(family).\(end)") }
            }
            // Each header field of tus that holds a number has a code.
            for field in text.split(separator: "Tus.number(\"").dropFirst() {
                used.insert("tus." + field.prefix { $0 != "\"" })
            }
            if text.contains("ErrorDefinition.usage") { used.insert(ErrorDefinition.usage.code) }
            if text.contains("ErrorDefinition.policyFile") { used.insert(ErrorDefinition.policyFile.code) }
        }
        let findings = Set(FindingDefinition.all.map(\.code))
        let known = Set(ErrorDefinition.all.map(\.code))
        #expect(used.subtracting(findings).subtracting(known).sorted() == [], "used, and not in the table")
        #expect(known.subtracting(used).sorted() == [], "in the table, and never used")
        #expect(known.intersection(findings).sorted() == [], "one code is one thing")
    }

    @Test func `Every line of the table is whole and agrees with itself`() {
        for error in ErrorDefinition.all {
            #expect(error.what.hasSuffix(".") && error.remedy.hasSuffix("."), "\(error.code)")
            #expect(error.httpStatus != nil || error.exitStatus != nil, "\(error.code) is never shown")
            if let status = error.httpStatus {
                // A caller's mistake is 4xx, our own or the machine's is 5xx.
                #expect((400...599).contains(status) && (status < 500) == (error.fault == .sender), "\(error.code)")
            }
            if error.mending == .bySender { #expect(error.reach == .thisCall, "\(error.code)") }
        }
    }

    @Test func `An error knows where it was made`() {
        let error = SluiceError("store.busy", what: "a", why: "b", mend: "c")
        #expect(error.origin == "SluiceModelTests/ErrorCodesTests.swift:\(#line - 1)")
        #expect(error.logLine.contains(error.origin) && !error.description.contains(error.origin))
        #expect(error.definition.code == "store.busy")
        #expect(SluiceError("no.such", what: "", why: "", mend: "").definition == .internal)
    }

    private static func sources() throws -> [String] {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = package.appending(path: "Sources")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)!
        var out: [String] = []
        for case let file as URL in files
        where file.pathExtension == "swift" && !file.path.contains("SluiceModel/Errors/") {
            out.append(try String(contentsOf: file, encoding: .utf8))
        }
        return out
    }
}
