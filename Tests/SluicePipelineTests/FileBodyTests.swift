// Files that are touched while they are read (Threats, H8): half of an old and half of a new one is taken from nobody.

import Foundation
import Glibc
import SluiceModel
import Testing

@testable import SluicePipeline

@Suite struct FileBodyTests {
    private static let content = String(repeating: "2026-01-02 03:04:05 INFO a line\n", count: 100)

    /// Reads a quarter, lets `action` happen, reads the rest.
    /// - Returns: the error's code, or `nil` when all was well.
    private static func reading(isStrict: Bool, _ action: (String) throws -> Void) throws -> String? {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sluice-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "app.txt").path
        try Data(content.utf8).write(to: URL(filePath: path))
        let opened =
            isStrict
            ? try FileBody.adopt(open(path, O_RDONLY | O_CLOEXEC), shownAs: Array(path.utf8))
            : try FileBody.open(Array(path.utf8), followsLink: false)
        guard case .file(var body) = consume opened else { return "submission.not-a-file" }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: content.utf8.count / 4, alignment: 8)
        defer { buffer.deallocate() }
        do throws(SluiceError) {
            var count = try body.read(into: buffer)
            do { try action(path) } catch { Issue.record(error) }
            while count > 0 { count = try body.read(into: buffer) }
        } catch {
            return error.code
        }
        return nil
    }

    private static func change(_ path: String, _ flags: CInt, _ text: String) throws {
        let file = open(path, O_WRONLY | flags)
        try #require(file >= 0)
        defer { close(file) }
        #expect(write(file, text, text.utf8.count) == text.utf8.count)
    }

    @Test(arguments: [true, false])
    func whatNobodyTouchesIsReadToItsEnd(isStrict: Bool) throws {
        #expect(try Self.reading(isStrict: isStrict) { _ in } == nil)
    }

    @Test(arguments: [true, false])
    func whatGrowsShrinksOrIsWrittenOverIsNotTaken(isStrict: Bool) throws {
        // Longer than the kernel's clock for file times stands still.
        func later(_ action: (String) throws -> Void) throws -> String? {
            try Self.reading(isStrict: isStrict) {
                usleep(20_000)
                try action($0)
            }
        }
        #expect(try later { try Self.change($0, O_APPEND, "and more\n") } == "source.changed")
        #expect(try later { try Self.change($0, O_TRUNC, "") } == "source.changed")
        #expect(try later { try Self.change($0, 0, "9999") } == "source.changed")
    }

    @Test func aTimeThatIsSetBackAndASecondNameDoNotHelpAStranger() throws {
        let hidden = try Self.reading(isStrict: true) { path in
            usleep(20_000)
            var status = stat()
            #expect(stat(path, &status) == 0)
            try Self.change(path, 0, "9999")
            var times = [status.st_atim, status.st_mtim]
            #expect(utimensat(AT_FDCWD, path, &times, 0) == 0)
        }
        #expect(hidden == "source.changed")
        let linked = try Self.reading(isStrict: true) { path in
            usleep(20_000)
            #expect(link(path, path + ".other") == 0)
        }
        #expect(linked == "source.changed")
    }
}
