// Values on their way to the server, in the binary form of their types, in memory that is used again.

import CPostgres
import Glibc
import SluiceStorage

/// The parameters of one statement.
struct ParameterBuffer: ~Copyable {
    private var bytes: [UInt8] = []
    private var starts: [Int?] = []
    private var lengths: [CInt] = []

    /// PostgreSQL's numbers of types (`pg_type.dat`). A NULL leaves its type to the server, which takes the column's.
    static func type(of value: SQLValue) -> Oid {
        switch value {
        case .null: 0
        case .integer: 20
        case .real: 701
        case .text: 25
        case .bytes: 17
        }
    }

    mutating func fill(_ values: [SQLValue]) {
        bytes.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        for value in values {
            let start = bytes.count
            switch value {
            case .null: break
            case .integer(let number): append(UInt64(bitPattern: number))
            case .real(let number): append(number.bitPattern)
            case .text(let text): append(text)
            case .bytes(let content): bytes.append(contentsOf: content)
            }
            if case .null = value { starts.append(nil) } else { starts.append(start) }
            lengths.append(CInt(clamping: bytes.count - start))
        }
    }

    private mutating func append(_ number: UInt64) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// A text of PostgreSQL cannot hold U+0000, and a comment or a note may. This is the one place where it becomes U+FFFD, also for what is looked for.
    /// Names that people gave to files are stored as bytes, not here.
    private mutating func append(_ text: String) {
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        guard bytes[start...].contains(0) else { return }
        let replaced = bytes[start...].flatMap { $0 == 0 ? [0xEF, 0xBF, 0xBD] : [$0] }
        bytes.replaceSubrange(start..., with: replaced)
    }

    /// - Parameter call: given the number of values, where each one is, their lengths and their formats.
    borrowing func send(
        _ call: (
            CInt, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<CInt>?, UnsafePointer<CInt>?
        ) -> CInt
    ) -> CInt {
        let formats = [CInt](repeating: 1, count: lengths.count)
        return bytes.withUnsafeBytes { raw in
            // An empty value needs an address as well, since none means NULL.
            let base = raw.baseAddress.map { $0.assumingMemoryBound(to: CChar.self) }
            let pointers = starts.map { start in
                start.map { offset in base.map { $0 + offset } ?? Self.somewhere } ?? nil
            }
            return call(CInt(lengths.count), pointers, lengths, formats)
        }
    }

    // guarded by: nobody reads or writes it
    private nonisolated(unsafe) static let somewhere = UnsafePointer(UnsafeMutablePointer<CChar>.allocate(capacity: 1))
}
