// Imports a number of attachments into a store and says on standard output what was acknowledged, one line each: a test kills it at every
// durable call, or makes a call fail, and then looks whether the store has kept its word.
//
// usage: StoreCrashProbe STORE FIRST COUNT AT-ONCE

import Glibc
import SluiceFiles
import SluiceModel
import SluiceSQLite
import SluiceStorage

/// Content that differs for each number.
func content(_ number: Int, _ size: Int) -> [UInt8] {
    var state = UInt64(number) &* 0x9E37_79B9_7F4A_7C15 | 1
    return (0..<size).map { _ in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return UInt8(truncatingIfNeeded: state)
    }
}

func say(_ line: String) {
    // One write call a line, so that no acknowledgement is lost in a buffer.
    var bytes = Array((line + "\n").utf8)
    write(STDOUT_FILENO, &bytes, bytes.count)
}

func importOne(_ number: Int, _ size: Int, into store: Storage) async {
    do throws(SluiceError) {
        let reception = try store.spool.begin(limit: ByteCount(1 << 20))
        let bytes = content(number, size)
        let appended: Result<Void, SluiceError> = bytes.withUnsafeBytes { bytes in
            do throws(SluiceError) { return .success(try reception.append(bytes)) } catch { return .failure(error) }
        }
        try appended.get()
        let spooled = try reception.finish()
        let own = CategoryJudgement(.other, basis: "a probe", confidence: 1)
        let finding = JudgedFinding(Finding(.inspectionFailed, [.number(number)]), .note)
        let verdict: Verdict = number % 5 == 4 ? .quarantined : .accepted
        let receipt = try await store.record(
            Decision(
                submission: Submission(
                    declaredName: DeclaredName("probe-\(number)"), ticket: TicketID("T-1"), source: .batch),
                spooled: spooled, size: spooled.size, inspection: Inspection(),
                judgement: Judgement(
                    verdict: verdict, category: .other, ownCategory: own, findings: [finding], policyVersion: "probe")))
        say("ack \(number) \(receipt.attachment ?? "-") \(spooled.digest)")
    } catch {
        say("failed \(number) \(error.code)")
    }
}

let arguments = CommandLine.arguments
let numbers = Int(arguments[2])!..<Int(arguments[2])! + Int(arguments[3])!
let atOnce = Int(arguments[4])!
let size = 4096
do throws(SluiceError) {
    let folders = try StoreFolders(arguments[1], creating: true)
    let database = try folders.openDatabase { (path) throws(SluiceError) in
        try SQLiteDatabase(path: path, timeout: .seconds(5))
    }
    let store = folders.storage(database)
    var next = numbers.lowerBound
    while next < numbers.upperBound {
        let group = next..<min(next + atOnce, numbers.upperBound)
        await withTaskGroup(of: Void.self) { tasks in
            for number in group { tasks.addTask { await importOne(number, size, into: store) } }
        }
        next = group.upperBound
    }
    store.close()
    say("done")
} catch {
    say("failed open \(error.code)")
    exit(3)
}
