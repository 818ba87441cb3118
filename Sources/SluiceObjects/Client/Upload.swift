// Sending bytes so that it is known what lies in the store afterwards.

import SluiceModel
import SluiceSystem

/// One object to write.
struct Upload {
    /// From this size on an object is sent in parts: a part that fails is sent again, and not the whole (chosen; the protocol allows 5 GiB at once).
    static let inPartsFrom: Int64 = 64 << 20
    /// Of which only the last may be smaller (at least 5 MiB; docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html).
    static let partSize: Int64 = 16 << 20
    static let mostParts: Int64 = 10_000

    let client: ObjectClient
    let habits: StoreHabits
    let key: String
    let body: ObjectBody
    /// SHA-256 of the body.
    let digest: [UInt8]
    /// Nothing is written where there is an object of this name already.
    var onlyNew = false

    enum Outcome {
        case written
        /// There was one already, of whatever content.
        case existing
    }

    /// Damage on the way is rare, and passes: one more try (chosen).
    private static let triesAfterDamage = 1

    /// Returns when the object is durable and known to be whole.
    /// - Throws: `mismatch` where it is not what was to be sent; then what lies in the store is no such object, or a damaged one that the next upload replaces.
    func run() throws(ObjectFailure) -> Outcome {
        var tries = 0
        while true {
            do throws(ObjectFailure) { return try once() } catch {
                guard error.isDamage, tries < Self.triesAfterDamage else { throw error.asDamage }
                tries += 1
            }
        }
    }

    private func once() throws(ObjectFailure) -> Outcome {
        let proof = try habits.arrivalProof()
        if body.count >= Self.inPartsFrom {
            // A store that can be asked answers before the bytes are sent.
            if onlyNew, try client.head(key) != nil { return .existing }
            try UploadInParts(self, proof).run()
            return .written
        }
        var request = ObjectRequest(method: .put, key: key)
        request.body = body
        request.bodyDigest = HexadecimalText.of(digest)
        // A store that knows this header refuses other bytes, and keeps the value.
        let checksum = Base64Text.of(digest)
        request.headers = [("x-amz-checksum-sha256", checksum)]
        let demandsAbsence = onlyNew && habits.mayDemandAbsence
        if demandsAbsence { request.headers.append(("If-None-Match", "*")) }
        let outgoing = OutgoingBytes(body, wantsMD5: proof == .entityTag)
        let response: ObjectResponse
        do throws(ObjectFailure) { response = try client.send(request, sending: outgoing) } catch {
            if demandsAbsence && error.status == 412 { return .existing }
            guard demandsAbsence && error.status == 501 else { throw error }
            habits.forgetDemand()
            return try once()
        }
        let sent = outgoing.finish()
        guard sent.digest == digest else { throw .mismatch("the bytes on this machine's disk have changed") }
        if let kept = response.headers["x-amz-checksum-sha256"], kept != checksum {
            throw .mismatch("the store tells the SHA-256 \(kept) and not \(checksum)")
        }
        switch proof {
        case .signedDigest: break
        case .entityTag where response.entityTag?.lowercased() == sent.md5.map(HexadecimalText.of): break
        case .entityTag, .readBack: try readBack()
        }
        return .written
    }

    /// Proves that the store has these bytes.
    func readBack() throws(ObjectFailure) {
        let found = try client.digest(key)
        guard let found, found.digest == digest, found.size == body.count else {
            throw .mismatch("the store has other bytes than were sent")
        }
    }
}

extension ObjectFailure {
    /// What arrived was not what was sent, as we saw it or as the store did.
    fileprivate var isDamage: Bool {
        if case .mismatch = self { return true }
        return status == 400 && ["XAmzContentSHA256Mismatch", "BadDigest", "InvalidDigest"].contains(code)
    }

    fileprivate var asDamage: ObjectFailure {
        if case .answer = self, isDamage { return .mismatch(cause) }
        return self
    }
}

/// RFC 4648 §4.
enum Base64Text {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func of(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for index in 0..<4 {
                text.append(index <= group.count ? digits[word >> (18 - 6 * index) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
