// Errors of the family `multipart.*`: a form that is not read any further.

extension ErrorDefinition {
    static let multipartFamily = [
        ErrorDefinition(
            "multipart.boundary-missing", .sender, .bySender, http: 400,
            what: "The Content-Type names no boundary.",
            remedy: "Let the client library choose the boundary and write the body."),
        ErrorDefinition(
            "multipart.boundary-invalid", .sender, .bySender, http: 400,
            what: "The boundary is given twice, is longer than 70 characters, or holds characters that none may hold.",
            remedy: "Let the client library choose the boundary and write the body."),
        ErrorDefinition(
            "multipart.preamble-too-long", .sender, .bySender, http: 400,
            what: "More than 1 024 bytes stand before the first part.",
            remedy: "Let the client library choose the boundary and write the body."),
        ErrorDefinition(
            "multipart.delimiter-ambiguous", .sender, .bySender, http: 400,
            what: "A line begins like the boundary and goes on differently.",
            remedy: "Let the client library choose the boundary and write the body."),
        ErrorDefinition(
            "multipart.cut-short", .sender, .bySender, http: 400,
            what: "The body ends before its closing boundary.",
            remedy: "Send it again; over a weak connection use the resumable upload."),
        ErrorDefinition(
            "multipart.too-many-parts", .sender, .bySender, http: 400,
            what: "The body has more than 16 parts.",
            remedy: "Send at most 16 parts in a request, the others in further requests."),
        ErrorDefinition(
            "multipart.head-too-long", .sender, .bySender, http: 400,
            what: "The headers of a part are longer than 8 KiB.",
            remedy:
                "Let the client library write the parts' headers: one Content-Disposition each, lines that end with CR LF."
        ),
        ErrorDefinition(
            "multipart.head-malformed", .sender, .bySender, http: 400,
            what: "A header line of a part is not well-formed, or one stands there twice.",
            remedy:
                "Let the client library write the parts' headers: one Content-Disposition each, lines that end with CR LF."
        ),
        ErrorDefinition(
            "multipart.disposition-missing", .sender, .bySender, http: 400,
            what: "A part has no Content-Disposition.",
            remedy:
                "Let the client library write the parts' headers: one Content-Disposition each, lines that end with CR LF."
        ),
        ErrorDefinition(
            "multipart.disposition-malformed", .sender, .bySender, http: 400,
            what: "The Content-Disposition of a part is not well-formed form-data with one name.",
            remedy:
                "Let the client library write the parts' headers: one Content-Disposition each, lines that end with CR LF."
        ),
        ErrorDefinition(
            "multipart.names-conflict", .sender, .bySender, http: 400,
            what: "A part gives its file two names of different types.",
            remedy: "Give the name once: filename=\"…\", in UTF-8."),
        ErrorDefinition(
            "multipart.name-encoding", .sender, .bySender, http: 400,
            what: "The name of a file is written in a character set or a coding that is not read here.",
            remedy: "Give the name once: filename=\"…\", in UTF-8."),
        ErrorDefinition(
            "multipart.encoding-not-taken", .sender, .bySender, http: 400,
            what: "A part is sent in a transfer encoding other than binary, 8bit or 7bit.",
            remedy: "Send the bytes as they are."),
        ErrorDefinition(
            "multipart.field-too-long", .sender, .bySender, http: 400,
            what: "A field that is no file is longer than 8 KiB.",
            remedy: "Shorten the text, or attach it as a file."),
        ErrorDefinition(
            "multipart.tail-too-long", .sender, .bySender, http: 400,
            what: "More than 1 024 bytes stand behind the closing boundary.",
            remedy: "Let the client library choose the boundary and write the body."),
    ]
}
