// Collects the card while lines go by: every line once, in time that does not depend on what was met before, in memory that does not grow.
// Dates are CardTimes.swift's; which products there are is CardProducts.swift's.

import SluiceModel

/// One for an attachment, across all members of an archive.
final class CardCollector {
    private var times = TimeCoverage()
    private var hint = 0
    private var levels = [Int64](repeating: 0, count: BundleCard.Level.allCases.count)
    private var hosts: [String] = []
    private(set) var products: [BundleCard.Product] = []
    /// Templates by their hash; when full, the rarest make room, as many counts as the newcomer then starts with (Space-Saving, Metwally 2005).
    private var templates: [UInt64: BundleCard.Template] = [:]
    private static let most = 256
    /// Of a line so much is looked at (chosen: the rest is message).
    private static let looked = 160

    func take(_ line: Span<UInt8>, isEarly: Bool) {
        guard line.count > 3 else { return }
        if let time = CardTime.read(line, &hint) { times.add(time) }
        if let level = level(line) {
            levels[level.rawValue] += 1
            if level == .error || level == .fatal { note(line) }
        }
        if isEarly { CardProducts.look(line, self) }
    }

    func add(host: [UInt8]) {
        guard hosts.count < BundleCard.Bounds.hosts, (2...64).contains(host.count) else { return }
        // `time LEVEL [thread]:` looks like `time host tag[pid]:`.
        if Self.words[host.prefix(8).reduce(0) { $0 << 8 | UInt64($1 | 0x20) }] != nil { return }
        let text = SafeText.display(host)
        if !hosts.contains(text) { hosts.append(text) }
    }

    func add(product: String, version: [UInt8]) {
        let shown = SafeText.display(Array(version.prefix(80)))
        if let known = products.firstIndex(where: { $0.name == product && ($0.version.isEmpty || $0.version == shown) })
        {
            products[known].version = shown.isEmpty ? products[known].version : shown
            return
        }
        guard products.count < BundleCard.Bounds.products else { return }
        products.append(BundleCard.Product(name: product, version: shown))
    }

    /// - Returns: `nil` when nothing was found.
    func finish() -> BundleCard? {
        var card = BundleCard()
        card.first = times.stretches.first?.from
        card.last = times.stretches.last?.to
        for (one, next) in zip(times.stretches, times.stretches.dropFirst()) {
            card.gaps.append(BundleCard.Gap(from: one.to, to: next.from))
        }
        if card.gaps.count > BundleCard.Bounds.gaps {
            card.gaps = card.gaps.sorted { $0.to - $0.from > $1.to - $1.from }.prefix(BundleCard.Bounds.gaps)
                .sorted { $0.from < $1.from }
        }
        card.levels = levels
        card.hosts = hosts
        card.products = products
        card.templates = Array(
            templates.values.sorted { ($1.count, $0.text) < ($0.count, $1.text) }.prefix(BundleCard.Bounds.templates))
        return card.isEmpty ? nil : card
    }

    // MARK: - Levels

    /// The first word that names a level, in capitals, or lower case as a field of its own.
    private func level(_ line: Span<UInt8>) -> BundleCard.Level? {
        let end = min(line.count, Self.looked)
        var at = 0
        while at < end {
            let byte = line[at]
            guard (byte | 0x20) &- 0x61 < 26 else {
                at += 1
                continue
            }
            let start = at
            let folded = byte | 0x20
            while at < end, (line[at] | 0x20) &- 0x61 < 26 { at += 1 }
            // Only words that begin with one of these letters can be levels.
            switch folded {
            case 0x64, 0x65, 0x66, 0x69, 0x6E, 0x77, 0x63, 0x70, 0x61, 0x73, 0x74: break
            default: continue
            }
            guard (3...11).contains(at - start) else { continue }
            let before = start > 0 ? line[start - 1] : 0x20
            let after = line.byte(at) ?? 0x20
            if before == UInt8(ascii: "_") || after == UInt8(ascii: "_") || before == UInt8(ascii: "-")
                || before == UInt8(ascii: ".") || before == UInt8(ascii: "/")
            {
                continue
            }
            let isShouted = byte < 0x60 && line[at - 1] < 0x60
            let isField =
                isShouted || after == UInt8(ascii: "]") || after == UInt8(ascii: ":") || after == UInt8(ascii: "|")
                || after == UInt8(ascii: ">") || after == UInt8(ascii: "\"") || before == UInt8(ascii: "=")
            guard isField else { continue }
            var packed: UInt64 = 0
            for index in start..<min(at, start + 8) { packed = packed << 8 | UInt64(line[index] | 0x20) }
            if let level = Self.words[packed] { return level }
        }
        return nil
    }

    private static let words: [UInt64: BundleCard.Level] = {
        let lists: [(BundleCard.Level, String)] = [
            (.fatal, "fatal critical crit emerg alert panic severe"), (.error, "error err failure"),
            (.warning, "warning warn"), (.notice, "notice"), (.info, "info information"),
            (.debug, "debug trace verbose fine finest"),
        ]
        var out: [UInt64: BundleCard.Level] = [:]
        for (level, words) in lists {
            for word in words.utf8.split(separator: 0x20) {
                var packed: UInt64 = 0
                for byte in word.prefix(8) { packed = packed << 8 | UInt64(byte) }
                out[packed] = level
            }
        }
        return out
    }()

    // MARK: - Templates

    private var masked: [UInt8] = []

    /// Masks numbers, identifiers and paths, and counts what is left.
    private func note(_ line: Span<UInt8>) {
        // Taken out of self while it is written: an access to a class's property costs more than a byte does.
        var masked: [UInt8] = []
        swap(&masked, &self.masked)
        defer { swap(&masked, &self.masked) }
        masked.removeAll(keepingCapacity: true)
        var hash: UInt64 = 14_695_981_039_346_656_037
        let end = min(line.count, 220)
        var at = 0
        func append(_ byte: UInt8, _ hash: inout UInt64) {
            masked.append(byte)
            hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211
        }
        while at < end {
            let begin = at
            var hasDigit = false
            var hasSlash = false
            while at < end, line[at] > 0x20, line[at] != UInt8(ascii: "="), line[at] != UInt8(ascii: ","),
                at - begin < 120
            {
                if Timestamp.isDigit(line[at]) { hasDigit = true }
                if line[at] == UInt8(ascii: "/") || line[at] == UInt8(ascii: "\\") { hasSlash = true }
                at += 1
            }
            if at > begin {
                if hasSlash && at - begin > 3 {
                    append(UInt8(ascii: "<"), &hash)
                    append(UInt8(ascii: "/"), &hash)
                    append(UInt8(ascii: ">"), &hash)
                } else if hasDigit {
                    append(UInt8(ascii: "#"), &hash)
                } else {
                    for index in begin..<at { append(line[index], &hash) }
                }
            }
            if at < end,
                at == begin || line[at] <= 0x20 || line[at] == UInt8(ascii: "=") || line[at] == UInt8(ascii: ",")
            {
                append(line[at] < 0x20 ? 0x20 : line[at], &hash)
                at += 1
            }
        }
        if templates[hash] != nil {
            templates[hash]!.count += 1
            return
        }
        var count: Int64 = 1
        if templates.count >= Self.most, let rarest = templates.min(by: { $0.value.count < $1.value.count }) {
            count = rarest.value.count + 1
            // Half of them go at once, so that this costs little a line.
            let floor = rarest.value.count
            var left = Self.most / 2
            for (key, value) in templates where value.count <= floor && left > 0 {
                templates[key] = nil
                left -= 1
            }
        }
        templates[hash] = BundleCard.Template(text: SafeText.display(masked, limit: 200), count: count)
    }

}
