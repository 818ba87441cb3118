// The four outcome folders: `done/`, `quarantined/`, `rejected/`, `failed/`. A file keeps the path that it had in `in/`, and its verdict
// lies beside it. The verdict is written first and the file moved last, so that a file in an outcome folder always has its verdict.

import Glibc
import SluiceModel
import SluicePipeline
import SluiceSystem

/// One of the four folders.
enum OutcomeFolder: String, CaseIterable, Sendable {
    case done, quarantined, rejected, failed

    init(_ result: AttachmentResult) {
        switch result {
        case .failed: self = .failed
        case .answered(let answer):
            // A duplicate goes to the folder of the first file.
            switch answer.receipt?.verdict ?? answer.decision.judgement.verdict {
            case .accepted: self = .done
            case .quarantined: self = .quarantined
            case .rejected: self = .rejected
            }
        }
    }

    /// Files here are for the watcher's user and its group. Quarantined files are for the watcher's user alone.
    var mode: mode_t { self == .quarantined ? 0o700 : 0o750 }
}

/// The names of one file in an outcome folder.
struct OutcomeName {
    static let json = ".verdict.json"
    static let text = ".verdict.txt"
    private static let longest = 255  // NAME_MAX, man 7 path_resolution

    let file: [UInt8]

    /// - Parameter number: from 2 on, the number stands before the extension: `app.2.log`.
    init(_ name: [UInt8], number: Int) {
        let name = Self.claimed(name)
        guard number > 1 else {
            file = name
            return
        }
        let dot = name.lastIndex(of: UInt8(ascii: ".")).flatMap { $0 > 0 ? $0 : nil } ?? name.count
        let tail = Array(".\(number)".utf8) + name[dot...]
        file = Array(name[..<dot].prefix(max(1, Self.longest - tail.count))) + tail
    }

    init(file: [UInt8]) { self.file = file }

    /// The ending of a verdict's name that a sender's name has, in upper or lower case: some file systems do not tell them apart.
    static func verdictEnding(of name: [UInt8]) -> String? {
        let folded = name.map { (65...90).contains($0) ? $0 + 32 : $0 }
        return [json, text].first { folded.hasSuffix($0) }
    }

    /// Gives a file with the name of a verdict another name, so that it is never read as the verdict of another file.
    private static func claimed(_ name: [UInt8]) -> [UInt8] {
        guard verdictEnding(of: name) != nil else { return name }
        let mark = Array(".refused".utf8)
        return Array(name.prefix(longest - mark.count)) + mark
    }

    /// A long name is cut, so that the ending fits. A mark that is computed from the whole name keeps two cut names apart.
    private func beside(_ suffix: String) -> [UInt8] {
        if file.count + suffix.utf8.count <= Self.longest { return file + Array(suffix.utf8) }
        // The mark is no secret, and a collision only costs a number.
        let tail = Array("~\(String(FNV1a.hash(file), radix: 16))\(suffix)".utf8)
        return Array(file.prefix(Self.longest - tail.count)) + tail
    }

    var json: [UInt8] { beside(Self.json) }
    var text: [UInt8] { beside(Self.text) }
    var sidecar: [UInt8] { beside(Sidecar.suffix) }
}

/// The four folders of one drop folder.
struct OutcomeFolders: Sendable {
    private let folders: [OutcomeFolder: FolderCache]
    init(in root: Folder) throws(SluiceError) {
        var folders: [OutcomeFolder: FolderCache] = [:]
        for outcome in OutcomeFolder.allCases {
            let folder = try root.folder(TreePath(outcome.rawValue), making: true, mode: outcome.mode)!
            folder.restrict(to: outcome.mode)
            folders[outcome] = FolderCache(folder, mode: outcome.mode)
        }
        self.folders = folders
    }

    func root(_ outcome: OutcomeFolder) -> Folder { folders[outcome]!.root }
    func clearCaches() { folders.values.forEach { $0.clear() } }

    /// Moves a claimed file to its outcome.
    /// - Parameters:
    ///   - json: one line without its line end.
    ///   - text: for people.
    /// - Returns: its path in the outcome folder.
    func place(_ claim: Claim, in outcome: OutcomeFolder, json: String, text: String) throws(SluiceError) -> TreePath {
        let cache = folders[outcome]!
        let what = "\(SafeText.display(claim.path.bytes)) cannot be moved to \(outcome.rawValue)/."
        guard let from = try claim.session.folders.folder(claim.path.parent, making: false) else {
            throw .drop("openat2", ENOENT, what)
        }
        var wasCleared = false
        var number = 1
        while true {
            let folder = try cache.folder(claim.path.parent, making: true)!
            switch Self.place(claim, from, as: OutcomeName(claim.path.name, number: number), in: folder, json, text) {
            case 0: return claim.path.parent.appending(OutcomeName(claim.path.name, number: number).file)
            case EEXIST: number = Self.freeNumber(for: claim.path.name, after: number, in: folder)
            case ENOENT where !wasCleared:
                // Another process has removed or moved the folder that was kept open.
                cache.clear()
                wasCleared = true
            case let failure: throw .drop("renameat2", failure, what)
            }
        }
    }

    /// The first free number of a name, in few look-ups even where there are many files of the name: the distance doubles until a number
    /// is free, then the stretch is halved. It is only a proposal: the process that makes the verdict's file owns the number.
    static func freeNumber(for name: [UInt8], after taken: Int, in folder: Folder) -> Int {
        func isFree(_ number: Int) -> Bool {
            let name = OutcomeName(name, number: number)
            return folder.sighting(name.json) == nil && folder.sighting(name.file) == nil
        }
        var (low, step) = (taken, 1)
        while !isFree(low + step) { (low, step) = (low + step, 2 * step) }
        var high = low + step
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if isFree(middle) { high = middle } else { low = middle }
        }
        return high
    }

    private static func place(
        _ claim: Claim, _ from: Folder, as name: OutcomeName, in folder: Folder, _ json: String, _ text: String
    ) -> CInt {
        // Making the verdict's file also reserves the name.
        var number = folder.write(json + "\n", as: name.json)
        if number != 0 { return number }
        number = folder.write(text, as: name.text)
        if number != 0 {
            folder.remove(name.json)
            return number
        }
        let sidecar = Sidecar.name(for: claim.path.name)
        let hasSidecar = claim.mayHaveSidecar && Sidecar.isThere(sidecar, in: from)
        if hasSidecar { number = from.move(sidecar, to: folder, as: name.sidecar) }
        if number == 0 {
            number = from.move(claim.path.name, to: folder, as: name.file)
            if number == 0 { return 0 }
            if hasSidecar { _ = folder.move(name.sidecar, to: from, as: sidecar) }
        }
        folder.remove(name.json)
        folder.remove(name.text)
        return number
    }
}
