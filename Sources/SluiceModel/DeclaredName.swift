// The name that the sender claims, kept as the received bytes. It is never used as a path.

/// The sender's name for an attachment: bytes, a safe form to show, and the extension that decides.
public struct DeclaredName: Hashable, Sendable, CustomStringConvertible {
    /// Exactly the received bytes.
    public let bytes: [UInt8]

    public init(bytes: [UInt8]) { self.bytes = bytes }
    public init(_ text: String) { bytes = Array(text.utf8) }

    /// Safe to print anywhere. A long name is cut before its extension.
    public var description: String { SafeText.name(bytes) }

    /// Safe to print anywhere, and never shortened: for programs.
    public var whole: String { SafeText.display(bytes, limit: .max) }

    /// The bytes as text, with replacement characters where they are not UTF-8: for JSON, which cannot carry bytes.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The characters after the last dot, ASCII case folded. Empty where there is no dot, or nothing before or behind it. An extension
    /// with a slash, NUL, control character, semicolon or `:` is never allowed, since the policy's list is exact.
    public var fileExtension: FileExtension {
        guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")), dot > 0 else { return FileExtension("") }
        return FileExtension(bytes: bytes[(dot + 1)...])
    }
}

/// An extension without its dot, ASCII case folded: `txt`. `tar.gz` only where a policy names it.
public struct FileExtension: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    public let text: String

    public init(_ text: String) { self.init(bytes: Array(text.utf8)) }
    public init(stringLiteral text: String) { self.init(text) }
    public init(bytes: some Sequence<UInt8>) {
        text = SafeText.display(bytes.map { (65...90).contains($0) ? $0 + 32 : $0 }, limit: 40)
    }

    public var description: String { text.isEmpty ? "none" : "." + text }
}
