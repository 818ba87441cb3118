// Where an object store is, as the command line names it: s3://BUCKET/PREFIX?endpoint=URL&region=NAME. Keys are never part of it: they come from the
// environment or a file (ObjectCredentials.swift).

import SluiceModel

/// What is wrong with the address of an object store, in words for a person.
public struct ObjectAddressFailure: Error, Sendable, Hashable {
    public let what: String
    public let mend: String
}

/// A bucket of an S3-compatible store, and the prefix below which everything of one Sluice store lies.
public struct ObjectAddress: Sendable, Hashable {
    /// How a bucket stands in a request's URL.
    public enum Style: String, Sendable, CaseIterable {
        /// `https://host/bucket/key`.
        case path
        /// `https://bucket.host/key`.
        case virtual
    }

    public let bucket: String
    /// Without slashes at its ends; may be empty.
    public let prefix: String
    public let endpoint: ObjectEndpoint
    public let region: String
    public let style: Style
    /// A file with the certificates that are trusted; `nil` for those of the system.
    public let certificates: String?

    /// The address as text; it has no secrets.
    public var text: String {
        "s3://\(bucket)\(prefix.isEmpty ? "" : "/" + prefix)?endpoint=\(endpoint.text)&region=\(region)"
    }

    /// Bytes and keys cross a network without protection. A program says so when it starts.
    public var isUnprotected: Bool { !endpoint.isEncrypted && !endpoint.isLoopback }

    /// Whether a text is meant to be an address of this kind.
    public static func isMeant(by text: String) -> Bool { text.lowercased().hasPrefix("s3:") }

    private static let keys = ["ca", "endpoint", "insecure", "region", "style"]

    public init(_ text: String) throws(ObjectAddressFailure) {
        guard text.hasPrefix("s3://") else {
            throw ObjectAddressFailure(
                what: "The object store's address does not begin with s3://.",
                mend: "Write s3://BUCKET/PREFIX?endpoint=URL.")
        }
        let parts = text.dropFirst(5).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let options = try Self.options(parts.count > 1 ? String(parts[1]) : "")
        if parts[0].utf8.contains(UInt8(ascii: "@")) { throw Self.secret }
        let names = parts[0].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        bucket = String(names[0])
        prefix = try Self.prefix(names.count > 1 ? String(names[1]) : "")
        guard Self.isBucket(bucket) else {
            throw ObjectAddressFailure(
                what: "\(SafeText.display(bucket)) cannot be the name of a bucket.",
                mend: "A bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens.")
        }
        region = options["region"] ?? "us-east-1"
        guard !region.isEmpty, region.utf8.allSatisfy({ ObjectEndpoint.isHostByte($0) }) else {
            throw ObjectAddressFailure(
                what: "\(SafeText.display(region)) cannot be the name of a region.",
                mend: "Take the name that the object store's operator tells, such as eu-central-1.")
        }
        endpoint = try ObjectEndpoint(options["endpoint"] ?? "https://s3.\(region).amazonaws.com")
        style = try Self.style(options["style"], hasEndpoint: options["endpoint"] != nil)
        certificates = options["ca"]
        let isInsecureWished = try Self.isYes(options["insecure"])
        if isUnprotected && !isInsecureWished {
            throw ObjectAddressFailure(
                what: "The endpoint \(endpoint.text) is not encrypted, and it is not on this machine.",
                mend: "Use https://; where the network is protected by other means, add &insecure=yes.")
        }
    }

    // MARK: Parts

    private static let secret = ObjectAddressFailure(
        what: "The object store's address contains keys, and other users of this machine can read a command line.",
        mend: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a file with AWS_SHARED_CREDENTIALS_FILE.")

    private static func options(_ query: String) throws(ObjectAddressFailure) -> [String: String] {
        var options: [String: String] = [:]
        for part in query.split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(pair[0])
            if ["key", "secret", "password", "token"].contains(where: { name.lowercased().contains($0) }) {
                throw secret
            }
            guard keys.contains(name) else {
                let near = Nearest.word(to: name, among: keys)
                throw ObjectAddressFailure(
                    what: "The object store's address has the unknown part \(SafeText.display(name)).",
                    mend: near.map { "Did you mean \($0)?" } ?? "Known are \(keys.joined(separator: ", ")).")
            }
            guard pair.count == 2, let value = PercentCoding.decode(String(pair[1])), !value.isEmpty,
                options[name] == nil
            else {
                throw ObjectAddressFailure(
                    what: "The part \(name) of the object store's address has no value, or more than one.",
                    mend: "Write \(name)=VALUE once.")
            }
            options[name] = value
        }
        return options
    }

    private static func prefix(_ text: String) throws(ObjectAddressFailure) -> String {
        let names = text.split(separator: "/")
        guard !names.contains("."), !names.contains(".."), !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else {
            throw ObjectAddressFailure(
                what: "The prefix \(SafeText.display(text)) cannot be used in the names of objects.",
                mend: "Use letters, digits, hyphens and slashes.")
        }
        return names.joined(separator: "/")
    }

    private static func isBucket(_ name: String) -> Bool {
        let bytes = name.utf8
        return (3...63).contains(bytes.count)
            && bytes.allSatisfy {
                (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
            }
    }

    private static func style(_ text: String?, hasEndpoint: Bool) throws(ObjectAddressFailure) -> Style {
        // Servers of one's own seldom have a name in DNS for each bucket.
        guard let text else { return hasEndpoint ? .path : .virtual }
        guard let style = Style(rawValue: text) else {
            throw ObjectAddressFailure(
                what: "style=\(SafeText.display(text)) is unknown.", mend: "Write style=path or style=virtual.")
        }
        return style
    }

    private static func isYes(_ text: String?) throws(ObjectAddressFailure) -> Bool {
        guard let text else { return false }
        guard text == "yes" || text == "no" else {
            throw ObjectAddressFailure(
                what: "insecure=\(SafeText.display(text)) is unknown.", mend: "Write insecure=yes or insecure=no.")
        }
        return text == "yes"
    }
}
