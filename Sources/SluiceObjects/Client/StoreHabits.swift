// What this object store can be relied on for. Stores say that they are S3-compatible and mean different parts of it, so each is asked once, with an
// object that is made to be refused.

import SluiceSystem
import Synchronization

/// How it is known that the bytes that lie in the store are those that were sent.
enum ArrivalProof: String, Sendable {
    /// The store hashes what it receives and refuses what does not match the signed `x-amz-content-sha256`.
    case signedDigest
    /// The answer's ETag is the MD5 of what the store has received.
    case entityTag
    /// None of these: every object is read back and hashed.
    case readBack
}

/// Finds out, and remembers.
final class StoreHabits: Sendable {
    private let client: ObjectClient
    private let proof = Mutex<ArrivalProof?>(nil)
    private let refusesExisting = Atomic(true)

    init(_ client: ObjectClient) { self.client = client }

    /// Whether `If-None-Match: *` may be sent: true until the store says that it does not know it. A store that ignores the header writes the same
    /// bytes once more, which does no harm.
    var mayDemandAbsence: Bool { refusesExisting.load(ordering: .relaxed) }
    func forgetDemand() { refusesExisting.store(false, ordering: .relaxed) }

    /// Asks the store the first time: one small object, two where it takes the first one. After a failure the next call asks again.
    func arrivalProof() throws(ObjectFailure) -> ArrivalProof {
        try proof.withLock { (known) throws(ObjectFailure) in
            if let known { return known }
            let found = try ask()
            known = found
            return found
        }
    }

    private func ask() throws(ObjectFailure) -> ArrivalProof {
        let key = client.key("probe/\(RandomText.make(16))")
        let content = Array("Sluice looks what this store does with a wrong digest.\n".utf8)
        // Of other bytes.
        let wrong = String(repeating: "0", count: 64)
        do throws(ObjectFailure) { _ = try put(key, content, digest: wrong) } catch {
            // 400 XAmzContentSHA256Mismatch or BadDigest. What is no refusal of the bytes is no answer to the question.
            guard error.status == 400 else { throw error }
            return .signedDigest
        }
        defer { try? client.delete(key) }
        let own = content.withUnsafeBytes { HexadecimalText.of(SHA256.bytes(of: $0)) }
        let (response, md5) = try put(key, content, digest: own)
        return md5 != nil && response.entityTag?.lowercased() == md5 ? .entityTag : .readBack
    }

    private func put(
        _ key: String, _ content: [UInt8], digest: String
    ) throws(ObjectFailure) -> (ObjectResponse, md5: String?) {
        let result = content.withUnsafeBytes { bytes in
            Result { () throws(ObjectFailure) in
                var request = ObjectRequest(method: .put, key: key)
                request.body = .memory(bytes)
                request.bodyDigest = digest
                let outgoing = OutgoingBytes(request.body, wantsMD5: true)
                let response = try client.send(request, sending: outgoing)
                return (response, outgoing.finish().md5.map(HexadecimalText.of))
            }
        }
        return try result.get()
    }
}

enum HexadecimalText {
    private static let digits = Array("0123456789abcdef".utf8)

    static func of(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
