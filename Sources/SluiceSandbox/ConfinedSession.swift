// The child's side of a session: takes an order with a read-only descriptor, has the attachment inspected, answers, waits for the next.
// It runs confined. Confinement says how; InspectorService starts it.

internal import CSandbox
internal import Glibc
internal import SluiceModel
internal import SluiceSystem

/// Serves one session, in a process of its own.
package enum ConfinedSession {
    /// The number of the session's socket in the child.
    package static let descriptor: CInt = 3

    /// The first byte of a session says that the child is confined. A session that ends without it has not seen an attachment.
    static let confinedMark: UInt8 = 0xC5

    /// The child's exit codes. Readers of a log may meet them.
    enum Exit: CInt {
        case done = 0
        case notConfined = 70
        case brokenOrder = 71
        case noAnswer = 72
        case unreadable = 73
    }

    /// Confines this process and serves until the other end closes.
    static func serve(in confinement: Confinement, by inspect: Inspect, _ extract: Extract) -> Never {
        do throws(ConfinementFailure) { try confinement.putOn() } catch { _exit(Exit.notConfined.rawValue) }
        guard write([confinedMark]) else { _exit(Exit.noAnswer.rawValue) }
        while let (order, attachment) = nextOrder() {
            if let entry = order.entry {
                handOut(entry, order, attachment, extract)
                close(attachment)
                continue
            }
            let inspection: Inspection
            do throws(SluiceError) { inspection = try inspect(attachment, order.size, order.order) } catch {
                // No report: a spool that cannot be read says nothing about the attachment.
                _exit(Exit.unreadable.rawValue)
            }
            close(attachment)
            let reply = WireReply(nonce: order.nonce, inspection: inspection).framed(for: order.order)
            guard write(reply) else { _exit(Exit.noAnswer.rawValue) }
        }
        _exit(Exit.done.rawValue)
    }

    /// Sends the entry piece by piece. Where the other end reads slowly, this process waits in `write`.
    private static func handOut(_ entry: EntryAddress, _ order: WireOrder, _ attachment: CInt, _ extract: Extract) {
        let ending: EntryEnding
        do throws(SluiceError) {
            ending = try extract(entry, attachment, order.size, order.order) { bytes in
                bytes.withUnsafeBufferPointer { bytes in
                    for start in stride(from: 0, to: bytes.count, by: WireBounds.piece) {
                        let piece = bytes[start..<min(start + WireBounds.piece, bytes.count)]
                        let frame = WireEntryMessage.framedPiece(
                            UnsafeBufferPointer(rebasing: piece), nonce: order.nonce)
                        guard write(frame) else { _exit(Exit.noAnswer.rawValue) }
                    }
                }
            }
        } catch { _exit(Exit.noAnswer.rawValue) }
        guard write(WireEntryMessage.end(ending).framed(nonce: order.nonce)) else { _exit(Exit.noAnswer.rawValue) }
    }

    /// - Returns: `nil` when the other end has closed.
    private static func nextOrder() -> (WireOrder, CInt)? {
        var attachment: CInt = -1
        var received: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: WireBounds.order)
        while true {
            var passed: CInt = -1
            let count = sandbox_receive(descriptor, &chunk, chunk.count - received.count, &passed, 0)
            if count == 0, received.isEmpty { return nil }
            guard count > 0 else { _exit(Exit.brokenOrder.rawValue) }
            if passed >= 0 { attachment = passed }
            received += chunk[..<count]
            guard let length = WireFrame.length(received[...]) else { continue }
            guard received.count >= WireFrame.prefix + length else {
                guard received.count < chunk.count else { _exit(Exit.brokenOrder.rawValue) }
                continue
            }
            guard attachment >= 0, let order = try? WireOrder(received[WireFrame.prefix...]) else {
                _exit(Exit.brokenOrder.rawValue)
            }
            return (order, attachment)
        }
    }

    private static func write(_ bytes: [UInt8]) -> Bool {
        do throws(SystemCallFailure) { try writeAll(bytes, to: descriptor) } catch { return false }
        return true
    }
}
