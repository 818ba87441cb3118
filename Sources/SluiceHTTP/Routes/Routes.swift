// The list of all routes.

package enum Routes {
    static let all: [Route] = [
        .uploadForm, .uploadRaw, .check,
        .attachments, .attachment, .findings, .manifest, .entry, .content, .correctCategory, .limits,
        .health, .readiness, .metrics,
        .page, .asset, .document,
    ]
}
