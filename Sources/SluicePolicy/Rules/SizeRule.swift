// The size limit. The spool has stopped at the byte after it; this says so.

import SluiceModel

struct SizeRule: Rule {
    func findings(_ one: Case) -> [Finding] {
        one.size > one.policy.sizeLimit ? [Finding(.tooLarge, [.size(one.policy.sizeLimit)])] : []
    }
}
