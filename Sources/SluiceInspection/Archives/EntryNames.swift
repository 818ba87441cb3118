// The names of one archive together: duplicates, twins, files used as folders, and the targets of links. EntryPath checks a single name.

import SluiceModel

/// Collects an archive's names and tells how they get on with each other. All work is linear in their number, but for one sort.
struct EntryNames {
    enum Kind { case file, directory, link }

    private struct Link {
        var entry: EntryName?
        var location: [UInt8]
        var target: [UInt8]
    }

    private var kinds: [[UInt8]: Kind] = [:]
    /// Names that are one when case is ignored; a String compares by canonical equivalence, so NFC and NFD are one as well.
    private var folded: [String: [[UInt8]]] = [:]
    private var places: [(path: [UInt8], entry: EntryName?)] = []
    private var links: [Link] = []

    /// More case variants of one name than this are taken as duplicates unseen (chosen: keeps hostile lists linear).
    private static let mostVariants = 16
    private static let slash = UInt8(ascii: "/")
    private static let backslash = UInt8(ascii: "\\")

    /// Adds the entry that is being read.
    mutating func add(_ path: EntryPath, _ kind: Kind, _ context: inout InspectionContext) {
        let name = path.normalized
        guard !name.isEmpty else { return }  // the archive's root, written as `./`
        places.append((name, context.entry))
        if let earlier = kinds[name] {
            if earlier != .directory || kind != .directory { context.find(.nameDuplicate, .bytes(name)) }
            return
        }
        kinds[name] = kind
        // Windows unpacks `a\b` and `a/b` to one place.
        let unified = name.contains(Self.backslash) ? name.map { $0 == Self.backslash ? Self.slash : $0 } : name
        guard let text = String(validating: unified, as: UTF8.self) else { return }
        let key = text.lowercased()
        if let others = folded[key] {
            let isSame =
                others.count >= Self.mostVariants || others.contains { String(decoding: $0, as: UTF8.self) == text }
            context.find(isSame ? .nameDuplicate : .nameTwins, .bytes(name))
            if others.count < Self.mostVariants { folded[key]!.append(unified) }
        } else {
            folded[key] = [unified]
        }
    }

    /// Adds a symbolic link. `finish` checks where it leads, when all names are known.
    mutating func addSymbolicLink(_ path: EntryPath, to target: [UInt8], _ context: inout InspectionContext) {
        links.append(Link(entry: context.entry, location: path.normalized, target: target))
        add(path, .link, &context)
    }

    /// Adds a hard link. It must name an entry before it: otherwise it would reach for a file that is on the reader's machine already.
    mutating func addHardLink(_ path: EntryPath, to target: [UInt8], _ context: inout InspectionContext) {
        let other = EntryPath(target, limit: context.order.archives.nameLength)
        let isInside = !other.leaves && kinds[other.normalized] != nil
        context.find(isInside ? .link : .linkEscapes, .bytes(target))
        add(path, .file, &context)
    }

    /// Notes what only all names together show.
    mutating func finish(_ context: inout InspectionContext) {
        let own = context.entry
        defer { context.entry = own }
        for link in links {
            context.entry = link.entry
            let leaves = leads(link.target, outsideFrom: link.location, limit: context.order.archives.nameLength)
            context.find(leaves ? .linkEscapes : .link, .bytes(link.target))
        }
        for place in places {
            guard let end = place.path.lastIndex(of: Self.slash), kinds[Array(place.path[..<end])] == .file else {
                continue
            }
            context.entry = place.entry
            context.find(.nameConflict, .bytes(place.path))
        }
        noteWritesThroughLinks(&context)
    }

    private func noteWritesThroughLinks(_ context: inout InspectionContext) {
        guard !links.isEmpty else { return }
        let sorted = places.sorted { $0.path.lexicographicallyPrecedes($1.path) }
        for link in links where !link.location.isEmpty {
            let folder = link.location + [Self.slash]
            var low = 0
            var high = sorted.count
            while low < high {
                let middle = (low + high) / 2
                if sorted[middle].path.lexicographicallyPrecedes(folder) { low = middle + 1 } else { high = middle }
            }
            guard low < sorted.count, sorted[low].path.starts(with: folder) else { continue }
            context.entry = sorted[low].entry
            context.find(.throughLink, .bytes(sorted[low].path))
        }
    }

    /// Whether following a symbolic link could end outside the archive, links inside it considered.
    private func leads(_ target: [UInt8], outsideFrom location: [UInt8], limit: ByteCount) -> Bool {
        if Int64(target.count) > limit.bytes || Self.climbs(target, from: location) { return true }
        var place = location.split(separator: Self.slash).dropLast().map(Array.init)
        var entered = 0
        for part in target.split(separator: Self.slash) where part != [0x2E] {
            if part == [0x2E, 0x2E] {
                // A backslash separates for Windows and not elsewhere: `climbs` read it as the former, here it is a letter like any other.
                if place.isEmpty { return true }
                // `..` behind a name that is itself a link climbs from wherever that link leads.
                if entered > 0, kinds[Array(place.joined(separator: [Self.slash]))] == .link { return true }
                place.removeLast()
                entered = max(0, entered - 1)
            } else {
                place.append(Array(part))
                entered += 1
            }
        }
        return false
    }

    /// Whether a link's target, taken by its letters from the link's folder, is absolute or climbs out of the archive.
    static func climbs(_ target: [UInt8], from location: [UInt8]) -> Bool {
        guard let first = target.first else { return true }
        if first == slash || first == UInt8(ascii: "\\") { return true }
        if target.count >= 2, (0x61...0x7A).contains(first | 0x20), target[1] == UInt8(ascii: ":") { return true }
        let plain = target.contains(UInt8(ascii: "\\")) ? target.map { $0 == UInt8(ascii: "\\") ? slash : $0 } : target
        var depth = location.split(separator: slash).count - 1
        for part in plain.split(separator: slash) where part != [0x2E] {
            depth += part == [0x2E, 0x2E] ? -1 : 1
            if depth < 0 { return true }
        }
        return false
    }
}
