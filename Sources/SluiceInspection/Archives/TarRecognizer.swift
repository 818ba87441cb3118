// Recognizes tar archives and the products that are tars by another name.

import SluiceModel

enum TarRecognizer: Recognizer {
    static func claims(_ content: Span<UInt8>) -> Bool {
        guard content.count >= TarHeader.blockSize else { return false }
        if TarHeader.checksumHolds(content, at: 0) { return true }
        // An archive without entries is zeros only: two blocks, or a record of twenty.
        if content[0] == 0 {
            return content.count <= 10_240 && content.count % TarHeader.blockSize == 0
                && content.isZero(0..<content.count)
        }
        // A damaged first header: the mark, and a mode that reads as one (a text may have the five letters there, too).
        guard TarHeader.hasMagic(content, at: 0), case .value = TarHeader.number(content, 100, 8) else { return false }
        return true
    }

    static func recognize(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition? {
        guard let structure = TarStructure.read(content, &context) else { return nil }
        guard structure.isComplete, context.mayOpenContainer() else {
            return Recognition(RecognizedType(.tar, .signature))
        }
        let manifest = ArchiveWalk.tar(structure, content, &context)
        if context.budget.exhausted == nil { ArchiveWitness.check(structure, content, &context) }
        let count = structure.entries.count
        let detail = "tar archive, \(count.grouped) \(count == 1 ? "entry" : "entries")"
        return Recognition(RecognizedType(product(structure), .proven, detail: detail), manifest: manifest)
    }

    /// Ruby gems and virtual appliances are tars whose first members are fixed (RubyGems `Gem::Package`; DMTF DSP0243 §6.4.1).
    private static func product(_ structure: TarStructure) -> MediaType {
        guard let first = structure.entries.first?.path.normalized else { return .tar }
        let names = structure.entries.prefix(4).map { String(decoding: $0.path.normalized, as: UTF8.self) }
        if names.contains("metadata.gz") && names.contains("data.tar.gz") { return "application/x-gem" }
        if first.suffix(4).elementsEqual(".ovf".utf8) { return "application/x-ova" }
        return .tar
    }
}
