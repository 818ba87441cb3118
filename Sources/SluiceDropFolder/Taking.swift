// One claimed file, from opening it safely to its answer. Blocks its thread. Where it goes with the answer is told in Placing.swift.

import CDropFolder
import Glibc
import SluiceModel
import SluicePipeline

/// What became of a claim's turn.
struct Taken: Sendable {
    enum End: Sendable {
        /// Judged and recorded, or failed for good: it can go to its outcome folder.
        case answered(BatchResult)
        /// It was still being written: it is put back and waited for.
        case notSettled
        /// Our own failure: the claim stands, and is tried again.
        case failed(SluiceError)
        /// It lies in an outcome folder.
        case placed(Placed)
        /// It has its answer but could not be moved: it is taken again later, and is a duplicate then.
        case notPlaced(SluiceError)
    }

    let claim: Claim
    let end: End
}

/// Takes claimed files in. Used from many threads.
struct Taking: Sendable {
    let pipeline: Pipeline
    let input: Folder
    let defaultTicket: TicketID?
    /// Whether the kernel may be asked who writes to a file; over NFS and SMB the answer means nothing.
    let asksForWriters: Bool

    /// - Parameter mayFail: whether a failure that can pass is answered for good now.
    func take(_ claim: Claim, mayFail: Bool) async -> Taken {
        do throws(SluiceError) {
            guard let answer = try await ingest(claim) else { return Taken(claim: claim, end: .notSettled) }
            return Taken(claim: claim, end: .answered(.answered(answer)))
        } catch {
            if error.definition == .sourceChanged { return Taken(claim: claim, end: .notSettled) }
            if !mayFail && error.definition.isWorthRepeating { return Taken(claim: claim, end: .failed(error)) }
            return Taken(claim: claim, end: .answered(.failed(error)))
        }
    }

    /// - Returns: `nil` when the file is not as it was when it had settled, or somebody writes to it.
    private func ingest(_ claim: Claim) async throws(SluiceError) -> Answer? {
        guard let folder = try claim.session.folders.folder(claim.path.parent, making: false) else {
            throw .drop("openat2", ENOENT, "A claimed file has gone.")
        }
        let submission = try submission(claim, folder)
        if let ending = OutcomeName.verdictEnding(of: claim.path.name) {
            return try await pipeline.refuse(submission, Finding(.verdictName, [.text(ending)]))
        }
        let file = folder.openFile(claim.path.name)
        guard file >= 0 else {
            let number = errno
            guard let status = folder.status(claim.path.name) else {
                throw .drop("openat2", number, "A claimed file has gone.")
            }
            if status.st_mode & S_IFMT == S_IFREG {
                throw SluiceError(
                    "source.denied", what: "\(SafeText.display(claim.path.shown(in: "in"))) may not be read.",
                    why: "The file system refuses it to this user.",
                    mend: "Grant read permission, then run sluice watch --retry-failed.",
                    cause: String(cString: strerror(number)))
            }
            return try await pipeline.refuse(submission, Finding(.notAFile, [.text(FileBody.kind(status.st_mode))]))
        }
        if asksForWriters, drop_has_writer(file) == 1 {
            close(file)
            return nil
        }
        switch try FileBody.adopt(file, shownAs: claim.path.shown(in: "in")) {
        case .notAFile(let other):
            return try await pipeline.refuse(submission, Finding(.notAFile, [.text(other.kind)]))
        case .file(let body):
            guard Sighting(body.status) == claim.sighting else { return nil }
            return try await pipeline.ingest(submission, body: body)
        }
    }

    /// The ticket that a path names by its first folder.
    static func folderTicket(_ path: TreePath) -> TicketID? {
        path.firstFolder.flatMap { String(validating: $0, as: UTF8.self) }.flatMap { TicketID($0) }
    }

    private func submission(_ claim: Claim, _ folder: Folder) throws(SluiceError) -> Submission {
        let sidecar = claim.mayHaveSidecar ? try sidecar(claim, folder) : Sidecar()
        let ticket: TicketID
        if let name = claim.path.firstFolder {
            guard let named = Self.folderTicket(claim.path) else {
                throw .noTicket(
                    "The folder \(SafeText.display(name)) is not named like a ticket: 1 to 64 letters, digits, - _ and .",
                    mend: "Move the file into a folder of its ticket's name in in/.")
            }
            if let other = sidecar.ticket, other != named {
                throw .badSidecar("It names ticket \(other), but the file lies in the folder of \(named).")
            }
            ticket = named
        } else if let named = sidecar.ticket ?? defaultTicket {
            ticket = named
        } else {
            throw .noTicket(
                "It lay directly in in/, has no sidecar that names a ticket, and the watcher has no default ticket.",
                mend: "Move it into in/TICKET/, or start the watcher with --ticket ID.")
        }
        return Submission(
            declaredName: DeclaredName(bytes: claim.path.name), declaredCategory: sidecar.category, ticket: ticket,
            submitter: sidecar.submitter, comment: sidecar.comment, source: .dropFolder)
    }

    /// The sidecar comes with its file: it is claimed after it, by whoever has got the file.
    private func sidecar(_ claim: Claim, _ folder: Folder) throws(SluiceError) -> Sidecar {
        let name = Sidecar.name(for: claim.path.name)
        if !Sidecar.isThere(name, in: folder) {
            guard let source = try input.folder(claim.path.parent), Sidecar.isThere(name, in: source) else {
                return Sidecar()
            }
            let number = source.claim(name, into: folder)
            if number == ENOENT { return Sidecar() }
            guard number == 0 else { throw .drop("renameat2", number, "A sidecar cannot be claimed.") }
        }
        guard let content = folder.content(name, atMost: Sidecar.most) else {
            throw .badSidecar("It is no regular file, cannot be read, or is longer than 64 KB.")
        }
        return try Sidecar(content)
    }
}
