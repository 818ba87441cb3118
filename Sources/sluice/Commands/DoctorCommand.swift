// `sluice doctor`: how inspectors are confined on this machine, whether the store can be used, and what is missing.

import SluiceModel
import SluicePipeline
import SluiceSandbox

extension Command {
    static let doctor = Command(
        name: "doctor", synopsis: "[options]",
        summary: "Show what protects this machine and which libraries inspect; non-zero where something is missing.",
        details: """
            With --store (or $SLUICE_STORE) it also tries out where rows and bytes are kept. It changes no row, and removes the object that
            it writes.
            """, options: [.store, .blobs, .spool, .format, .jobs]
    ) { arguments in
        let format = try arguments.format
        let layers = Confinement.report()
        var facts = [levelFact(layers)] + layers
        facts.append(inspectorFact())
        facts += InspectorLibraries.report()
        if arguments.isSet("--store") || Environment["SLUICE_STORE"] != nil {
            facts += try StoreLocation(arguments).facts
        }
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

    /// The confinement of this machine in one word.
    private static func levelFact(_ layers: [ConfinementFact]) -> ConfinementFact {
        let missing = layers.filter { !$0.isOK }.map(\.name)
        return missing.isEmpty
            ? ConfinementFact(
                name: "confinement", state: "full", detail: "every layer below is in force for each inspector",
                isOK: true)
            : ConfinementFact(
                name: "confinement", state: "weak",
                detail: "without \(missing.joined(separator: " and ")) Sluice inspects only with --weak-confinement",
                isOK: false)
    }

    /// Whether an inspector starts here, as for an attachment.
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
