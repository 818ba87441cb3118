// What is sent again is known; what could tell one customer of another, or was in any way remarkable, is not.

import SluiceModel
import Synchronization
import Testing

@testable import SluiceSandbox

@Suite struct RepeatedAttachmentsTests {
    /// Counts, and finds what it is told to.
    final class Counting: Inspector {
        let asked = Atomic(0)
        let inspection: Inspection

        init(_ inspection: Inspection) { self.inspection = inspection }

        func inspect(
            _ attachment: SpooledAttachment, of submission: Submission, _ order: InspectionOrder
        ) async throws(SluiceError) -> Inspection {
            asked.add(1, ordering: .relaxed)
            return inspection
        }
    }

    static let honest = Inspection(recognized: RecognizedType(.plainText, .proven, detail: "ASCII text"))

    static func submission(ticket: String? = "T-1", submitter: String? = "ann") -> Submission {
        Submission(
            declaredName: DeclaredName("a.txt"), ticket: ticket.flatMap { TicketID($0) }, submitter: submitter,
            source: .endpoint)
    }

    static func attachment(_ size: Int64 = 2 << 20, digest: UInt8 = 1) -> SpooledAttachment {
        SpooledAttachment(
            size: ByteCount(size), digest: Digest([UInt8](repeating: digest, count: 32))!, owning: -1)
    }

    /// What differs in the second sending, and how often the inspector is asked for both.
    @Test(arguments: [
        ("nothing", attachment(), submission(), InspectionOrder(), 1),
        ("the bytes", attachment(digest: 2), submission(), InspectionOrder(), 2),
        ("the ticket", attachment(), submission(ticket: "T-2"), InspectionOrder(), 2),
        ("the submitter", attachment(), submission(submitter: "bob"), InspectionOrder(), 2),
        ("nobody is named", attachment(), submission(submitter: nil), InspectionOrder(), 2),
        ("the extension", attachment(), submission(), InspectionOrder(declaredExtension: "csv"), 2),
        ("the budgets", attachment(), submission(), InspectionOrder(archives: ArchiveBudgets(entries: 1)), 2),
    ]) func `Only what is the same in every way is known`(
        _ difference: String, attachment: SpooledAttachment, submission: Submission, order: InspectionOrder, asked: Int
    ) async throws {
        let inner = Counting(Self.honest)
        let inspector = RepeatedAttachments(inner)
        let first = try await inspector.inspect(Self.attachment(), of: Self.submission(), InspectionOrder())
        let second = try await inspector.inspect(attachment, of: submission, order)
        #expect(inner.asked.load(ordering: .relaxed) == asked && first == second)
    }

    @Test(arguments: [
        (
            "a finding that is more than a note", 2 << 20,
            Inspection(findings: [Finding(.inspectionFailed, [.text("x")])])
        ),
        ("a type by its signature alone", 2 << 20, Inspection(recognized: RecognizedType(.plainText, .signature))),
        ("a small one, whose process may have seen others", 1 << 20, honest),
    ]) func `What is not beyond doubt is looked at again`(_ what: String, size: Int, inspection: Inspection)
        async throws
    {
        let inner = Counting(inspection)
        let inspector = RepeatedAttachments(inner)
        for _ in 0..<2 {
            _ = try await inspector.inspect(Self.attachment(Int64(size)), of: Self.submission(), InspectionOrder())
        }
        #expect(inner.asked.load(ordering: .relaxed) == 2)
    }

    @Test func `So many are remembered and no more`() async throws {
        let inner = Counting(Self.honest)
        let inspector = RepeatedAttachments(inner)
        for round in 0..<2 {
            for digest in UInt8(0)..<33 {
                let digest = round == 0 ? digest : 32 - digest
                _ = try await inspector.inspect(
                    Self.attachment(digest: digest), of: Self.submission(), InspectionOrder())
            }
        }
        // Of the 33, the first has been forgotten when its second time comes.
        #expect(inner.asked.load(ordering: .relaxed) == 34)
    }
}
