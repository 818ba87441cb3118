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

func command(_ attachment: CInt, _ size: ByteCount) -> String {
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = pread(attachment, &bytes, min(bytes.count, Int(clamping: size.bytes)), 0)
    return String(decoding: bytes.prefix(max(0, count)).prefix { $0 > 32 }, as: UTF8.self)
}

/// A message of an entry's bytes past our own encoder: its kind and what follows, with a number that the order did not give.
func forgedPiece(_ kind: UInt8, _ rest: [UInt8]) -> [UInt8] {
    littleEndian(UInt32(9 + rest.count)) + [UInt8](repeating: 7, count: 8) + [kind] + rest
}

func wait() { while seen >= 0 { seen += seen < 1000 ? 1 : -1 } }

/// Hands out the address' size of bytes that count up, unless told otherwise.
func handOut(
    _ command: String, _ entry: EntryAddress, to sink: (Span<UInt8>) -> Void
) throws(SluiceError) -> EntryEnding {
    let bytes = (0..<Int(clamping: entry.size.bytes)).map { UInt8(truncatingIfNeeded: $0) }
    switch command {
    case "entry-fine":
        sink(bytes.span)
        return .complete
    case "entry-long":
        let more = bytes + [0]
        sink(more.span)
    case "entry-short":
        let fewer = Array(bytes.dropLast())
        sink(fewer.span)
    case "entry-damaged":
        sink(bytes.span)
        return .damaged
    case "entry-missing": return .missing
    case "entry-segv":
        sink(bytes.span)
        UnsafeMutablePointer<UInt8>(bitPattern: 8)?.pointee = 1
    case "entry-hang": wait()
    case "entry-stall":
        sink(bytes.span)
        wait()
    case "entry-flood": for _ in 0..<Int.max { sink(bytes.span) }
    case "entry-silent": _exit(0)
    case "entry-throw": throw SluiceError("test", what: "", why: "", mend: "")
    case "entry-garbage": say((0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) })
    case "entry-forged": say(forgedPiece(0, bytes) + forgedPiece(1, [0]))
    case "entry-huge": say(littleEndian(.max) + bytes)
    case "entry-empty": say(littleEndian(9))
    default: return .missing
    }
    return .complete
}

InspectorService.run(arguments: CommandLine.arguments.dropFirst()) { (attachment, size, _) throws(SluiceError) in
    let command = command(attachment, size)
    // What the service warms up with, before any fork, begins with no small letter.
    guard command.first?.isLowercase == true else { return Inspection() }
    return try obey(command)
} extract: { (entry, attachment, size, _, sink) throws(SluiceError) in
    try handOut(command(attachment, size), entry, to: sink)
}
