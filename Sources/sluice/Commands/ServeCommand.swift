// `sluice serve`: the upload endpoint.

import Glibc
import SluiceModel
import SluicePipeline
import SluiceServer
import SluiceStorage
import SluiceSystem
import SluiceUploads

extension Command {
    static let serve = Command(
        name: "serve", synopsis: "[--listen ADDRESS] [options]",
        summary: "Run the upload endpoint and its pages.",
        details: """
            ADDRESS is HOST:PORT with a numeric host (port 0 takes a free one), or unix:PATH. TLS is the work of a proxy in front; Samples
            has one for nginx and one for Caddy. One JSON object a request goes to standard output. SIGTERM ends in good order: requests
            under way get 30 seconds.
            """,
        options: [
            .store, .blobs, .spool, .policy,
            Option("--listen", "ADDRESS", "Where to listen; by default 127.0.0.1:8080."),
            Option(
                "--allow-anonymous", nil,
                "Let everybody submit who can reach the endpoint; without it, a token is needed. They read nothing but answers."
            ),
            Option(
                "--host", "NAME,…",
                "Names that it is asked for by, besides its machine's own; others are refused. Needed where everybody may submit."
            ),
            Option("--per-peer", "N", "Connections of one address; by default 64, 0 for no bound (behind a proxy)."),
            Option(
                "--rate", "N",
                "Requests a second of one token, or of one address without a token; by default without bound."),
            Option(
                "--client-address-header", "NAME",
                "The header in which the proxy in front tells the client's address, such as X-Forwarded-For; by default none is believed."
            ),
            .jobs, .weak,
        ]
    ) { arguments in
        guard arguments.paths.isEmpty else {
            throw UsageError(message: "serve takes no path; name the store by --store.")
        }
        let text = arguments["--listen"] ?? "127.0.0.1:8080"
        guard let address = ListenAddress(text) else {
            throw UsageError(
                message: "--listen takes a numeric HOST:PORT or unix:PATH, not \(SafeText.display(text, limit: 120)).")
        }
        var options = EndpointOptions(address: address, jobs: try arguments.jobs, transportThreads: 2 * processors)
        options.server.connections = arguments.descriptors.connections(
            jobs: options.jobs + EndpointOptions.spareInspections(jobs: options.jobs),
            atMost: options.server.connections)
        options.allowsAnonymous = arguments.isSet("--allow-anonymous")
        options.hosts = try hosts(arguments)
        if options.allowsAnonymous && options.hosts.isEmpty && !address.isLoopback {
            throw UsageError(
                message: "Where everybody may submit from elsewhere, say by which names it is asked for: --host NAME,…."
            )
        }
        if let text = arguments["--per-peer"] {
            guard let most = Int(text), (0...100_000).contains(most) else {
                throw UsageError(
                    message: "--per-peer takes a number from 0 to 100 000, not \(SafeText.display(text, limit: 40)).")
            }
            options.server.connectionsPerPeer = most
        }
        if let text = arguments["--rate"] {
            guard let most = Int(text), (1...100_000).contains(most) else {
                throw UsageError(
                    message: "--rate takes a number from 1 to 100 000, not \(SafeText.display(text, limit: 40)).")
            }
            options.server.requestsPerSecond = most
        }
        if let name = arguments["--client-address-header"] {
            guard !name.isEmpty, name.utf8.count <= 100, name.utf8.allSatisfy(isOfHeaderName) else {
                throw UsageError(
                    message:
                        "--client-address-header takes the name of a header, such as X-Forwarded-For, not \(SafeText.display(name, limit: 40))."
                )
            }
            options.server.clientAddressHeader = name.lowercased()
        }
        Interrupt.listen()
        let log = RequestLog()
        let services = try Composition.serving(arguments, options)
        let endpoint = try Endpoint(services, log: log)
        StandardError.line("sluice: listening on \(endpoint.address).")
        if options.allowsAnonymous { StandardError.line("sluice: everybody may submit without a token, as asked for.") }
        log.event("listening", [("address", endpoint.address.description)])
        await endpoint.run(isInterrupted: { Interrupt.isAsked })
        services.store.close()
        log.event("ended")
        log.close()
        return .success
    }
}

private func isOfHeaderName(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte < 0x80 && Character(Unicode.Scalar(byte)).isLetter
        || (48...57).contains(byte)
}

/// - Throws: for what is no name of a host.
private func hosts(_ arguments: Arguments) throws -> [String] {
    guard let text = arguments["--host"] else { return [] }
    let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    if let wrong = names.first(where: { !HostNames.isName($0) }) {
        throw UsageError(
            message: "--host takes names without scheme and port, not \(SafeText.display(wrong, limit: 80)).")
    }
    return names
}

private var processors: Int { max(1, Int(sysconf(CInt(_SC_NPROCESSORS_ONLN)))) }
