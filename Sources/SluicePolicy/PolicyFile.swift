// A site's own policy: a JSON5 file that names `portal` or `bundle` as its base and lists the differences.

import FoundationEssentials
public import SluiceModel

/// The policy file cannot be used. Says what is wrong, where, and what would be right.
public struct PolicyFileError: Error, Sendable, CustomStringConvertible {
    public let description: String
}

/// Reads a policy from JSON5.
public enum PolicyFile {
    /// - Parameters:
    ///   - content: the file's bytes.
    ///   - name: the file's name; the policy's own name where the file does not give one.
    ///   - version: stored beside the name in records, such as the beginning of the content's digest.
    public static func read(_ content: [UInt8], name: String, version: String) throws(PolicyFileError) -> Policy {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        let tree: JSONValue
        do {
            tree = try decoder.decode(JSONValue.self, from: Data(content))
        } catch {
            throw PolicyFileError(description: "It is not JSON5: \(reason(error)).")
        }
        let fields = try Fields(tree, path: "", known: Self.keys)
        guard let baseName = try fields.text("base") else {
            throw PolicyFileError(description: "It does not name its base. Add base: \"portal\" or base: \"bundle\".")
        }
        guard var policy = Policy.builtIn.first(where: { $0.name == baseName }) else {
            throw PolicyFileError(description: "There is no base \(quoted(baseName)); there are portal and bundle.")
        }
        policy.name = try fields.text("name") ?? name
        policy.version = "\(policy.name)-\(version)"
        if let limit = try fields.size("sizeLimit") { policy.sizeLimit = limit }
        if let opinion = try fields.choice("secondOpinion", SecondOpinion.self) { policy.secondOpinion = opinion }
        if fields.isObject("extensions") {
            let change = try fields.object("extensions", known: ["add", "remove"])
            policy.types =
                try change.map { changes throws(PolicyFileError) in try changed(policy.types, changes) } ?? policy.types
        } else if let names = try fields.texts("extensions") {
            policy.types = try types(names)
        }
        if let patterns = try fields.texts("memberTypes") { policy.memberTypes = patterns }
        if let card = try fields.flag("card") { policy.card = card }
        if let flag = try fields.flag("unlistedText") { policy.unlistedText = flag }
        if let archives = try fields.object("archives", known: archiveKeys) {
            try read(archives, into: &policy.archives)
        }
        if let images = try fields.object("images", known: ["pixels", "side"]) {
            try read(images, into: &policy.images)
        }
        if let quotas = try fields.object("quotas", known: quotaKeys) { try read(quotas, into: &policy.quotas) }
        if let levels = try fields.object("levels", known: FindingDefinition.all.map(\.code)) {
            for code in levels.names {
                policy.levels[code] = try levels.choice(code, Severity.self)
            }
        }
        return policy
    }

    /// The version that records store: the first 16 digits of the SHA-256 of the file's content, as `sha256sum` prints them. Older
    /// records have as many digits of another checksum.
    public static func version(of content: [UInt8]) -> String {
        String(Digest(ofShort: content).hexadecimal.prefix(16))
    }

    static let keys = [
        "base", "name", "sizeLimit", "extensions", "secondOpinion", "archives", "images", "memberTypes", "card",
        "unlistedText", "levels", "quotas",
    ]
    static let archiveKeys = [
        "entries", "expandedSize", "ratio", "ratioFloor", "depth", "nameLength", "seconds", "heldMember",
        "expand",
    ]

    static let quotaKeys = [
        "ticketSize", "ticketAttachments", "submitterSizePerDay", "submitterAttachmentsPerDay", "openUploads",
        "unfinishedSize", "uploadHours",
    ]

    /// The base's extensions with those of `add` and without those of `remove`.
    private static func changed(_ base: [TypeRule], _ changes: Fields) throws(PolicyFileError) -> [TypeRule] {
        var out = base
        for name in try changes.texts("remove") ?? [] {
            let unwanted = FileExtension(name.hasPrefix(".") ? String(name.dropFirst()) : name)
            guard let index = out.firstIndex(where: { $0.fileExtension == unwanted }) else {
                let all = out.map(\.fileExtension.description)
                let hint = Nearest.word(to: "." + unwanted.text, among: all).map { " Did you mean \($0)?" } ?? ""
                throw PolicyFileError(
                    description:
                        "extensions.remove: the base does not allow \(quoted(name)); it allows \(all.joined(separator: " ")).\(hint)"
                )
            }
            out.remove(at: index)
        }
        for rule in try types(try changes.texts("add") ?? []) where !out.contains(rule) { out.append(rule) }
        return out
    }

    private static func containers(_ names: [String]) throws(PolicyFileError) -> Set<ForeignContainer> {
        var out: Set<ForeignContainer> = []
        let all = ForeignContainer.allCases.map(\.rawValue)
        for name in names {
            guard let container = ForeignContainer(rawValue: name) else {
                let hint = Nearest.word(to: name, among: all).map { " Did you mean \($0)?" } ?? ""
                throw PolicyFileError(
                    description:
                        "archives.expand: Sluice cannot expand \(quoted(name)); it can expand \(all.joined(separator: ", ")).\(hint)"
                )
            }
            out.insert(container)
        }
        return out
    }

    private static func types(_ names: [String]) throws(PolicyFileError) -> [TypeRule] {
        let known = TypeTable.portal + TypeTable.bundle
        var out: [TypeRule] = []
        for name in names {
            let wanted = FileExtension(name.hasPrefix(".") ? String(name.dropFirst()) : name)
            guard let rule = known.first(where: { $0.fileExtension == wanted }) else {
                let all = known.map(\.fileExtension.description)
                let hint = Nearest.word(to: "." + wanted.text, among: all).map { " Did you mean \($0)?" } ?? ""
                throw PolicyFileError(
                    description:
                        "extensions: Sluice cannot prove \(quoted(name)); it knows \(all.joined(separator: " ")).\(hint)"
                )
            }
            out.append(rule)
        }
        return out
    }

    private static func read(_ fields: Fields, into budgets: inout ArchiveBudgets) throws(PolicyFileError) {
        if let value = try fields.count("entries") { budgets.entries = value }
        if let value = try fields.size("expandedSize") { budgets.expandedSize = value }
        if let value = try fields.count("ratio") { budgets.ratio = value }
        if let value = try fields.size("ratioFloor") { budgets.ratioFloor = value }
        if let value = try fields.count("depth") { budgets.depth = value }
        if let value = try fields.size("nameLength") { budgets.nameLength = value }
        if let value = try fields.count("seconds") { budgets.wallClock = .seconds(value) }
        if let value = try fields.size("heldMember") { budgets.heldMember = value }
        if let names = try fields.texts("expand") { budgets.expand = try containers(names) }
    }

    private static func read(_ fields: Fields, into budgets: inout ImageBudgets) throws(PolicyFileError) {
        if let value = try fields.count("pixels") { budgets.pixels = value }
        if let value = try fields.count("side") { budgets.side = value }
    }

    private static func read(_ fields: Fields, into quotas: inout Quotas) throws(PolicyFileError) {
        if let value = try fields.quota("ticketSize", isSize: true) { quotas.ticketSize = value }
        if let value = try fields.quota("ticketAttachments") { quotas.ticketAttachments = value }
        if let value = try fields.quota("submitterSizePerDay", isSize: true) { quotas.submitterSizePerDay = value }
        if let value = try fields.quota("submitterAttachmentsPerDay") { quotas.submitterAttachmentsPerDay = value }
        if let value = try fields.quota("openUploads") { quotas.openUploads = value }
        if let value = try fields.quota("unfinishedSize", isSize: true) { quotas.unfinishedSize = value }
        // A year at most (chosen): a longer deadline would in effect be no deadline.
        if let value = try fields.count("uploadHours") { quotas.uploadHours = min(value, 24 * 366) }
    }

    private static func reason(_ error: any Error) -> String {
        guard case DecodingError.dataCorrupted(let context) = error else { return "\(error)" }
        return context.debugDescription.hasSuffix(".")
            ? String(context.debugDescription.dropLast()) : context.debugDescription
    }
}

/// The members of one object, checked against the known names.
private struct Fields {
    private let members: [String: JSONValue]
    private let path: String

    init(_ value: JSONValue, path: String, known: [String]) throws(PolicyFileError) {
        guard case .object(let members) = value else {
            throw PolicyFileError(
                description: "\(path.isEmpty ? "The file" : path): this must be an object, not \(value.kind).")
        }
        for name in members.keys.sorted() where !known.contains(name) {
            let few = known.count <= 20 ? "known are \(known.joined(separator: ", "))." : "sluice findings lists them."
            let hint = Nearest.word(to: name, among: known).map { "did you mean \($0)?" } ?? few
            throw PolicyFileError(
                description: "\(path.isEmpty ? "" : path + ": ")There is no key \(quoted(name)); \(hint)")
        }
        self.members = members
        self.path = path
    }

    var names: [String] { members.keys.sorted() }

    func text(_ name: String) throws(PolicyFileError) -> String? {
        guard let value = members[name] else { return nil }
        guard case .text(let text) = value else { throw wrong(name, "text", value) }
        return text
    }

    func texts(_ name: String) throws(PolicyFileError) -> [String]? {
        guard let value = members[name] else { return nil }
        guard case .list(let values) = value else { throw wrong(name, "a list of texts", value) }
        var out: [String] = []
        for element in values {
            guard case .text(let text) = element else { throw wrong(name, "a list of texts", element) }
            out.append(text)
        }
        return out
    }

    func flag(_ name: String) throws(PolicyFileError) -> Bool? {
        guard let value = members[name] else { return nil }
        guard case .bool(let flag) = value else { throw wrong(name, "true or false", value) }
        return flag
    }

    /// A whole number, also zero. Zero means zero.
    func count(_ name: String) throws(PolicyFileError) -> Int? {
        guard let value = members[name] else { return nil }
        guard case .number(let number) = value, number >= 0, number <= 1e15, number == number.rounded() else {
            throw wrong(name, "a whole number", value)
        }
        return Int(number)
    }

    /// Bytes as a number, or text such as `"20 MB"`.
    func size(_ name: String) throws(PolicyFileError) -> ByteCount? {
        guard let value = members[name] else { return nil }
        if case .text(let text) = value {
            guard let size = ByteCount(text) else {
                throw wrong(name, "a size such as \"20 MB\" or a number of bytes", value)
            }
            return size
        }
        return try count(name).map { ByteCount($0) }
    }

    /// A number or a size, or `"unlimited"`.
    func quota(_ name: String, isSize: Bool = false) throws(PolicyFileError) -> Quota? {
        if members[name] == .text("unlimited") { return .unlimited }
        if isSize { return try size(name).map { .atMost($0.bytes) } }
        if case .text = members[name] { throw wrong(name, "a whole number or \"unlimited\"", members[name]!) }
        return try count(name).map { .atMost(Int64($0)) }
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, _: Choice.Type
    ) throws(PolicyFileError) -> Choice? {
        guard let text = try text(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw PolicyFileError(description: "\(at(name)): \(quoted(text)) is none of \(all).")
        }
        return choice
    }

    func isObject(_ name: String) -> Bool {
        if case .object = members[name] { true } else { false }
    }

    func object(_ name: String, known: [String]) throws(PolicyFileError) -> Fields? {
        guard let value = members[name] else { return nil }
        return try Fields(value, path: at(name), known: known)
    }

    private func at(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    private func wrong(_ name: String, _ wanted: String, _ value: JSONValue) -> PolicyFileError {
        PolicyFileError(description: "\(at(name)): this must be \(wanted), not \(value.kind).")
    }
}

private func quoted(_ text: String) -> String { "\"\(SafeText.display(text, limit: 60))\"" }

extension ByteCount {
    /// Reads `15 MB`, `64KB`, `2 GB` or plain bytes; one MB is 1024 × 1024 bytes.
    public init?(_ text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int64(digits) else { return nil }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }.uppercased()
        let shifts: [String: Int64] = [
            "": 0, "B": 0, "BYTES": 0, "KB": 10, "K": 10, "KIB": 10, "MB": 20, "M": 20, "MIB": 20, "GB": 30, "G": 30,
            "GIB": 30,
        ]
        guard let shift = shifts[unit], number <= Int64.max >> shift else { return nil }
        self.init(number << shift)
    }
}
