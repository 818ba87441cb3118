// Which attachments may share a process, which end one, and how many inspections run at once.

import SluiceModel
import Synchronization
import Testing

@testable import SluiceSandbox

@Suite struct SharingRuleTests {
    static let proven = RecognizedType(.plainText, .proven)

    static func entry(_ kind: ManifestEntry.Kind, _ basis: RecognizedType.Basis) -> Manifest {
        let entry = ManifestEntry(
            name: EntryName("x"), kind: kind, size: .zero, depth: 1, recognized: RecognizedType(.plainText, basis))
        return Manifest(entries: [entry])
    }

    @Test(
        arguments: [
            (Inspection(recognized: proven), true),
            (Inspection(recognized: RecognizedType(.pdf, .structure)), true),
            (Inspection(recognized: RecognizedType(.pdf, .signature)), false),
            (Inspection(), false),
            (Inspection(recognized: proven, findings: [Finding(.inspectionIncomplete)]), true),
            (Inspection(recognized: proven, findings: [Finding(.memberType)]), false),
            (Inspection(recognized: proven, findings: [Finding(.memberExecutable)]), false),
            (Inspection(recognized: proven, manifest: entry(.file, .proven)), true),
            (Inspection(recognized: proven, manifest: entry(.file, .signature)), false),
            (Inspection(recognized: proven, manifest: entry(.directory, .none)), true),
            (Inspection(recognized: proven, manifest: entry(.link, .none)), false),
            (Inspection(recognized: proven, manifest: entry(.other, .none)), false),
        ])
    func `Only an unremarkable attachment leaves its process usable`(_ case: (inspection: Inspection, usable: Bool)) {
        #expect(`case`.inspection.isUnremarkable == `case`.usable)
    }

    static func owner(_ source: Submission.Source, _ ticket: String?, _ submitter: String?, _ size: Int64 = 1)
        -> SessionOwner?
    {
        let submission = Submission(
            declaredName: DeclaredName("a"), ticket: ticket.flatMap { TicketID($0) }, submitter: submitter,
            source: source)
        return SessionOwner(submission, size: ByteCount(size))
    }

    @Test func `Only small attachments of a batch share, by ticket and submitter`() throws {
        #expect(Self.owner(.endpoint, "T", nil) == nil && Self.owner(.endpoint, nil, "s") == nil)
        #expect(Self.owner(.dropFolder, nil, "s") == nil)
        #expect(
            Self.owner(.endpoint, "T", "s") != nil
                && Self.owner(.endpoint, "T", "s") != Self.owner(.endpoint, "T", "other")
                && Self.owner(.endpoint, "T", "s") != Self.owner(.batch, "T", "s"))
        #expect(
            Self.owner(.dropFolder, "T", "s") != nil
                && Self.owner(.dropFolder, "T", "s") != Self.owner(.batch, "T", "s"))
        #expect(Self.owner(.dropFolder, "T", "s") != Self.owner(.dropFolder, "T", nil))
        #expect(Self.owner(.batch, "T", "s", SessionUse.smallAttachment.bytes + 1) == nil)
        #expect(Self.owner(.batch, "T", "s", SessionUse.smallAttachment.bytes) == Self.owner(.batch, "T", "s"))
        let owners = [("T", "s"), ("U", "s"), ("T", "t"), (nil, nil)].map { Self.owner(.batch, $0.0, $0.1) }
        #expect(Set(owners.compactMap(\.self)).count == 4)
    }

    @Test func `A process is used up by number, bytes or time`() {
        var many = SessionUse()
        for _ in 0..<SessionUse.mostAttachments {
            #expect(!many.isUsedUp)
            many.note(.zero, spent: .zero)
        }
        #expect(many.isUsedUp)
        var large = SessionUse()
        large.note(SessionUse.mostBytes, spent: .zero)
        #expect(large.isUsedUp)
        var long = SessionUse()
        long.note(.zero, spent: SessionUse.mostTime)
        #expect(long.isUsedUp)
    }

    @Test func `No more slots than allowed are taken at once, and all who wait are served`() async {
        let slots = InspectionSlots(3)
        let running = Running()
        await withTaskGroup { group in
            for _ in 0..<200 {
                group.addTask {
                    await slots.acquire()
                    running.begin()
                    await Task.yield()
                    running.end()
                    slots.release()
                }
            }
        }
        let (now, most, served) = running.counts.withLock { $0 }
        #expect(now == 0 && served == 200 && (1...3).contains(most))
    }
}

/// How many are running, were at most, and are done.
private final class Running: Sendable {
    let counts = Mutex((now: 0, most: 0, served: 0))

    func begin() {
        counts.withLock {
            $0.now += 1
            $0.most = max($0.most, $0.now)
        }
    }

    func end() {
        counts.withLock {
            $0.now -= 1
            $0.served += 1
        }
    }
}
