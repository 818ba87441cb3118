// Moves judged files to their outcome folders, as copies of what was judged. One thread does it: two would only wait for each other,
// since making and renaming files locks the folder.

import SluiceModel
import SluicePipeline

/// Where a file lies now.
struct PlacedFile: Sendable {
    let outcome: OutcomeFolder
    /// Below the outcome folder.
    let path: TreePath
    let result: AttachmentResult
    /// The JSON object of the result (Contract, output), as in its `verdict.json`.
    let line: String
}

struct OutcomePlacer: Sendable {
    let outcomes: OutcomeFolders
    let copies: JudgedCopies
    let defaultTicket: TicketID?

    /// - Returns: `placed`, or `notPlaced`.
    func place(_ claim: Claim, _ result: AttachmentResult) -> ClaimResult {
        let path = claim.path.shown(in: "in")
        let outcome = OutcomeFolder(result)
        let ticket = ClaimIngester.folderTicket(claim.path) ?? defaultTicket
        let line = AttachmentLine.object(path: path, result, ticket: ticket).line
        var claim = claim
        do throws(SluiceError) {
            if case .answered(let answer) = result {
                claim = try copies.replace(claim, with: answer.decision.spooled)
            }
            let place = try outcomes.place(claim, in: outcome, json: line, text: VerdictText.text(path: path, result))
            return ClaimResult(
                claim: claim, end: .placed(PlacedFile(outcome: outcome, path: place, result: result, line: line)))
        } catch {
            return ClaimResult(claim: claim, end: .notPlaced(error))
        }
    }
}
