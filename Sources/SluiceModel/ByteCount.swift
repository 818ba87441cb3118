// A number of bytes as a type of its own, and arithmetic that ends at its bound instead of trapping.

/// A number of bytes: a size, a limit or an amount left.
public struct ByteCount: Hashable, Comparable, Sendable, CustomStringConvertible {
    public var bytes: Int64

    public init(_ bytes: Int64) { self.bytes = bytes }
    public init(_ bytes: Int) { self.bytes = Int64(bytes) }

    public static let zero = ByteCount(0)
    public static let largest = ByteCount(Int64.max)

    public static func kibibytes(_ count: Int64) -> ByteCount { ByteCount(count.saturatingTimes(1 << 10)) }
    public static func mebibytes(_ count: Int64) -> ByteCount { ByteCount(count.saturatingTimes(1 << 20)) }

    public static func < (left: ByteCount, right: ByteCount) -> Bool { left.bytes < right.bytes }

    // Sizes may come from outside (a sparse file, an archive's header, a process that was taken over): a sum ends at the bound instead
    // of trapping.

    public static func + (left: ByteCount, right: ByteCount) -> ByteCount {
        ByteCount(left.bytes.saturatingPlus(right.bytes))
    }
    public static func - (left: ByteCount, right: ByteCount) -> ByteCount {
        ByteCount(left.bytes.saturatingMinus(right.bytes))
    }
    public static func += (left: inout ByteCount, right: ByteCount) { left = left + right }

    /// `15 MB (15 728 640 bytes)`; below one kilobyte only the bytes. One MB is 1024 × 1024 bytes.
    public var description: String {
        guard bytes >= 1024 else { return bytes == 1 ? "1 byte" : "\(bytes) bytes" }
        return "\(short) (\(bytes.grouped) bytes)"
    }

    /// `15 MB`, `2.4 KB`: for tables, where the exact figure stands in another place.
    public var short: String {
        let units = ["bytes", "KB", "MB", "GB", "TB", "PB", "EB"]
        var tenths = bytes
        var unit = 0
        var whole = bytes
        while whole >= 1024 && unit < units.count - 1 {
            // In two parts: ten times a size near the largest would not fit.
            tenths = whole / 1024 * 10 + whole % 1024 * 10 / 1024
            whole /= 1024
            unit += 1
        }
        if unit == 0 { return "\(bytes) bytes" }
        return tenths % 10 == 0 ? "\(tenths / 10) \(units[unit])" : "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}

extension Int64 {
    /// The sum, or the bound where the sum is beyond it.
    public func saturatingPlus(_ other: Int64) -> Int64 {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? (other < 0 ? .min : .max) : sum
    }

    /// The difference, or the bound where the difference is beyond it.
    public func saturatingMinus(_ other: Int64) -> Int64 {
        let (difference, overflows) = subtractingReportingOverflow(other)
        return overflows ? (other < 0 ? .max : .min) : difference
    }

    /// The product, or the bound where the product is beyond it.
    public func saturatingTimes(_ other: Int64) -> Int64 {
        let (product, overflows) = multipliedReportingOverflow(by: other)
        return overflows ? ((self < 0) == (other < 0) ? .max : .min) : product
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
