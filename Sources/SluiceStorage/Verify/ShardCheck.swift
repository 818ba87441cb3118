// Verifies one shard: the rows whose digests begin with one byte against the blobs of one area, both ways.

import SluiceModel
import SluiceSystem

struct ShardCheck {
    private let rows: any StoreReader
    private let blobs: any BlobStore
    private let area: BlobArea
    private let byte: UInt8
    private let log: VerificationLog

    init(_ storage: Storage, _ area: BlobArea, _ byte: UInt8, _ log: VerificationLog) {
        rows = storage.tickets
        blobs = storage.blobs
        self.area = area
        self.byte = byte
        self.log = log
    }

    func run() throws(SluiceError) {
        // Rows first: bytes are there before their row is, so a row that is listed has its bytes however many imports run.
        let references = try rows.references(in: area, beginningWith: byte)
        let listing = try blobs.list(in: area, beginningWith: byte)
        for path in listing.foreign {
            log.add(StoreProblem(.foreignFile, path, what: "This is no file of Sluice's."))
        }
        let listed = Dictionary(
            listing.blobs.map { ($0.digest, $0.isReadable) }, uniquingKeysWith: { first, _ in first })
        for reference in references {
            if log.isStopped { return }
            try check(reference, isReadable: listed[reference.digest])
        }
        let known = Set(references.map(\.digest))
        for blob in listing.blobs where !known.contains(blob.digest) {
            if log.isStopped { return }
            try checkUnreferenced(blob)
        }
    }

    private func address(_ digest: Digest) -> BlobAddress { BlobAddress(digest, in: area) }
    private func path(_ digest: Digest) -> String { blobs.path(of: address(digest)) }

    /// - Parameter isReadable: as listed; `nil` where the listing has no such blob.
    private func check(_ reference: BlobReference, isReadable: Bool?) throws(SluiceError) {
        let attachment = reference.attachment
        func problem(_ kind: StoreProblem.Kind, _ what: String) {
            log.add(StoreProblem(kind, path(reference.digest), attachment: attachment, what: what))
        }
        switch isReadable {
        case nil:
            let other = BlobAddress(reference.digest, in: area.other)
            if try blobs.remove(other, namedBefore: nil, { (_) throws(SluiceError) in [] }) != .missing {
                problem(
                    .wrongArea,
                    "Attachment \(attachment) is \(area.rawValue), but its bytes lie in the other area: \(blobs.path(of: other))."
                )
            } else {
                problem(.missingBytes, "The bytes of attachment \(attachment) are not there.")
            }
        case false?:
            problem(.foreignFile, "In place of the bytes of attachment \(attachment) there is no regular file.")
        case true?:
            switch try read(reference.digest) {
            case .interrupted: return
            case .missing: problem(.missingBytes, "The bytes of attachment \(attachment) are not there.")
            case .unreadable(let cause):
                problem(.unreadable, "The bytes of attachment \(attachment) cannot be read (\(cause)).")
            case .read(let digest, let size):
                if size != reference.size.bytes {
                    problem(
                        .wrongSize, "Attachment \(attachment) has \(size) bytes instead of \(reference.size.bytes).")
                } else if digest != reference.digest {
                    problem(
                        .wrongDigest,
                        "The bytes of attachment \(attachment) have changed: their digest is now \(digest).")
                }
            }
        }
        log.finishFile()
    }

    private func checkUnreferenced(_ blob: ListedBlob) throws(SluiceError) {
        let path = path(blob.digest)
        guard blob.isReadable else {
            return log.add(StoreProblem(.foreignFile, path, what: "This is no file of Sluice's."))
        }
        switch try read(blob.digest) {
        case .interrupted, .missing: return
        case .unreadable(let cause):
            log.add(StoreProblem(.unreadable, path, what: "These bytes cannot be read (\(cause))."))
        case .read(let found, _):
            // Perhaps its row is just being written: LeftoverCheck looks again when nobody can be in the middle of it.
            log.note(VerificationLog.Unreferenced(address: address(blob.digest), isWhole: found == blob.digest))
        }
        log.finishFile()
    }

    private enum Content {
        case missing, interrupted
        case unreadable(String)
        case read(Digest, Int64)
    }

    private func read(_ digest: Digest) throws(SluiceError) -> Content {
        do throws(SluiceError) {
            guard let reader = try blobs.open(address(digest)) else { return .missing }
            let result = try SHA256.bytes(
                reading: { (buffer, offset) throws(SluiceError) in try reader.read(into: buffer, at: offset) },
                step: { (piece) throws(SluiceError) in log.read(piece.count) })
            guard let result else { return .interrupted }
            return .read(Digest(result.digest)!, result.size)
        } catch { return .unreadable(error.cause ?? error.what) }
    }
}

extension BlobArea {
    var other: BlobArea { self == .accepted ? .quarantined : .accepted }
}
