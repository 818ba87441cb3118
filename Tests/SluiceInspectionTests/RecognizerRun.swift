// Runs one recognizer over built content, for the tests of images and PDF.

import SluiceModel

@testable import SluiceInspection

/// What one recognizer says of some bytes.
struct RecognizerRun {
    var type: RecognizedType?
    var findings: [Finding]
    var isClaimed: Bool

    init(_ recognizer: any Recognizer.Type, _ bytes: [UInt8], _ order: InspectionOrder = InspectionOrder()) {
        var context = InspectionContext(order, magic: MagicDatabase())
        isClaimed = recognizer.claims(bytes.span)
        type = recognizer.recognize(bytes.span, &context)?.type
        findings = context.log.findings
    }

    var codes: [String] { findings.map(\.code) }
    var gravest: Severity? { findings.map(\.definition.severity).max() }

    /// Recognized with a basis that can be accepted, and no finding above a warning.
    var isAccepted: Bool {
        guard let type, type.basis >= .structure else { return false }
        return (gravest ?? .note) <= .warning
    }
}

/// One odd thing that a test does to a builder, and the finding that it must lead to.
struct Oddity<Builder>: Sendable {
    let code: String
    let change: @Sendable (inout Builder) -> Void

    init(_ code: String, _ change: @escaping @Sendable (inout Builder) -> Void) {
        self.code = code
        self.change = change
    }
}

/// Random numbers that a printed seed brings back (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// Flips, cuts, inserts and repeats bytes, and gives every result to `look`.
func mutate(_ valid: [UInt8], rounds: Int, seed: UInt64, _ look: ([UInt8]) -> Void) {
    var numbers = SeededNumbers(seed: seed)
    for _ in 0..<rounds {
        var bytes = valid
        for _ in 0..<Int.random(in: 1...3, using: &numbers) where !bytes.isEmpty {
            let at = Int.random(in: 0..<bytes.count, using: &numbers)
            switch Int.random(in: 0..<5, using: &numbers) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &numbers)
            case 1: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
            case 2: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...16, using: &numbers)))
            case 3:
                bytes.insert(
                    contentsOf: [0xFF, 0xFF, 0xFF, 0xFF].prefix(Int.random(in: 1...4, using: &numbers)), at: at)
            default: bytes.removeSubrange(at...)
            }
        }
        look(bytes)
    }
}
