// The inspector program's main part, which starts the fork parent. It initializes once, before the first fork. ForkParent.swift forks
// the children, ConfinedSession.swift is what a child does.

internal import CSandbox
internal import Glibc
public import SluiceModel

/// Inspects the attachment behind a read-only descriptor. An error means that the descriptor could not be read.
public typealias Inspect = (CInt, ByteCount, InspectionOrder) throws(SluiceError) -> Inspection

/// Reads one entry of the archive behind a read-only descriptor and passes its bytes to the closure, in their order.
public typealias Extract = (EntryAddress, CInt, ByteCount, InspectionOrder, (Span<UInt8>) -> Void) throws(SluiceError)
    -> EntryEnding

/// The inspector program, from its first line to its end.
public enum InspectorService {
    /// Serves until the main program closes its end of the socket or ends. The process must have one thread, and the control socket as
    /// descriptor 3.
    ///
    /// `inspect` is called here on a few contents of our own, so that everything it loads at first use is there before the first fork.
    /// All other calls happen in confined children.
    /// - Parameter arguments: as InspectorProcess passes them, without the program's name.
    public static func run(
        arguments: some Sequence<String>, inspect: @escaping Inspect, extract: @escaping Extract
    ) -> Never {
        let control = ControlSocket(descriptor: ControlSocket.descriptorInForkParent)
        do throws(SluiceError) {
            let confinement = try prepare(arguments: Array(arguments))
            try warmUp(inspect)
            let parent = ForkParent(control: control, confinement: confinement, inspect: inspect, extract: extract)
            guard control.send(.ready, waits: true) else { _exit(0) }
            parent.serve()
        } catch {
            _ = control.send(.refused(error.description), waits: true)
            _exit(70)
        }
    }

    private static func prepare(arguments: [String]) throws(SluiceError) -> Confinement {
        let weak = "--weak-confinement"
        guard let limits = ConfinementLimits(arguments: arguments.filter { $0 != weak }) else {
            throw refusal("it was started with arguments that it does not know")
        }
        // A lock that another thread holds at the fork would stay locked in the child for ever.
        guard ownThreads == 1 else { throw refusal("it is not single-threaded") }
        // Closes what the starter left open. (InspectorProgram closes everything already.)
        sandbox_close_from(UInt32(ControlSocket.descriptorInForkParent) + 1)
        sandbox_default_signals()
        // The fork parent sees no attachment. Still, no process need trace it, and no child may gain rights by executing a program.
        guard sandbox_no_new_privileges() == 0, sandbox_not_dumpable() == 0 else { throw refusal("prctl is refused") }
        // libarchive opens gconv files in other locales and stats localtime per entry without TZ.
        clearenv()
        setenv("LC_ALL", "C.UTF-8", 1)
        setenv("TZ", "UTC0", 1)
        // Only the character encoding: each further category is a mapping that every fork copies.
        guard setlocale(LC_CTYPE, "C.UTF-8") != nil else { throw refusal("the locale C.UTF-8 is missing") }
        tzset()
        // A fork copies huge pages with a few entries; each child would fault in code that is mapped from the file anew (measured: 0.06
        // ms). Where the call is refused, only that time is lost.
        _ = sandbox_code_to_huge_pages()
        return try Confinement(limits: limits, allowWeak: arguments.contains(weak))
    }

    /// Loads the magic database and everything else that is made at first use. What is not there at the fork, every child makes anew.
    private static func warmUp(_ inspect: Inspect) throws(SluiceError) {
        for content in WarmUpContent.all {
            let file = sandbox_memory_file()
            guard file >= 0 else { return }
            defer { close(file) }
            guard pwrite(file, content, content.count, 0) == content.count else { return }
            let order = WireOrder(
                nonce: 0, size: ByteCount(content.count), order: InspectionOrder(secondOpinion: .always))
            let inspection = try inspect(file, order.size, order.order)
            // Also goes through the wire once: it builds the table of findings by code, and the allocator's pools.
            let reply = WireReply(nonce: 0, inspection: inspection).framed(for: order.order)
            _ = try? WireReply(reply[WireFrame.prefix...], answering: order.order)
            _ = try? WireOrder(order.framed[WireFrame.prefix...])
        }
    }

    static func refusal(_ reason: String) -> SluiceError {
        SluiceError(
            "inspector.unavailable", what: "No inspector can be started: \(reason).",
            why: "Without an inspection nothing is decided.",
            mend: "See `sluice doctor`; then send the attachments again.")
    }

    /// The 20th field of /proc/self/stat. The 2nd field stands in brackets and may hold blanks (man 5 proc).
    private static var ownThreads: Int? {
        let file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = read(file, &bytes, bytes.count)
        guard count > 0, let name = bytes[..<count].lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = bytes[(name + 1)..<count].split(separator: UInt8(ascii: " "))
        return fields.count > 17 ? Int(String(decoding: fields[17], as: UTF8.self)) : nil
    }
}
