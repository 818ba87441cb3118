// What in the text of a part acts: fields of Word, links and data connections of Excel (Threats, T5, T15). Which parts are read is OpenXMLWalk's; by what
// the root element says and by a cheap search, never by the part's name or declared type.

import SluiceModel

/// Reads one part and gathers what it does. Elements are known by their names without prefix, so that no choice of prefixes or namespaces hides one.
final class OpenXMLContent: XMLHandler {
    /// A data connection of a workbook.
    struct Connection {
        var kind: String
        /// Server, address or file; empty where the connection does not say.
        var source: String
        var isRemote = false
        var isLoadedOnOpening: Bool
    }

    /// Roots of parts that hold data, looks or settings alone, and can be large. Excel and Word take no part with such a root for one that acts.
    static let quietRoots: Set<String> = [
        "worksheet", "sst", "styleSheet", "theme", "calcChain", "pivotCacheRecords", "chartSpace", "styles", "fonts",
        "numbering", "settings", "webSettings", "coreProperties", "Properties",
    ]
    /// Roots of parts that are read in any case.
    static let actingRoots: Set<String> = ["externalLink", "connections", "queryTable", "pivotCacheDefinition"]
    /// Every field begins with an element whose name begins so (`fldChar`, `fldSimple`): any other part with one is read.
    static let mark: StaticString = "fld"

    private(set) var connections: [Connection] = []
    private(set) var hasExchange = false
    private(set) var root: String?
    /// Fields as a reader sees them that knows the first choice of alternative content, and one that takes the fallback.
    private var fields = [FieldReader(), FieldReader()]
    /// Up to the first choice both see the same, so one is enough.
    private var hasChoice = false
    private var choiceDepth = 0
    private var fallbackDepth = 0
    /// Inside `instrText` or `t`, whose text belongs to an instruction where one is open.
    private var isText = false
    private var queryRefreshes = false
    private var isExternalCache = false

    /// - Returns: why it was not read to its end.
    func read(_ content: [UInt8]) -> XMLProblem? {
        let problem = XMLReader.read(content.span, to: self)
        for index in fields.indices { fields[index].finish() }
        return problem
    }

    var dangers: [FieldRules.Danger] {
        fields[1].found.reduce(into: fields[0].found) { if !$0.contains($1) { $0.append($1) } }
    }

    /// Whether the part lets a connection fetch when the workbook is opened, without being the list of connections.
    var refreshesOnLoad: Bool { queryRefreshes }

    func start(_ tag: borrowing XMLTag) -> Bool {
        if tag.depth == 1 { root = tag.name }
        if tag.isNamed("instrText") || tag.isNamed("t") {
            isText = true
        } else if tag.isNamed("fldChar") {
            let kind = tag.value("fldCharType") ?? ""
            eachReader { reader in
                switch kind {
                case "begin": reader.begin()
                case "separate": reader.separate()
                case "end": reader.end()
                default: break
                }
            }
        } else if tag.isNamed("fldSimple") {
            // Its instruction is complete, and what it holds is its result.
            let instruction = Array((tag.value("instr") ?? "").utf8)
            eachReader { reader in
                reader.begin()
                reader.text(instruction)
                reader.separate()
            }
        } else if tag.isNamed("tab") || tag.isNamed("br") || tag.isNamed("cr") {
            eachReader { $0.text([0x20]) }
        } else if tag.isNamed("Choice") {
            part()
            choiceDepth += 1
        } else if tag.isNamed("Fallback") {
            part()
            fallbackDepth += 1
        } else {
            startInWorkbook(tag)
        }
        return true
    }

    func end(_ name: (StaticString) -> Bool) {
        if name("instrText") || name("t") {
            isText = false
        } else if name("fldSimple") {
            eachReader { $0.end() }
        } else if name("Choice") {
            choiceDepth -= 1
        } else if name("Fallback") {
            fallbackDepth -= 1
        }
    }

    func text(_ bytes: Span<UInt8>) {
        guard isText else { return }
        bytes.withUnsafeBufferPointer { text in eachReader { $0.text(text) } }
    }

    private func part() {
        if !hasChoice { fields[1] = fields[0] }
        hasChoice = true
    }

    private func eachReader(_ body: (inout FieldReader) -> Void) {
        if fallbackDepth == 0 { body(&fields[0]) }
        if hasChoice, choiceDepth == 0 { body(&fields[1]) }
    }

    // MARK: Excel

    private func startInWorkbook(_ tag: borrowing XMLTag) {
        if tag.isNamed("ddeLink") {
            hasExchange = true
        } else if tag.isNamed("connection") {
            let kinds = [
                "1": "ODBC", "2": "DAO", "3": "file", "4": "web query", "5": "OLE DB", "6": "text", "7": "ADO",
            ]
            connections.append(
                Connection(
                    kind: kinds[tag.value("type") ?? ""] ?? "data", source: "",
                    isLoadedOnOpening: Self.isTrue(tag.value("refreshOnLoad"))))
            name(tag.value("sourceFile") ?? "")
            if let file = tag.value("odcFile"), RemoteTarget.isRemote(file) { name(file) }
        } else if tag.isNamed("webPr") {
            name(tag.value("url") ?? "")
        } else if tag.isNamed("textPr") {
            name(tag.value("sourceFile") ?? "")
        } else if tag.isNamed("dbPr") || tag.isNamed("olapPr") || tag.isNamed("rangePr") {
            let text = tag.value("connection") ?? tag.value("localConnection") ?? tag.value("sourceName") ?? ""
            if let place = ConnectionText.source(in: text) {
                name(place, isRemote: true)
            } else {
                name(RemoteTarget.isRemote(text) ? text : Self.withoutSecrets(text))
            }
        } else if tag.isNamed("queryTable") {
            queryRefreshes = Self.isTrue(tag.value("refreshOnLoad"))
        } else if tag.isNamed("pivotCacheDefinition") {
            isExternalCache = Self.isTrue(tag.value("refreshOnLoad"))
        } else if tag.isNamed("cacheSource"), isExternalCache, tag.value("type") == "external" {
            queryRefreshes = true
        }
    }

    /// The last connection's source; the first place that is not on the own machine is kept.
    private func name(_ source: String, isRemote: Bool? = nil) {
        guard !connections.isEmpty, !source.isEmpty else { return }
        let last = connections.count - 1
        let isRemote = isRemote ?? RemoteTarget.isRemote(source)
        if connections[last].source.isEmpty || !connections[last].isRemote && isRemote {
            (connections[last].source, connections[last].isRemote) = (source, isRemote)
        }
    }

    private static func isTrue(_ value: String?) -> Bool { value == "1" || value == "true" || value == "on" }

    /// A connection string can hold a password, which no message repeats.
    private static func withoutSecrets(_ text: String) -> String {
        text.split(separator: ";").filter {
            let key = $0.prefix { $0 != "=" }.lowercased().filter { $0.isLetter }
            return key != "password" && key != "pwd"
        }.joined(separator: ";")
    }
}
