// What is sent again is recognized by its bytes; what only begins like it is received whole.

import Foundation
import SluiceModel
import SluiceSystem
import Testing

@testable import SluiceFiles
@testable import SluiceStorage

@Suite struct RepeatedBytesTests {
    static let size = (2 << 20) + 77
    static let kept = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 9) }

    static func submission(ticket: String? = "T-1", submitter: String? = "ann") -> Submission {
        Submission(
            declaredName: DeclaredName("a.txt"), ticket: ticket.flatMap { TicketID($0) }, submitter: submitter,
            source: .endpoint)
    }

    /// Bytes in a file that has a name, as those of an accepted attachment.
    static func keep(_ content: [UInt8], named: Bool = true) throws -> (SpooledAttachment, folder: URL) {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        let file = folder.appending(path: "blob")
        try Data(content).write(to: file)
        let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
        let digest = Digest(sha256Of: content)
        if !named { try FileManager.default.removeItem(at: file) }
        return (SpooledAttachment(size: ByteCount(Int64(content.count)), digest: digest, owning: descriptor), folder)
    }

    static func inode(_ attachment: SpooledAttachment) -> UInt64 {
        var status = stat()
        fstat(attachment.descriptor, &status)
        return UInt64(status.st_ino)
    }

    static func receive(_ content: [UInt8], pieces: Int, into reception: any SpoolReception) throws -> SpooledAttachment
    {
        try content.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: pieces) {
                try reception.append(UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + pieces, bytes.count)]))
            }
        }
        #expect(reception.received.bytes == Int64(content.count) && !reception.isOverLimit)
        return try reception.finish()
    }

    /// - Returns: what was received, and whether it is the kept file itself.
    static func again(
        _ content: [UInt8], pieces: Int = 100_000, _ second: Submission = submission(), named: Bool = true
    ) throws
        -> (SpooledAttachment, isKept: Bool)
    {
        let (bytes, folder) = try keep(kept, named: named)
        defer { try? FileManager.default.removeItem(at: folder) }
        let repeated = RepeatedBytes()
        repeated.remember(bytes, of: submission())
        let reception = repeated.reception(try MemorySpool().begin(limit: ByteCount(4 << 20)), of: second)
        let received = try receive(content, pieces: pieces, into: reception)
        return (received, inode(received) == inode(bytes))
    }

    @Test(arguments: [1 << 30, 128 << 10, 65_537, 1_000]) func `the same bytes are the kept ones`(pieces: Int) throws {
        let (received, isKept) = try Self.again(Self.kept, pieces: pieces)
        #expect(isKept)
        #expect(received.digest == Digest(sha256Of: Self.kept))
        var first: UInt8 = 0
        #expect(pread(received.descriptor, &first, 1, 0) == 1 && first == Self.kept[0])
    }

    @Test(arguments: [0, 1, 65_535, 65_536, 1_000_000, size - 1]) func `one byte that differs makes it another one`(
        place: Int
    ) throws {
        var content = Self.kept
        content[place] ^= 1
        let (received, isKept) = try Self.again(content)
        #expect(!isKept)
        #expect(received.digest == Digest(sha256Of: content))
        #expect(received.size.bytes == Int64(content.count))
    }

    @Test(arguments: [-1_000_000, -1, 1, 500_000]) func `what is shorter or longer is another one`(more: Int) throws {
        let content = more < 0 ? Array(Self.kept.dropLast(-more)) : Self.kept + [UInt8](repeating: 7, count: more)
        let (received, isKept) = try Self.again(content)
        #expect(!isKept)
        #expect(received.digest == Digest(sha256Of: content))
    }

    @Test(arguments: [
        submission(ticket: "T-2"), submission(submitter: "bob"), submission(submitter: nil), submission(ticket: nil),
    ]) func `never across tickets or senders`(second: Submission) throws {
        #expect(try !Self.again(Self.kept, second).isKept)
    }

    @Test func `what has lost its name, is small, or is long ago is not known`() throws {
        #expect(try !Self.again(Self.kept, named: false).isKept)
        let repeated = RepeatedBytes()
        let plain = try MemorySpool().begin(limit: ByteCount(4 << 20))
        let (small, folder) = try Self.keep([1, 2, 3])
        defer { try? FileManager.default.removeItem(at: folder) }
        repeated.remember(small, of: Self.submission())
        #expect(repeated.reception(plain, of: Self.submission()) === plain)
        let (bytes, other) = try Self.keep(Self.kept)
        defer { try? FileManager.default.removeItem(at: other) }
        let now = ContinuousClock.now
        repeated.remember(bytes, of: Self.submission(), at: now)
        #expect(repeated.reception(plain, of: Self.submission(), at: now) !== plain)
        #expect(
            repeated.reception(plain, of: Self.submission(), at: now + SenderMemory<SpooledAttachment>.kept) === plain)
        repeated.forgetOld(at: now + SenderMemory<SpooledAttachment>.kept)
        #expect(repeated.reception(plain, of: Self.submission(), at: now) === plain)
    }

    @Test func `over the limit is over the limit`() throws {
        let (bytes, folder) = try Self.keep(Self.kept)
        defer { try? FileManager.default.removeItem(at: folder) }
        let repeated = RepeatedBytes()
        repeated.remember(bytes, of: Self.submission())
        let limit = ByteCount(Int64(Self.size))
        let reception = repeated.reception(try MemorySpool().begin(limit: limit), of: Self.submission())
        try (Self.kept + [1]).withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: 65_536) {
                try reception.append(UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + 65_536, bytes.count)]))
            }
        }
        #expect(reception.isOverLimit)
    }
}
