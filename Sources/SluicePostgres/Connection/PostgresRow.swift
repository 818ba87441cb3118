// One row of an answer, in the binary form of its types.

import CPostgres
import SluiceStorage

/// The first row of a result. Read before the result is cleared.
struct PostgresRow: SQLRow {
    let result: OpaquePointer
    var line: CInt = 0

    func isNull(_ column: Int) -> Bool { PQgetisnull(result, line, CInt(column)) == 1 }

    /// `int2` to `int8`, and `boolean`; also `numeric`, as which PostgreSQL sums up `bigint`.
    func integer(_ column: Int) -> Int64 {
        let raw = raw(column)
        if PQftype(result, CInt(column)) == Self.numeric { return Self.integer(ofNumeric: raw) }
        guard let first = raw.first else { return 0 }
        return raw.dropFirst().reduce(Int64(Int8(bitPattern: first))) { $0 << 8 | Int64($1) }
    }

    func real(_ column: Int) -> Double {
        Double(bitPattern: raw(column).reduce(0) { $0 << 8 | UInt64($1) })
    }

    func text(_ column: Int) -> String { String(decoding: raw(column), as: UTF8.self) }
    func bytes(_ column: Int) -> [UInt8] { Array(raw(column)) }

    private func raw(_ column: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: PQgetvalue(result, line, CInt(column)), count: Int(PQgetlength(result, line, CInt(column))))
    }

    /// `pg_type.dat`
    private static let numeric: Oid = 1700

    /// Digits to the base 10 000 behind four numbers of 16 bits: how many, the weight of the first, the sign, the scale (`numeric_send`). What lies beyond
    /// 64 bits becomes their bound.
    private static func integer(ofNumeric raw: UnsafeRawBufferPointer) -> Int64 {
        func word(_ index: Int) -> Int {
            raw.count >= 2 * index + 2 ? Int(raw[2 * index]) << 8 | Int(raw[2 * index + 1]) : 0
        }
        let (count, weight, isNegative) = (word(0), Int(Int16(truncatingIfNeeded: word(1))), word(2) == 0x4000)
        var number: Int64 = 0
        for place in 0..<max(0, weight + 1) {
            let (product, isTooLarge) = number.multipliedReportingOverflow(by: 10_000)
            let digit = place < count ? Int64(word(4 + place)) : 0
            let (sum, isToo) = product.addingReportingOverflow(isNegative ? -digit : digit)
            if isTooLarge || isToo { return isNegative ? .min : .max }
            number = sum
        }
        return number
    }
}
