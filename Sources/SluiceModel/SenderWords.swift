// What a sender says about itself and its attachment. One rule for every door: form, raw upload, resumable upload, sidecar, command
// line.

/// Who sent an attachment: 1 to 200 printable ASCII characters, since names stand in tables, logs and headers (chosen). No sender may
/// have the name that stands for a token without a submitter: it would see what that token sent.
public struct SubmitterName: Hashable, Sendable, CustomStringConvertible {
    public static let longest = 200
    /// The rule, as the middle of a sentence.
    public static let rule = "1 to \(longest) printable ASCII characters, not beginning with \(ofTokens)"
    private static let ofTokens = "token-"

    /// The submitter's name for a token without a submitter.
    public static func ofToken(_ id: String) -> String { ofTokens + id }

    public let text: String

    /// - Returns: `nil` for a name that breaks the rule.
    public init?(_ text: String) {
        guard (1...Self.longest).contains(text.utf8.count), text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }),
            !text.lowercased().hasPrefix(Self.ofTokens)
        else {
            return nil
        }
        self.text = text
    }

    public static func isOne(_ text: String) -> Bool { SubmitterName(text) != nil }

    public var description: String { text }
}

/// A comment about an attachment: a few sentences of at most 2 000 characters (chosen), without a NUL.
public struct Comment: Hashable, Sendable, CustomStringConvertible {
    public static let longest = 2000
    /// The rule, as the middle of a sentence.
    public static let rule = "at most \(longest.grouped) characters, none of them NUL"

    public let text: String

    /// - Returns: `nil` for a comment that breaks the rule.
    public init?(_ text: String) {
        guard text.unicodeScalars.count <= Self.longest, !text.utf8.contains(0) else { return nil }
        self.text = text
    }

    public var description: String { SafeText.display(text) }
}
