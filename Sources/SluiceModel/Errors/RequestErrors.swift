// Errors of the family `request.*`: a request that is not answered as its sender meant it.

extension ErrorDefinition {
    static let requestFamily = [
        ErrorDefinition(
            "request.ambiguous", .sender, .bySender, http: 400,
            what: "The request can be read in more than one way.",
            remedy: "Send it in the form of RFC 9112."),
        ErrorDefinition(
            "request.bad-token", .sender, .bySender, http: 401,
            what: "The token is unknown or revoked.",
            remedy: "Send Authorization: Bearer with a valid token."),
        ErrorDefinition(
            "request.bound-token", .sender, .bySender, http: 403,
            what: "The token is bound to one ticket, and the request concerns all.",
            remedy: "Use a token that is bound to none."),
        ErrorDefinition(
            "request.category", .sender, .bySender, http: 400,
            what: "There is no such category.",
            remedy: "Use Log File, Configuration or Other."),
        ErrorDefinition(
            "request.comment", .sender, .bySender, http: 400,
            what: "The comment is too long.",
            remedy: "Shorten it, or attach it as a file."),
        ErrorDefinition(
            "request.content-encoding", .sender, .bySender, http: 415,
            what: "The body is encoded; attachments are taken as they are.",
            remedy: "Send it without Content-Encoding."),
        ErrorDefinition(
            "request.cross-site", .sender, .bySender, http: 403,
            what: "The write was sent from a page of another site.",
            remedy: "Send it from this endpoint's own page, or from a program."),
        ErrorDefinition(
            "request.cut", .sender, .bySender, http: 400,
            what: "The connection ended before the request was complete.",
            remedy: "Send it again."),
        ErrorDefinition(
            "request.entry-index", .sender, .bySender, http: 400,
            what: "The index of the entry is not a number.",
            remedy: "Take an index from the manifest."),
        ErrorDefinition(
            "request.expectation", .sender, .bySender, http: 417,
            what: "The only expectation that can be met is 100-continue.",
            remedy: "Leave the field Expect out."),
        ErrorDefinition(
            "request.field-encoding", .sender, .bySender, http: 400,
            what: "A field of the request is not UTF-8.",
            remedy: "Encode it in UTF-8."),
        ErrorDefinition(
            "request.field-twice", .sender, .bySender, http: 400,
            what: "A field of the form is given twice.",
            remedy: "Give it once."),
        ErrorDefinition(
            "request.form-not-taken", .sender, .bySender, http: 415,
            what: "This path takes the bytes of one file, not a form.",
            remedy: "Send the bytes as they are, or send the form with POST."),
        ErrorDefinition(
            "request.header-too-large", .sender, .bySender, http: 431,
            what: "The request's header is too long.",
            remedy: "Send a shorter one."),
        ErrorDefinition(
            "request.host", .sender, .bySender, http: 421,
            what: "The endpoint is not asked for under this name.",
            remedy: "Use its own name. Its operator names it with sluice serve --host."),
        ErrorDefinition(
            "request.idempotency-key", .sender, .bySender, http: 400,
            what: "The Idempotency-Key cannot be used.",
            remedy: "Send one key of printable characters."),
        ErrorDefinition(
            "request.json", .sender, .bySender, http: 400,
            what: "The body is not the JSON object that this path takes.",
            remedy: "Correct it as the message says."),
        ErrorDefinition(
            "request.json-member", .sender, .bySender, http: 400,
            what: "The JSON object has a member that this path does not know.",
            remedy: "Leave the member out."),
        ErrorDefinition(
            "request.key-reused", .sender, .bySender, http: 409,
            what: "The Idempotency-Key was used for another request.",
            remedy: "Use a new key for each request."),
        ErrorDefinition(
            "request.limit", .sender, .bySender, http: 400,
            what: "The parameter limit is not a number that a list takes.",
            remedy: "Ask for fewer at once, and follow next."),
        ErrorDefinition(
            "request.malformed", .sender, .bySender, http: 400,
            what: "The request is not well-formed HTTP.",
            remedy: "Send it in the form of RFC 9112."),
        ErrorDefinition(
            "request.method", .sender, .bySender, http: 405,
            what: "This path does not know the method.",
            remedy: "Use one of the methods in the header Allow."),
        ErrorDefinition(
            "request.no-file", .sender, .bySender, http: 400,
            what: "The form holds no file.",
            remedy: "Choose at least one file, then send the form again."),
        ErrorDefinition(
            "request.no-such-attachment", .sender, .bySender, http: 404,
            what: "There is no such attachment.",
            remedy: "List the ticket's attachments."),
        ErrorDefinition(
            "request.no-such-path", .sender, .bySender, http: 404,
            what: "There is nothing at this path.",
            remedy: "See /api/v1/openapi.json for what there is."),
        ErrorDefinition(
            "request.no-such-release", .sender, .bySender, http: 404,
            what: "There is no such release.",
            remedy: "List the releases."),
        ErrorDefinition(
            "request.no-such-token", .sender, .bySender, http: 404,
            what: "There is no such token.",
            remedy: "List the tokens."),
        ErrorDefinition(
            "request.no-token", .sender, .bySender, http: 401,
            what: "The request needs a token.",
            remedy: "Send Authorization: Bearer with a token that the portal's operator has made."),
        ErrorDefinition(
            "request.not-a-form", .sender, .bySender, http: 415,
            what: "This path takes a form.",
            remedy: "Send multipart/form-data."),
        ErrorDefinition(
            "request.not-json", .sender, .bySender, http: 415,
            what: "This path takes a JSON object.",
            remedy: "Send it with Content-Type: application/json."),
        ErrorDefinition(
            "request.not-local", .sender, .bySender, http: 403,
            what: "This path answers only callers on the same machine.",
            remedy: "Ask from the machine itself, not through the proxy."),
        ErrorDefinition(
            "request.note", .sender, .bySender, http: 400,
            what: "The note is empty.",
            remedy: "Say why, in a few words."),
        ErrorDefinition(
            "request.other-ticket", .sender, .bySender, http: 403,
            what: "The token is bound to another ticket.",
            remedy: "Use a token for this ticket."),
        ErrorDefinition(
            "request.own-token", .sender, .bySender, http: 409,
            what: "A token cannot revoke itself.",
            remedy: "Use another admin's token, or sluice token revoke on the machine."),
        ErrorDefinition(
            "request.precondition", .sender, .bySender, http: 412,
            what: "The attachment is not the one that If-Match names.",
            remedy: "Load it anew."),
        ErrorDefinition(
            "request.quarantined", .sender, .bySender, http: 403,
            what: "The attachment is set apart until a person has decided about it.",
            remedy: "Wait for a reviewer, or ask with a reviewer's token."),
        ErrorDefinition(
            "request.range", .sender, .bySender, http: 416,
            what: "The range lies behind the end of the content.",
            remedy: "Ask for a range within the content's size."),
        ErrorDefinition(
            "request.rate", .sender, .byItself, http: 429, retryAfter: 1,
            what: "Too many requests came within a second.",
            remedy: "Wait a second, then go on more slowly."),
        ErrorDefinition(
            "request.role", .sender, .bySender, http: 403,
            what: "The token's role does not allow the request.",
            remedy: "Use a token of the role that the message names."),
        ErrorDefinition(
            "request.role-unknown", .sender, .bySender, http: 400,
            what: "There is no such role.",
            remedy: "Use submitter, reviewer or admin."),
        ErrorDefinition(
            "request.submitter", .sender, .bySender, http: 400,
            what: "The submitter's name cannot be used.",
            remedy: "Shorten or change it."),
        ErrorDefinition(
            "request.target", .sender, .bySender, http: 400,
            what: "The request's target is not a path of this endpoint.",
            remedy: "Percent-encode what is neither a letter nor a digit."),
        ErrorDefinition(
            "request.ticket", .sender, .bySender, http: 400,
            what: "The ticket's name cannot be used.",
            remedy: "Use 1 to 64 letters, digits, -, _ and ."),
        ErrorDefinition(
            "request.token-width", .sender, .bySender, http: 400,
            what: "A token is for one ticket or for all tickets.",
            remedy: "Leave one of them out."),
        ErrorDefinition(
            "request.too-large", .sender, .bySender, http: 413,
            what: "The body of the request is too long.",
            remedy: "Send less in one request."),
        ErrorDefinition(
            "request.unexpected-body", .sender, .bySender, http: 400,
            what: "The request has a body, and this path takes none.",
            remedy: "Send it without a body."),
    ]
}
