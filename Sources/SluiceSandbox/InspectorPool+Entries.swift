// The pool as the one who reads single entries: each in a fresh process that ends with it. How many there are at once is bounded apart from
// the inspections, so that slow readers cannot hold those up.

internal import Glibc
public import SluiceModel
internal import Synchronization

extension InspectorPool: EntryExtractor {
    public func open(
        _ entry: EntryAddress, in archive: CInt, size: ByteCount, _ budgets: ArchiveBudgets
    ) throws(SluiceError) -> any EntryBytes {
        guard let turn = EntryTurn(of: entryTurns) else { throw .entryBusy }
        let readOnly = try ReadOnlyDescriptor(of: archive)
        var budgets = budgets
        // Whoever takes the bytes may take them slowly: here only the time is counted that we wait for the process, whose own is limited.
        budgets.wallClock = .seconds(86_400)
        let order = InspectionOrder(archives: budgets)
        var failures = 0
        while true {
            let session = try takeSession(for: nil)
            let opened: ConfinedEntry
            do throws(SessionFailure) {
                let question = try session.ask(readOnly.descriptor, size: size, order, entry: entry, within: deadline)
                prepareSpare()
                opened = try ConfinedEntry(entry, from: session, question, turn)
            } catch {
                failures += 1
                guard error == .unready, failures < Self.startAttempts else { throw .entryFailed(error) }
                continue
            }
            if let error = opened.ending.flatMap({ SluiceError($0) }) { throw error }
            return opened
        }
    }
}

/// How many entries may be read at once, and how many are.
final class EntryTurns: Sendable {
    private let most: Int
    private let taken = Mutex(0)

    init(_ most: Int) { self.most = most }

    fileprivate func take() -> Bool {
        taken.withLock { taken in
            guard taken < most else { return false }
            taken += 1
            return true
        }
    }

    fileprivate func giveBack() { taken.withLock { $0 -= 1 } }
}

/// One of them, given back with this object.
final class EntryTurn {
    private let turns: EntryTurns

    /// - Returns: `nil` where all are taken; nobody waits, since an end is not foreseeable.
    init?(of turns: EntryTurns) {
        guard turns.take() else { return nil }
        self.turns = turns
    }

    deinit { turns.giveBack() }
}
