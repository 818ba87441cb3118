// libmagic as a second witness: explicit path, no answer rather than a crash.

import SluiceModel
import Testing

@testable import SluiceInspection

/// Spans stay outside of #expect, which cannot hold them.
private func ask(_ magic: MagicDatabase, _ bytes: [UInt8]) -> MediaType? { magic.mediaType(of: bytes.span) }

@Suite struct MagicDatabaseTests {
    @Test func `The database loads by explicit path and names what it knows`() {
        let magic = MagicDatabase()
        #expect(magic.load())
        #expect(magic.loadFailure == nil)
        let gif: [UInt8] = Array("GIF89a".utf8) + [1, 0, 1, 0, 0, 0, 0]
        #expect(ask(magic, gif) == "image/gif")
        #expect(ask(magic, Array("plain words\n".utf8)) == .plainText)
        #expect(ask(magic, [UInt8]()) == .empty)
    }

    @Test func `Only the first MiB is looked at`() {
        let magic = MagicDatabase()
        let bytes = Array(repeating: UInt8(ascii: "a"), count: MagicDatabase.mostBytes) + [0, 1, 2, 3]
        #expect(ask(magic, bytes) == .plainText)
    }

    @Test func `A database that is not there is told and answers nothing`() {
        let magic = MagicDatabase(paths: ["/nowhere/magic.mgc"])
        #expect(ask(magic, Array("text".utf8)) == nil)
        #expect(magic.loadFailure?.contains("/nowhere/magic.mgc") == true)
        #expect(!magic.load())
    }

    @Test func `The library tells its version`() {
        #expect(MagicDatabase.libraryVersion.hasPrefix("5."))
    }
}
