// `sluice policy show`: prints the policy in force as a policy file.

import SluiceModel
import SluicePolicy

extension Command {
    static let policy = Command(
        name: "policy", synopsis: "show [--policy NAME|FILE]",
        summary: "Show everything that a policy decides, as JSON5 with comments.",
        details:
            "A site's own policy is such a file; it names portal or bundle as its base and says only what differs.",
        options: [.policy]
    ) { arguments in
        guard arguments.paths == [Array("show".utf8)] else {
            throw UsageError(message: "policy can only show: sluice policy show.")
        }
        print(try arguments.policy.written(), terminator: "")
        return .success
    }
}
