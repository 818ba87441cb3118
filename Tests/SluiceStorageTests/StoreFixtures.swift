// What the store's tests share: a folder of their own, decisions built by hand, and shortcuts to receive and record.

import Foundation
import SluiceModel
import SluiceSystem
import SluiceTestSupport
import Synchronization
import Testing

@testable import SluiceStorage

/// A folder that vanishes with this object.
final class OwnFolder: Sendable {
    let path: String

    init() throws {
        let name = "sluice-store-tests-\(UUID().uuidString)"
        path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var store: String { path + "/store" }

    private let database = Mutex<String?>(nil)

    /// The address of a database in PostgreSQL, made at the first call.
    var postgres: String {
        get throws {
            try database.withLock { name in
                let made = if let name { name } else { try PostgresServer.shared.makeDatabase() }
                name = made
                return PostgresServer.shared.address(of: made)
            }
        }
    }

    /// All regular files below a folder of the store, relative to it.
    func files(in folder: String) -> [String] {
        let root = store + "/" + folder
        let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return names.filter {
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: root + "/" + $0, isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

extension Spool {
    func receive(_ bytes: [UInt8], limit: Int = 1 << 30, piece: Int = .max) throws -> SpooledAttachment {
        let reception = try begin(limit: ByteCount(limit))
        var rest = bytes[...]
        while !rest.isEmpty {
            try rest.prefix(piece).withUnsafeBytes { try reception.append($0) }
            rest = rest.dropFirst(piece)
        }
        return try reception.finish()
    }
}

func ticket(_ text: String) -> TicketID { TicketID(text)! }

/// A decision about received bytes; every part can be another.
func decision(
    _ spooled: SpooledAttachment?, verdict: Verdict = .accepted, name: String = "app.log", on id: String? = "T-1",
    policy: String = "portal", findings: [JudgedFinding] = [], manifest: Manifest? = nil,
    entries: [JudgedEntry] = [], size: ByteCount? = nil
) -> Decision {
    Decision(
        submission: Submission(
            declaredName: DeclaredName(name), declaredType: .plainText, declaredCategory: .logFile,
            ticket: id.flatMap { TicketID($0) }, submitter: "ann@example.org", comment: "from the night",
            source: .endpoint),
        spooled: spooled, size: size ?? spooled?.size ?? .zero,
        inspection: Inspection(
            recognized: RecognizedType(.plainText, .proven, detail: "UTF-8 text"), secondOpinion: .plainText,
            manifest: manifest),
        judgement: Judgement(
            verdict: verdict, category: .logFile,
            ownCategory: CategoryJudgement(.configuration, basis: "it looks so", confidence: 0.75), findings: findings,
            entries: entries, policyVersion: policy))
}

extension Storage {
    /// Records decisions in one commit, in their order.
    func record(_ decisions: Decision...) -> [Result<Receipt, SluiceError>] {
        let results = Mutex<[Int: Result<Receipt, SluiceError>]>([:])
        var units: [any WaitingUnit] = []
        for (index, decision) in decisions.enumerated() {
            do {
                let recording = try Recording(decision)
                units.append(
                    ClosureUnit(
                        "The decision cannot be recorded.", placing: recording.orders,
                        known: { (reader) throws(SluiceError) in try recording.known(reader) },
                        { (work) throws(SluiceError) in try recording.write(work, at: WallClock.microseconds()) },
                        told: { result in results.withLock { $0[index] = result } }))
            } catch { results.withLock { $0[index] = .failure(error) } }
        }
        Commit(database, blobs).run(units)
        return results.withLock { results in decisions.indices.map { results[$0]! } }
    }
}

func finding(_ text: String, _ severity: Severity, entry: String? = nil) -> JudgedFinding {
    JudgedFinding(
        Finding(
            .inspectionFailed, entry: entry.map { EntryName($0) }, [.text(text), .number(3), .bytes([0xFF, 0x2E])]),
        severity)
}

func readAll(_ reader: any BlobReader) throws -> [UInt8] {
    var out: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1000)
    while true {
        let count = try buffer.withUnsafeMutableBytes { try reader.read(into: $0, at: Int64(out.count)) }
        if count == 0 { return out }
        out += buffer[..<count]
    }
}
