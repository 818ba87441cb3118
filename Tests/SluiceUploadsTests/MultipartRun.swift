// Runs the multipart parser over a body cut in some way, and gathers what it says as one value that can be compared.

import SluiceModel

@testable import SluiceUploads

/// What the parser made of a body.
struct MultipartAnswer: Equatable, Sendable {
    struct Part: Equatable, Sendable {
        var head: PartHead
        var content: [UInt8]
        var isComplete: Bool
    }

    var parts: [Part] = []
    var defect: MultipartDefect?

    var text: [String] { parts.map { String(decoding: $0.content, as: UTF8.self) } }
    /// Parts that ended; what an unfinished one holds when a defect is met may depend on the cuts.
    var complete: [Part] { parts.filter(\.isComplete) }
}

struct GatheringSink: MultipartSink {
    var parts: [MultipartAnswer.Part] = []
    var calls = 0

    mutating func begin(_ part: PartHead) {
        precondition(parts.last?.isComplete != false, "a part begins in another one")
        parts.append(MultipartAnswer.Part(head: part, content: [], isComplete: false))
        calls += 1
    }

    mutating func append(_ bytes: Span<UInt8>) {
        precondition(!bytes.isEmpty && parts.last?.isComplete == false, "bytes of no part")
        bytes.withUnsafeBytes { parts[parts.count - 1].content += $0 }
        calls += 1
    }

    mutating func end() {
        precondition(parts.last?.isComplete == false, "the end of no part")
        parts[parts.count - 1].isComplete = true
        calls += 1
    }
}

/// - Parameter sizes: of the pieces, in turn, over and over.
func parse(
    _ body: [UInt8], boundary: String = "b", cut sizes: [Int] = [.max], limits: MultipartParser.Limits = .init()
) throws -> MultipartAnswer {
    var parser = MultipartParser(try MultipartBoundary(bytes: Array(boundary.utf8)), limits: limits)
    var sink = GatheringSink()
    var rest = body[...]
    var turn = 0
    do throws(MultipartDefect) {
        while !rest.isEmpty {
            let piece = Array(rest.prefix(sizes[turn % sizes.count]))
            rest = rest.dropFirst(piece.count)
            turn += 1
            try parser.consume(piece.span, into: &sink)
        }
        try parser.finish()
        return MultipartAnswer(parts: sink.parts)
    } catch {
        return MultipartAnswer(parts: sink.parts, defect: error)
    }
}

func parse(_ body: String, boundary: String = "b", cut sizes: [Int] = [.max]) throws -> MultipartAnswer {
    try parse(Array(body.utf8), boundary: boundary, cut: sizes)
}

/// A body whose text has bare line feeds for CR LF, for tables that can be read.
func wire(_ text: String) -> String {
    // Byte by byte: to Swift, CR LF is one character and holds no line feed.
    String(decoding: text.utf8.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }, as: UTF8.self)
}

/// A random number generator whose seed is told, so that a failure can be repeated.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
