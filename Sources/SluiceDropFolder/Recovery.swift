// After a crash: puts back into `in/` what a dead watcher had claimed, and removes what it had begun to write. Also puts failed files
// back that are to be tried again.

import Glibc
import SluiceModel
import SluicePipeline

/// Mends what a crash has left.
struct Recovery {
    let tree: DropFolderTree

    /// The claims of dead watchers that could not simply be put back.
    struct Recovered {
        /// Files whose name has come again in `in/` meanwhile. They are judged where they are.
        var left: [Claim] = []
        /// Files that had killed watchers. They lie in `failed/` now.
        var failed: [ClaimResult] = []
    }

    func run() throws(SluiceError) -> Recovered {
        var recovered = Recovered()
        var suspects = CrashSuspects(tree.suspects)
        for name in tree.claims.names() {
            guard let session = try ClaimSession.orphan(name, in: tree.claims) else { continue }
            JudgedCopies.removeBegun(of: name, in: tree.copies)
            let left = try mend(session, &suspects, &recovered)
            recovered.left += left
            session.tidy()
            if left.isEmpty { tree.claims.removeFolder(name) }
        }
        return recovered
    }

    private func mend(
        _ session: ClaimSession, _ suspects: inout CrashSuspects, _ recovered: inout Recovered
    ) throws(SluiceError) -> [Claim] {
        var left: [Claim] = []
        var files: [(TreePath, Sighting)] = []
        session.folders.root.walk { path, sighting in files.append((path, sighting)) }
        let paths = Set(files.map(\.0))
        let begun = session.folders.root.descriptor
        for (path, sighting) in files {
            if Sidecar.isOne(path.name) {
                let file = TreePath(path.parent.bytes.isEmpty ? [] : path.parent.bytes)
                    .appending(Array(path.name.dropLast(Sidecar.suffix.utf8.count)))
                if paths.contains(file) { continue }  // it goes with its file
                try follow(path, file, session)
                continue
            }
            if try isPlaced(path, session) { continue }
            removeBegunVerdicts(of: path, session, begun)
            if suspects.isGuilty(path) {
                let claim = Claim(session: session, path: path, sighting: sighting)
                let taken = OutcomePlacer(
                    outcomes: tree.outcomes, copies: JudgedCopies(tree.copies), defaultTicket: nil
                )
                .place(claim, .failed(CrashSuspects.accusation(path)))
                if case .placed = taken.end {
                    suspects.clear(path)
                    recovered.failed.append(taken)
                    continue
                }
            } else {
                suspects.note(path)
            }
            if try !session.putBack(path, to: tree.input) {
                left.append(Claim(session: session, path: path, sighting: sighting))
            }
        }
        return left
    }

    /// Whether the file lies in an outcome folder already, and only its name among the claims was left. That name is removed then.
    private func isPlaced(_ path: TreePath, _ session: ClaimSession) throws(SluiceError) -> Bool {
        guard let home = try session.folders.root.folder(path.parent) else { return false }
        // Only a rename in two steps leaves a second name.
        guard let status = home.status(path.name), status.st_mode & S_IFMT == S_IFREG, status.st_nlink > 1
        else { return false }
        for outcome in OutcomeFolder.allCases {
            guard let folder = try tree.outcomes.root(outcome).folder(path.parent) else { continue }
            var number = 1
            while true {
                let name = OutcomeName(path.name, number: number)
                if home.isSameFile(path.name, name.file, in: folder) {
                    return home.finishMove(path.name, to: folder, as: name.file) == 0
                }
                if folder.sighting(name.file) == nil && folder.sighting(name.json) == nil { break }
                number += 1
            }
        }
        return false
    }

    /// Removes verdicts that a dead watcher wrote just before the crash, while the file itself is still claimed.
    private func removeBegunVerdicts(of path: TreePath, _ session: ClaimSession, _ begun: CInt) {
        for outcome in OutcomeFolder.allCases {
            guard let folder = try? tree.outcomes.root(outcome).folder(path.parent) else { continue }
            var number = 1
            while true {
                let name = OutcomeName(path.name, number: number)
                let (json, text) = (folder.sighting(name.json), folder.sighting(name.text))
                if json == nil && text == nil && folder.sighting(name.file) == nil { break }
                if folder.sighting(name.file) == nil, isYounger(json ?? text, than: session) {
                    folder.remove(name.json)
                    folder.remove(name.text)
                    // The sidecar was moved before its file: it goes back.
                    if Sidecar.isThere(name.sidecar, in: folder),
                        let home = try? session.folders.root.folder(path.parent)
                    {
                        _ = folder.finishMove(name.sidecar, to: home, as: Sidecar.name(for: path.name))
                    }
                }
                number += 1
            }
        }
    }

    /// A session's name begins with the second in which it began.
    private func isYounger(_ sighting: Sighting?, than session: ClaimSession) -> Bool {
        guard let sighting else { return false }
        let began = Int64(String(decoding: session.name.prefix { $0 != UInt8(ascii: "-") }, as: UTF8.self)) ?? .max
        return sighting.modified / 1_000_000_000 >= began
    }

    /// Moves a sidecar after its file, which has left the claims already.
    private func follow(_ path: TreePath, _ file: TreePath, _ session: ClaimSession) throws(SluiceError) {
        guard let from = try session.folders.root.folder(path.parent) else { return }
        for outcome in OutcomeFolder.allCases {
            guard let folder = try tree.outcomes.root(outcome).folder(path.parent) else { continue }
            let name = OutcomeName(file.name, number: 1)
            if folder.sighting(name.file) != nil, from.finishMove(path.name, to: folder, as: name.sidecar) == 0 {
                return
            }
        }
        let folder = try tree.input.folder(path.parent, making: true)!
        _ = from.finishMove(path.name, to: folder, as: path.name)
    }

    /// Puts files in `failed/` back into `in/` and removes their verdicts.
    /// - Parameter all: also files whose failure does not pass by itself.
    /// - Returns: how many files.
    func retryFailed(all: Bool) throws(SluiceError) -> Int {
        let failed = tree.outcomes.root(.failed)
        var files: [TreePath] = []
        failed.walk { path, _ in if !Self.isBeside(path, in: failed) { files.append(path) } }
        var count = 0
        for path in files {
            guard let folder = try failed.folder(path.parent) else { continue }
            let name = OutcomeName(file: path.name)
            let verdict = VerdictRecord(folder.content(name.json, atMost: VerdictRecord.most))
            let error = verdict?.errorCode.flatMap { ErrorDefinition.named($0) }
            guard all || error?.isWorthRepeating ?? true else { continue }
            // A numbered name is not the sender's name: the verdict has that.
            let original = verdict?.path.flatMap {
                $0.contains("\u{FFFD}") ? nil : TreePath(Array($0.utf8.dropFirst(3)))
            }
            let back = original.map { path.parent.appending($0.name) } ?? path
            guard let target = try tree.input.folder(path.parent, making: true) else { continue }
            if target.sighting(back.name) != nil, !folder.isSameFile(path.name, back.name, in: target) { continue }
            if Sidecar.isThere(name.sidecar, in: folder) {
                _ = folder.finishMove(name.sidecar, to: target, as: Sidecar.name(for: back.name))
            }
            guard folder.finishMove(path.name, to: target, as: back.name) == 0 else { continue }
            folder.remove(name.json)
            folder.remove(name.text)
            count += 1
        }
        return count
    }

    /// Whether a name is the verdict or the sidecar of another file.
    static func isBeside(_ path: TreePath, in root: Folder) -> Bool {
        guard let folder = try? root.folder(path.parent) else { return false }
        // A file that has a verdict of its own is a file, whatever its name.
        if folder.sighting(OutcomeName(file: path.name).json) != nil { return false }
        return [OutcomeName.json, OutcomeName.text, Sidecar.suffix].contains { path.name.hasSuffix($0) }
    }
}
