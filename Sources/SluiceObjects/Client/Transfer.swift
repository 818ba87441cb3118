// The bytes of one transfer, both ways, as libcurl's callbacks ask for them.

import Glibc
import SluiceSystem

/// The body of a request on its way out. It is hashed as it passes, so that what was sent is known and not assumed.
final class OutgoingBytes {
    private let body: ObjectBody
    private var at: Int64 = 0
    private var running: SHA256? = SHA256()
    private let wantsMD5: Bool
    private var md5: MD5?
    private(set) var failure: SystemCallFailure?

    init(_ body: ObjectBody, wantsMD5: Bool) {
        self.body = body
        self.wantsMD5 = wantsMD5
        if wantsMD5 { md5 = MD5() }
    }

    /// - Returns: `nil` where the file cannot be read, or has become shorter.
    func next(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        let wanted = Int(min(Int64(buffer.count), body.count - at))
        if wanted == 0 { return 0 }
        let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
        var count = wanted
        switch body {
        case .none: return 0
        case .memory(let bytes):
            piece.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[Int(at)..<Int(at) + wanted]))
        case .file(let descriptor, let start, _):
            do throws(SystemCallFailure) {
                count = try readAt(start + at, of: descriptor, into: piece)
                if count == 0 { throw SystemCallFailure("pread", EIO) }
            } catch {
                failure = error
                return nil
            }
        }
        let read = UnsafeRawBufferPointer(rebasing: piece[..<count])
        running?.update(read)
        md5?.update(read)
        at += Int64(count)
        return count
    }

    /// Begins again: a connection that was kept open has turned out to be closed.
    func rewind() {
        at = 0
        running = SHA256()
        if wantsMD5 { md5 = MD5() }
    }

    /// Of all bytes that have passed. Call it once.
    func finish() -> (digest: [UInt8], md5: [UInt8]?) { (running.take()!.finish(), md5?.finish()) }
}

/// The answer on its way in.
final class IncomingBytes {
    private let sink: ObjectSink
    private(set) var response = ObjectResponse()
    /// The sink took no more.
    private(set) var isRefused = false

    init(_ sink: ObjectSink) { self.sink = sink }

    private var isSuccess: Bool { (200...299).contains(response.status) }

    /// One line of the header, with its line break. A second status line begins a new answer: the one before said "continue".
    func header(_ line: UnsafeRawBufferPointer) {
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            response = ObjectResponse()
            response.status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            return
        }
        guard let colon = text.firstIndex(of: ":") else { return }
        let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        response.headers[text[..<colon].lowercased()] = String(value.prefix { !$0.isNewline })
    }

    /// - Returns: false to end the transfer.
    func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let isTaken = isSuccess ? keep(bytes) : collect(bytes)
        if isTaken { response.received += Int64(bytes.count) } else { isRefused = true }
        return isTaken
    }

    private func collect(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard response.body.count + bytes.count <= ObjectResponse.mostCollected else { return false }
        response.body += bytes
        return true
    }

    private func keep(_ bytes: UnsafeRawBufferPointer) -> Bool {
        switch sink {
        case .collect: return collect(bytes)
        case .memory(let buffer):
            let start = Int(response.received)
            // More than was asked for.
            guard bytes.count <= buffer.count - start else { return false }
            UnsafeMutableRawBufferPointer(rebasing: buffer[start...]).copyMemory(from: bytes)
            return true
        }
    }
}
