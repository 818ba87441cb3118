// Files that a document carries: attached to a PDF, packed into an Office document. One rule for all of them: each is recognized from its
// own bytes and held against its own name, as a member of an archive is.

import SluiceModel

extension InspectionContext {
    /// Looks at one file that the document being read carries, and notes what it is. Findings about it name it as their entry.
    /// - Parameters:
    ///   - content: the whole file.
    ///   - name: as the document gives it; only the part behind the last slash or backslash is used.
    mutating func inspectCarried(_ content: Span<UInt8>, named name: [UInt8]) {
        let separator = name.lastIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
        let ownName = separator.map { Array(name[($0 + 1)...]) } ?? name
        guard mayOpenContainer(), budget.spendEntry(),
            budget.spend(content.count, memberTotal: content.count, stored: content.count)
        else { return noteExhaustion() }
        let carrier = entry
        within { context in
            context.entry = context.name(ownName, in: carrier)
            context.isWholeStream = false
            context.declaredExtension = DeclaredName(bytes: ownName).fileExtension
            let type = ContentRecognizer.recognize(content, &context).type.mediaType
            let kind = type == .unknown ? "of no type that is known here" : type.words
            if type.isProgram || NameDanger.of(ownName) == .startsByItself {
                context.find(.carriedProgram, .bytes(ownName), .text(kind))
            } else if type.isUnreadableContainer {
                context.find(.carriedUnchecked, .bytes(ownName), .text(kind))
            } else {
                context.find(.carriedFile, .bytes(ownName), .text(kind))
            }
        }
    }
}
