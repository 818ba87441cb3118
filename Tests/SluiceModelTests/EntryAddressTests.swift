// From a line of a manifest to a place in its archive.

import SluiceModel
import Testing

@Suite struct EntryAddressTests {
    private static func manifest(_ depths: [Int], folders: Set<Int> = []) -> [ManifestEntry] {
        depths.enumerated().map { index, depth in
            ManifestEntry(
                name: EntryName("\(index)"), kind: folders.contains(index) ? .directory : .file, size: ByteCount(index),
                depth: depth, recognized: .unrecognized)
        }
    }

    @Test(
        arguments: [
            ([1], 0, [0]), ([1, 1, 1], 2, [2]), ([1, 2, 2, 1], 2, [0, 1]), ([1, 2, 2, 1], 3, [1]),
            ([1, 1, 2, 3, 3, 2, 3, 1, 2], 4, [1, 0, 1]), ([1, 1, 2, 3, 3, 2, 3, 1, 2], 6, [1, 1, 0]),
            ([1, 1, 2, 3, 3, 2, 3, 1, 2], 8, [2, 0]),
        ])
    func `A line's place follows from the depths before it`(_ row: (depths: [Int], index: Int, places: [Int])) {
        let address = EntryAddress(row.index, in: Self.manifest(row.depths))
        #expect(address?.places == row.places)
        #expect(address?.size == ByteCount(row.index))
    }

    @Test func `Lines that are no files, or not there, or in the middle of nowhere have none`() {
        let entries = Self.manifest([1, 1, 2], folders: [1])
        #expect(EntryAddress(0, in: entries) != nil)
        for index in [-1, 1, 3, .max, .min] { #expect(EntryAddress(index, in: entries) == nil, "\(index)") }
        #expect(EntryAddress(0, in: Self.manifest([2])) == nil)
        #expect(EntryAddress(1, in: Self.manifest([2, 2])) == nil)
        #expect(EntryAddress(0, in: Self.manifest([0])) == nil)
        #expect(EntryAddress(0, in: Self.manifest([17])) == nil)
    }

    @Test func `Every file of a tree has a place of its own`() {
        var entries: [ManifestEntry] = []
        var expected: [[Int]] = []
        func add(_ above: [Int]) {
            for place in 0..<4 {
                expected.append(above + [place])
                entries += Self.manifest([above.count + 1])
                if above.count < 3, place % 2 == 1 { add(above + [place]) }
            }
        }
        add([])
        #expect(entries.indices.map { EntryAddress($0, in: entries)?.places } == expected)
    }
}
