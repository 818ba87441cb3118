// A bundle card as bytes. The reading side insists on the card's own bounds.

extension BinaryWriter {
    package mutating func card(_ card: BundleCard) {
        optional(card.first) { $0.time($1) }
        optional(card.last) { $0.time($1) }
        flag(card.hasYear)
        let gaps = card.gaps.prefix(BundleCard.Bounds.gaps)
        count(gaps.count)
        for gap in gaps {
            time(gap.from)
            time(gap.to)
        }
        let hosts = card.hosts.prefix(BundleCard.Bounds.hosts)
        count(hosts.count)
        for host in hosts { text(host, most: EvidenceBounds.cardText) }
        let products = card.products.prefix(BundleCard.Bounds.products)
        count(products.count)
        for product in products {
            text(product.name, most: EvidenceBounds.cardText)
            text(product.version, most: EvidenceBounds.cardText)
        }
        for level in card.levels { size(ByteCount(level)) }
        let templates = card.templates.prefix(BundleCard.Bounds.templates)
        count(templates.count)
        for template in templates {
            size(ByteCount(template.count))
            text(template.text, most: EvidenceBounds.cardText)
        }
    }
}

extension BinaryWriter {
    private mutating func time(_ seconds: Int64) {
        number(min(max(seconds, EvidenceBounds.times.lowerBound), EvidenceBounds.times.upperBound))
    }
}

extension BinaryReader {
    package mutating func card() throws(CodingDefect) -> BundleCard {
        var card = BundleCard()
        card.first = try optional("first time") { (r) throws(CodingDefect) in try r.time() }
        card.last = try optional("last time") { (r) throws(CodingDefect) in try r.time() }
        card.hasYear = try flag("year")
        for _ in 0..<(try count(most: BundleCard.Bounds.gaps, width: 16, "gaps")) {
            card.gaps.append(BundleCard.Gap(from: try time(), to: try time()))
        }
        for _ in 0..<(try count(most: BundleCard.Bounds.hosts, width: 4, "hosts")) {
            card.hosts.append(try text(most: EvidenceBounds.cardText, "host"))
        }
        for _ in 0..<(try count(most: BundleCard.Bounds.products, width: 8, "products")) {
            card.products.append(
                BundleCard.Product(
                    name: try text(most: EvidenceBounds.cardText, "product"),
                    version: try text(most: EvidenceBounds.cardText, "version")))
        }
        for index in card.levels.indices { card.levels[index] = try size("amount").bytes }
        for _ in 0..<(try count(most: BundleCard.Bounds.templates, width: 12, "templates")) {
            let count = try size("amount").bytes
            card.templates.append(
                BundleCard.Template(text: try text(most: EvidenceBounds.cardText, "template"), count: count))
        }
        return card
    }

    private mutating func time() throws(CodingDefect) -> Int64 {
        let seconds: Int64 = try number("time")
        guard EvidenceBounds.times.contains(seconds) else { throw CodingDefect(part: "time") }
        return seconds
    }
}
