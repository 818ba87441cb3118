// The keys of the object store: from the environment, else from the file that other S3 clients use as well. They are in no log, message or error.

import Glibc
import SluiceModel
import SluiceSystem
import Synchronization

/// One pair of keys. It has no text form on purpose.
struct ObjectKeys: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var id: String
    var secret: String
    /// Only for keys that are lent for some time.
    var token: String?

    var description: String { "keys of the object store" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}

/// Finds the keys and keeps them until the store says that they have expired.
public final class ObjectCredentials: Sendable {
    /// A file of keys is short (chosen); anything longer is some other file.
    private static let mostBytes = 1 << 20

    private let environment: @Sendable (String) -> String?
    private let found = Mutex<ObjectKeys?>(nil)

    public init() {
        environment = { name in
            guard let value = getenv(name) else { return nil }
            return value[0] == 0 ? nil : String(cString: value)
        }
    }

    /// For tests.
    package init(_ environment: @escaping @Sendable (String) -> String?) { self.environment = environment }

    /// - Throws: `store.not-permitted` where there are no keys, or where the file that has them cannot be read.
    func keys() throws(SluiceError) -> ObjectKeys {
        try found.withLock { (found) throws(SluiceError) in
            if let found { return found }
            let read = try load()
            found = read
            return read
        }
    }

    /// Reads the keys again.
    /// - Returns: whether they are others than `used`.
    func reload(after used: ObjectKeys) -> Bool {
        guard let read = try? load() else { return false }
        found.withLock { $0 = read }
        return read != used
    }

    // MARK: Where they come from

    private func load() throws(SluiceError) -> ObjectKeys {
        if let id = environment("AWS_ACCESS_KEY_ID") {
            guard let secret = environment("AWS_SECRET_ACCESS_KEY") else {
                throw Self.missing("AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not.")
            }
            return try Self.checked(ObjectKeys(id: id, secret: secret, token: environment("AWS_SESSION_TOKEN")))
        }
        let profile = environment("AWS_PROFILE") ?? "default"
        guard
            let path = environment("AWS_SHARED_CREDENTIALS_FILE")
                ?? environment("HOME").map({ $0 + "/.aws/credentials" })
        else { throw Self.missing("Neither AWS_ACCESS_KEY_ID nor AWS_SHARED_CREDENTIALS_FILE nor HOME is set.") }
        guard let text = try Self.text(path) else {
            throw Self.missing("AWS_ACCESS_KEY_ID is not set, and there is no file \(SafeText.display(path)).")
        }
        guard let keys = CredentialsFile.keys(in: text, profile: profile) else {
            throw Self.missing(
                "The file \(SafeText.display(path)) has no keys for the profile \(SafeText.display(profile)).")
        }
        return try Self.checked(keys)
    }

    private static func text(_ path: String) throws(SluiceError) -> String? {
        let bytes: [UInt8]?
        do throws(SystemCallFailure) {
            guard let file = try OwnedDescriptor.openExisting(path, O_RDONLY | O_NONBLOCK) else { return nil }
            var buffer = [UInt8](repeating: 0, count: mostBytes)
            let number = file.number
            let read: Result<Int, SystemCallFailure> = buffer.withUnsafeMutableBytes { raw in
                do throws(SystemCallFailure) { return .success(try readAt(0, of: number, into: raw)) } catch {
                    return .failure(error)
                }
            }
            bytes = Array(buffer.prefix(try read.get()))
        } catch {
            throw SluiceError(
                "store.not-permitted", what: "The keys of the object store cannot be read.",
                why: "The file \(SafeText.display(path)) cannot be opened.",
                mend: "Let the user who runs Sluice read the file.", cause: error.text)
        }
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    /// A line break inside a key would begin a new header.
    private static func checked(_ keys: ObjectKeys) throws(SluiceError) -> ObjectKeys {
        let texts = [keys.id, keys.secret, keys.token ?? "x"]
        guard texts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }) else {
            throw missing("A key is empty, or has characters that no key has.")
        }
        return keys
    }

    private static func missing(_ why: String) -> SluiceError {
        SluiceError(
            "store.not-permitted", what: "There are no keys for the object store.", why: why,
            mend:
                "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a file with AWS_SHARED_CREDENTIALS_FILE and AWS_PROFILE."
        )
    }
}

/// The file of keys: sections in brackets, lines of `name = value` (docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html).
enum CredentialsFile {
    static func keys(in text: String, profile: String) -> ObjectKeys? {
        var section = ""
        var values: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmed
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
            if line.hasPrefix("["), line.hasSuffix("]") {
                section = String(line.dropFirst().dropLast().trimmed)
                continue
            }
            guard section == profile, let equals = line.firstIndex(of: "=") else { continue }
            values[line[..<equals].trimmed.lowercased()] = String(line[line.index(after: equals)...].trimmed)
        }
        guard let id = values["aws_access_key_id"], let secret = values["aws_secret_access_key"] else { return nil }
        return ObjectKeys(id: id, secret: secret, token: values["aws_session_token"])
    }
}

extension Substring {
    /// Without spaces and tabs at both ends.
    fileprivate var trimmed: Substring {
        let start = drop { $0 == " " || $0 == "\t" }
        guard let end = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return start[...end]
    }
}
