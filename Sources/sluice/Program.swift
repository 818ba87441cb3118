// The program: finds the command, runs it, and turns an error into words and an exit status.

import Glibc
import SluiceModel
import SluicePipeline
import SluicePolicy
import SluiceSystem

@main
enum Program {
    static let version = "0.1.0"

    static func main() async {
        exit(await run(Arguments.ofProcess).rawValue)
    }

    private static func run(_ words: [[UInt8]]) async -> ExitStatus {
        // Shells usually give 1 024 descriptors, service managers fewer. The number of open files is bounded by the limit that holds
        // afterwards.
        _ = DescriptorBudget.raised()
        guard let first = words.first.map({ String(decoding: $0, as: UTF8.self) }) else {
            StandardError.line(Command.overview)
            return .usage
        }
        if first == "--help" || first == "-h" || first == "help" {
            print(Command.overview)
            return .success
        }
        if first == "--version" || first == "version" {
            print("sluice \(version)")
            return .success
        }
        guard let command = Command.all.first(where: { $0.name == first }) else {
            let hint = Nearest.word(to: first, among: Command.all.map(\.name)).map { " Did you mean \($0)?" } ?? ""
            StandardError.line(
                "sluice: there is no command \(SafeText.display(first)).\(hint) sluice --help lists them.")
            return .usage
        }
        return await run(command, Array(words.dropFirst()))
    }

    private static func run(_ command: Command, _ words: [[UInt8]]) async -> ExitStatus {
        do {
            let arguments = try Arguments(words, options: command.options)
            if arguments.wantsHelp {
                print(command.help)
                return .success
            }
            return try await command.run(arguments)
        } catch {
            if let error = error as? UsageError {
                StandardError.line("sluice \(command.name): \(error.message)")
                StandardError.line("usage: sluice \(command.name) \(command.synopsis)   (--help says more)")
            } else {
                StandardError.line("sluice \(command.name): \(error)")
            }
            return ExitStatus(error)
        }
    }
}
