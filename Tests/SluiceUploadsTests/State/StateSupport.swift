// What the tests of the endpoint's state share.

import SluiceModel
import SluiceTestSupport

@testable import SluiceServer
@testable import SluiceUploads

/// A request's head, made by hand.
func head(
    _ method: String, _ path: [String] = [], route: String = "", _ headers: [(String, String)] = []
) -> Request {
    var request = Request(
        method: method, path: path.map { Array($0.utf8) }, query: [],
        headers: headers.map { HeaderField(name: $0.0, value: $0.1) }, contentLength: nil, isChunked: false,
        expectsContinue: false, peer: Peer(text: "test", isLocal: true), id: "r1")
    request.route = route
    request.parameters = path.map { Array($0.utf8) }
    return request
}

/// What `body` throws, as a status and a code.
func refusal<Value>(_ body: () throws(Problem) -> Value) -> String {
    do throws(Problem) {
        _ = try body()
        return "none"
    } catch { return "\(error.status) \(error.code)" }
}
