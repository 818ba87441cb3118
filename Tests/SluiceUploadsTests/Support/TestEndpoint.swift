// An endpoint of the test's own: its own store and port, the real inspector, pace and limits as the test wants them.

import Foundation
import SluiceModel
import SluicePipeline
import SluicePolicy
import SluiceSandbox
import SluiceStorage
import SluiceSystem
import SluiceTestSupport

@testable import SluiceServer
@testable import SluiceUploads

/// Runs until `stop`.
final class TestEndpoint: Sendable {
    let folder: URL
    let store: Storage
    let services: Services
    private let endpoint: Endpoint
    private let ending: Flag
    private let watch = BlockingThreads(count: 1)
    private let running: Task<Void, Never>

    /// Tokens that these tests use.
    struct Tokens: Authority {
        func caller(bearing token: String) throws(SluiceError) -> Caller? {
            switch token {
            case "submitter": Caller(role: .submitter, name: "ann", token: "t1")
            case "bound": Caller(role: .submitter, name: "bob", ticket: TicketID("T-1"), token: "t2")
            case "wide": Caller(role: .submitter, name: "may", token: "t4", seesAllTickets: true)
            case "other": Caller(role: .submitter, name: "zoe", token: "t5")
            case "boundReviewer": Caller(role: .reviewer, name: "rob", ticket: TicketID("T-1"), token: "t6")
            case "boundElsewhere": Caller(role: .submitter, name: "ann", ticket: TicketID("T-2"), token: "t7")
            case "admin": Caller(role: .admin, name: "ada", token: "t8")
            case "reviewer": Caller(role: .reviewer, name: "eve", token: "t3")
            default: nil
            }
        }
    }

    /// - Parameters:
    ///   - limit: of one attachment; the policy's own where none is given.
    ///   - blobs: an object store for the bytes.
    ///   - database: PostgreSQL for the rows; its tokens are the store's own.
    init(
        limit: Int64? = nil, quotas: Quotas? = nil, anonymous: Bool = true,
        address: ListenAddress = .tcp(host: "127.0.0.1", port: 0), blobs: String? = nil, database: String? = nil,
        _ change: (inout EndpointOptions) -> Void = { _ in }
    ) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "sluice-endpoint-\(UUID().uuidString)")
        var policy = Policy.portal
        if let limit { policy.sizeLimit = ByteCount(limit) }
        if let quotas { policy.quotas = quotas }
        var options = EndpointOptions(address: address, jobs: 2, transportThreads: 2)
        options.allowsAnonymous = anonymous
        options.hosts = ["h"]
        options.server.patience = .seconds(10)
        change(&options)
        store =
            switch (database, blobs) {
            case (let database?, let blobs?): try LocalStore.open(folder.path, database: database, blobs: blobs)
            case (let database?, nil): try LocalStore.open(folder.path, database: database, patience: .seconds(2))
            case (nil, let blobs?): try LocalStore.open(folder.path, blobs: blobs)
            case (nil, nil): try LocalStore.open(folder.path)
            }
        let inspectors = try TestPrograms.inspectors.get()
        services = Services(
            policy: policy, store: store, inspectors: inspectors, inspector: RepeatedAttachments(inspectors),
            authority: database == nil ? Tokens() : TokenAuthority(store.tokens), options: options)
        // Lines of the log go nowhere here.
        endpoint = try Endpoint(services, log: RequestLog(to: open("/dev/null", O_WRONLY | O_CLOEXEC)))
        let flag = Flag()
        ending = flag
        running = Task(executorPreference: watch) { [endpoint] in await endpoint.run(isInterrupted: { flag.isSet }) }
    }

    var port: UInt16 { if case .tcp(_, let port) = endpoint.address { port } else { 0 } }

    /// Asks for the end and waits for it.
    func stop() async {
        ending.set()
        await running.value
        watch.stop()
        store.close()
        try? FileManager.default.removeItem(at: folder)
    }

    func askForEnd() { ending.set() }

    /// A connection of the test's own.
    func connect() throws -> RawClient { try RawClient(port: port) }

    /// Sends one request on a connection of its own and gives the answer.
    func ask(_ text: String, body: [UInt8] = []) throws -> RawAnswer {
        let client = try connect()
        try client.send(text, body)
        return try client.answer()
    }

    var connections: Int { endpoint.connections }

    /// Looks until `condition` holds, or for so long.
    func reaches(within seconds: Int = 60, _ condition: () -> Bool) -> Bool {
        let deadline = ContinuousClock.now.advanced(by: .seconds(seconds))
        while !condition() {
            if ContinuousClock.now > deadline { return false }
            usleep(10_000)
        }
        return true
    }

    /// Whether no reception holds a spool file any more. The answer leaves a moment before its reception ends, so that this waits a little.
    var isSpoolFree: Bool {
        reaches(within: 5) { openReceptions == 0 }
    }

    /// The number of spool files that receptions hold: descriptors of this process on unnamed files of this store.
    private var openReceptions: Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.filter { name in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + name)
            return target.map { $0.hasPrefix(folder.path + "/spool/#") } ?? false
        }.count
    }
}

/// Runs a test against an endpoint, on a thread that may block, and ends it.
func withEndpoint(
    limit: Int64? = nil, quotas: Quotas? = nil, anonymous: Bool = true, blobs: String? = nil, database: String? = nil,
    _ change: (inout EndpointOptions) -> Void = { _ in },
    _ body: @escaping @Sendable (TestEndpoint) async throws -> Void
) async throws {
    let endpoint = try TestEndpoint(
        limit: limit, quotas: quotas, anonymous: anonymous, blobs: blobs, database: database, change)
    let threads = BlockingThreads(count: 1)
    defer { threads.stop() }
    let result = await Task(executorPreference: threads) { try await body(endpoint) }.result
    await endpoint.stop()
    try result.get()
}

final class Flag: @unchecked Sendable {
    // guarded by: lock
    private var value = false
    private let lock = NSLock()
    var isSet: Bool { lock.withLock { value } }
    func set() { lock.withLock { value = true } }
}

/// The programs of this package, beside the test bundle.
enum TestPrograms {
    /// One for all tests: what is tested here is not the pool.
    static let inspectors = Result { try InspectorPool(jobs: 2, path: inspector) }

    static var inspector: String {
        let image = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        var folder = URL(filePath: image).deletingLastPathComponent()
        for argument in CommandLine.arguments where argument.contains(".xctest") && !image.contains(".xctest") {
            folder = URL(filePath: String(argument.prefix { $0 != "=" })).deletingLastPathComponent()
        }
        return folder.appending(path: "sluice-inspector").path
    }
}

extension Policy {
    static var portal: Policy { Policy.builtIn.first { $0.name == "portal" }! }
}
