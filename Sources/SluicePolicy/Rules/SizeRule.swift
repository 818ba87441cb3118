// The size limit. The spool stopped at the byte after it; this rule makes the finding.

import SluiceModel

struct SizeRule: Rule {
    func findings(_ input: RuleInput) -> [Finding] {
        input.size > input.policy.sizeLimit ? [Finding(.tooLarge, [.size(input.policy.sizeLimit)])] : []
    }
}
