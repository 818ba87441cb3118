// `GET /api/v1/tickets/{ticket}/attachments/{id}/content`: the bytes as received, always as a download that no browser shows (Threats, T12).

import SluiceModel
import SluiceServer
import SluiceStorage

extension Routes {
    static let content = Route("GET", "/api/v1/tickets/{ticket}/attachments/{id}/content", .submitter) {
        (request, context) throws(Problem) in
        let ticket = try context.ticket(of: request)
        return .receiver(
            NoBody { () throws(Problem) in
                let attachment = try context.services.attachment(request.text(1), on: ticket, for: context.caller)
                let bytes = try context.services.bytes(of: attachment, for: context.caller)
                return try Download(attachment, bytes).response(to: request)
            })
    }
}

extension Services {
    /// The stored bytes of an attachment for who may have them.
    /// - Throws: 403 for what is set apart, to all but reviewers.
    func bytes(of attachment: StoredAttachment, for caller: Caller) throws(Problem) -> any BlobReader {
        let mayReview = caller.role.map { $0 >= .reviewer } ?? false
        guard attachment.verdict == .accepted || mayReview else {
            throw Problem(
                403, "request.quarantined", "The attachment is set apart until a person has decided about it.",
                remedy: "Wait for a reviewer, or ask with a reviewer's token.")
        }
        let bytes: (any BlobReader)?
        do throws(SluiceError) { bytes = try store.openBytes(of: attachment, asReviewer: mayReview) } catch {
            throw Problem(error)
        }
        if let bytes { return bytes }
        throw Problem(
            .init(
                "store.damaged", what: "The stored bytes are not there.", why: "Their row is.",
                mend: "Run sluice verify.", cause: attachment.id))
    }
}

/// What a download says of itself.
struct DownloadLabel {
    let name: DeclaredName
    let mediaType: MediaType
    /// In its quotes.
    let tag: String

    /// Only for who asked: a shared cache must not give it to others; it never changes under its tag.
    private static let caching = "private, no-cache"

    var headers: [(name: String, value: String)] {
        [
            ("Content-Type", mediaType.name), ("ETag", tag), ("Content-Disposition", Disposition.attachment(name)),
            ("Content-Security-Policy", "sandbox; default-src 'none'"),
            ("Cross-Origin-Resource-Policy", "same-origin"), ("Cache-Control", Self.caching),
        ]
    }

    /// What the request's conditions come to, in the order of RFC 9110 §13.2.2: 412 for who wants another version than this one, 304 for who
    /// has this one already.
    /// - Returns: `nil` where it is to be sent.
    /// - Throws: 412. A weak tag matches no strong one there (§13.1.1), and does for `If-None-Match` (§13.1.2).
    func conditional(for request: Request) throws(Problem) -> Response? {
        if let wanted = request.list("if-match"), !wanted.contains(where: { $0 == "*" || $0 == tag }) {
            throw Problem(
                412, "request.precondition", "The stored bytes are not the version that If-Match names.",
                remedy: "Ask without If-Match, or with the ETag of the present version.", headers: [("ETag", tag)])
        }
        guard let known = request.list("if-none-match") else { return nil }
        let isKnown = known.contains { $0 == "*" || $0 == tag || $0 == "W/" + tag }
        return isKnown ? Response(status: 304, headers: [("ETag", tag), ("Cache-Control", Self.caching)]) : nil
    }
}

/// One download: the whole, a range of it, or word that nothing has changed.
struct Download {
    private let label: DownloadLabel
    private let bytes: any BlobReader

    init(_ attachment: StoredAttachment, _ bytes: any BlobReader) {
        label = DownloadLabel(
            name: attachment.facts.submission.declaredName, mediaType: attachment.facts.recognized.mediaType,
            tag: "\"sha256-\(attachment.digest.hexadecimal)\"")
        self.bytes = bytes
    }

    /// - Throws: 412, 416.
    func response(to request: Request) throws(Problem) -> Response {
        let size = bytes.size.bytes
        if let answer = try label.conditional(for: request) { return answer }
        let headers = label.headers + [("Accept-Ranges", "bytes")]
        // A condition that does not hold makes the range void, not the request (RFC 9110 §13.1.5).
        // Only GET knows ranges (§14.2): whoever asks for the head is told the whole.
        let isCurrent = request.method == "GET" && request[header: "if-range"].map { $0 == label.tag } ?? true
        switch isCurrent ? ByteRange.parse(request[header: "range"], size: size) : .whole {
        case .whole: return Response(status: 200, headers: headers, content: .stored(bytes, 0..<size))
        case .part(let range):
            let place = [(name: "Content-Range", value: "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)")]
            return Response(status: 206, headers: headers + place, content: .stored(bytes, range))
        case .beyond:
            throw Problem(
                416, "request.range", "The range begins behind the end of the attachment.",
                remedy: "Ask for a range within \(size.grouped) bytes.", headers: [("Content-Range", "bytes */\(size)")]
            )
        }
    }
}

/// A request for a part (RFC 9110 §14.2).
enum ByteRange: Equatable {
    case whole
    case part(Range<Int64>)
    /// It begins behind the end.
    case beyond

    /// Several ranges, other units and what is not well-formed are answered with the whole.
    static func parse(_ field: String?, size: Int64) -> ByteRange {
        guard let field, field.hasPrefix("bytes="), !field.contains(",") else { return .whole }
        let ends = field.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard ends.count == 2, ends.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }) else { return .whole }
        switch (Int64(ends[0]), Int64(ends[1])) {
        case (let first?, let last?) where first <= last:
            return first < size ? .part(first..<min(size, last &+ 1 < 0 ? size : last + 1)) : .beyond
        case (let first?, nil) where ends[1].isEmpty: return first < size ? .part(first..<size) : .beyond
        case (nil, let count?) where ends[0].isEmpty:
            return count > 0 && size > 0 ? .part(max(0, size - min(count, size))..<size) : .beyond
        default: return .whole
        }
    }
}

/// The name under which a download is saved.
enum Disposition {
    /// Both forms: one of harmless ASCII for old readers, and the whole name (RFC 6266 §4.3, RFC 8187).
    static func attachment(_ name: DeclaredName) -> String {
        let last = name.bytes.suffix(while: { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\") })
        let safe = String(decoding: last.map { isHarmless($0) ? $0 : UInt8(ascii: "_") }.suffix(120), as: UTF8.self)
        // Invalid UTF-8 cannot stand in the extended form.
        let text = Array(String(decoding: last, as: UTF8.self).utf8)
        let coded = text.map { byte -> String in
            if isHarmless(byte) && byte != 0x20 { return String(UnicodeScalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.utf8.count == 1 ? "0" : "") + digits
        }
        return "attachment; filename=\"\(safe.isEmpty ? "attachment" : safe)\"; filename*=UTF-8''\(coded.joined())"
    }

    private static func isHarmless(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), 0x20:
            true
        default: false
        }
    }
}

extension [UInt8] {
    /// The longest end whose elements all satisfy the condition.
    fileprivate func suffix(while condition: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        self[(lastIndex { !condition($0) }.map { $0 + 1 } ?? startIndex)...]
    }
}
