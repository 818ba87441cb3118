// Sorts the words of the command line into options and paths. What they mean is decided in each command.

import Glibc
import SluiceModel
import SluicePolicy

/// The command line, or a file that it names, cannot be used. Says what is wrong and what would be right.
struct UsageError: Error {
    let definition: ErrorDefinition
    let message: String

    init(_ definition: ErrorDefinition = ErrorDefinition.usage, message: String) {
        self.definition = definition
        self.message = message
    }
}

/// One option that a command knows.
struct Option: Sendable {
    let name: String
    /// The placeholder of the value in the help; `nil` for a switch.
    let value: String?
    let help: String

    init(_ name: String, _ value: String? = nil, _ help: String) {
        self.name = name
        self.value = value
        self.help = help
    }
}

/// The words after the command's name, sorted into options and paths. Paths are bytes: the name of a file need not be UTF-8.
struct Arguments {
    private var values: [String: String] = [:]
    private(set) var paths: [[UInt8]] = []
    /// The same for commands whose arguments are not paths.
    var words: [String] { paths.map { String(decoding: $0, as: UTF8.self) } }
    private(set) var wantsHelp = false

    /// - Throws: for an unknown option (with the nearest known one), a missing value or a superfluous one.
    init(_ words: [[UInt8]], options: [Option]) throws(UsageError) {
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.starts(with: Array("-".utf8)), word.count > 1 else {
                paths.append(word)
                continue
            }
            if word == Array("--".utf8) {
                paths += rest
                return
            }
            let text = String(decoding: word, as: UTF8.self)
            if text == "--help" || text == "-h" {
                wantsHelp = true
                continue
            }
            let name = String(text.prefix { $0 != "=" })
            guard let option = options.first(where: { $0.name == name }) else {
                let nearest = Nearest.word(to: name, among: options.map(\.name) + ["--help"])
                let hint = nearest.map { " Did you mean \($0)?" } ?? ""
                throw UsageError(message: "There is no option \(SafeText.display(name)) here.\(hint)")
            }
            try take(option, name.count < text.count ? String(text.dropFirst(name.count + 1)) : nil, &rest)
        }
    }

    private mutating func take(
        _ option: Option, _ inline: String?, _ rest: inout ArraySlice<[UInt8]>
    ) throws(UsageError) {
        guard let placeholder = option.value else {
            guard inline == nil else { throw UsageError(message: "\(option.name) takes no value.") }
            values[option.name] = ""
            return
        }
        guard values[option.name] == nil else { throw UsageError(message: "\(option.name) is given twice.") }
        guard let value = inline ?? rest.popFirst().map({ String(decoding: $0, as: UTF8.self) }), !value.isEmpty else {
            throw UsageError(message: "\(option.name) needs a value: \(option.name) \(placeholder).")
        }
        values[option.name] = value
    }

    subscript(option: String) -> String? { values[option] }

    func isSet(_ option: String) -> Bool { values[option] != nil }

    /// A whole number of at least 1.
    func count(_ option: String) throws(UsageError) -> Int? {
        guard let text = values[option] else { return nil }
        guard let count = Int(text), count >= 1, count <= 1024 else {
            throw UsageError(message: "\(option) takes a number from 1 to 1024, not \(SafeText.display(text)).")
        }
        return count
    }

    /// One of the names of an enumeration.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ option: String, _: Choice.Type
    ) throws(UsageError) -> Choice? {
        guard let text = values[option] else { return nil }
        if let choice = Choice.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() }) {
            return choice
        }
        let all = Choice.allCases.map { $0.rawValue.contains(" ") ? "\"\($0.rawValue)\"" : $0.rawValue }
        throw UsageError(message: "\(option) takes \(all.joined(separator: ", ")), not \(SafeText.display(text)).")
    }

    /// The words of this process, as bytes.
    static var ofProcess: [[UInt8]] {
        (1..<max(1, Int(CommandLine.argc))).compactMap { index in
            CommandLine.unsafeArgv[index].map { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
        }
    }
}
