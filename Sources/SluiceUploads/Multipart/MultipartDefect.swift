// What can be wrong with a multipart body, as codes with the words for whoever sent it. Every defect ends the request with 400.

/// A multipart body that is not read any further. The raw value is its code, stable like a finding's.
public enum MultipartDefect: String, Error, Sendable, CaseIterable {
    case boundaryMissing = "multipart.boundary-missing"
    case boundaryInvalid = "multipart.boundary-invalid"
    case preambleTooLong = "multipart.preamble-too-long"
    case delimiterAmbiguous = "multipart.delimiter-ambiguous"
    case cutShort = "multipart.cut-short"
    case tooManyParts = "multipart.too-many-parts"
    case headTooLong = "multipart.head-too-long"
    case headMalformed = "multipart.head-malformed"
    case dispositionMissing = "multipart.disposition-missing"
    case dispositionMalformed = "multipart.disposition-malformed"
    case namesConflict = "multipart.names-conflict"
    case nameEncoding = "multipart.name-encoding"
    case encodingNotTaken = "multipart.encoding-not-taken"
    case fieldTooLong = "multipart.field-too-long"
    case tailTooLong = "multipart.tail-too-long"

    public var code: String { rawValue }

    /// What was found.
    public var what: String {
        switch self {
        case .boundaryMissing: "The Content-Type names no boundary."
        case .boundaryInvalid:
            "The boundary is given twice, is longer than 70 characters, or holds characters that none may hold."
        case .preambleTooLong: "More than 1 024 bytes stand before the first part."
        case .delimiterAmbiguous: "A line begins like the boundary and goes on differently."
        case .cutShort: "The body ends before its closing boundary."
        case .tooManyParts: "The body has more than 16 parts."
        case .headTooLong: "The headers of a part are longer than 8 KiB."
        case .headMalformed: "A header line of a part is not well-formed, or one stands there twice."
        case .dispositionMissing: "A part has no Content-Disposition."
        case .dispositionMalformed: "The Content-Disposition of a part is not well-formed form-data with one name."
        case .namesConflict: "A part gives its file two names of different types."
        case .nameEncoding: "The name of a file is written in a character set or a coding that is not read here."
        case .encodingNotTaken: "A part is sent in a transfer encoding other than binary, 8bit or 7bit."
        case .fieldTooLong: "A field that is no file is longer than 8 KiB."
        case .tailTooLong: "More than 1 024 bytes stand behind the closing boundary."
        }
    }

    /// The cheapest way to have it taken.
    public var mend: String {
        switch self {
        case .boundaryMissing, .boundaryInvalid, .delimiterAmbiguous, .preambleTooLong, .tailTooLong:
            "Let the client library choose the boundary and write the body."
        case .cutShort: "Send it again; over a weak connection use the resumable upload."
        case .tooManyParts: "Send at most 16 parts in a request, the others in further requests."
        case .headTooLong, .headMalformed, .dispositionMissing, .dispositionMalformed:
            "Let the client library write the parts' headers: one Content-Disposition each, lines that end with CR LF."
        case .namesConflict, .nameEncoding: "Give the name once: filename=\"…\", in UTF-8."
        case .encodingNotTaken: "Send the bytes as they are."
        case .fieldTooLong: "Shorten the text, or attach it as a file."
        }
    }
}
