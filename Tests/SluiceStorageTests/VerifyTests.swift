// Everything that can be wrong with a store is found, and only leftovers are ever removed.

import Foundation
import Glibc
import SluiceModel
import Synchronization
import SluiceTestSupport
import Testing

@testable import SluiceFiles
@testable import SluiceSQLite
@testable import SluiceStorage

/// A store with a few attachments, and the ways to harm it.
private final class Harmed {
    let folder: OwnFolder
    let store: Storage
    let digests: [Digest]

    /// - Parameter count: attachments 0 … n-1; every third one is quarantined.
    init(_ count: Int) async throws {
        let folder = try OwnFolder()
        let store = try LocalStore.open(folder.store)
        var digests: [Digest] = []
        for number in 0..<count {
            let spooled = try store.spool.receive(bytes("content \(number) " + String(repeating: "x", count: number)))
            digests.append(spooled.digest)
            let verdict: Verdict = number % 3 == 2 ? .quarantined : .accepted
            _ = try await store.record(decision(spooled, verdict: verdict, name: "\(number).log"))
        }
        self.folder = folder
        self.store = store
        self.digests = digests
    }

    func path(_ number: Int) -> String {
        folder.store + (number % 3 == 2 ? "/quarantine/" : "/blobs/") + StoreFolders.blobPath(digests[number])
    }

    func write(_ bytes: [UInt8], to path: String) throws {
        let parent = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try? FileManager.default.removeItem(atPath: path)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    func problems(mending: Bool = false, olderThan age: Duration = .seconds(3600)) throws -> [StoreProblem] {
        let found = Mutex<[StoreProblem]>([])
        _ = try store.verify(mending: mending, olderThan: age) { event in
            if case .problem(let problem) = event { found.withLock { $0.append(problem) } }
        }
        return found.withLock { $0 }
    }
}

struct VerifyTests {
    @Test("The parts of a store are disjoint and all of it", arguments: [1, 2, 3, 7, 255, 256])
    func parts(count: Int) throws {
        var bytes: [UInt8] = []
        for number in 1...count { bytes += try #require(VerificationScope(part: number, of: count)).bytes }
        #expect(bytes == Array(0...255))
        #expect(VerificationScope(part: 0, of: count) == nil)
        #expect(VerificationScope(part: count + 1, of: count) == nil)
    }

    @Test("Two machines that verify one half each find together what one finds alone")
    func halves() async throws {
        let harmed = try await Harmed(30)
        for number in 0..<30 { try harmed.write(bytes("else"), to: harmed.path(number)) }
        let found = Mutex<[String]>([])
        var files = 0
        for half in 1...2 {
            let scope = try #require(VerificationScope(part: half, of: 2))
            files += try harmed.store.verify(scope) { event in
                if case .problem(let problem) = event { found.withLock { $0.append(problem.subject) } }
            }.files
        }
        #expect(files == 30)
        #expect(Set(found.withLock { $0 }).count == 30)
        #expect(found.withLock { $0.count } == 30)
    }

    @Test("An interrupted verification says where to go on, and the rest is seen from there")
    func goesOn() async throws {
        let harmed = try await Harmed(40)
        let seen = Mutex(0)
        let first = try harmed.store.verify(threads: 2, isCancelled: { seen.withLock { $0 >= 15 } }) { event in
            if case .progress = event { seen.withLock { $0 += 1 } }
        }
        #expect(first.wasInterrupted)
        let byte = try #require(first.goesOnFrom)
        let rest = try #require(VerificationScope.all.beginning(at: byte))
        let second = try harmed.store.verify(rest) { _ in }
        let before = harmed.digests.count { $0.bytes[0] < byte }
        #expect(before > 0)
        #expect(second.files == harmed.digests.count - before)
        // The interrupted one has read whatever lies before.
        #expect(first.files >= before)
    }

    @Test("Reading is held to its rate")
    func rate() async throws {
        let harmed = try await Harmed(20)
        let size = try harmed.store.tickets.referenceTotals().size.bytes
        let began = ContinuousClock.now
        // All but the first second's worth has to wait.
        let summary = try harmed.store.verify(bytesPerSecond: size * 2 / 3) { _ in }
        #expect(summary.bytes == size)
        #expect(began.duration(to: .now) >= .milliseconds(400))
    }

    @Test("A sound store is sound, and every file was read")
    func sound() async throws {
        let harmed = try await Harmed(7)
        let last = Mutex<VerificationProgress?>(nil)
        let summary = try harmed.store.verify { event in
            if case .progress(let progress) = event { last.withLock { $0 = progress } }
        }
        #expect(summary.isSound)
        #expect(summary.problems.isEmpty)
        #expect(summary.files == 7)
        let progress = try #require(last.withLock { $0 })
        #expect(progress.files == progress.filesInAll)
        #expect(progress.bytes == progress.bytesInAll)
    }

    @Test("Every flipped byte is found")
    func bitRot() async throws {
        let harmed = try await Harmed(12)
        for number in 0..<12 {
            var content = try Data(contentsOf: URL(fileURLWithPath: harmed.path(number)))
            content[number % content.count] ^= 1 << UInt8(number % 8)
            try harmed.write(Array(content), to: harmed.path(number))
        }
        let problems = try harmed.problems()
        #expect(problems.map(\.kind) == Array(repeating: .wrongDigest, count: 12))
        #expect(Set(problems.map(\.subject)).count == 12)
        #expect(problems.allSatisfy { $0.attachment != nil && !$0.isHarmless })
    }

    @Test("Missing, cut and misplaced bytes are told apart")
    func harm() async throws {
        let harmed = try await Harmed(6)
        try FileManager.default.removeItem(atPath: harmed.path(0))
        try harmed.write(bytes("short"), to: harmed.path(1))
        let served = harmed.folder.store + "/blobs/" + StoreFolders.blobPath(harmed.digests[2])
        try harmed.write([], to: served)
        try FileManager.default.removeItem(atPath: served)
        try FileManager.default.moveItem(atPath: harmed.path(2), toPath: served)
        try FileManager.default.removeItem(atPath: harmed.path(3))
        try FileManager.default.createSymbolicLink(atPath: harmed.path(3), withDestinationPath: harmed.path(4))
        try FileManager.default.removeItem(atPath: harmed.path(5))
        #expect(mkfifo(harmed.path(5), 0o600) == 0)
        let kinds = try harmed.problems(mending: true, olderThan: .zero).map(\.kind)
        let expected: [StoreProblem.Kind] = [
            .missingBytes, .wrongSize, .wrongArea, .unreferenced, .foreignFile, .foreignFile,
        ]
        #expect(kinds.sorted { $0.rawValue < $1.rawValue } == expected.sorted { $0.rawValue < $1.rawValue })
        // Bytes in the wrong area are somebody's only copy: they are not mended away.
        #expect(FileManager.default.fileExists(atPath: served))
    }

    @Test("Foreign files are reported and never removed")
    func foreign() async throws {
        let harmed = try await Harmed(1)
        let places = [
            "blobs/readme.txt", "blobs/ab/note", "quarantine/zz/x", "blobs/00/" + String(repeating: "f", count: 64),
        ]
        for place in places { try harmed.write(bytes("?"), to: harmed.folder.store + "/" + place) }
        let problems = try harmed.problems(mending: true, olderThan: .zero)
        #expect(problems.map(\.kind) == Array(repeating: .foreignFile, count: 4))
        for place in places { #expect(FileManager.default.fileExists(atPath: harmed.folder.store + "/" + place)) }
    }

    @Test("Leftovers are harmless, removed only when asked and old enough, and nothing else is")
    func leftovers() async throws {
        let harmed = try await Harmed(3)
        let stray = Digest(sha256Of: [])
        let path = harmed.folder.store + "/blobs/" + StoreFolders.blobPath(stray)
        try harmed.write([], to: path)
        try harmed.write(bytes("?"), to: harmed.folder.store + "/spool/replacing-x")
        for (mending, age, left) in [(false, Duration.zero, true), (true, .seconds(3600), true), (true, .zero, false)] {
            let problems = try harmed.problems(mending: mending, olderThan: age)
            #expect(Set(problems.map(\.kind)) == [.unreferenced, .spoolLeftover])
            #expect(problems.allSatisfy { $0.isHarmless && $0.isMended == !left })
            #expect(FileManager.default.fileExists(atPath: path) == left)
        }
        #expect(try harmed.problems().isEmpty)
    }

    @Test("A row that speaks of a missing row is found")
    func database() async throws {
        let harmed = try await Harmed(1)
        let other = try SQLiteConnection(path: harmed.folder.store + "/sluice.sqlite", timeout: .seconds(1))
        try other.execute("PRAGMA foreign_keys = OFF; DELETE FROM ticket")
        #expect(try harmed.problems().map(\.kind) == [.database])
    }

    @Test("It can be interrupted")
    func interrupted() async throws {
        let harmed = try await Harmed(20)
        let asked = Atomic<Int>(0)
        let summary = try harmed.store.verify(
            isCancelled: { asked.wrappingAdd(1, ordering: .relaxed).newValue > 10 }, report: { _ in })
        #expect(summary.wasInterrupted)
        #expect(!summary.isSound)
        #expect(summary.files < 20)
    }

    @Test("Imports that run meanwhile are no problem, and none of theirs is removed")
    func meanwhile() async throws {
        let folder = try OwnFolder()
        let store = try LocalStore.open(folder.store)
        let importing = Task {
            for number in 0..<200 {
                _ = try await store.record(decision(store.spool.receive(bytes("\(number)"))))
            }
        }
        for _ in 0..<10 {
            let summary = try store.verify(mending: true, olderThan: .zero) { _ in }
            #expect(summary.problems.isEmpty)
            await Task.yield()
        }
        try await importing.value
        #expect(folder.files(in: "blobs").count == 200)
        #expect(try store.verify { _ in }.isSound)
    }

    @Test("Bytes of uploads that are over are told and removed; an unfinished one without its bytes is ended")
    func partials() async throws {
        let harmed = try await Harmed(1)
        let store = harmed.store
        func begin() throws -> String {
            let id = try store.partialBytes.create()
            let submission = Submission(declaredName: DeclaredName("a.log"), ticket: ticket("T-1"), source: .endpoint)
            try store.partials.add(
                Partial(
                    id: id, submission: submission, token: nil, length: ByteCount(3), createdAt: 1, expiresAt: 2,
                    metadata: ""))
            return id
        }
        let sound = try begin()
        let lost = try begin()
        let over = try begin()
        let long = try begin()
        #expect(try harmed.problems() == [])
        try store.partialBytes.remove(lost)
        try store.partials.end(over)
        try bytes("12345").withUnsafeBytes { try store.partialBytes.append($0, to: long, at: .zero) }
        try harmed.write([], to: harmed.folder.store + "/partials/stranger")
        // A file that is seconds old may belong to an upload that is just beginning.
        #expect(
            try Set(harmed.problems().map(\.subject)) == ["partials/\(lost)", "partials/\(long)", "partials/stranger"])
        let settled = try harmed.problems(mending: true, olderThan: .zero)
        #expect(settled.filter(\.isMended).count == 2)
        #expect(try store.partials.openPartials().map(\.id) == [sound])
        #expect(try harmed.problems().map(\.kind) == [.foreignFile])
    }
}
