// An inspector that does what the attachment says, under the same confinement as the real one: what a parser would do that an
// attachment has taken over. Test-only; InspectorPoolTests says what must come of each.

internal import Glibc
internal import SluiceModel
internal import SluiceSandbox

/// Attachments that this process has seen: 1 in a fresh one.
nonisolated(unsafe) var seen = 0  // guarded by: there is one thread

/// Bytes straight onto the session, past our own encoder.
func say(_ bytes: [UInt8]) { _ = write(ConfinedSession.descriptor, bytes, bytes.count) }

func littleEndian(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

/// A reply that says "proven text", in every byte as our encoder would write it, but for the order's number, which is made up.
let forged: [UInt8] = {
    let name = Array("text/plain".utf8)
    let message =
        [UInt8](repeating: 7, count: 8) + littleEndian(UInt32(name.count)) + name + [3] + littleEndian(0) + [0, 0, 0]
        + littleEndian(0)
    return littleEndian(UInt32(message.count)) + message
}()

let fine = RecognizedType(.plainText, .proven)

func obey(_ command: String) throws(SluiceError) -> Inspection {
    seen += 1
    switch command {
    case "fine": return Inspection(recognized: RecognizedType(.plainText, .proven, detail: "\(seen)"))
    case "suspicious":
        return Inspection(recognized: fine, findings: [Finding(.memberExecutable, [.text("test")])])
    case "large":
        let entries = (0..<10_000).map { index in
            ManifestEntry(
                name: EntryName("\(index)/" + String(repeating: "n", count: 1000)), kind: .file, size: .zero, depth: 1,
                recognized: fine)
        }
        return Inspection(recognized: fine, manifest: Manifest(entries: entries))
    case "fresh-only" where seen == 1: return Inspection(recognized: fine)
    case "linger":
        // Its answer is refused, its socket is closed, and it heeds neither.
        say([UInt8](repeating: 0xFF, count: 64))
        while true { seen &+= 1 }
    case "fresh-only", "segv": UnsafeMutablePointer<UInt8>(bitPattern: 8)?.pointee = 1
    case "throw": throw SluiceError("test", what: "", why: "", mend: "")
    case "trap": fatalError("on purpose")
    case "forbidden": _ = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    case "hang": while true { seen &+= 1 }
    case "wait":
        var byte: UInt8 = 0
        _ = read(ConfinedSession.descriptor, &byte, 1)
    case "memory":
        var kept: [[UInt8]] = []
        while true { kept.append([UInt8](repeating: 1, count: 1 << 20)) }
    case "garbage": say((0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) })
    case "partial": say(Array(forged.dropLast(5)))
    case "stall":
        say(Array(forged.dropLast(5)))
        while true { seen &+= 1 }
    case "flood": while true { say(forged) }
    case "huge": say(littleEndian(.max) + [UInt8](repeating: 0, count: 1024))
    case "forged": say(forged)
    case "forged-twice": say(forged + forged)
    default: return Inspection()
    }
    _exit(0)
}

InspectorService.run(arguments: CommandLine.arguments.dropFirst()) { (attachment, size, _) throws(SluiceError) in
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = pread(attachment, &bytes, min(bytes.count, Int(clamping: size.bytes)), 0)
    let command = String(decoding: bytes.prefix(max(0, count)).prefix { $0 > 32 }, as: UTF8.self)
    // What the service warms up with, before any fork, begins with no small letter.
    guard command.first?.isLowercase == true else { return Inspection() }
    return try obey(command)
}
