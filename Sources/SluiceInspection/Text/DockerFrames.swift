// Logs saved from Docker's API: each write of the container is in a frame with eight bytes in front (docs.docker.com/engine/api, "Attach
// to a container", stream format: 01 for standard output or 02 for standard error, three zeros, the length in four bytes, the highest
// first).

import SluiceModel

/// Takes the frames off a stream, however it is cut.
struct DockerFrames {
    private static let headerSize = 8
    /// Docker splits writes at 16 KiB; a frame from another writer may be larger (chosen).
    private static let largest = 1 << 20

    private(set) var frames = 0
    /// A header was not one: what follows cannot be trusted to be in frames.
    private(set) var isBroken = false
    private var header: [UInt8] = []
    private var left = 0

    /// Whether a text begins with a frame whose length leads to another one, or to the end.
    static func begin(_ opening: Span<UInt8>) -> Bool {
        guard let first = length(opening, at: 0), first > 0 else { return false }
        let next = headerSize + first
        if next == opening.count { return true }
        if next + headerSize <= opening.count { return length(opening, at: next) != nil }
        // The second frame lies behind what is seen: the first one has to look like a line of text.
        return next > opening.count && opening.count > headerSize && opening[headerSize] >= 0x09
    }

    private static func length(_ bytes: Span<UInt8>, at offset: Int) -> Int? {
        guard offset + headerSize <= bytes.count, bytes[offset] <= 2,
            bytes[offset + 1] | bytes[offset + 2] | bytes[offset + 3] == 0
        else { return nil }
        let length = (4..<8).reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
        return length <= largest ? length : nil
    }

    /// Hands on what lies in the frames.
    mutating func strip(_ bytes: Span<UInt8>, to sink: (Span<UInt8>) -> Void) {
        var at = 0
        while at < bytes.count && !isBroken {
            if left > 0 {
                let end = min(bytes.count, at + left)
                sink(bytes.extracting(at..<end))
                left -= end - at
                at = end
                continue
            }
            header.append(bytes[at])
            at += 1
            guard header.count == Self.headerSize else { continue }
            if let length = Self.length(header.span, at: 0) {
                left = length
                frames += 1
            } else {
                isBroken = true
            }
            header.removeAll(keepingCapacity: true)
        }
    }
}
