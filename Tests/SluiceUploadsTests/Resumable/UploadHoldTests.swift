// Who may add to a partial: one at a time, and a silent one is taken over.

import SluiceModel
import SluiceStorage
import SluiceSystem
import SluiceTestSupport
import Synchronization
import Testing

@testable import SluiceServer
@testable import SluiceUploads

struct UploadHoldTests {
    private func write(_ text: String, _ hold: UploadHold) -> String {
        let outcome = Array(text.utf8).withUnsafeBytes { raw in
            Result<Void, Problem> { () throws(Problem) in try hold.append(raw) }
        }
        return refusal { () throws(Problem) in try outcome.get() }
    }

    private func take(_ holds: UploadHolds, _ id: String, _ bytes: MemoryPartialBytes) throws(Problem) -> UploadHold {
        try holds.take(id) { () throws(Problem) in
            UploadHold(id, offset: ((try? bytes.size(id)) ?? .zero)?.bytes ?? 0, bytes)
        }
    }

    @Test("A second request is refused while the first one writes, and let in once it has given back")
    func oneAtATime() throws {
        let (holds, bytes) = (UploadHolds(), MemoryPartialBytes())
        let id = try bytes.create()
        let first = try take(holds, id, bytes)
        #expect(write("abc", first) == "none")
        #expect(refusal { () throws(Problem) in try take(holds, id, bytes) } == "423 tus.locked")
        holds.giveBack(first)
        let second = try take(holds, id, bytes)
        #expect(second.offset == 3)
        // Giving back again what is another's by now changes nothing.
        holds.giveBack(first)
        #expect(holds.isHeld(id))
    }

    @Test("A silent hold is taken over, and writes nothing any more; one that decides is not")
    func takeover() throws {
        let bytes = MemoryPartialBytes()
        let id = try bytes.create()
        let now = ContinuousClock.now
        let hold = UploadHold(id, offset: 0, bytes, now: now)
        #expect(!hold.revoke(silentFor: .seconds(2), now: now.advanced(by: .seconds(1))))
        #expect(hold.revoke(silentFor: .seconds(2), now: now.advanced(by: .seconds(3))))
        #expect(write("late", hold) == "409 tus.taken-over")
        #expect(refusal { () throws(Problem) in try hold.beginDeciding() } == "409 tus.taken-over")
        #expect(try bytes.size(id) == .zero)
        let deciding = UploadHold(id, offset: 0, bytes, now: now)
        try deciding.beginDeciding()
        #expect(!deciding.revoke(silentFor: .seconds(2), now: now.advanced(by: .seconds(60))))
    }

    @Test("A request with a checksum that another one has taken over is told so")
    func takenOverWithChecksum() async throws {
        try await withEndpoint { endpoint in
            let services = endpoint.services
            var submission = Submission(
                declaredName: DeclaredName("a.txt"), ticket: TicketID("T-1")!, submitter: "ann", source: .endpoint)
            submission.comment = ""
            let partial = try services.uploads.begin(
                submission, length: 100, metadata: "", caller: Caller(role: .submitter, name: "ann"), hours: 1)
            let hold = UploadHold(partial.id, offset: 0, services.uploads.bytes)
            let context = UploadContext(
                services: services, caller: Caller(role: .submitter, name: "ann"), account: "ann")
            let checksum = Checksum(.sha256)
            let receiver = try UploadReceiver(
                context, partial, hold,
                checksum: AnnouncedChecksum(
                    algorithm: .sha256,
                    value: logLine.withUnsafeBytes { raw in
                        checksum.update(raw)
                        return checksum.finish()
                    }))
            _ = try logLine.withUnsafeBytes { raw in try receiver.receive(raw) }
            #expect(hold.revoke(silentFor: .zero, now: .now))
            do throws(Problem) {
                _ = try await receiver.finish()
                Issue.record("it was taken")
            } catch { #expect(error.status == 409 && error.code == "tus.taken-over") }
        }
    }

    @Test("Two that write at once never interleave: what is there is from one only, behind it from the other")
    func interleaving() async throws {
        let bytes = MemoryPartialBytes()
        let id = try bytes.create()
        let old = UploadHold(id, offset: 0, bytes)
        let threads = (0..<2).map { number in
            Task.detached {
                var written = 0
                if number == 1 {
                    // Takes over in the middle of the other's writing.
                    while !old.revoke(silentFor: .zero, now: .now) {}
                    let fresh = UploadHold(id, offset: try bytes.size(id)!.bytes, bytes)
                    for _ in 0..<200 { if write("bb", fresh) == "none" { written += 2 } }
                } else {
                    for _ in 0..<2000 { if write("aa", old) == "none" { written += 2 } }
                }
                return written
            }
        }
        let (first, second) = (try await threads[0].value, try await threads[1].value)
        let reader = try #require(try bytes.open(id))
        var content = [UInt8](repeating: 0, count: Int(reader.size.bytes))
        _ = try content.withUnsafeMutableBytes { try reader.read(into: $0, at: 0) }
        #expect(
            String(decoding: content, as: UTF8.self) == String(repeating: "a", count: first)
                + String(repeating: "b", count: second))
        #expect(second == 400)
    }
}
