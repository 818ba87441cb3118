// Standard output and standard error: whole lines, buffered, with colours only on a terminal.

import Glibc
import SluiceSystem

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
        if !isBroken {
            // Where it fails, the reader went away. Files under way are finished all the same.
            do throws(SystemCallFailure) { try writeAll(buffer, to: STDOUT_FILENO) } catch { isBroken = true }
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

enum StandardError {
    static let isTerminal = isatty(STDERR_FILENO) == 1

    static func write(_ text: String) {
        // A message that cannot be written is lost.
        try? writeAll(Array(text.utf8), to: STDERR_FILENO)
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
