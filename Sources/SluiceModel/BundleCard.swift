// What a log or a bundle of logs tells at a glance: when, where, what, how bad. Made while the text is read; bounded whatever the text says.

/// The card of one attachment. Times are as the material writes them, in UTC where it names its zone.
public struct BundleCard: Sendable, Hashable {
    /// The bounds that the inspector keeps to and the reading side insists on (chosen: a card is a page).
    public enum Bounds {
        public static let gaps = 20
        public static let hosts = 20
        public static let products = 20
        public static let templates = 10
        public static let text = 240
    }

    /// Seconds since 1970 of an hour or more without a line.
    public struct Gap: Sendable, Hashable {
        public var from: Int64
        public var to: Int64

        public init(from: Int64, to: Int64) {
            self.from = from
            self.to = to
        }
    }

    /// A product that the material names, with its version where it names one.
    public struct Product: Sendable, Hashable {
        public var name: String
        public var version: String

        public init(name: String, version: String) {
            self.name = name
            self.version = version
        }
    }

    /// An error message with its numbers, identifiers and paths masked.
    public struct Template: Sendable, Hashable {
        public var text: String
        public var count: Int64

        public init(text: String, count: Int64) {
            self.text = text
            self.count = count
        }
    }

    public enum Level: Int, Sendable, CaseIterable {
        case fatal, error, warning, notice, info, debug
    }

    /// Seconds since 1970 of the first and the last line with a full date.
    public var first: Int64?
    public var last: Int64?
    /// The longest ones, in the order of time.
    public var gaps: [Gap] = []
    public var hosts: [String] = []
    public var products: [Product] = []
    /// Lines by level, in the order of `Level.allCases`.
    public var levels = [Int64](repeating: 0, count: Level.allCases.count)
    /// The most frequent error templates, most frequent first.
    public var templates: [Template] = []

    public init() {}

    public var isEmpty: Bool {
        first == nil && hosts.isEmpty && products.isEmpty && templates.isEmpty && levels.allSatisfy { $0 == 0 }
    }

    /// `2024-03-04T10:11:12`; proleptic Gregorian, days by H. Hinnant's civil_from_days.
    public static func dateText(_ seconds: Int64) -> String {
        let days = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
        let rest = seconds - days * 86400
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let day = shifted - era * 146_097
        let year = (day - day / 1460 + day / 36524 - day / 146_096) / 365
        let dayOfYear = day - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        let date = dayOfYear - (153 * month + 2) / 5 + 1
        let calendarMonth = month < 10 ? month + 3 : month - 9
        let calendarYear = year + era * 400 + (calendarMonth <= 2 ? 1 : 0)
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return
            "\(calendarYear)-\(two(calendarMonth))-\(two(date))T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))"
    }

    /// The card as one JSON object (RFC 8259), as it is stored and shown.
    public var json: String {
        func quoted(_ text: String) -> String {
            var out = "\""
            for scalar in SafeText.display(Array(text.utf8), limit: Bounds.text).unicodeScalars {
                switch scalar {
                case "\"": out += "\\\""
                case "\\": out += "\\\\"
                default: if scalar.value >= 0x20 { out.unicodeScalars.append(scalar) }
                }
            }
            return out + "\""
        }
        func time(_ value: Int64?) -> String { value.map { quoted(Self.dateText($0)) } ?? "null" }
        let gapList = gaps.map { "{\"from\":\(time($0.from)),\"to\":\(time($0.to))}" }
        let productList = products.map { "{\"name\":\(quoted($0.name)),\"version\":\(quoted($0.version))}" }
        let levelList = Level.allCases.map { "\"\($0)\":\(levels[$0.rawValue])" }
        let templateList = templates.map { "{\"count\":\($0.count),\"text\":\(quoted($0.text))}" }
        return "{\"first\":\(time(first)),\"last\":\(time(last)),\"gaps\":[\(gapList.joined(separator: ","))],"
            + "\"hosts\":[\(hosts.map(quoted).joined(separator: ","))],"
            + "\"products\":[\(productList.joined(separator: ","))],"
            + "\"levels\":{\(levelList.joined(separator: ","))},"
            + "\"templates\":[\(templateList.joined(separator: ","))]}"
    }
}
