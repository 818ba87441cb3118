// Stored bytes as the content of an answer: sent from their file where they are in one, else read piece by piece.

import SluiceModel
import SluiceServer

extension Response.Content {
    static func stored(_ reader: any BlobReader, _ range: Range<Int64>) -> Response.Content {
        if let file = BlobFile(reader) { return .file(file, range) }
        return .pulled(BlobPieces(reader, range), range.upperBound - range.lowerBound)
    }
}

private struct BlobFile: FileBytes {
    let descriptor: CInt
    /// Owns the descriptor.
    private let reader: any BlobReader

    init?(_ reader: any BlobReader) {
        guard let descriptor = reader.descriptor else { return nil }
        self.descriptor = descriptor
        self.reader = reader
    }
}

private final class BlobPieces: PulledBytes, @unchecked Sendable {
    private static let step = 64 << 10

    private let reader: any BlobReader
    private let end: Int64
    // guarded by: whoever pulls, one thread at a time.
    private var at: Int64

    init(_ reader: any BlobReader, _ range: Range<Int64>) {
        self.reader = reader
        at = range.lowerBound
        end = range.upperBound
    }

    func next() throws(SluiceError) -> [UInt8]? {
        let wanted = Int(min(Int64(Self.step), end - at))
        guard wanted > 0 else { return nil }
        var piece = [UInt8](repeating: 0, count: wanted)
        let outcome = piece.withUnsafeMutableBytes { buffer in
            Result { () throws(SluiceError) in try reader.read(into: buffer, at: at) }
        }
        let count = try outcome.get()
        guard count > 0 else { return nil }
        at += Int64(count)
        return Array(piece.prefix(count))
    }
}
