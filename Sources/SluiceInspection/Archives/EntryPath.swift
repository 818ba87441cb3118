// What would happen when an entry of this name is unpacked: a pure function over the bytes of the name. Nothing here touches a file
// system.

import SluiceModel

/// What is wrong with one name.
enum NameProblem: Hashable, CaseIterable {
    case empty, tooLong, control, direction, invisible, notText
    case escapes, absolute, parent, unclean, backslash, reserved, trailing

    var definition: FindingDefinition {
        switch self {
        case .empty: .nameEmpty
        case .tooLong: .nameTooLong
        case .control: .nameControl
        case .direction: .nameBidi
        case .invisible: .nameInvisible
        case .notText: .nameNotText
        case .escapes: .pathEscapes
        case .absolute: .pathAbsolute
        case .parent: .pathParent
        case .unclean: .pathUnclean
        case .backslash: .pathBackslash
        case .reserved: .nameReserved
        case .trailing: .nameTrailing
        }
    }
}

/// A name inside an archive, looked at.
struct EntryPath {
    private(set) var problems: Set<NameProblem> = []
    /// The parts that remain without empty and `.` ones, joined by `/`: two names that are unpacked to one place are equal here.
    /// Empty for the archive's root.
    private(set) var normalized: [UInt8] = []

    private static let slash = UInt8(ascii: "/")
    private static let backslash = UInt8(ascii: "\\")
    private static let dot = UInt8(ascii: ".")

    /// - Parameter limit: the longest name, in bytes.
    init(_ name: [UInt8], limit: ByteCount) {
        guard !name.isEmpty else {
            problems.insert(.empty)
            return
        }
        if Int64(name.count) > limit.bytes { problems.insert(.tooLong) }
        lookAtCharacters(name)
        lookAtStart(name)
        if name.contains(Self.backslash) {
            if DoubleByteNames.withoutHalves(name).contains(Self.backslash) { problems.insert(.backslash) }
            // A name that could climb in any reading counts as climbing: another system may not know the code page.
            if Self.climbs(name.map { $0 == Self.backslash ? Self.slash : $0 }) { problems.insert(.escapes) }
        }
        lookAtParts(name)
    }

    /// Notes the problems about the entry that is being read.
    func note(_ name: [UInt8], _ context: inout InspectionContext) {
        guard !problems.isEmpty else { return }
        for problem in NameProblem.allCases where problems.contains(problem) {
            switch problem {
            case .empty: context.find(.nameEmpty)
            case .tooLong:
                context.find(
                    .nameTooLong, .bytes(name), .size(ByteCount(name.count)), .size(context.order.archives.nameLength))
            default: context.find(problem.definition, .bytes(name))
            }
        }
    }

    /// Whether unpacking it could leave the folder.
    var leaves: Bool { problems.contains(.escapes) || problems.contains(.absolute) }

    static func isUTF8(_ bytes: [UInt8]) -> Bool {
        if bytes.allSatisfy({ $0 < 0x80 }) { return true }
        return String(validating: bytes, as: UTF8.self) != nil
    }

    /// Whether `..` parts lead above the start.
    static func climbs(_ name: [UInt8]) -> Bool {
        var depth = 0
        for part in name.split(separator: slash) where part != [dot] {
            depth += part == [dot, dot] ? -1 : 1
            if depth < 0 { return true }
        }
        return false
    }

    private mutating func lookAtStart(_ name: [UInt8]) {
        if name[0] == Self.slash || name[0] == Self.backslash { problems.insert(.absolute) }
        // A drive: `C:`, with or without a separator behind it.
        let isLetter = (0x61...0x7A).contains(name[0] | 0x20)
        if name.count >= 2, isLetter, name[1] == UInt8(ascii: ":") { problems.insert(.absolute) }
    }

    private mutating func lookAtParts(_ name: [UInt8]) {
        let parts = name.split(separator: Self.slash, omittingEmptySubsequences: false)
        normalized.reserveCapacity(name.count)
        var depth = 0
        for (index, part) in parts.enumerated() {
            if part.isEmpty {
                // A slash at the end marks a folder; one at the start was seen already.
                if index > 0 && index < parts.count - 1 { problems.insert(.unclean) }
            } else if part == [Self.dot] {
                // GNU tar's `./` before every name, and `.` for the root itself.
                if index > 0 { problems.insert(.unclean) }
            } else {
                if part == [Self.dot, Self.dot] {
                    problems.insert(.parent)
                    depth -= 1
                    if depth < 0 { problems.insert(.escapes) }
                } else {
                    depth += 1
                    lookAtPart(part)
                }
                if !normalized.isEmpty { normalized.append(Self.slash) }
                normalized += part
            }
        }
        if problems.contains(.escapes) { problems.remove(.parent) }
    }

    private mutating func lookAtPart(_ part: ArraySlice<UInt8>) {
        if let last = part.last, last == Self.dot || last == 0x20 { problems.insert(.trailing) }
        guard part.count >= 3, let first = part.first, "aclnp".utf8.contains(first | 0x20) else { return }
        // Windows ignores everything behind the first dot (Microsoft, "Naming Files, Paths, and Namespaces").
        let stem = part.prefix { $0 != Self.dot }.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        switch String(decoding: stem, as: UTF8.self) {
        case "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1",
            "lpt2",
            "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9":
            problems.insert(.reserved)
        default: break
        }
    }

    private mutating func lookAtCharacters(_ name: [UInt8]) {
        var isASCII = true
        var hasControl = false
        for byte in name {
            if byte >= 0x80 { isASCII = false }
            if byte < 0x20 || byte == 0x7F { hasControl = true }
        }
        // The folder icon of macOS really has that name.
        if hasControl && !(name.count(where: { $0 < 0x20 || $0 == 0x7F }) == 1 && name.hasSuffix("Icon\r")) {
            problems.insert(.control)
        }
        guard !isASCII else { return }
        guard let text = String(validating: name, as: UTF8.self) else {
            problems.insert(.notText)
            return
        }
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x80...0x9F, 0x2028, 0x2029: problems.insert(.control)
            // Embeddings, overrides and isolates (UAX #9); the marks 200E, 200F, 061C reverse nothing.
            case 0x202A...0x202E, 0x2066...0x2069: problems.insert(.direction)
            case 0x200B...0x200F, 0x061C, 0x2060...0x2064, 0xFEFF, 0x00AD, 0x180E, 0x115F, 0x1160, 0x3164, 0xFFA0,
                0xE0000...0xE007F:
                problems.insert(.invisible)
            default: break
            }
        }
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ text: StaticString) -> Bool {
        count >= text.utf8CodeUnitCount
            && suffix(text.utf8CodeUnitCount).elementsEqual(
                UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
