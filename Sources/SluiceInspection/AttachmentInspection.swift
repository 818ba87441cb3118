// One attachment, from its bytes to the evidence. Synchronous and on one thread. The confined process calls it, and so do programs that
// inspect in their own process.

import Glibc
public import SluiceModel

/// Inspects attachments one after the other. Keeps what is expensive to set up between them: libmagic's database and the buffers.
public final class AttachmentInspection {
    private let magic = MagicDatabase()
    private let buffers = BufferPool()
    private let inflaters = InflaterPool()
    private var content: [UInt8] = []

    /// Up to here an attachment is read into a buffer that is used again; a larger one is mapped (chosen: a mapping costs more than it saves below).
    private static let smallest = 1 << 20

    public init() {
        ArchiveWitness.prepare()
        XMLReader.prepare()
    }

    /// - Parameter content: the whole attachment.
    public func inspect(_ content: Span<UInt8>, _ order: InspectionOrder) -> Inspection {
        defer { buffers.trim() }
        var context = InspectionContext(order, magic: magic, buffers: buffers, inflaters: inflaters)
        let recognition = ContentRecognizer.recognize(content, &context)
        var inspection = Inspection(
            recognized: recognition.type, manifest: recognition.manifest, text: recognition.text,
            card: recognition.text == nil && recognition.manifest == nil ? nil : context.card?.finish(),
            findings: context.log.findings)
        // libmagic is also asked about unrecognized content, so that the refusal can name it.
        if order.secondOpinion == .always || recognition.type.basis < .proven {
            inspection.secondOpinion = magic.mediaType(of: content)
        }
        return inspection
    }

    /// - Parameters:
    ///   - descriptor: readable at any offset, and its content does not change any more; it stays the caller's.
    ///   - size: of the whole content.
    /// - Throws: `inspection.unreadable` when the bytes cannot be had; what is wrong with them is a finding.
    public func inspect(
        descriptor: CInt, size: ByteCount, _ order: InspectionOrder
    ) throws(SluiceError) -> Inspection {
        // An attachment that does not fit into the memory of one inspection could not be checked; another try would end in the same way.
        try withContent(descriptor, size) { inspect($0, order) }
            ?? Inspection(findings: [
                Finding(.inspectionFailed, [.text("it does not fit into the memory of one inspection")])
            ])
    }

    /// Reads one entry of an archive that was inspected before.
    /// - Parameters:
    ///   - descriptor, size: as for an inspection.
    ///   - sink: takes the entry's bytes in their order, in pieces of any length.
    /// - Throws: `inspection.unreadable` when the attachment's bytes cannot be had.
    public func extract(
        _ entry: EntryAddress, descriptor: CInt, size: ByteCount, _ order: InspectionOrder,
        to sink: (Span<UInt8>) -> Void
    ) throws(SluiceError) -> EntryEnding {
        guard let ending = try withContent(descriptor, size, { extract(entry, from: $0, order, to: sink) }) else {
            throw Self.unreadable("no memory")
        }
        return ending
    }

    /// As above, from the whole attachment's bytes.
    public func extract(
        _ entry: EntryAddress, from content: Span<UInt8>, _ order: InspectionOrder, to sink: (Span<UInt8>) -> Void
    ) -> EntryEnding {
        defer { buffers.trim() }
        var context = InspectionContext(order, magic: magic, buffers: buffers, inflaters: inflaters)
        return withoutActuallyEscaping(sink) { sink in
            EntryReader(sink: sink).read(entry.places[...], in: content, &context) ?? .missing
        }
    }

    /// - Returns: `nil` when there is no memory to map the content into.
    private func withContent<Answer>(
        _ descriptor: CInt, _ size: ByteCount, _ body: (Span<UInt8>) -> Answer
    ) throws(SluiceError) -> Answer? {
        guard let count = Int(exactly: size.bytes), count >= 0 else { throw Self.unreadable("size \(size.bytes)") }
        if count <= Self.smallest {
            try read(descriptor, count)
            let bytes = content  // the same memory: no copy, and it cannot change under the span
            return body(bytes.span)
        }
        // Private and read-only: nothing we do can reach the file, and the spool keeps it from shrinking.
        guard let memory = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), memory != MAP_FAILED else {
            if errno == ENOMEM { return nil }
            throw Self.unreadable("mmap: errno \(errno)")
        }
        defer { munmap(memory, count) }
        let bytes = UnsafeRawBufferPointer(start: memory, count: count).bindMemory(to: UInt8.self)
        return body(bytes.span)
    }

    private func read(_ descriptor: CInt, _ count: Int) throws(SluiceError) {
        if content.count != count {
            content.removeAll(keepingCapacity: true)
            content.append(contentsOf: repeatElement(0, count: count))
        }
        var done = 0
        while done < count {
            let got = content.withUnsafeMutableBytes { bytes in
                pread(descriptor, bytes.baseAddress! + done, count - done, off_t(done))
            }
            if got < 0 && errno == EINTR { continue }
            guard got > 0 else { throw Self.unreadable(got == 0 ? "it ends at \(done)" : "pread: errno \(errno)") }
            done += got
        }
    }

    private static func unreadable(_ cause: String) -> SluiceError {
        SluiceError(
            "inspection.unreadable", what: "The spooled attachment cannot be read.",
            why: "Nothing was decided and nothing is lost.", mend: "Send it again.", cause: cause)
    }
}
