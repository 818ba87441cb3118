// The page, what it is made of, and the API's document. The files themselves stand in Pages/.

import CPages
import SluiceModel
import SluiceServer
import SluiceSystem

extension Routes {
    static let page = Route(immediate: "GET", "/") { (request) throws(Problem) in
        try PageFile.named("index.html", for: request)
    }

    static let asset = Route(immediate: "GET", "/assets/{asset}") { (request) throws(Problem) in
        let name = request.text(0)
        // The two that have an address of their own have no second one.
        let isAsset = !name.hasSuffix(".html") && !name.hasSuffix(".json")
        return try PageFile.named(isAsset ? name : "", for: request)
    }

    static let document = Route(immediate: "GET", "/api/v1/openapi.json") { (request) throws(Problem) in
        try PageFile.named("openapi.json", for: request)
    }
}

/// One embedded file.
struct PageFile: Sendable {
    let bytes: [UInt8]
    let contentType: String
    /// Of this build's bytes: a browser asks each time and is mostly told that nothing has changed.
    let tag: String

    /// - Throws: 404.
    static func named(_ name: String, for request: Request) throws(Problem) -> Response {
        guard let file = all[name] else {
            throw Problem(
                404, "request.no-such-path", "There is nothing at this path.", remedy: "Load the page anew.")
        }
        var headers = [(name: "ETag", value: file.tag), ("Cache-Control", "no-cache")]
        if request[header: "if-none-match"]?.split(separator: ",").contains(where: { $0.hasSuffix(file.tag) }) == true {
            return Response(status: 304, headers: headers)
        }
        headers.append(("Content-Type", file.contentType))
        headers.append(("Content-Security-Policy", policy))
        headers.append(("Cross-Origin-Opener-Policy", "same-origin"))
        headers.append(("Cross-Origin-Resource-Policy", "same-origin"))
        return Response(status: 200, headers: headers, content: .bytes(file.bytes))
    }

    /// Only what comes from here runs, is shown and is talked to; no other site may frame the page, and nothing turns text into markup.
    private static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; \
        form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'
        """

    private static let all: [String: PageFile] = {
        var files: [String: PageFile] = [:]
        while let file = page_file_at(files.count)?.pointee {
            let name = String(cString: file.name)
            files[name] = PageFile(name, Array(UnsafeBufferPointer(start: file.bytes, count: file.size)))
        }
        return files
    }()

    private init(_ name: String, _ bytes: [UInt8]) {
        self.bytes = bytes
        contentType =
            switch name.split(separator: ".").last {
            case "html": "text/html; charset=utf-8"
            case "css": "text/css; charset=utf-8"
            case "js": "text/javascript; charset=utf-8"
            case "svg": "image/svg+xml"
            default: "application/json"
            }
        // Tells builds apart, and need not withstand anybody.
        tag = "\"" + String(FNV1a.hash(bytes), radix: 16) + "\""
    }
}
