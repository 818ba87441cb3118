// Takes one expanded member piece by piece and recognizes it. Text is read as it streams by; everything else is held in memory, up to a
// limit.

import SluiceModel

/// One member's bytes on their way in. A member that lies whole in memory (stored, or in a tar) needs none of this.
struct MemberIntake {
    private enum Course { case undecided, held, scanned }

    /// The beginning of the member, as much of it as its recognizer needs.
    private var held: [UInt8]
    private var scanner: TextScanner
    private let recognizers: any RecognizerTable.Type
    private var course = Course.undecided
    private var isTooLarge = false
    private let limit: Int
    /// The last bytes of what is only sampled: disk images have their mark there.
    private var tail: [UInt8] = []
    private let holdsDiscs: Bool

    /// Of what no structured recognizer claims, so much is kept for signatures and libmagic (which looks at no more than a MiB).
    private static let sample = 256 << 10

    init(limit: ByteCount, _ context: InspectionContext) {
        self.limit = Int(clamping: limit.bytes)
        held = context.buffers.take()
        scanner = context.newScanner()
        recognizers = context.recognizers
        // A disc image shows what it is far behind the beginning that decides.
        holdsDiscs =
            context.order.archives.expand.contains(.iso)
            && ["iso", "img", "udf"].contains(context.declaredExtension.text)
    }

    mutating func take(_ piece: Span<UInt8>) {
        switch course {
        case .undecided:
            keep(piece, upTo: limit)
            if held.count >= recognizers.head { decide() }
        case .held: keep(piece, upTo: limit)
        case .scanned:
            scanner.feed(piece)
            let missing = Self.sample - held.count
            if piece.count > missing { keepTail(piece) }
            if missing > 0 { keep(piece.extracting(..<min(piece.count, missing)), upTo: Self.sample) }
        }
    }

    /// - Returns: what the member is, as far as it was taken in.
    mutating func finish(_ context: inout InspectionContext) -> Recognition {
        if course == .undecided { decide() }
        let recognition: Recognition
        if isTooLarge {
            context.find(.memberUnproven, .size(ByteCount(limit)))
            let known = SignatureTable.mediaType(of: held.span)
            recognition = Recognition(known.map { RecognizedType($0, .signature) } ?? .unrecognized)
        } else if course == .held {
            recognition = recognizers.recognize(held.span, &context)
        } else {
            let scanner = scanner
            recognition = recognizers.unclaimed(held.span, tail: tail, isPlain: scanner.isPlain, &context) {
                scanner.recognition(&$0)
            }
        }
        context.buffers.giveBack(held)
        held = []
        return recognition
    }

    private mutating func decide() {
        course = held.isEmpty || holdsDiscs || recognizers.isClaimed(held.span) ? .held : .scanned
        guard course == .scanned else { return }
        var scanner = scanner  // a span of one property keeps the whole of self from changing
        scanner.feed(held.span)
        self.scanner = scanner
    }

    private mutating func keepTail(_ piece: Span<UInt8>) {
        let most = SignatureTable.tailSize
        if piece.count >= most {
            tail = piece.copy(piece.count - most..<piece.count)
        } else {
            if tail.isEmpty { tail = Array(held.suffix(most)) }
            tail = tail.suffix(most - piece.count) + piece.copy(0..<piece.count)
        }
    }

    private mutating func keep(_ piece: Span<UInt8>, upTo most: Int) {
        guard !isTooLarge, piece.count <= most - held.count else {
            isTooLarge = true
            return
        }
        // One copy of the whole piece; the pointer does not outlive the call.
        piece.withUnsafeBufferPointer { held.append(contentsOf: $0) }
    }
}
