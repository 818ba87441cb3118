// A request's head, made by hand.

@testable import SluiceServer

func requestHead(_ method: String, _ headers: [(String, String)] = [], path: [String] = []) -> Request {
    Request(
        method: method, path: path.map { Array($0.utf8) }, query: [],
        headers: headers.map { HeaderField(name: $0.0, value: $0.1) }, contentLength: nil, isChunked: false,
        expectsContinue: false, peer: Peer(text: "test", isLocal: true), id: "r1")
}
