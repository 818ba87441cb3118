// The hint that a name gives about the category. Weak evidence: the content can overrule it.

import SluiceModel

/// A category that a name hints at.
struct NameEvidence {
    let category: Category
    /// How clear the hint is, from 0 to 1. The model has learned how much it counts.
    let strength: Double
    /// The words after "the name …".
    let words: String

    private static let extensions: [Category: Set<String>] = [
        .logFile: ["log", "trc", "out", "err", "trace", "stdout", "stderr", "jsonl", "ndjson", "audit", "syslog"],
        .configuration: [
            "conf", "cfg", "config", "ini", "yaml", "yml", "toml", "properties", "env", "cnf", "reg", "service",
            "plist", "hcl", "tf",
            "cf", "rules", "prefs", "inf", "policy", "tfvars",
        ],
        .other: [
            "md", "rst", "csv", "tsv", "eml", "html", "htm", "py", "c", "h", "cc", "cpp", "java", "js", "ts", "go",
            "rs", "sql", "srt",
            "vtt", "tex", "rtf", "svg", "adoc", "ics", "vcf", "patch", "diff",
        ],
    ]
    private static let byEnding: [String: Category] = Dictionary(
        uniqueKeysWithValues: extensions.flatMap { category, endings in endings.map { ($0, category) } })

    private static let words: [(Category, [String])] = [
        (.logFile, ["log", "syslog", "messages", "dmesg", "journal", "trace", "console"]),
        (.configuration, ["config", "configuration", "settings", "conf", "running-config", "startup-config", "env"]),
        (.other, ["readme", "changelog", "license", "licence", "copying", "manual"]),
    ]

    init?(_ name: DeclaredName) {
        let base = name.bytes.split(separator: UInt8(ascii: "/")).last.map(Array.init) ?? []
        let file = DeclaredName(bytes: base)
        var ending = file.fileExtension.text
        // `app.log.1`, `app.log.2024-01-02`: rotated
        if !ending.isEmpty, ending.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }) {
            let stem = base.prefix(upTo: base.lastIndex(of: UInt8(ascii: ".")) ?? base.count)
            ending = DeclaredName(bytes: Array(stem)).fileExtension.text
        }
        if let category = Self.byEnding[ending] {
            self.category = category
            strength = 1
            words = "ends in .\(ending)"
            return
        }
        let text = SafeText.display(base.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 })
        let parts = text.split { !($0.isLetter || $0 == "-") }.map(String.init)
        for (category, known) in Self.words {
            guard let hit = parts.first(where: { known.contains($0) }) else { continue }
            self.category = category
            strength = 0.5
            words = "says “\(hit)”"
            return
        }
        return nil
    }
}
