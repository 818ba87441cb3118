// What a log or a bundle of logs shows at a glance: times, hosts, products, severities, commonest errors. Collected while the text is
// read; its size is bounded, whatever the text says.

/// The card of one attachment. Times are as in the material, in UTC where the material names its time zone.
public struct BundleCard: Sendable, Hashable {
    /// The bounds. The inspector keeps them, and the reader of its reply checks them (chosen: a card is a page).
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

    /// Seconds since 1970 of the first and the last line with a date.
    public var first: Int64?
    public var last: Int64?
    /// False where no line has the year. Then the seconds lie in the year 2000 or the one after it.
    public var hasYear = true
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

    /// The card as one JSON object (RFC 8259), as it is stored and shown. `text(of:)` writes the times.
    public var json: String {
        var out = "{\"first\":"
        out += first.map { "\"\(text(of: $0))\"" } ?? "null"
        out += ",\"last\":"
        out += last.map { "\"\(text(of: $0))\"" } ?? "null"
        Self.list("gaps", gaps, &out) { gap, out in
            out += "{\"from\":\"\(text(of: gap.from))\",\"to\":\"\(text(of: gap.to))\"}"
        }
        Self.list("hosts", hosts, &out) { host, out in Self.quote(host, &out) }
        Self.list("products", products, &out) { product, out in
            out += "{\"name\":"
            Self.quote(product.name, &out)
            out += ",\"version\":"
            Self.quote(product.version, &out)
            out += "}"
        }
        out += ",\"levels\":{"
        for level in Level.allCases { out += (level == .fatal ? "\"" : ",\"") + "\(level)\":\(levels[level.rawValue])" }
        out += "}"
        Self.list("templates", templates, &out) { template, out in
            out += "{\"count\":\(template.count),\"text\":"
            Self.quote(template.text, &out)
            out += "}"
        }
        return out + "}"
    }

    private static func list<Element>(
        _ key: String, _ elements: [Element], _ out: inout String, _ write: (Element, inout String) -> Void
    ) {
        out += ",\"\(key)\":["
        for (index, element) in elements.enumerated() {
            if index > 0 { out += "," }
            write(element, &out)
        }
        out += "]"
    }

    private static func quote(_ text: String, _ out: inout String) {
        out += "\""
        let shown = SafeText.display(text, limit: Bounds.text)
        // Nearly every text is plain.
        if shown.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            out += shown
        } else {
            for scalar in shown.unicodeScalars {
                if scalar == "\"" || scalar == "\\" { out += "\\" }
                if scalar.value >= 0x20 { out.unicodeScalars.append(scalar) }
            }
        }
        out += "\""
    }
}
