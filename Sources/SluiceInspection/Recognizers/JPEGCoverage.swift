// Whether a JPEG without its end mark has all of its pixels. Its entropy-coded data is decoded, block by block, as far as needed to know
// where the last block ends (T.81 annexes F and G, Huffman coding, 8 × 8 blocks). No pixel is computed. Called only where the end mark
// is missing.

/// One pass over the scans of one picture.
struct JPEGCoverage {
    private struct Component {
        var identifier: UInt8
        var across: Int
        var down: Int
        /// In blocks, as a scan of this component alone counts them, and as scans of several do.
        var ownWidth = 0
        var ownHeight = 0
        var stride = 0
        /// Which coefficients of each block are other than zero so far; kept for progressive pictures only.
        var masks: [UInt64] = []
        /// How many low bits of each coefficient are still missing; −1 where nothing has come yet.
        var missing = [Int8](repeating: -1, count: 64)
    }

    /// The values of a scan header.
    private struct Scan {
        var members: [(component: Int, dc: Int, ac: Int)]
        var first: Int
        var last: Int
        var high: Int
        var low: Int
    }

    private var components: [Component] = []
    private var isProgressive = false
    private var unitsAcross = 0
    private var unitsDown = 0
    private var restartInterval = 0
    private var dcTables = [JPEGHuffmanTable?](repeating: nil, count: 4)
    private var acTables = [JPEGHuffmanTable?](repeating: nil, count: 4)
    private var bits: JPEGBits
    private var endOfBandRun = 0
    /// Blocks that may still be decoded, over all scans (chosen: a progressive photo of 24 megapixels has 10 scans of up to a million blocks).
    private var blocksLeft = 24_000_000

    private init(start: Int) { bits = JPEGBits(position: start + 2) }

    /// - Parameter start: of the picture.
    /// - Returns: the offset behind the last coded byte, once every block of every component is there in full; `nil` where some are missing, or where
    ///   that cannot be told.
    static func end(of content: Span<UInt8>, from start: Int) -> Int? {
        var coverage = JPEGCoverage(start: start)
        return coverage.run(content)
    }

    private mutating func run(_ content: Span<UInt8>) -> Int? {
        while true {
            guard content.byte(bits.position) == 0xFF else { return nil }
            while content.byte(bits.position) == 0xFF { bits.position += 1 }
            guard let marker = content.byte(bits.position),
                let length = content.bigEndian16(bits.position + 1).map(Int.init),
                length >= 2, bits.position + 1 + length <= content.count
            else { return nil }
            let body = bits.position + 3..<bits.position + 1 + length
            bits.position = body.upperBound
            switch marker {
            case 0xC0...0xC2:
                isProgressive = marker == 0xC2
                guard readFrame(content, body) else { return nil }
            case 0xC4: guard readTables(content, body) else { return nil }
            case 0xDD: restartInterval = Int(content.bigEndian16(body.lowerBound) ?? 0)
            case 0xDA:
                guard let scan = readScan(content, body) else { return nil }
                let begin = bits.position
                guard decode(scan, content) else { return nil }
                bits.align(content)
                if isComplete { return isRealEnd(content, begin..<bits.position) ? bits.position : nil }
            case 0xE0...0xEF, 0xFE, 0xDB: break
            default: return nil
            }
        }
    }

    private var isComplete: Bool {
        !components.isEmpty && components.allSatisfy { $0.missing.allSatisfy { $0 == 0 } }
    }

    /// Zeros decode as blocks, too; a transfer that broke off may have left a file filled up with them.
    private func isRealEnd(_ content: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let tail = range.clamped(to: range.upperBound - 64..<range.upperBound)
        return content.zeroRun(from: tail.lowerBound, before: tail.upperBound) < max(8, tail.count / 2)
    }

    // MARK: Segments

    private mutating func readFrame(_ content: Span<UInt8>, _ body: Range<Int>) -> Bool {
        let at = body.lowerBound
        guard components.isEmpty, body.count >= 9, body.count == 6 + 3 * Int(content[at + 5]), content[at + 5] <= 4,
            let height = content.bigEndian16(at + 1).map(Int.init),
            let width = content.bigEndian16(at + 3).map(Int.init),
            height > 0, width > 0
        else { return false }
        for index in 0..<Int(content[at + 5]) {
            let sampling = content[at + 7 + 3 * index]
            let component = Component(
                identifier: content[at + 6 + 3 * index], across: Int(sampling >> 4), down: Int(sampling & 15))
            guard (1...4).contains(component.across), (1...4).contains(component.down) else { return false }
            components.append(component)
        }
        let most = (components.map(\.across).max() ?? 1, components.map(\.down).max() ?? 1)
        unitsAcross = (width + 8 * most.0 - 1) / (8 * most.0)
        unitsDown = (height + 8 * most.1 - 1) / (8 * most.1)
        for index in components.indices {
            let component = components[index]
            components[index].ownWidth = ((width * component.across + most.0 - 1) / most.0 + 7) / 8
            components[index].ownHeight = ((height * component.down + most.1 - 1) / most.1 + 7) / 8
            components[index].stride = unitsAcross * component.across
            let blocks = unitsAcross * component.across * unitsDown * component.down
            guard blocks <= blocksLeft / 4 else { return false }
            if isProgressive { components[index].masks = [UInt64](repeating: 0, count: blocks) }
        }
        return true
    }

    private mutating func readTables(_ content: Span<UInt8>, _ body: Range<Int>) -> Bool {
        var at = body.lowerBound
        while at + 17 <= body.upperBound {
            let place = content[at]
            guard place & 0xEC == 0, let table = JPEGHuffmanTable(content, at + 1, before: body.upperBound) else {
                return false
            }
            if place >> 4 == 0 { dcTables[Int(place & 3)] = table } else { acTables[Int(place & 3)] = table }
            blocksLeft -= 64  // what building a table costs, in blocks
            at += 17 + table.values.count
        }
        return at == body.upperBound && blocksLeft > 0
    }

    private func readScan(_ content: Span<UInt8>, _ body: Range<Int>) -> Scan? {
        let at = body.lowerBound
        guard let count = content.byte(at).map(Int.init), (1...4).contains(count), body.count == 4 + 2 * count else {
            return nil
        }
        var members: [(component: Int, dc: Int, ac: Int)] = []
        for index in 0..<count {
            let identifier = content[at + 1 + 2 * index]
            let tables = content[at + 2 + 2 * index]
            guard let component = components.firstIndex(where: { $0.identifier == identifier }), tables & 0xCC == 0
            else {
                return nil
            }
            members.append((component, Int(tables >> 4), Int(tables & 15)))
        }
        let rest = at + 1 + 2 * count
        var scan = Scan(
            members: members, first: Int(content[rest]), last: Int(content[rest + 1]),
            high: Int(content[rest + 2] >> 4),
            low: Int(content[rest + 2] & 15))
        if !isProgressive { (scan.first, scan.last, scan.high, scan.low) = (0, 63, 0, 0) }
        guard scan.first <= scan.last, scan.last <= 63, scan.low <= 13,
            !isProgressive || (scan.first == 0) == (scan.last == 0), scan.first == 0 || count == 1
        else { return nil }
        return scan
    }

    // MARK: Scans

    private mutating func decode(_ scan: Scan, _ content: Span<UInt8>) -> Bool {
        bits.begin()
        endOfBandRun = 0
        let isAlone = scan.members.count == 1
        let only = components[scan.members[0].component]
        let (across, down) = isAlone ? (only.ownWidth, only.ownHeight) : (unitsAcross, unitsDown)
        var units = 0
        for row in 0..<down {
            for column in 0..<across {
                if restartInterval > 0, units > 0, units % restartInterval == 0 {
                    guard bits.skipRestart(content) else { return false }
                    endOfBandRun = 0
                }
                units += 1
                for member in scan.members {
                    let component = components[member.component]
                    if isAlone {
                        guard block(scan, member, row * component.stride + column, content) else { return false }
                        continue
                    }
                    for y in 0..<component.down {
                        for x in 0..<component.across {
                            let place = (row * component.down + y) * component.stride + column * component.across + x
                            guard block(scan, member, place, content) else { return false }
                        }
                    }
                }
            }
        }
        for member in scan.members {
            for index in scan.first...scan.last { components[member.component].missing[index] = Int8(scan.low) }
        }
        return true
    }

    private mutating func block(
        _ scan: Scan, _ member: (component: Int, dc: Int, ac: Int), _ place: Int, _ content: Span<UInt8>
    ) -> Bool {
        blocksLeft -= 1
        if blocksLeft < 0 { return false }
        if !isProgressive { return mean(member.dc, content) && wholeBlock(member.ac, content) }
        if scan.first == 0 { return scan.high == 0 ? mean(member.dc, content) : bits.skip(1, content) }
        guard place < components[member.component].masks.count else { return false }
        return scan.high == 0
            ? firstPass(scan, member, place, content) : refinement(scan, member, place, content)
    }

    /// §F.2.2.1: a code for the length of the difference, then the difference.
    private mutating func mean(_ table: Int, _ content: Span<UInt8>) -> Bool {
        guard let table = dcTables[table], let length = bits.symbol(table, content), length <= 16 else { return false }
        return bits.skip(Int(length), content)
    }

    /// §F.2.2.2
    private mutating func wholeBlock(_ table: Int, _ content: Span<UInt8>) -> Bool {
        guard let table = acTables[table] else { return false }
        var index = 1
        while index < 64 {
            guard let symbol = bits.symbol(table, content) else { return false }
            let (run, length) = (Int(symbol >> 4), Int(symbol & 15))
            if length == 0 {
                if run != 15 { return true }
                index += 16
                continue
            }
            index += run + 1
            guard index <= 64, bits.skip(length, content) else { return false }
        }
        return true
    }

    /// §G.1.2.2
    private mutating func firstPass(
        _ scan: Scan, _ member: (component: Int, dc: Int, ac: Int), _ place: Int, _ content: Span<UInt8>
    ) -> Bool {
        if endOfBandRun > 0 {
            endOfBandRun -= 1
            return true
        }
        guard let table = acTables[member.ac] else { return false }
        var index = scan.first
        while index <= scan.last {
            guard let symbol = bits.symbol(table, content) else { return false }
            let (run, length) = (Int(symbol >> 4), Int(symbol & 15))
            if length == 0 {
                if run == 15 {
                    index += 16
                    continue
                }
                guard let more = bits.number(run, content) else { return false }
                endOfBandRun = 1 << run + more - 1
                return true
            }
            index += run
            guard index <= 63, bits.skip(length, content) else { return false }
            components[member.component].masks[place] |= 1 << UInt64(index)
            index += 1
        }
        return true
    }

    /// §G.1.2.3: new coefficients, and one more bit for each that is known.
    private mutating func refinement(
        _ scan: Scan, _ member: (component: Int, dc: Int, ac: Int), _ place: Int, _ content: Span<UInt8>
    ) -> Bool {
        guard let table = acTables[member.ac] else { return false }
        var mask = components[member.component].masks[place]
        var index = scan.first
        if endOfBandRun == 0 {
            while index <= scan.last {
                guard let symbol = bits.symbol(table, content) else { return false }
                var run = Int(symbol >> 4)
                let isNew = symbol & 15 != 0
                if isNew {
                    guard bits.skip(1, content) else { return false }
                } else if run != 15 {
                    guard let more = bits.number(run, content) else { return false }
                    endOfBandRun = 1 << run + more
                    break
                }
                while index <= scan.last {
                    if mask >> UInt64(index) & 1 == 1 {
                        guard bits.skip(1, content) else { return false }
                    } else {
                        if run == 0 { break }
                        run -= 1
                    }
                    index += 1
                }
                if isNew, index <= 63 { mask |= 1 << UInt64(index) }
                index += 1
            }
        }
        if endOfBandRun > 0 {
            if index <= scan.last {
                let known = mask >> UInt64(index) & (UInt64.max >> UInt64(63 - (scan.last - index)))
                guard bits.skip(known.nonzeroBitCount, content) else { return false }
            }
            endOfBandRun -= 1
        }
        components[member.component].masks[place] = mask
        return true
    }
}
