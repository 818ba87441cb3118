// libcurl's easy handle: one connection that is kept open, and one request at a time on it. libcurl signs the request (CURLOPT_AWS_SIGV4).

import CCurl
import Glibc
import SluiceModel
import SluiceSystem

/// Owns one `CURL`. One thread at a time uses it (man 3 libcurl-thread).
final class CurlHandle: @unchecked Sendable {
    /// Below this, bodies go out in one piece with their headers. Above, libcurl asks with `Expect: 100-continue` first, so that a refusal comes
    /// before the bytes (its own limit is the same for POST).
    static let smallBody: Int64 = 1 << 20

    /// The server takes this long to say "continue", or the body is sent without it (chosen: libcurl's own second delays servers that never say it).
    private static let continueWait = 300

    // guarded by: whoever has taken the handle out of its pool
    private let handle: UnsafeMutableRawPointer
    private var list: UnsafeMutablePointer<curl_slist>?

    /// Once in a process, before the first handle (man 3 curl_global_init); static values are made by one thread.
    private static let isReady: Bool = curl_global_init(sluice_CURL_GLOBAL_ALL) == CURLE_OK

    init() {
        precondition(Self.isReady, "libcurl cannot be initialised")
        guard let made = curl_easy_init() else { fatalError("no memory for a connection") }
        handle = made
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(list)
        buffer.deallocate()
    }

    /// How long one try may take, in its parts.
    struct Limits {
        var total: Duration
        /// Until a connection stands.
        var connect = Duration.seconds(3)
        /// A transfer below `slowest` bytes a second for so long is given up: 1 KiB/s is no network that works (chosen).
        var patience = Duration.seconds(10)
        var slowest = 1024
    }

    /// Sends one request and receives its answer.
    /// - Throws: `transport` where no whole answer came, `local` where our own file fails.
    func perform(
        _ request: ObjectRequest, url: String, address: ObjectAddress, keys: ObjectKeys, _ outgoing: OutgoingBytes?,
        _ limits: Limits
    ) throws(ObjectFailure) -> ObjectResponse {
        let incoming = IncomingBytes(request.sink)
        curl_easy_reset(handle)
        try configure(url, address, keys, limits)
        let small = try whole(request, outgoing)
        defer { withExtendedLifetime((incoming, outgoing, small)) {} }
        try set(request, outgoing, small)
        setSink(incoming)
        let code = curl_easy_perform(handle)
        if let failure = outgoing?.failure { throw .local(failure) }
        if incoming.isRefused { throw .nonsense("the answer is longer than it may be") }
        guard code == CURLE_OK else {
            throw .transport(code: Int(code.rawValue), words: String(cString: curl_easy_strerror(code)))
        }
        return incoming.response
    }

    // MARK: Options

    private func configure(
        _ url: String, _ address: ObjectAddress, _ keys: ObjectKeys, _ limits: Limits
    ) throws(ObjectFailure) {
        long(CURLOPT_NOSIGNAL, 1)
        text(CURLOPT_URL, url)
        text(CURLOPT_PROTOCOLS_STR, "http,https")
        // Keys are names: libcurl must not take "." and ".." out of them.
        long(CURLOPT_PATH_AS_IS, 1)
        long(CURLOPT_HTTP_VERSION, Int(sluice_CURL_HTTP_VERSION_1_1))
        long(CURLOPT_TCP_KEEPALIVE, 1)
        long(CURLOPT_SSLVERSION, Int(sluice_CURL_SSLVERSION_TLSv1_2))
        if let file = address.certificates { text(CURLOPT_CAINFO, file) }
        // What is on this machine is not asked for through a proxy.
        if address.endpoint.isLoopback { text(CURLOPT_NOPROXY, "*") }
        long(CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(limits.connect))
        long(CURLOPT_TIMEOUT_MS, Self.milliseconds(limits.total))
        long(CURLOPT_LOW_SPEED_LIMIT, limits.slowest)
        long(CURLOPT_LOW_SPEED_TIME, Int(limits.patience.components.seconds))
        guard sluice_curl_set_text(handle, CURLOPT_AWS_SIGV4, "aws:amz:\(address.region):s3") == CURLE_OK else {
            throw .transport(code: Int(CURLE_UNKNOWN_OPTION.rawValue), words: "this libcurl cannot sign requests")
        }
        text(CURLOPT_USERNAME, keys.id)
        text(CURLOPT_PASSWORD, keys.secret)
    }

    /// A small body as one piece of memory; libcurl signs and sends it with the headers, and does not ask first.
    private func whole(
        _ request: ObjectRequest, _ outgoing: OutgoingBytes?
    ) throws(ObjectFailure) -> UnsafeMutableRawBufferPointer? {
        guard let outgoing, request.body.count <= Self.smallBody else { return nil }
        if buffer.count < Int(request.body.count) {
            buffer.deallocate()
            buffer = .allocate(byteCount: Int(request.body.count), alignment: 64)
        }
        var count = 0
        while let more = outgoing.next(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...])), more > 0 {
            count += more
        }
        if let failure = outgoing.failure { throw .local(failure) }
        return UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
    }

    /// Kept from one request to the next: fresh pages cost more than the copy.
    private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 64)

    private func set(
        _ request: ObjectRequest, _ outgoing: OutgoingBytes?, _ small: UnsafeMutableRawBufferPointer?
    ) throws(ObjectFailure) {
        curl_slist_free_all(list)
        list = nil
        switch request.method {
        case .get: long(CURLOPT_HTTPGET, 1)
        case .head: long(CURLOPT_NOBODY, 1)
        case .delete: text(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        case .put, .post:
            if let outgoing, small == nil {
                long(CURLOPT_UPLOAD, 1)
                sluice_curl_set_offset(handle, CURLOPT_INFILESIZE_LARGE, Int(request.body.count))
                setSource(outgoing)
            } else {
                long(CURLOPT_POST, 1)
                sluice_curl_set_pointer(
                    handle, CURLOPT_POSTFIELDS, UnsafeRawPointer(small?.baseAddress ?? buffer.baseAddress))
                sluice_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, small?.count ?? 0)
            }
            text(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
            add("Content-Type", "application/octet-stream")
        }
        for (name, value) in request.headers { add(name, value) }
        // Without the digest, libcurl would sign that of an empty body.
        add("x-amz-content-sha256", request.bodyDigest ?? (outgoing == nil ? Self.emptyDigest : "UNSIGNED-PAYLOAD"))
        sluice_curl_set_list(handle, CURLOPT_HTTPHEADER, list)
    }

    /// The SHA-256 of no bytes.
    private static let emptyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    private func add(_ name: String, _ value: String) { list = curl_slist_append(list, "\(name): \(value)") }

    private func setSource(_ outgoing: OutgoingBytes) {
        long(CURLOPT_EXPECT_100_TIMEOUT_MS, Self.continueWait)
        let context = Unmanaged.passUnretained(outgoing).toOpaque()
        sluice_curl_set_pointer(handle, CURLOPT_READDATA, context)
        sluice_curl_set_data_callback(handle, CURLOPT_READFUNCTION) { bytes, size, count, context in
            let outgoing = Unmanaged<OutgoingBytes>.fromOpaque(context!).takeUnretainedValue()
            return outgoing.next(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
                ?? sluice_CURL_READFUNC_ABORT
        }
        sluice_curl_set_pointer(handle, CURLOPT_SEEKDATA, context)
        sluice_curl_set_seek_callback(handle) { context, offset, origin in
            guard offset == 0, origin == SEEK_SET else { return Int32(CURL_SEEKFUNC_FAIL) }
            Unmanaged<OutgoingBytes>.fromOpaque(context!).takeUnretainedValue().rewind()
            return Int32(CURL_SEEKFUNC_OK)
        }
    }

    private func setSink(_ incoming: IncomingBytes) {
        let context = Unmanaged.passUnretained(incoming).toOpaque()
        sluice_curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
        sluice_curl_set_data_callback(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            let incoming = Unmanaged<IncomingBytes>.fromOpaque(context!).takeUnretainedValue()
            return incoming.take(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
        }
        sluice_curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
        sluice_curl_set_data_callback(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            let incoming = Unmanaged<IncomingBytes>.fromOpaque(context!).takeUnretainedValue()
            incoming.header(UnsafeRawBufferPointer(start: bytes, count: size * count))
            return size * count
        }
    }

    private func long(_ option: CURLoption, _ value: Int) { _ = sluice_curl_set_long(handle, option, value) }
    private func text(_ option: CURLoption, _ value: String) { _ = sluice_curl_set_text(handle, option, value) }

    private static func milliseconds(_ duration: Duration) -> Int { max(1, Int(duration / .milliseconds(1))) }

    // MARK: What libcurl's numbers mean (man 3 libcurl-errors)

    static func passes(_ code: Int) -> Bool {
        [
            CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_PARTIAL_FILE,
            CURLE_OPERATION_TIMEDOUT, CURLE_SSL_CONNECT_ERROR, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR,
            CURLE_WEIRD_SERVER_REPLY, CURLE_SEND_FAIL_REWIND,
        ].contains { Int($0.rawValue) == code }
    }

    static func concernsCertificates(_ code: Int) -> Bool {
        [CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR].contains {
            Int($0.rawValue) == code
        }
    }
}
