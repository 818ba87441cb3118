// Times as an object store writes them: in headers and in listings.

import CCurl
import SluiceModel

enum ServerTime {
    /// `Tue, 01 Dec 2026 01:46:54 GMT` (RFC 9110 §5.6.7).
    /// - Returns: seconds since 1970.
    static func http(_ text: String?) -> Int64? {
        guard let text else { return nil }
        let seconds = curl_getdate(text, nil)
        return seconds < 0 ? nil : Int64(seconds)
    }

    /// `2026-12-01T01:46:54.000Z`, with or without the fraction.
    /// - Returns: seconds since 1970.
    static func iso(_ text: String) -> Int64? {
        let numbers = text.split(whereSeparator: { !$0.isNumber }).prefix(6).map { Int64($0) ?? -1 }
        guard numbers.count == 6, text.hasSuffix("Z"), (1...9999).contains(numbers[0]), (1...12).contains(numbers[1]),
            (1...31).contains(numbers[2]), (0...23).contains(numbers[3]), (0...59).contains(numbers[4]),
            (0...60).contains(numbers[5])
        else { return nil }
        let midnight = CivilTime.seconds(year: numbers[0], month: numbers[1], day: numbers[2])
        return midnight + numbers[3] * 3600 + numbers[4] * 60 + numbers[5]
    }
}
