// The facts of a finding as a JSON array. Each fact is an object whose key is the kind of value.

package enum FactText {
    package static func json(_ facts: [Fact]) -> String {
        let objects = facts.map { fact in
            var object = JSONObject()
            switch fact {
            case .number(let number): object.add("number", Int64(number))
            case .size(let size): object.add("size", size.bytes)
            case .text(let text): object.add("text", text)
            case .bytes(let bytes): object.add("bytes", hexadecimal(bytes))
            }
            return object.line
        }
        return "[" + objects.joined(separator: ",") + "]"
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count * 2)
        for byte in bytes { out += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: out, as: UTF8.self)
    }
}
