// Answered files go to their outcome folders, as copies of what was judged, on one thread: two would only wait for each other, since creating and renaming hold the
// folder, while the threads that read and inspect go on.

import SluiceModel
import SluicePipeline

/// Where a file has come to lie.
struct Placed: Sendable {
    let outcome: OutcomeFolder
    /// Below the outcome folder.
    let path: TreePath
    let result: BatchResult
    /// The object of DESIGN §6, as in its `verdict.json`.
    let line: String
}

struct Placing: Sendable {
    let outcomes: OutcomeFolders
    let handedOn: HandedOn
    let defaultTicket: TicketID?

    /// - Returns: `placed`, or `notPlaced`.
    func place(_ claim: Claim, _ result: BatchResult) -> Taken {
        let path = claim.path.shown(in: "in")
        let outcome = OutcomeFolder(result)
        let ticket = Taking.folderTicket(claim.path) ?? defaultTicket
        let line = AttachmentLine.object(path: path, result, ticket: ticket).line
        var claim = claim
        do throws(SluiceError) {
            if case .answered(let answer) = result {
                claim = try handedOn.replace(claim, with: answer.decision.spooled)
            }
            let place = try outcomes.place(claim, in: outcome, json: line, text: VerdictText.text(path: path, result))
            return Taken(
                claim: claim, end: .placed(Placed(outcome: outcome, path: place, result: result, line: line)))
        } catch {
            return Taken(claim: claim, end: .notPlaced(error))
        }
    }
}
