// A bundle card as bytes. The reading side insists on the card's own bounds.

internal import SluiceModel

extension WireWriter {
    mutating func card(_ card: BundleCard) {
        optional(card.first) { $0.number($1) }
        optional(card.last) { $0.number($1) }
        flag(card.hasYear)
        let gaps = card.gaps.prefix(BundleCard.Bounds.gaps)
        count(gaps.count)
        for gap in gaps {
            number(gap.from)
            number(gap.to)
        }
        let hosts = card.hosts.prefix(BundleCard.Bounds.hosts)
        count(hosts.count)
        for host in hosts { text(host, most: WireBounds.cardText) }
        let products = card.products.prefix(BundleCard.Bounds.products)
        count(products.count)
        for product in products {
            text(product.name, most: WireBounds.cardText)
            text(product.version, most: WireBounds.cardText)
        }
        for level in card.levels { number(level) }
        let templates = card.templates.prefix(BundleCard.Bounds.templates)
        count(templates.count)
        for template in templates {
            number(template.count)
            text(template.text, most: WireBounds.cardText)
        }
    }
}

extension WireReader {
    mutating func card() throws(WireNonsense) -> BundleCard {
        var card = BundleCard()
        card.first = try optional("first time") { (r) throws(WireNonsense) in try r.time() }
        card.last = try optional("last time") { (r) throws(WireNonsense) in try r.time() }
        card.hasYear = try flag("year")
        for _ in 0..<(try count(most: BundleCard.Bounds.gaps, width: 16, "gaps")) {
            card.gaps.append(BundleCard.Gap(from: try time(), to: try time()))
        }
        for _ in 0..<(try count(most: BundleCard.Bounds.hosts, width: 4, "hosts")) {
            card.hosts.append(try text(most: WireBounds.cardText, "host"))
        }
        for _ in 0..<(try count(most: BundleCard.Bounds.products, width: 8, "products")) {
            card.products.append(
                BundleCard.Product(
                    name: try text(most: WireBounds.cardText, "product"),
                    version: try text(most: WireBounds.cardText, "version")))
        }
        for index in card.levels.indices { card.levels[index] = try amount() }
        for _ in 0..<(try count(most: BundleCard.Bounds.templates, width: 12, "templates")) {
            let count = try amount()
            card.templates.append(
                BundleCard.Template(text: try text(most: WireBounds.cardText, "template"), count: count))
        }
        return card
    }

    private mutating func time() throws(WireNonsense) -> Int64 {
        let seconds: Int64 = try number("time")
        // To the year 9999, so that nothing downstream can overflow.
        guard (-62_135_596_800...253_402_300_799).contains(seconds) else { throw WireNonsense(part: "time") }
        return seconds
    }

    private mutating func amount() throws(WireNonsense) -> Int64 {
        let value: Int64 = try number("amount")
        guard (0...WireBounds.size).contains(value) else { throw WireNonsense(part: "amount") }
        return value
    }
}
