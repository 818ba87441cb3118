// Percent-encoding as Signature Version 4 demands it: everything but letters, digits and -._~ is encoded, and each space is %20
// (docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html, "UriEncode").

import SluiceModel

enum PercentCoding {
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// - Parameter keepsSlashes: for the path of a key, in which slashes separate.
    static func encode(_ text: String, keepsSlashes: Bool = false) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            case UInt8(ascii: "/") where keepsSlashes: bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The same as forms have it, where a plus sign stands for a space: so the names in listings come.
    static func decodeForm(_ text: String) -> String? { decode(text, plusIsBlank: true) }

    /// - Returns: `nil` where a percent sign stands before anything but two digits, or the bytes are not UTF-8.
    static func decode(_ text: String, plusIsBlank: Bool = false) -> String? {
        PercentEncoding.decode(text.utf8, plusIsBlank: plusIsBlank).flatMap { String(validating: $0, as: UTF8.self) }
    }
}
