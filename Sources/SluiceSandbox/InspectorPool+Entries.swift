// Reads single entries: each in a fresh process that ends with the entry. Entries have a limit of their own, so that slow readers cannot
// delay inspections.

internal import Glibc
public import SluiceModel
internal import Synchronization

extension InspectorPool: EntryExtractor {
    public func open(
        _ entry: EntryAddress, in archive: CInt, size: ByteCount, _ budgets: ArchiveBudgets
    ) throws(SluiceError) -> any EntryBytes {
        guard let slot = EntrySlot(of: entrySlots) else { throw .entryBusy }
        let readOnly = try ReadOnlyDescriptor(of: archive)
        var budgets = budgets
        // The caller may take the bytes slowly. Only the time spent waiting for the process counts, and the process has a limit of its
        // own.
        budgets.wallClock = .seconds(86_400)
        let order = InspectionOrder(archives: budgets)
        var failures = 0
        while true {
            let session = try takeSession(for: nil)
            let opened: ConfinedEntry
            do throws(SessionFailure) {
                let question = try session.ask(readOnly.descriptor, size: size, order, entry: entry, within: deadline)
                prepareSpare()
                opened = try ConfinedEntry(entry, from: session, question, slot)
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

/// How many entries may be read at once, and how many are being read.
final class EntrySlots: Sendable {
    private let most: Int
    private let taken = Mutex(0)

    init(_ most: Int) { self.most = most }

    fileprivate func acquire() -> Bool {
        taken.withLock { taken in
            guard taken < most else { return false }
            taken += 1
            return true
        }
    }

    fileprivate func release() { taken.withLock { $0 -= 1 } }
}

/// One of the slots. It is released with this object.
final class EntrySlot {
    private let slots: EntrySlots

    /// - Returns: `nil` where no slot is free. No caller waits for one, since nobody knows when a slot becomes free.
    init?(of slots: EntrySlots) {
        guard slots.acquire() else { return nil }
        self.slots = slots
    }

    deinit { slots.release() }
}
