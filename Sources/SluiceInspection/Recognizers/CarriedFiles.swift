// Files inside a document: attached to a PDF, packed into an Office document. One rule for all of them: each is recognized from its own
// bytes and compared with its own name, as a member of an archive.

import SluiceModel

extension InspectionContext {
    /// Looks at one file that the document being read carries, and notes what it is. Findings about it name it as their entry.
    /// - Parameters:
    ///   - content: the whole file.
    ///   - name: as the document gives it; only the part behind the last slash or backslash is used.
    ///   - isObject: packed as an object into the text, where a click opens it: then a script counts as a program.
    mutating func inspectCarried(_ content: Span<UInt8>, named name: [UInt8], isObject: Bool = false) {
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
            let recognition = context.recognizers.recognize(content, &context)
            let type = recognition.type.mediaType
            if let manifest = recognition.manifest { context.noteCarried(manifest) }
            let kind = recognition.type.words(guess: nil)
            let danger = NameDanger.of(ownName)
            let isScript = danger == .script || type == TextForms.script || type == TextForms.php
            if type.isProgram || danger == .startsByItself || isObject && isScript {
                context.find(.carriedProgram, .bytes(ownName), .text(kind))
            } else if type.isUnreadableContainer {
                context.find(.carriedUnchecked, .bytes(ownName), .text(kind))
            } else {
                context.find(isObject ? .carriedObject : .carriedFile, .bytes(ownName), .text(kind))
            }
        }
    }

    /// The members of a carried archive are not listed, so its dangerous members get findings here.
    private mutating func noteCarried(_ manifest: Manifest) {
        let own = entry
        defer { entry = own }
        for member in manifest.entries where member.kind == .file {
            let type = member.recognized.mediaType
            let name = member.name.bytes
            guard type.isProgram || type.isUnreadableContainer || NameDanger.of(name) == .startsByItself else {
                continue
            }
            entry = member.name
            let isProgram = type.isProgram || NameDanger.of(name) == .startsByItself
            find(isProgram ? .carriedProgram : .carriedUnchecked, .bytes(name.lastPart), .text(type.name))
        }
    }
}
