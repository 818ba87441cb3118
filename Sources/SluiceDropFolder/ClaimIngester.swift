// One claimed file, from opening it safely to its verdict. Blocks its thread. OutcomePlacer.swift moves the file afterwards.

import CDropFolder
import Glibc
import SluiceModel
import SluicePipeline

/// What became of a claim.
struct ClaimResult: Sendable {
    enum End: Sendable {
        /// Judged and recorded, or failed for good. The file can go to its outcome folder.
        case answered(AttachmentResult)
        /// The file was still being written. It is put back, and the watcher waits for it.
        case notSettled
        /// Our own failure. The claim stands, and the file is tried again.
        case failed(SluiceError)
        /// The file lies in an outcome folder.
        case placed(PlacedFile)
        /// The file has its verdict but could not be moved. It is taken again later, and is a duplicate then.
        case notPlaced(SluiceError)
    }

    let claim: Claim
    let end: End
}

/// Judges and records claimed files. Used from many threads.
struct ClaimIngester: Sendable {
    let pipeline: Pipeline
    let input: Folder
    let defaultTicket: TicketID?
    /// Whether to ask the kernel which processes write to a file. Over NFS and SMB the kernel's answer means nothing.
    let asksForWriters: Bool

    /// - Parameter mayFail: whether a failure that can pass counts as final now.
    func take(_ claim: Claim, mayFail: Bool) async -> ClaimResult {
        do throws(SluiceError) {
            guard let answer = try await ingest(claim) else { return ClaimResult(claim: claim, end: .notSettled) }
            return ClaimResult(claim: claim, end: .answered(.answered(answer)))
        } catch {
            if error.definition == .sourceChanged { return ClaimResult(claim: claim, end: .notSettled) }
            if !mayFail && error.definition.isWorthRepeating { return ClaimResult(claim: claim, end: .failed(error)) }
            return ClaimResult(claim: claim, end: .answered(.failed(error)))
        }
    }

    /// - Returns: `nil` when the file has changed since it had settled, or a process writes to it.
    private func ingest(_ claim: Claim) async throws(SluiceError) -> IngestResult? {
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

    /// The sidecar comes with its file. The thread that has the file claims the sidecar afterwards.
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
