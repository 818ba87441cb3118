// The list of all routes.

package enum Routes {
    static let all: [Route] = [
        .uploadRaw,
        .health,
        .page,
        .asset,
        .document,
    ]
}
