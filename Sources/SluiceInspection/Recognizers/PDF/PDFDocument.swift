// All objects of a PDF by number, with their values: references are followed as viewers follow them, streams are decrypted and decoded.
// PDFSweep adds the objects of the file, PDFObjectStreams those of the streams that hold objects.

import SluiceModel

/// Where an object stands: in the file, or in one of the streams that hold objects.
enum PDFOrigin: Hashable {
    /// An index into the document's places.
    case place(Int)
    case inside(container: Int, offset: Int)
}

struct PDFDocument {
    /// An object in the file; kept small, since a document may have a million.
    struct Place {
        var number: UInt32
        var generation: UInt32
        var start: UInt32
        /// The offset behind the word `obj`.
        var body: UInt32
        /// The range of its stream; empty when it has none.
        var data: Range<UInt32> = 0..<0
        var hasStream = false
        /// Whether the stream ends where its length says.
        var isExact = true
    }

    private struct Inside {
        var number: UInt32
        var container: UInt32
        var offset: UInt32
    }

    var table: PDFCrossReference
    /// Whether the cross-reference leads to the objects that it names: else viewers search the file, each in its own way.
    var isTableSound = false
    var security: PDFSecurity?
    private(set) var places: [Place] = []
    /// The streams that hold objects, undone.
    private(set) var containers: [(number: Int, bytes: [UInt8])] = []
    private var held = 0
    private var inside: [Inside] = []
    private var placesByNumber: [UInt32] = []
    private var insideByNumber: [UInt32] = []
    /// Set when a value could be one or the other, depending on the viewer, or could not be read.
    private var doubt: String?
    var isInDoubt: Bool { doubt != nil }
    private var reader = PDFValueReader(left: 1_500_000)  // chosen: a fraction of a second at most

    init(_ table: PDFCrossReference) { self.table = table }

    // MARK: Filling

    mutating func add(_ place: Place) -> Int {
        places.append(place)
        return places.count - 1
    }

    mutating func setStream(_ index: Int, _ data: Range<Int>, isExact: Bool) {
        places[index].data = UInt32(clamping: data.lowerBound)..<UInt32(clamping: data.upperBound)
        places[index].hasStream = true
        places[index].isExact = isExact
    }

    /// - Returns: `nil` when no more can be held (chosen: the groups of a document of 15 MB are a few MiB; the process may use 256).
    mutating func addContainer(_ number: Int, _ bytes: [UInt8]) -> Int? {
        held += bytes.count
        if held > 64 << 20 { return nil }
        containers.append((number, bytes))
        return containers.count - 1
    }

    mutating func add(_ number: Int, inside container: Int, at offset: Int) {
        inside.append(
            Inside(
                number: UInt32(clamping: number), container: UInt32(clamping: container),
                offset: UInt32(clamping: offset)))
    }

    /// The object in the file that begins at `offset`, if the sweep came by it.
    func place(at offset: Int) -> Place? {
        var (low, high) = (0, places.count)  // in their order in the file
        while low < high {
            let middle = (low + high) / 2
            if places[middle].start < offset { low = middle + 1 } else { high = middle }
        }
        return low < places.count && places[low].start == offset ? places[low] : nil
    }

    // MARK: Values

    /// The value with its references replaced, `depth` levels deep: for small dictionaries of a document as a whole.
    mutating func whole(_ content: Span<UInt8>, _ value: PDFValue, depth: Int = 4) -> PDFValue {
        let value = resolve(content, value)
        guard depth > 0, case .dictionary(var entries) = value else { return value }
        for index in entries.pairs.indices.prefix(64) {
            entries.pairs[index].value = whole(content, entries.pairs[index].value, depth: depth - 1)
        }
        return .dictionary(entries)
    }

    /// Forgets an earlier doubt.
    mutating func takeDoubt() -> String? {
        defer { doubt = nil }
        return doubt
    }

    mutating func value(_ content: Span<UInt8>, at origin: PDFOrigin) -> PDFValue? {
        switch origin {
        case .place(let index):
            let place = places[index]
            reader.cipher = security?.strings(of: Int(place.number), Int(place.generation))
            return reader.read(content, at: Int(place.body))?.value
        case .inside(let container, let offset):
            reader.cipher = nil
            let bytes = containers[container].bytes
            return reader.read(bytes.span, at: offset)?.value
        }
    }

    /// A dictionary that belongs to no object, such as a trailer's.
    mutating func value(_ content: Span<UInt8>, at offset: Int) -> PDFValue? {
        reader.cipher = nil
        return reader.read(content, at: offset)?.value
    }

    /// The value with its references followed. A missing object is `null`, as the standard says (§7.3.10).
    mutating func resolve(_ content: Span<UInt8>, _ value: PDFValue) -> PDFValue {
        var value = value
        for _ in 0..<16 {
            guard case .reference(let number) = value else { return value }
            var found: PDFValue?
            for origin in origins(of: number).prefix(8) {
                guard let candidate = self.value(content, at: origin) else {
                    doubt = "object \(number) is not complete"
                    continue
                }
                if let found, found != candidate { doubt = "object \(number) is there twice" }
                found = candidate
            }
            value = found ?? .null
        }
        doubt = "references in a circle"
        return .null
    }

    /// The value of a key, references followed; in doubt when the key stands twice with different values.
    mutating func value(_ content: Span<UInt8>, of name: PDFName, in entries: PDFEntries) -> PDFValue {
        let values = entries.values(of: name)
        guard let first = values.first else { return .null }
        if values.contains(where: { $0 != first }) { doubt = "/\(name.rawValue) is there twice" }
        return resolve(content, first)
    }

    /// The object of that number as viewers find it: where a sound cross-reference says, else wherever one stands.
    mutating func origins(of number: Int) -> [PDFOrigin] {
        let all = allOrigins(of: number)
        guard isTableSound, all.count > 1 else { return all }
        if let offset = table.offset(of: number) {
            let right = all.filter { if case .place(let index) = $0 { places[index].start == offset } else { false } }
            if !right.isEmpty { return right }
        } else if let container = table.container(of: number) {
            let right = all.filter {
                if case .inside(let index, _) = $0 { containers[index].number == container } else { false }
            }
            if !right.isEmpty { return right }
        }
        return all
    }

    /// Every object of that number, also those that a later revision replaced.
    mutating func allOrigins(of number: Int) -> [PDFOrigin] {
        sortByNumber()
        guard let number = UInt32(exactly: number) else { return [] }
        var found: [PDFOrigin] = []
        var at = first(placesByNumber) { places[Int($0)].number < number }
        while at < placesByNumber.count, places[Int(placesByNumber[at])].number == number, found.count < 64 {
            found.append(.place(Int(placesByNumber[at])))
            at += 1
        }
        at = first(insideByNumber) { inside[Int($0)].number < number }
        while at < insideByNumber.count, inside[Int(insideByNumber[at])].number == number, found.count < 64 {
            let entry = inside[Int(insideByNumber[at])]
            found.append(.inside(container: Int(entry.container), offset: Int(entry.offset)))
            at += 1
        }
        return found
    }

    private func first(_ sorted: [UInt32], _ isBefore: (UInt32) -> Bool) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(sorted[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func sortByNumber() {
        if placesByNumber.count != places.count {
            placesByNumber = places.indices.map { UInt32($0) }.sorted {
                (places[Int($0)].number, $0) < (places[Int($1)].number, $1)
            }
        }
        if insideByNumber.count != inside.count {
            insideByNumber = inside.indices.map { UInt32($0) }.sorted {
                (inside[Int($0)].number, $0) < (inside[Int($1)].number, $1)
            }
        }
    }
}
