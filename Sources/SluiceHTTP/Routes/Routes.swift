// The list of all routes.

package enum Routes {
    static let all: [Route] = [
        .uploadForm, .uploadRaw, .check,
        .attachments, .attachment, .findings, .manifest, .entry, .content, .correctCategory, .limits,
        .describeUploads, .createUpload, .headUpload, .uploadState, .continueUpload, .endUpload, .overriddenUpload,
        .review, .release, .deleteQuarantined, .releases, .revokeRelease,
        .tokens, .createToken, .revokeToken,
        .health, .readiness, .metrics,
        .page, .asset, .document,
    ]
}
