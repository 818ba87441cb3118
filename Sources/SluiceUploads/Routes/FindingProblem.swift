// A finding that refuses an attachment before or without a look at its content.

import SluiceModel
import SluiceServer

extension Problem {
    init(_ status: Int, _ judged: JudgedFinding, evidence: [(name: String, value: String)] = []) {
        self.init(
            status, judged.finding.code, judged.finding.message, remedy: judged.finding.remedy, evidence: evidence)
    }
}
