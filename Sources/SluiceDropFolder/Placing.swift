// Answered files go to their outcome folders, on one thread: two would only wait for each other, since creating and renaming hold the
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
    let defaultTicket: TicketID?

    /// - Returns: `placed`, or `notPlaced`.
    func place(_ claim: Claim, _ result: BatchResult) -> Taken {
        let path = claim.path.shown(in: "in")
        let outcome = OutcomeFolder(result)
        let ticket = Taking.folderTicket(claim.path) ?? defaultTicket
        let line = AttachmentLine.object(path: path, result, ticket: ticket).line
        do throws(SluiceError) {
            let place = try outcomes.place(claim, in: outcome, json: line, text: VerdictText.text(path: path, result))
            return Taken(
                claim: claim, end: .placed(Placed(outcome: outcome, path: place, result: result, line: line)))
        } catch {
            return Taken(claim: claim, end: .notPlaced(error))
        }
    }
}
