// With few descriptors, and with sizes that no disk has.

import Foundation
import Testing

@Suite struct FewDescriptorsTests {
    private func limited(_ place: Workplace, _ words: String) throws -> Ran {
        try place.run(
            "bash",
            ["-c", "ulimit -n 256; exec '\(Workplace.program("sluice").path)' \(words) --store '\(place.store.path)'"])
    }

    private func fill(_ place: Workplace, _ folder: String, _ count: Int) throws {
        for number in 0..<count {
            try place.write("\(folder)/app-\(number).txt", Data("2026-01-02 03:04:05 INFO line \(number)\n".utf8))
        }
    }

    @Test func `A large import does not run out of them`() throws {
        let place = try Workplace()
        try fill(place, "in", 1_500)
        let ran = try limited(place, "import '\(place.path("in"))' --ticket T-1 --jobs 8")
        #expect(ran.status == 0, "\(ran.errors)")
        #expect(try place.query("SELECT count(*) FROM attachment WHERE verdict = 'accepted'") == "1500")
    }

    @Test func `A drop folder does not run out of them`() throws {
        let place = try Workplace()
        try fill(place, "box/in/T-1", 600)
        let ran = try limited(place, "watch '\(place.path("box"))' --once --settle 0s")
        #expect(ran.status == 0, "\(ran.errors)")
        #expect(try place.query("SELECT count(*) FROM attachment") == "600")
    }

    /// As large as the file system lets a sparse file be.
    @Test func `A sparse file of any size is refused for its size`() throws {
        let place = try Workplace()
        let path = try place.write("huge.txt", Data())
        let made = try place.run(
            "bash",
            [
                "-c",
                "for size in 9223372036854775807 8000P 15T 1T; do truncate -s $size '\(path)' 2>/dev/null && exit 0; done; exit 1",
            ])
        try #require(made.status == 0)
        let ran = try place.checking(path)
        #expect(ran.status == 1)
        #expect(codes(try #require(try ran.answers().first)) == ["submission.too-large"])
        let table = try place.sluice("check", path)
        #expect(table.status == 1 && table.output.contains("B"), "\(table.output)\(table.errors)")
    }
}
