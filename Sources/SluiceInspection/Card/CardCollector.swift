// Collects the card while text streams by: every line once, in bounded memory. The other files of this folder read the lines: LineTimes,
// CardForms, CardLevels, CardTemplates, CardProducts, CardHosts. CardText keeps the state of one text.

internal import Glibc
import SluiceModel

/// The names in the material. Bounded.
struct CardFacts {
    private(set) var hosts: [String] = []
    private(set) var products: [BundleCard.Product] = []

    /// The hosts as they are spelled, and names that are none, so that a line costs a comparison.
    private var known: [[UInt8]] = []
    private var refused: [UInt8] = []

    mutating func add(host range: Range<Int>, of line: Span<UInt8>) {
        guard hosts.count < BundleCard.Bounds.hosts, (2...64).contains(range.count) else { return }
        for host in known where host.count == range.count && line.has(host, at: range.lowerBound) { return }
        if refused.count == range.count && line.has(refused, at: range.lowerBound) { return }
        let host = line.copy(range)
        // `time LEVEL [thread]:` looks like `time host tag[pid]:`; a number is no name.
        if CardWords.shared.level(line, range.lowerBound, range.count) != nil || CardHosts.isNone(host) {
            refused = host
            return
        }
        known.append(host)
        hosts.append(String(decoding: host, as: UTF8.self))
    }

    /// The hosts that another text named.
    mutating func add(hostsOf other: CardFacts) {
        for host in other.known { add(host: 0..<host.count, of: host.span) }
    }

    mutating func add(product: String, version: [UInt8]) {
        let shown = String(decoding: version.prefix(80), as: UTF8.self)
        if let known = products.firstIndex(where: { $0.name == product && ($0.version.isEmpty || $0.version == shown) })
        {
            products[known].version = shown.isEmpty ? products[known].version : shown
            return
        }
        if shown.isEmpty && products.contains(where: { $0.name == product }) { return }
        guard products.count < BundleCard.Bounds.products else { return }
        products.append(BundleCard.Product(name: product, version: shown))
    }
}

/// One for an attachment, across all members of an archive.
final class CardCollector {
    private var content = CardContent()

    /// A member of an archive begins.
    func enter(_ name: EntryName?) { if let name { content.look(name.bytes) } }

    /// Takes the next piece of a text. One access to the class for the whole piece: one a line would cost more than a line does.
    func take(_ bytes: Span<UInt8>, _ text: inout CardText) { content.take(bytes, &text) }

    /// The text ended; its encoding is known only now.
    func finish(_ text: inout CardText, _ encoding: TextFeatures.Encoding) { content.finish(&text, encoding) }

    /// - Returns: `nil` when nothing was found.
    func finish() -> BundleCard? { content.card() }
}

private struct CardContent {
    private var times = CardTimes()
    private var levels = [Int64](repeating: 0, count: BundleCard.Level.allCases.count)
    private var facts = CardFacts()
    private var templates = CardTemplates()
    private let words = CardWords.shared

    private static let kept = 256
    /// Products and hosts are looked for in so many lines at the beginning of each text (chosen: banners stand there).
    private static let early = 1000

    // MARK: - Lines

    mutating func take(_ bytes: Span<UInt8>, _ text: inout CardText) {
        var at = 0
        while at < bytes.count {
            guard let stop = Self.find(text.lineEnd, bytes, from: at) else {
                return Self.carry(bytes, at..<bytes.count, &text)
            }
            if text.isCarrying {
                Self.carry(bytes, at..<stop, &text)
                takeCarried(&text)
            } else {
                take(bytes.extracting(at..<bytes.count), min(stop - at, Self.kept), &text)
            }
            at = stop + 1
        }
    }

    mutating func finish(_ text: inout CardText, _ encoding: TextFeatures.Encoding) {
        if text.isCarrying { takeCarried(&text) }
        guard text.forms.isLog else { return }
        times.add(text.part.times)
        for level in levels.indices { levels[level] += text.part.levels[level] }
        facts.add(hostsOf: text.part.facts)
        templates.add(text.part.templates, encoding)
    }

    private mutating func takeCarried(_ text: inout CardText) {
        var line: [UInt8] = []
        swap(&line, &text.carried)
        take(line.span, line.count, &text)
        line.removeAll(keepingCapacity: true)
        swap(&line, &text.carried)
        text.isCarrying = false
    }

    private static func carry(_ bytes: Span<UInt8>, _ range: Range<Int>, _ text: inout CardText) {
        text.isCarrying = true
        for index in range.prefix(max(0, kept - text.carried.count)) { text.carried.append(bytes[index]) }
    }

    @inline(__always)
    private static func find(_ lineEnd: UInt8, _ bytes: Span<UInt8>, from start: Int) -> Int? {
        // memchr; the pointer stays inside the closure.
        bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress, let hit = memchr(base + start, CInt(lineEnd), buffer.count - start)
            else { return nil }
            return UnsafeRawPointer(hit) - base
        }
    }

    // MARK: - One line

    /// - Parameters:
    ///   - bytes: from the line's first byte on, as far as they are in memory.
    ///   - count: the line's length, or as much of it as is looked at.
    private mutating func take(_ bytes: Span<UInt8>, _ count: Int, _ text: inout CardText) {
        text.lines += 1
        guard count > 3 else { return }
        let line = bytes.extracting(0..<count)
        var time = text.times.read(bytes, count)
        if time != nil, !CardForms.isTimed(line, text.times.start) { time = nil }
        if let time {
            text.part.times.add(time)
            if text.lines < 3, text.times.start <= 4, CardForms.isBare(line, text.times.end(line)) {
                text.forms.noteBare()
            }
        }
        if bytes[0] == UInt8(ascii: "_"), CardForms.isJournal(line) { text.forms.prove() }
        if text.lines > Self.early, let level = levelAsBefore(line, text) {
            text.forms.take(line, isFormed: time != nil || CardForms.isLevelled(line, text.level))
            return note(level, bytes, count, from: text.level, &text.part)
        }
        let isEarly = text.lines <= Self.early
        let own = time == nil ? 0 : RuntimeStamp.end(line)
        if isEarly {
            if time != nil { CardHosts.behindTime(line, text.times, own, &text.part.facts) }
            if bytes[0] == UInt8(ascii: "v") { CardProducts.lookForVersion(line, &facts) }
        }
        var found = CardLevel.leading(own > 0 ? line.extracting(own..<count) : line)
        var place = own > 0 ? own : time == nil ? 0 : text.times.clock
        let letters = LineBits.letters(bytes, count)
        let starts = letters.starts
        var at = starts.next(0)
        let end = min(count, LineBits.width)
        while at < end {
            let kind = words.kind(bytes, at)
            if !kind.isEmpty {
                if isEarly {
                    if kind.contains(.product) { CardProducts.look(line, at, &facts) }
                    if kind.contains(.host) { CardHosts.look(line, at, fields: &text.part.facts, settings: &facts) }
                }
                if found == nil, kind.contains(.level), let level = level(line, at, letters.end(at)) {
                    found = level
                    place = at
                    text.level = at
                    if !isEarly { break }
                }
            }
            if found == nil, at > 0, line[at - 1] == UInt8(ascii: "%"), let level = CardLevel.mnemonic(line, at) {
                found = level
                place = at - 1
            }
            at = starts.next(at + 1)
        }
        if isEarly { lookForElastic(line, &text) }
        text.forms.take(line, isFormed: time != nil || found != nil && CardForms.isLevelled(line, place))
        if let found { note(found, bytes, count, from: place, &text.part) }
    }

    /// The level where it stood in the line before.
    @inline(__always)
    private func levelAsBefore(_ line: Span<UInt8>, _ text: CardText) -> BundleCard.Level? {
        let at = text.level
        guard at >= 0, at + 4 <= line.count, words.kind(line, at).contains(.level),
            at == 0 || !Timestamp.isLetter(line[at - 1])
        else { return nil }
        var end = at
        while end < line.count, end < at + 12, Timestamp.isLetter(line[end]) { end += 1 }
        return level(line, at, end)
    }

    @inline(__always)
    private func level(_ line: Span<UInt8>, _ at: Int, _ end: Int) -> BundleCard.Level? {
        if let level = CardLevel.word(line, at, end, words) { return level }
        if end - at == 5, line.has("level", at: at) { return CardLevel.number(line, end, isPriority: false) }
        if end - at == 8, line.has("PRIORITY", at: at) { return CardLevel.number(line, end, isPriority: true) }
        return nil
    }

    @inline(__always)
    private func note(
        _ level: BundleCard.Level, _ bytes: Span<UInt8>, _ count: Int, from start: Int, _ part: inout CardPart
    ) {
        part.levels[level.rawValue] += 1
        guard level == .error || level == .fatal else { return }
        // A JSON line tells its message before or behind its level; else what stands before the level is when and where.
        var begin = bytes[0] == UInt8(ascii: "{") ? 0 : min(start, count)
        while begin > 0, bytes[begin - 1] > 0x20 { begin -= 1 }
        part.templates.note(bytes, count, from: begin)
    }

    /// Elasticsearch's answer to `GET /`: the cluster's name, then the version's number.
    private mutating func lookForElastic(_ line: Span<UInt8>, _ text: inout CardText) {
        var at = 0
        while line.byte(at) == 0x20 { at += 1 }
        guard line.byte(at) == UInt8(ascii: "\"") else { return }
        if line.has("\"cluster_name\"", at: at) { text.isElastic = true }
        guard text.isElastic, line.has("\"number\" : \"", at: at) else { return }
        var version: [UInt8] = []
        at += 12
        while let byte = line.byte(at), byte > 0x20, byte != UInt8(ascii: "\""), version.count < 20 {
            version.append(byte)
            at += 1
        }
        facts.add(product: "Elasticsearch", version: version)
    }

    // MARK: - Names

    /// A bundle is known by the names of its folders.
    mutating func look(_ name: [UInt8]) {
        guard facts.products.count < BundleCard.Bounds.products else { return }
        // One pass, and only over the beginning: names can be as long as their budget, and there may be ten thousand of them.
        var start = 0
        while start < min(name.count, Self.kept) {
            let rest = name[start...]
            for (folder, product) in CardProducts.folders where rest.starts(with: folder.utf8) {
                facts.add(product: product, version: [])
            }
            start = (rest.firstIndex(of: UInt8(ascii: "/")) ?? name.count) + 1
        }
    }

    // MARK: - The card

    func card() -> BundleCard? {
        var card = BundleCard()
        times.write(&card)
        card.levels = levels
        card.hosts = facts.hosts
        // A name without a version says nothing that the members' names do not.
        card.products = facts.products.filter { !$0.version.isEmpty }
        card.templates = templates.top(BundleCard.Bounds.templates)
        return card.isEmpty ? nil : card
    }
}
