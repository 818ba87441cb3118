// What is remembered of one exchange until it is over: for the log and the metrics.

import SluiceModel

struct RequestRecord {
    /// Ours, or the one that a proxy in front has given.
    private(set) var id: String
    let peer: Peer
    let began = ContinuousClock.now
    var method = ""
    var target: [UInt8] = []
    /// Of the W3C header `traceparent`, where one came.
    private(set) var trace: String?
    /// The caller's public name, where there is one.
    var token: String?
    /// As the proxy in front tells it.
    private(set) var client: String?
    private(set) var route = "none"
    private(set) var status = 0
    private(set) var remark: String?
    private(set) var cause: String?
    var received: Int64 = 0
    private(set) var sent: Int64 = 0
    /// In the middle of the body, by hand.
    var wasAnswered = false
    private(set) var wasSent = false
    private(set) var elapsed = Duration.zero

    init(id: String, peer: Peer) {
        self.id = id
        self.peer = peer
    }

    mutating func note(_ request: Request) {
        if let given = request[header: "x-request-id"], (8...64).contains(given.utf8.count),
            given.utf8.allSatisfy({ FieldSyntax.isToken($0) })
        {
            id = given
        }
        // Only what has the form of Trace Context §3.2.2 goes into the log.
        if let text = request[header: "traceparent"], text.utf8.count == 55,
            text.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) || $0 == UInt8(ascii: "-") })
        {
            trace = text
        }
    }

    mutating func noteRouted(_ request: Request) {
        client = request.client
        route = request.route
    }

    mutating func answer(_ response: Response) {
        status = response.status
        sent = response.length
        remark = response.remark
        cause = response.cause
    }

    /// Nobody has answered it here: its header was cut short, or libmicrohttpd has refused it by itself.
    mutating func noteUnanswered(isRefused: Bool) {
        guard status == 0 else { return }
        status = isRefused ? 400 : 0
        remark = isRefused ? "request.malformed" : "request.cut"
    }

    mutating func end(wasSent: Bool) {
        self.wasSent = wasSent || wasAnswered
        elapsed = began.duration(to: .now)
    }
}
