// The options that several commands share, and what they mean.

import Glibc
import SluiceModel
import SluicePipeline
import SluicePolicy
import SluiceSystem

extension Option {
    static let policy = Option("--policy", "NAME|FILE", "portal (the default), bundle, or a JSON5 policy file.")
    static let format = Option("--format", "FORMAT", "table (the default), or json: one JSON object a line.")
    static let jobs = Option("--jobs", "N", "Files read and inspected at once; by default twice the processors.")
    static let store = Option(
        "--store", "STORE",
        "The ticket store: a folder, or postgres://USER@HOST/DATABASE; else $SLUICE_STORE, else ~/.local/share/sluice.")
    static let blobs = Option(
        "--blobs", "PLACE",
        "Where bytes are kept, if not in the store's folder: a folder, or s3://BUCKET/PREFIX?endpoint=URL; else $SLUICE_BLOBS."
    )
    static let spool = Option(
        "--spool", "DIR",
        "Where bytes arrive on this machine, if they are kept in an object store; else $SLUICE_SPOOL, else ~/.local/state/sluice."
    )
    static let category = Option("--category", "NAME", "Declare a category: \"Log File\", Configuration or Other.")
    static let manifest = Option(
        "--manifest", nil, "Tell the reason for each category, an archive's entries with theirs, and the card.")
    static let weak = Option(
        "--weak-confinement", nil, "Start although this machine cannot confine the inspector fully (see sluice doctor)."
    )
}

enum OutputFormat: String, CaseIterable {
    case table, json
}

extension Arguments {
    var format: OutputFormat {
        get throws(UsageError) { try choice("--format", OutputFormat.self) ?? .table }
    }

    var jobs: Int {
        get throws(UsageError) {
            let wanted = try count("--jobs") ?? 2 * max(1, Int(sysconf(CInt(_SC_NPROCESSORS_ONLN))))
            return descriptors.jobs(wanted)
        }
    }

    /// How many files may be open at once. Raises the limit as far as the system allows.
    var descriptors: DescriptorBudget { .raised() }

    /// A built-in policy by name, or a policy file.
    var policy: Policy {
        get throws(UsageError) {
            let name = self["--policy"] ?? "portal"
            if let builtIn = Policy.builtIn.first(where: { $0.name == name }) { return builtIn }
            guard let content = SmallFile.read(name) else {
                let nearest = Nearest.word(to: name, among: Policy.builtIn.map(\.name))
                let hint = nearest.map { " Did you mean \($0)?" } ?? ""
                throw UsageError(
                    message:
                        "--policy: \(SafeText.display(name)) is neither a built-in policy nor a readable file.\(hint)")
            }
            let file = name.split(separator: "/").last.map(String.init) ?? name
            let stem = file.split(separator: ".").first.map(String.init) ?? file
            do {
                return try PolicyFile.read(content, name: stem, version: PolicyFile.version(of: content))
            } catch {
                throw UsageError(ErrorDefinition.policyFile, message: "--policy \(SafeText.display(name)): \(error)")
            }
        }
    }
}

extension Arguments {
    /// A size with its unit: `500 KB`, `20 MB`.
    func size(_ option: String) throws(UsageError) -> ByteCount? {
        guard let text = self[option] else { return nil }
        guard let size = ByteCount(text), size > .zero else {
            throw UsageError(
                message: "\(option) takes a size such as \"20 MB\", not \(SafeText.display(text, limit: 40)).")
        }
        return size
    }
}

enum Environment {
    /// - Returns: `nil` for a variable that is unset or empty.
    static subscript(name: String) -> String? {
        guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { return nil }
        return value
    }
}

enum SmallFile {
    /// A policy file is a page or two; a longer file is not one (chosen).
    private static let most = 1 << 20

    /// - Returns: `nil` where it cannot be read or is longer than 1 MiB.
    static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count == 0 { return content }
            if count < 0 && errno == EINTR { continue }
            guard count > 0, content.count + count <= most else { return nil }
            content += piece[..<count]
        }
    }
}
