// Digests and ciphers of encrypted documents, by libcrypto: MD5, the SHA family and AES. RC4 is written out here, since libcrypto keeps
// it in a module that it would load from disk. Only well-known passwords are used, so nothing here has to be kept secret.

private import CCiphers

/// A digest algorithm, looked up once.
struct DigestAlgorithm: @unchecked Sendable {
    // guarded by: never changed after its initialisation; libcrypto reads it only.
    fileprivate let handle: OpaquePointer
    /// Bytes of a digest.
    let size: Int

    private init?(_ name: String, size: Int) {
        guard Ciphers.isReady, let handle = EVP_MD_fetch(nil, name, nil) else { return nil }
        (self.handle, self.size) = (handle, size)
    }

    static let md5 = DigestAlgorithm("MD5", size: 16)
    static let sha1 = DigestAlgorithm("SHA1", size: 20)
    static let sha256 = DigestAlgorithm("SHA2-256", size: 32)
    static let sha384 = DigestAlgorithm("SHA2-384", size: 48)
    static let sha512 = DigestAlgorithm("SHA2-512", size: 64)

    /// - Parameter name: as [MS-OFFCRYPTO] 2.3.4.10 spells it.
    static func named(_ name: String) -> DigestAlgorithm? {
        switch name.uppercased().filter({ $0 != "-" }) {
        case "SHA1": sha1
        case "SHA256": sha256
        case "SHA384": sha384
        case "SHA512": sha512
        case "MD5": md5
        default: nil
        }
    }
}

enum Ciphers {
    /// libcrypto without its configuration file. At the first question and not before the process is confined: it costs 2 ms, which hardly any
    /// attachment needs, and it opens nothing (traced; its algorithms are in the library itself).
    fileprivate static let isReady = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil) == 1

    static func digest(_ bytes: [UInt8], _ algorithm: DigestAlgorithm) -> [UInt8] {
        var running = RunningDigest(algorithm)
        return running.digest(bytes)
    }

    /// The digest that stands behind `count` rounds, each over the round's number and the digest before it ([MS-OFFCRYPTO] 2.3.4.11).
    static func spun(_ first: [UInt8], rounds: Int, _ algorithm: DigestAlgorithm) -> [UInt8] {
        var running = RunningDigest(algorithm)
        var value = [UInt8](repeating: 0, count: 4) + running.digest(first)
        for round in 0..<rounds {
            for place in 0..<4 { value[place] = UInt8(truncatingIfNeeded: round >> (8 * place)) }
            value.replaceSubrange(4..., with: running.digest(value))
        }
        return Array(value[4...])
    }

    /// One context for many digests: making one costs more than hashing 64 bytes.
    private struct RunningDigest: ~Copyable {
        private let context = EVP_MD_CTX_new()
        private let algorithm: DigestAlgorithm
        private var out: [UInt8]

        init(_ algorithm: DigestAlgorithm) {
            self.algorithm = algorithm
            out = [UInt8](repeating: 0, count: algorithm.size)
        }

        deinit { EVP_MD_CTX_free(context) }

        mutating func digest(_ bytes: [UInt8]) -> [UInt8] {
            _ = EVP_DigestInit_ex2(context, algorithm.handle, nil)
            _ = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
            _ = EVP_DigestFinal_ex(context, &out, nil)
            return out
        }
    }

    // MARK: AES

    // guarded by: never changed after their initialisation; libcrypto reads them only.
    nonisolated(unsafe) private static let chained: [Int: OpaquePointer] = fetch("CBC")
    nonisolated(unsafe) private static let plain: [Int: OpaquePointer] = fetch("ECB")

    private static func fetch(_ mode: String) -> [Int: OpaquePointer] {
        var found: [Int: OpaquePointer] = [:]
        guard isReady else { return found }
        for bits in [128, 192, 256] {
            if let cipher = EVP_CIPHER_fetch(nil, "AES-\(bits)-\(mode)", nil) { found[bits / 8] = cipher }
        }
        return found
    }

    /// - Parameters:
    ///   - bytes: whole blocks of 16; what is left over is dropped.
    ///   - vector: 16 bytes for chained blocks (CBC); `nil` for blocks of their own (ECB).
    /// - Returns: `nil` when the key has no length of AES.
    static func decryptAES(_ bytes: ArraySlice<UInt8>, key: [UInt8], vector: [UInt8]?) -> [UInt8]? {
        guard let cipher = (vector == nil ? plain : chained)[key.count], vector.map({ $0.count == 16 }) ?? true,
            let context = EVP_CIPHER_CTX_new()
        else { return nil }
        defer { EVP_CIPHER_CTX_free(context) }
        let count = bytes.count / 16 * 16
        if count == 0 { return [] }
        var out = [UInt8](repeating: 0, count: count + 16)
        var written: CInt = 0
        guard EVP_DecryptInit_ex2(context, cipher, key, vector, nil) == 1,
            EVP_CIPHER_CTX_set_padding(context, 0) == 1,
            bytes.withUnsafeBufferPointer({
                EVP_DecryptUpdate(context, &out, &written, $0.baseAddress, CInt(count))
            }) == 1
        else { return nil }
        out.removeSubrange(min(Int(written), count)...)
        return out
    }
}

/// The stream cipher RC4: the same call encrypts and decrypts.
struct RC4 {
    private var state = Array(UInt8.min...UInt8.max)
    private var one: UInt8 = 0
    private var other: UInt8 = 0

    /// - Parameter key: not empty.
    init(key: [UInt8]) {
        var mixed: UInt8 = 0
        for index in 0..<256 {
            mixed = mixed &+ state[index] &+ key[index % key.count]
            state.swapAt(index, Int(mixed))
        }
    }

    mutating func apply(to bytes: inout [UInt8], in range: Range<Int>) {
        for index in range {
            one = one &+ 1
            other = other &+ state[Int(one)]
            state.swapAt(Int(one), Int(other))
            bytes[index] ^= state[Int(state[Int(one)] &+ state[Int(other)])]
        }
    }

    static func applied(to bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        var cipher = RC4(key: key)
        var out = bytes
        cipher.apply(to: &out, in: out.indices)
        return out
    }
}
