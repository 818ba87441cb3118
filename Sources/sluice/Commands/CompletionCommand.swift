// `sluice completion SHELL`: a completion script, made from the same tables as the help.

import SluiceModel

extension Command {
    static let completion = Command(
        name: "completion", synopsis: "bash|zsh|fish",
        summary: "Print a completion script for a shell.",
        details: "bash: source <(sluice completion bash)   zsh: the same   fish: sluice completion fish | source",
        options: []
    ) { arguments in
        switch arguments.paths.first.map({ String(decoding: $0, as: UTF8.self) }) {
        case "bash": print(bash)
        case "zsh": print("autoload -U +X bashcompinit && bashcompinit\n" + bash)
        case "fish": print(fish)
        default: throw UsageError(message: "completion knows bash, zsh and fish.")
        }
        return .success
    }

    private static var bash: String {
        let cases = all.map { command in
            "        \(command.name)) words=\"\((command.options.map(\.name) + ["--help"]).joined(separator: " "))\" ;;"
        }
        return """
            _sluice() {
                local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" words=""
                if [ "$COMP_CWORD" -eq 1 ]; then
                    COMPREPLY=($(compgen -W "\(all.map(\.name).joined(separator: " ")) --help --version" -- "$current"))
                    return
                fi
                case "$previous" in
                    --format) COMPREPLY=($(compgen -W "table json" -- "$current")); return ;;
                    --policy) COMPREPLY=($(compgen -W "portal bundle" -- "$current") $(compgen -f -- "$current")); return ;;
                    --store) COMPREPLY=($(compgen -d -- "$current")); return ;;
                esac
                case "${COMP_WORDS[1]}" in
            \(cases.joined(separator: "\n"))
                esac
                case "$current" in
                    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
                    *) COMPREPLY=($(compgen -f -- "$current")) ;;
                esac
            }
            complete -o filenames -F _sluice sluice
            """
    }

    private static var fish: String {
        var lines = ["complete -c sluice -f -n __fish_use_subcommand -l help -l version"]
        for command in all {
            lines.append("complete -c sluice -f -n __fish_use_subcommand -a \(command.name) -d '\(command.summary)'")
            for option in command.options {
                let value = option.value == nil ? "" : " -r"
                lines.append(
                    "complete -c sluice -n '__fish_seen_subcommand_from \(command.name)' -l \(option.name.dropFirst(2))\(value)"
                )
            }
        }
        return lines.joined(separator: "\n")
    }
}
