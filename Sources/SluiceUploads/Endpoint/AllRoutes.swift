// The list of all routes.

extension Routes {
    static let all: [Route] = [
        uploadForm.idempotent, uploadRaw.idempotent, check,
        attachments, attachment, findings, manifest, entry, content, correctCategory, limits,
        describeUploads, createUpload.idempotent, headUpload, uploadState, continueUpload, endUpload, overriddenUpload,
        review, release, deleteQuarantined, releases, revokeRelease,
        tokens, createToken, revokeToken,
        health, readiness, metrics,
        page, asset, document,
    ]
}
