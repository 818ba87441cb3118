// Single entries handed out of an archive: what was listed and what comes out are one, however the archive is damaged.

import SluiceModel
import SluiceTestSupport

@testable import SluiceInspection

extension FuzzTarget {
    /// Each listed file by its own address, and addresses that nobody listed. An entry that comes out whole has the length of its line.
    static let entry = FuzzTarget(name: "entry", longest: 4096, seeds: { entrySeeds }) { content, ground in
        var isOurs = take(content, ground)
        if let mended = ChecksumMending.zip(content) ?? ChecksumMending.tar(content), take(mended.span, ground) {
            isOurs = true
        }
        return isOurs
    }

    /// Entries looked up in one input: enough for every seed, few enough for many inputs a second.
    private static let mostEntries = 12

    private static var entrySeeds: [[UInt8]] {
        let zip = ZipBuilder().file("a.log", "one\n").directory("d/").stored("d/b", [1, 2, 3]).symlink("l", to: "a.log")
            .file("e", "") { $0.descriptor = .signature32 }.build()
        let tar = TarBuilder().folder("t").file("t/x", "x\n").symlink("t/l", to: "x").hardLink("h", to: "t/x")
            .pax(TarBuilder.record("path", "long"), TarBuilder.record("size", "3"))
            .entry("s", [7, 8, 9]).build()
        let stream = GzipBuilder(name: "plain.log").stored(Array("two\n".utf8))
        return [
            zip, tar, stream, GzipBuilder().stored(tar), GzipBuilder().stored(zip),
            ZipBuilder().stored("in.zip", zip).stored("in.gz", stream).file("last", "3").build(),
            TarBuilder().entry("in.tar", tar).file("b", "x").build(),
            StreamSample.all[0].log, ZipBuilder().stored("b", StreamSample.all[2].log).build(),
            ForeignBuilder([("A", [1, 2]), ("B", stream)]).cabinet(), ForeignBuilder([("A", zip)]).sevenZip(),
            ZipBuilder().file("e", "x") { $0.flags = 1 }.file("m", "x") { $0.method = 12 }.build(),
        ]
    }

    private static func take(_ content: Span<UInt8>, _ ground: FuzzGround) -> Bool {
        guard ContentRecognizer.isClaimed(content) else { return false }
        var listing = ground.context()
        let manifest = ContentRecognizer.recognize(content, &listing).manifest
        listing.buffers.trim()
        let entries = manifest?.entries ?? []
        var seen = 0
        for index in entries.indices {
            guard let address = EntryAddress(index, in: entries), seen < mostEntries else { continue }
            seen += 1
            let (ending, count) = extract(address.places, content, ground)
            // A budget that ran out cut a line short; alone, the entry may well be whole.
            if ending == .complete, listing.budget.exhausted == nil {
                precondition(Int64(count) == entries[index].size.bytes, "listed and handed out in two lengths")
            }
        }
        for places in [[0], [0, 0], [1, 0, 0], [Int(Int32.max)]] { _ = extract(places, content, ground) }
        return manifest != nil
    }

    private static func extract(
        _ places: [Int], _ content: Span<UInt8>, _ ground: FuzzGround
    ) -> (ending: EntryEnding?, count: Int) {
        var context = ground.context()
        var count = 0
        let ending = withoutActuallyEscaping({ (piece: Span<UInt8>) in count += piece.count }) { sink in
            EntryReader(sink: sink).read(places[...], in: content, &context)
        }
        precondition(context.depth == 0, "the context came back changed")
        context.buffers.trim()
        return (ending, count)
    }
}
