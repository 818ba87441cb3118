// A number of bytes, kept apart from other numbers by its type.

/// A number of bytes: a size, a limit or an amount left.
public struct ByteCount: Hashable, Comparable, Sendable, CustomStringConvertible {
    public var bytes: Int64

    public init(_ bytes: Int64) { self.bytes = bytes }
    public init(_ bytes: Int) { self.bytes = Int64(bytes) }

    public static let zero = ByteCount(0)

    public static func kibibytes(_ count: Int64) -> ByteCount { ByteCount(count << 10) }
    public static func mebibytes(_ count: Int64) -> ByteCount { ByteCount(count << 20) }

    public static func < (one: ByteCount, other: ByteCount) -> Bool { one.bytes < other.bytes }

    /// `15 MB (15 728 640 bytes)`; below one kilobyte only the bytes. One MB is 1024 × 1024 bytes, as DESIGN §3 says.
    public var description: String {
        guard bytes >= 1024 else { return bytes == 1 ? "1 byte" : "\(bytes) bytes" }
        return "\(short) (\(bytes.grouped) bytes)"
    }

    /// `15 MB`, `2.4 KB`: for tables, where the exact figure stands elsewhere.
    public var short: String {
        let units = ["bytes", "KB", "MB", "GB", "TB"]
        var tenths = bytes
        var unit = 0
        var whole = bytes
        while whole >= 1024 && unit < units.count - 1 {
            tenths = whole * 10 / 1024
            whole /= 1024
            unit += 1
        }
        if unit == 0 { return "\(bytes) bytes" }
        return tenths % 10 == 0 ? "\(tenths / 10) \(units[unit])" : "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}

extension BinaryInteger {
    /// The number with a space between groups of three digits: `15 728 640`.
    public var grouped: String {
        var out = ""
        let digits = String(magnitude)
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index) % 3 == 0 { out.append(" ") }
            out.append(digit)
        }
        return self < 0 ? "-" + out : out
    }
}
