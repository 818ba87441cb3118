// The headers of tus 1.0.0 (tus.io/protocols/resumable-upload): what they say, and what is wrong with them. Pure.

import FoundationEssentials
import SluiceModel
import SluiceServer
import SluiceStorage
import SluiceSystem

enum Tus {
    static let version = "1.0.0"
    static let extensions = "creation,creation-with-upload,expiration,checksum,termination"
    static let contentType = "application/offset+octet-stream"
    /// 2⁵³ − 1: beyond it numbers are not exact everywhere.
    private static let largest: Int64 = 9_007_199_254_740_991

    /// - Parameter begins: whether the request is to begin an upload: then what tells no version at all is malformed.
    /// - Throws: 412 for another version than ours; 400 for what is malformed.
    static func checkVersion(_ request: Request, begins: Bool = false) throws(Problem) {
        let told = request[header: "tus-resumable"] ?? ""
        guard told == version else {
            let parts = told.split(separator: ".", omittingEmptySubsequences: false)
            let isVersion = parts.count == 3 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isNumber) }
            throw Problem(
                begins && !isVersion ? 400 : 412, "tus.version", "This speaks tus \(version).",
                remedy: "Send Tus-Resumable: \(version).",
                headers: [("Tus-Version", version)])
        }
    }

    /// A whole number.
    /// - Throws: 400 where it is missing, given twice or no such number.
    static func number(_ name: String, _ request: Request) throws(Problem) -> Int64 {
        let values = request.headers.filter { $0.name == name }.map(\.value)
        guard values.count == 1, let value = values.first, (1...16).contains(value.utf8.count),
            value.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = Int64(value),
            number <= largest
        else {
            let isDeferred = name == "upload-length" && request[header: "upload-defer-length"] != nil
            throw Problem(
                400, "tus.\(name)", "The header \(name) has to be one whole number.",
                remedy: isDeferred ? "The length has to be known at the beginning." : "Send it.")
        }
        return number
    }

    /// - Throws: 415 for a body that is not sent as tus says.
    static func checkContentType(_ request: Request) throws(Problem) {
        guard request.contentType == contentType else {
            throw Problem(
                415, "tus.content-type", "The body has to be \(contentType).", remedy: "Say so in Content-Type.")
        }
    }

    /// The checksum of this body, where one is announced.
    /// - Throws: 400.
    static func checksum(_ request: Request) throws(Problem) -> AnnouncedChecksum? {
        guard let value = request[header: "upload-checksum"] else { return nil }
        let words = value.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, let algorithm = Checksum.Algorithm(rawValue: String(words[0])),
            let bytes = Data(base64Encoded: String(words[1])).map({ [UInt8]($0) }), bytes.count == algorithm.length
        else {
            throw Problem(
                400, "tus.checksum", "The header upload-checksum cannot be used.",
                remedy: "Send sha1 or sha256 and the digest in base64.")
        }
        return AnnouncedChecksum(algorithm: algorithm, value: bytes)
    }

    /// Keys and values; a key may stand alone.
    /// - Throws: 400 for what is not well-formed, and for a key that is given twice.
    static func metadata(_ text: String) throws(Problem) -> [String: [UInt8]] {
        var out: [String: [UInt8]] = [:]
        guard !text.isEmpty else { return out }
        for pair in text.split(separator: ",", omittingEmptySubsequences: false) {
            let words = pair.split(separator: " ", omittingEmptySubsequences: true)
            guard (1...2).contains(words.count), out[String(words[0])] == nil,
                let value = words.count == 1 ? Data() : Data(base64Encoded: String(words[1]))
            else {
                throw Problem(
                    400, "tus.metadata", "The header upload-metadata is not well-formed.",
                    remedy: "Send pairs of a key and a base64 value, separated by commas, each key once.")
            }
            out[String(words[0])] = [UInt8](value)
        }
        return out
    }

    /// An RFC 9110 date: `Sun, 06 Nov 1994 08:49:37 GMT`.
    /// - Parameter microseconds: since 1970.
    static func date(_ microseconds: Int64) -> String {
        let seconds = microseconds / 1_000_000
        // `1994-11-06T08:49:37`; 1970-01-01 was a Thursday.
        let text = Array(CivilTime.text(seconds).utf8)
        func part(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let month = months[max(0, min(11, (Int(part(5..<7)) ?? 1) - 1))]
        return "\(days[Int(seconds / 86_400 % 7)]), \(part(8..<10)) \(month) \(part(0..<4)) \(part(11..<19)) GMT"
    }
}

/// What the bytes of a body have to come to.
struct AnnouncedChecksum: Sendable {
    var algorithm: Checksum.Algorithm
    var value: [UInt8]
}

/// A problem as an error of the routes, with the header that every answer of tus carries.
extension Problem {
    var spokenInTus: Problem {
        var problem = self
        if !headers.contains(where: { $0.name == "Tus-Resumable" }) {
            problem.headers.append(("Tus-Resumable", Tus.version))
        }
        return problem
    }
}
