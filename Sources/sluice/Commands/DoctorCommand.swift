// `sluice doctor`: what protects this machine, and what is missing.

import SluiceModel
import SluicePipeline
import SluiceSandbox

extension Command {
    static let doctor = Command(
        name: "doctor", synopsis: "[options]",
        summary: "Show what protects this machine and which libraries inspect; non-zero where something is missing.",
        details: "", options: [.format, .jobs]
    ) { arguments in
        let format = try arguments.format
        var facts = Confinement.report()
        facts.append(inspectorFact())
        facts += InspectorLibraries.report()
        for fact in facts {
            switch format {
            case .json:
                var object = JSONObject()
                object.add("name", fact.name)
                object.add("state", fact.state)
                object.add("detail", fact.detail)
                object.add("ok", fact.isOK)
                print(object.line)
            case .table:
                let mark = fact.isOK ? Paint.green("ok     ") : Paint.red("MISSING")
                print("\(mark)  \(fact.name): \(fact.state)\n         \(fact.detail)")
            }
        }
        return facts.allSatisfy(\.isOK) ? .success : .refused
    }

    /// Whether an inspector starts here, as it would for an attachment.
    private static func inspectorFact() -> ConfinementFact {
        do {
            _ = try InspectorPool(jobs: 1)
            return ConfinementFact(
                name: "inspector", state: "starts", detail: "a confined process answers as it would for an attachment",
                isOK: true)
        } catch {
            return ConfinementFact(name: "inspector", state: "does not start", detail: error.description, isOK: false)
        }
    }
}
