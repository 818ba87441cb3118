// Writes that a page of another site makes a browser send.

enum ForeignPage {
    /// Browsers say where a request comes from (Fetch Metadata; RFC 6454 §7); other clients say nothing.
    /// - Throws: 403.
    static func refuse(_ request: Request) throws(Problem) {
        guard !["GET", "HEAD", "OPTIONS"].contains(request.method) else { return }
        let site = request[header: "sec-fetch-site"]?.lowercased()
        var isForeign = site == "cross-site"
        if let origin = request[header: "origin"]?.lowercased() {
            let host = request[header: "host"]?.lowercased() ?? ""
            isForeign = isForeign || !["http://" + host, "https://" + host].contains(origin)
        }
        if isForeign {
            throw Problem(
                403, "request.cross-site", "This write was sent from a page of another site.",
                remedy:
                    "Send it from this endpoint's own page, or from a program. A proxy in front has to pass the field Host on."
            )
        }
    }
}
