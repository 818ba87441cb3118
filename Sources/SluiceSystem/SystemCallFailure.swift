// The failure of one system call, as this floor knows it. Each room turns it into its own error, with words of its own.

public import Glibc

/// A system call failed.
public struct SystemCallFailure: Error, Sendable {
    /// The call's name, such as `openat`.
    public let call: StaticString
    /// The `errno`.
    public let number: CInt

    public init(_ call: StaticString, _ number: CInt = errno) {
        self.call = call
        self.number = number
    }

    /// For logs: `openat: Permission denied`.
    public var text: String { "\(call): \(SystemCallFailure.words(number))" }

    /// What an `errno` means, in the system's words.
    public static func words(_ number: CInt) -> String { String(cString: strerror(number)) }
}
