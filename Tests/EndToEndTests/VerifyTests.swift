import Foundation
import Testing

@Suite struct VerifyTests {
    /// A store with `count` attachments, and the files of their bytes.
    private func filled(_ count: Int) throws -> (Workplace, [URL]) {
        let place = try Workplace()
        for index in 0..<count {
            let text = String(repeating: "2026-01-02 03:04:05 INFO line \(index)\n", count: 1 + index % 7)
            try place.write("in/\(index).txt", Data(text.utf8))
        }
        #expect(try place.importing(place.path("in")).status == 0)
        let blobs = try #require(
            FileManager.default.enumerator(
                at: place.store.appending(path: "blobs"), includingPropertiesForKeys: [.isRegularFileKey]))
        let files = blobs.compactMap { $0 as? URL }.filter { $0.lastPathComponent.count == 64 }
        #expect(files.count == count)
        return (place, files)
    }

    private func problems(_ place: Workplace) throws -> [[String: Any]] {
        try place.sluice("verify", "--store", place.store.path, "--format", "json").answers()
    }

    private func flip(_ file: URL, at offset: Int) throws {
        var content = try Data(contentsOf: file)
        content[offset] ^= 0x01
        chmod(file.path, 0o600)
        try content.write(to: file)
    }

    @Test func `Every flipped byte is found`() throws {
        let (place, files) = try filled(200)
        for (index, file) in files.enumerated() {
            let size = try Data(contentsOf: file).count
            try flip(file, at: (index * 131) % size)
        }
        let found = Set(try problems(place).compactMap { $0["subject"] as? String })
        #expect(found.count == files.count)
        #expect(try place.sluice("verify", "--store", place.store.path).status == 1)
    }

    @Test func `Rows without bytes and bytes without rows are told`() throws {
        let (place, files) = try filled(5)
        try FileManager.default.removeItem(at: files[0])
        let stray = String(repeating: "ab", count: 32)
        let folder = place.store.appending(path: "blobs/ab")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("nobody's".utf8).write(to: folder.appending(path: stray))
        let ran = try place.sluice("verify", "--store", place.store.path, "--format", "json")
        #expect(ran.status == 1)
        let told = try ran.answers().map { "\($0["subject"] ?? "")" }.joined(separator: "\n")
        #expect(told.contains(files[0].lastPathComponent))
        #expect(told.contains(stray))
    }

    @Test func `A sound store is said to be sound`() throws {
        let (place, _) = try filled(3)
        let ran = try place.sluice("verify", "--store", place.store.path)
        #expect(ran.status == 0)
        #expect(ran.errors.contains("rows and bytes agree"))
    }

    @Test func `A store that is not there is said so`() throws {
        let ran = try Workplace().sluice("verify", "--store", "/nonexistent/store")
        #expect(ran.status == 3)
        #expect(ran.errors.contains("store.missing"), "\(ran.errors)")
    }
}
