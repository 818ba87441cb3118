// What is fuzzed: one target for each reader of hostile bytes. `Scripts/fuzz` runs them under libFuzzer, FuzzTargetTests in a short form; both take
// the list from here. The targets themselves stand in the files beside this one, the program around them in Program/.

import SluiceModel

@testable import SluiceInspection

/// One reader, what to begin with, and how it is called.
struct FuzzTarget: Sendable {
    /// As `Scripts/fuzz` takes it.
    let name: String
    /// The recognizers that it reaches by their own signatures.
    var recognizers: [any Recognizer.Type] = []
    /// The longest input in bytes, for many runs a second; the deep profile takes inputs sixteen times as long.
    let longest: Int
    /// Built inputs from which the mutations begin: honest ones, and odd ones that reach further into the reader.
    let seeds: @Sendable () -> [[UInt8]]
    /// Reads one input. A trap, a bad access or a broken promise ends the process.
    /// - Returns: false where the input is not this reader's at all and not worth keeping.
    let run: @Sendable (Span<UInt8>, FuzzGround) -> Bool

    /// In the order in which a campaign takes them: by what a mistake would cost.
    static let all: [FuzzTarget] = [
        .zip, .tar, .compoundFile, .pdf, .openXML, .jpeg, .png, .bmp, .text, .path, .stream, .foreign, .deflate, .entry,
        .logBundle,
        .wireReply, .multipart, .markup, .fields, .packedObject, .encryptedOffice, .importedPart, .remoteTarget,
    ]

    static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }

    /// A target that reads its input as an attachment, if one of `recognizers` claims it.
    /// - Parameter mend: puts right the checksums that mutations break, so that they get past the first door; `nil` where they were right.
    static func recognizing(
        _ name: String, _ recognizers: [any Recognizer.Type], longest: Int,
        mend: @escaping @Sendable (Span<UInt8>) -> [UInt8]? = { _ in nil }, seeds: @escaping @Sendable () -> [[UInt8]]
    ) -> FuzzTarget {
        FuzzTarget(name: name, recognizers: recognizers, longest: longest, seeds: seeds) { content, ground in
            var isOurs = ground.recognize(content, recognizers)
            if let mended = mend(content), ground.recognize(mended.span, recognizers) { isOurs = true }
            return isOurs
        }
    }
}

/// What is dear to set up and kept from run to run, and the budgets. Used from one thread.
final class FuzzGround {
    /// Copied for each run; its libmagic, inflaters and buffers are shared by all of them.
    private let template: InspectionContext
    let inflater = Inflater()

    /// - Parameter isDeep: with the budgets of the policy; otherwise with small ones, since a bomb within the budget says nothing new and is slow.
    init(isDeep: Bool) {
        var budgets = ArchiveBudgets(expand: Set(ForeignContainer.allCases))
        if !isDeep {
            budgets.entries = 200
            budgets.expandedSize = ByteCount(512 << 10)
            budgets.ratioFloor = ByteCount(64 << 10)
            budgets.heldMember = ByteCount(256 << 10)
        }
        // libmagic is not ours to fuzz, and a call costs a millisecond.
        template = InspectionContext(InspectionOrder(archives: budgets), magic: MagicDatabase(paths: []))
        ArchiveWitness.prepare()
    }

    /// A fresh context with fresh budgets.
    func context() -> InspectionContext {
        var context = template
        context.budget = ExpansionBudget(context.order.archives)
        return context
    }

    /// - Returns: whether one of `recognizers` claims the content; if so it was read as an attachment.
    func recognize(_ content: Span<UInt8>, _ recognizers: [any Recognizer.Type]) -> Bool {
        guard recognizers.contains(where: { $0.claims(content) }) else { return false }
        var context = context()
        let recognition = ContentRecognizer.recognize(content, &context)
        precondition(context.depth == 0 && context.entry == nil, "the context came back changed")
        if let manifest = recognition.manifest { precondition(manifest.expandedSize.bytes >= 0) }
        context.buffers.trim()
        return true
    }
}
