// Oddities of a text and their places: notes for the reader, and the reason where content is not text.

import SluiceModel

enum TextOddities {
    /// Where the content ceased to be text, for a refusal: the middle of a sentence.
    static func reason(eight: ByteProof, wide: WideProof?) -> String {
        let place = [eight.firstControl, eight.firstMalformed, wide?.firstControl].compactMap { $0 }.min {
            $0.offset < $1.offset
        }
        guard let place else { return "" }
        return
            "it is no text from line \(place.line.grouped) on: byte \(hexadecimal(place.byte)) at byte \((place.offset + 1).grouped)"
    }

    static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return "0x" + (digits.count == 1 ? "0" : "") + digits
    }
}

extension TextScanner {
    /// - Parameter malformed: places of a text in UTF-8 that are not.
    func noteOddities(malformed: Int, _ context: inout InspectionContext) {
        let nuls = (wide?.nulCount ?? 0) + eight.nulCount
        if nuls > 0 { context.find(.textNulCharacters, .number(nuls), .number((wide?.nulRuns ?? 0) + eight.nulRuns)) }
        let controls = eight.controls + (wide?.controls ?? 0)
        if controls > 0, let first = eight.firstControl ?? wide?.firstControl {
            context.find(
                .textControlCharacters, .number(controls), .text(TextOddities.hexadecimal(first.byte)),
                .number(first.line),
                .number(first.offset + 1))
        }
        if malformed > 0 {
            context.find(.textMixedEncoding, .number(malformed), .number(eight.firstMalformed?.line ?? 1))
        }
        if changes.count > 0 { context.find(.textEncodingChanges, .number(changes.count), .number(changes.firstLine)) }
        if wide?.isCut == true || eight.wasCut { context.find(.textCutCharacter) }
        if let frames { context.find(.textDockerFrames, .number(frames.frames)) }
    }
}

/// Tags of pages in a text that is none.
enum MarkupMentions {
    private static let tags: [StaticString] = ["<html", "<script", "<body", "<iframe", "<!doctype html"]

    /// - Returns: the first one in the beginning, in small letters, as a finding shows it.
    static func first(in head: Span<UInt8>) -> String? {
        var at = 0
        while let found = head.firstOffset(of: "<", from: at, before: head.count) {
            for tag in tags where TextForms.hasFolded(head, found, tag) { return "\(tag)>" }
            at = found + 1
        }
        return nil
    }
}
