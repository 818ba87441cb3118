// Errors of the family `tus.*`: a step of a resumable upload that cannot be taken.

extension ErrorDefinition {
    static let tusFamily = [
        ErrorDefinition(
            "tus.checksum", .sender, .bySender, http: 400,
            what: "The header Upload-Checksum cannot be used.",
            remedy: "Send sha1 or sha256 and the digest in base64."),
        ErrorDefinition(
            "tus.checksum-mismatch", .sender, .bySender, http: 460,
            what: "The bytes do not match their checksum; none of them was kept.",
            remedy: "Send them again."),
        ErrorDefinition(
            "tus.content-type", .sender, .bySender, http: 415,
            what: "The body is not sent as tus says.",
            remedy: "Send Content-Type: application/offset+octet-stream."),
        ErrorDefinition(
            "tus.expired", .sender, .bySender, http: 410,
            what: "The upload was given up, or not finished in time.",
            remedy: "Begin a new one."),
        ErrorDefinition(
            "tus.locked", .sender, .byItself, http: 423, retryAfter: 2,
            what: "Another request is writing this upload.",
            remedy: "Try again in a few seconds."),
        ErrorDefinition(
            "tus.metadata", .sender, .bySender, http: 400,
            what: "The header Upload-Metadata is not well-formed.",
            remedy: "Send pairs of a key and a base64 value, separated by commas, each key once."),
        ErrorDefinition(
            "tus.no-name", .sender, .bySender, http: 400,
            what: "The metadata names no file.",
            remedy: "Add filename to Upload-Metadata."),
        ErrorDefinition(
            "tus.no-such-upload", .sender, .bySender, http: 404,
            what: "There is no such upload.",
            remedy: "Begin a new one."),
        ErrorDefinition(
            "tus.offset", .sender, .bySender, http: 409,
            what: "The upload stands at another offset.",
            remedy: "Ask with HEAD and go on from there."),
        ErrorDefinition(
            "tus.taken-over", .sender, .bySender, http: 409,
            what: "Another request goes on with this upload.",
            remedy: "Ask with HEAD for the offset."),
        ErrorDefinition(
            "tus.too-long", .sender, .bySender, http: 413,
            what: "The body is longer than what the upload still takes.",
            remedy: "Send at most the bytes that are missing."),
        ErrorDefinition(
            "tus.upload-length", .sender, .bySender, http: 400,
            what: "The header Upload-Length is not one whole number.",
            remedy: "Send the length when the upload begins."),
        ErrorDefinition(
            "tus.upload-offset", .sender, .bySender, http: 400,
            what: "The header Upload-Offset is not one whole number.",
            remedy: "Send the offset at which the body begins."),
        // A creation whose version is not of the form n.n.n is answered with 400.
        ErrorDefinition(
            "tus.version", .sender, .bySender, http: 412,
            what: "The endpoint does not speak this version of tus.",
            remedy: "Send Tus-Resumable with a version from the header Tus-Version."),
    ]
}
