// Standard output and standard error: whole lines, buffered, with colours only on a terminal.

import Glibc

/// Where answers go.
struct StandardOutput {
    private var buffer: [UInt8] = []
    private(set) var isBroken = false

    /// The buffer is written when it holds this many bytes (chosen: one page-sized write for some dozens of lines).
    private static let full = 16 << 10

    let isTerminal = isatty(STDOUT_FILENO) == 1

    mutating func line(_ text: String) {
        buffer.append(contentsOf: text.utf8)
        buffer.append(UInt8(ascii: "\n"))
        // A person at a terminal sees each answer at once.
        if isTerminal || buffer.count >= Self.full { flush() }
    }

    mutating func flush() {
        var rest = buffer[...]
        while !rest.isEmpty, !isBroken {
            let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                // The reader went away. Files under way are finished all the same.
                isBroken = true
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

enum StandardError {
    static let isTerminal = isatty(STDERR_FILENO) == 1

    static func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return }
        }
    }

    static func line(_ text: String) { write(text + "\n") }

    /// The width of the terminal in columns; 80 where it is unknown.
    static var width: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}

/// Colours for a terminal, unless NO_COLOR is set (no-color.org).
enum Paint {
    private static let isOn = isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == nil

    static func green(_ text: String) -> String { isOn ? "\u{1B}[32m\(text)\u{1B}[0m" : text }
    static func yellow(_ text: String) -> String { isOn ? "\u{1B}[33m\(text)\u{1B}[0m" : text }
    static func red(_ text: String) -> String { isOn ? "\u{1B}[31m\(text)\u{1B}[0m" : text }
    static func faint(_ text: String) -> String { isOn ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
}
