// Sends requests to one bucket: signs, waits, tries again. What the requests are for is said by the files beside this.

import Glibc
import SluiceModel
import SluiceSystem
import Synchronization

/// The connections to one bucket. Every call blocks and may come from any thread.
final class ObjectClient: Sendable {
    let address: ObjectAddress
    private let credentials: ObjectCredentials
    private let pool = HandlePool()
    private let connect: Duration
    private let patience: Duration
    private let sent = Atomic(0)

    /// - Parameters:
    ///   - connect: how long a connection may take to stand.
    ///   - patience: how long a transfer may rest.
    init(
        _ address: ObjectAddress, _ credentials: ObjectCredentials, connect: Duration = .seconds(3),
        patience: Duration = .seconds(10)
    ) {
        self.address = address
        self.credentials = credentials
        self.connect = connect
        self.patience = patience
    }

    /// Requests so far, repeated ones included.
    var requests: Int { sent.load(ordering: .relaxed) }

    /// - Parameter sending: what hashes the body, where the caller wants to know its digests afterwards.
    /// - Returns: an answer whose status is a success.
    func send(_ request: ObjectRequest, sending: OutgoingBytes? = nil) throws(ObjectFailure) -> ObjectResponse {
        let outgoing = sending ?? (request.body.count > 0 ? OutgoingBytes(request.body, wantsMD5: false) : nil)
        var schedule = RetrySchedule(
            size: request.body.count + request.expected, isBrief: request.method == .head || request.method == .delete)
        let begun = ContinuousClock.now
        var hasReloaded = false
        while true {
            let failure: ObjectFailure
            let keys = try currentKeys()
            do throws(ObjectFailure) {
                return try attempt(request, keys, outgoing, schedule.left(after: ContinuousClock.now - begun))
            } catch { failure = error }
            outgoing?.rewind()
            if failure.concernsKeys, !hasReloaded {
                hasReloaded = true
                if credentials.reload(after: keys) { continue }
            }
            guard failure.passes,
                let pause = schedule.pause(
                    after: ContinuousClock.now - begun, wish: failure.wish, lot: .random(in: 0..<1))
            else { throw failure }
            usleep(useconds_t(pause / .microseconds(1)))
        }
    }

    private func currentKeys() throws(ObjectFailure) -> ObjectKeys {
        do throws(SluiceError) { return try credentials.keys() } catch { throw .keys(error) }
    }

    private func attempt(
        _ request: ObjectRequest, _ keys: ObjectKeys, _ outgoing: OutgoingBytes?, _ left: Duration
    ) throws(ObjectFailure) -> ObjectResponse {
        sent.add(1, ordering: .relaxed)
        var signed = request
        if let token = keys.token { signed.headers.append(("x-amz-security-token", token)) }
        let limits = CurlHandle.Limits(total: left, connect: connect, patience: patience)
        let response = try pool.withHandle { (handle) throws(ObjectFailure) in
            try handle.perform(
                signed, url: url(request.key, request.query), address: address, keys: keys, outgoing, limits)
        }
        guard (200...299).contains(response.status) else {
            throw .answer(
                status: response.status, ErrorAnswer(response.body), serverTime: response.serverTime,
                retryAfter: response.headers["retry-after"].flatMap { Int64($0) })
        }
        return response
    }

    /// Names in the order of their bytes, as the signature has them; libcurl signs the query as it stands.
    private func url(_ key: String, _ query: [(name: String, value: String)]) -> String {
        let server = address.endpoint
        let scheme = server.isEncrypted ? "https://" : "http://"
        var url =
            switch address.style {
            case .path: "\(scheme)\(server.authority)/\(address.bucket)"
            case .virtual: "\(scheme)\(address.bucket).\(server.authority)"
            }
        if !key.isEmpty || address.style == .virtual { url += "/" + PercentCoding.encode(key, keepsSlashes: true) }
        if query.isEmpty { return url }
        let words = query.map { (PercentCoding.encode($0.name), PercentCoding.encode($0.value)) }.sorted { $0 < $1 }
        return url + "?" + words.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    /// A key below the store's prefix.
    func key(_ name: String) -> String { address.prefix.isEmpty ? name : "\(address.prefix)/\(name)" }

    /// The opposite of `key`.
    /// - Returns: `nil` for what lies outside the prefix.
    func name(_ key: String) -> String? {
        if address.prefix.isEmpty { return key }
        return key.hasPrefix(address.prefix + "/") ? String(key.dropFirst(address.prefix.count + 1)) : nil
    }
}

extension ObjectFailure {
    fileprivate var wish: Duration? {
        guard case .answer(_, _, _, let seconds?) = self, seconds > 0 else { return nil }
        return .seconds(seconds)
    }
}
