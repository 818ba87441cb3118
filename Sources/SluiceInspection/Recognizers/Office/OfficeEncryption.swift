// Encrypted packages of Office 2007 and later ([MS-OFFCRYPTO] 2.3.4) that open without asking anybody: Excel encrypts a protected workbook with a
// fixed password that everybody knows (2.4.2.1 of [MS-XLSB], "VelvetSweatshop"). Such a package is decrypted in memory and inspected; one with a
// password of somebody's own could not be checked. Workbooks of Excel 97 are WorkbookEncryption's.

import SluiceModel

enum OfficeEncryption {
    /// Excel tries it before it asks.
    static let password = "VelvetSweatshop"
    static let passwordUnits: [UInt8] = password.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }

    /// Rounds of hashing that are done (chosen: Office writes 100 000; each 100 000 cost about 60 ms).
    static let mostRounds = 200_000

    /// - Returns: what is inside; `nil` when the password is another one, or the encryption is none of those known here.
    static func open(
        _ file: CompoundFile, _ content: Span<UInt8>, _ basis: RecognizedType.Basis, _ context: inout InspectionContext
    ) -> Recognition? {
        guard let package = file.directory.inRoot("EncryptedPackage", .stream),
            let info = file.directory.inRoot("EncryptionInfo", .stream), context.mayTryPassword(),
            package.size <= Int(clamping: 4 * context.order.archives.heldMember.bytes)
        else { return nil }
        let description = file.bytes(of: info, in: content)
        guard let key = key(description) else { return nil }
        guard let plain = decrypt(file.bytes(of: package, in: content), key) else { return nil }
        let depth = context.depth
        guard plain.span.has(ZipSignature.localHeader, at: 0) else { return nil }
        context.find(.officeDefaultPassword, .text(key.isAgile ? "AES, agile" : "AES, standard"))
        let inside = context.recognizers.recognizePackage(plain.span, &context)
        precondition(context.depth == depth)
        guard var inside else { return nil }
        inside.type.basis = min(inside.type.basis, basis)
        return inside
    }

    // MARK: Key

    /// What decrypts the package, once the password is proven.
    struct Key {
        var bytes: [UInt8]
        var isAgile: Bool
        /// For the agile encryption: salt and digest of the segments' vectors.
        var salt: [UInt8] = []
        var algorithm: DigestAlgorithm?
    }

    static func key(_ info: [UInt8]) -> Key? {
        let bytes = info.span
        guard let major = bytes.littleEndian16(0), let minor = bytes.littleEndian16(2) else { return nil }
        switch (major, minor) {
        case (4, 4): return AgileEncryption.key(Array(info.dropFirst(8)))
        case (2...4, 2): return standardKey(bytes)
        default: return nil
        }
    }

    /// [MS-OFFCRYPTO] 2.3.4.5 to 2.3.4.9.
    private static func standardKey(_ info: Span<UInt8>) -> Key? {
        guard let headerSize = info.littleEndian32(8), headerSize >= 32, headerSize < 4096,
            let algorithm = info.littleEndian32(12 + 8), let bits = info.littleEndian32(12 + 16),
            let sha1 = DigestAlgorithm.sha1
        else { return nil }
        let length: Int
        switch algorithm {
        case 0x660E: length = 16
        case 0x660F: length = 24
        case 0x6610: length = 32
        default: return nil
        }
        guard bits == 0 || Int(bits) == length * 8 else { return nil }
        let verifier = 12 + Int(headerSize)
        guard info.littleEndian32(verifier) == 16, verifier + 4 + 16 + 16 + 4 + 32 <= info.count else { return nil }
        let salt = info.copy(verifier + 4..<verifier + 20)
        let spun = Ciphers.spun(salt + passwordUnits, rounds: 50_000, sha1)
        let last = Ciphers.digest(spun + [0, 0, 0, 0], sha1)
        func half(_ fill: UInt8) -> [UInt8] {
            var block = [UInt8](repeating: fill, count: 64)
            for index in last.indices { block[index] ^= last[index] }
            return Ciphers.digest(block, sha1)
        }
        let key = Array((half(0x36) + half(0x5C)).prefix(length))
        guard let proof = Ciphers.decryptAES(info.copy(verifier + 20..<verifier + 36)[...], key: key, vector: nil),
            let expected = Ciphers.decryptAES(info.copy(verifier + 40..<verifier + 72)[...], key: key, vector: nil),
            expected.starts(with: Ciphers.digest(proof, sha1))
        else { return nil }
        return Key(bytes: key, isAgile: false)
    }

    // MARK: Package

    /// [MS-OFFCRYPTO] 2.3.4.4 and 2.3.4.15: the size of what is inside, then its blocks.
    private static func decrypt(_ package: [UInt8], _ key: Key) -> [UInt8]? {
        guard let declared = package.span.littleEndian64(0), let size = Int(exactly: declared),
            size <= package.count - 8, size > 0
        else { return nil }
        var plain: [UInt8] = []
        plain.reserveCapacity(package.count)
        if key.isAgile {
            guard let algorithm = key.algorithm else { return nil }
            let segment = 4096
            for (number, start) in stride(from: 8, to: package.count, by: segment).enumerated() {
                let place = UInt32(truncatingIfNeeded: number)
                let counter = (0..<4).map { UInt8(truncatingIfNeeded: place >> (8 * UInt32($0))) }
                let vector = AgileEncryption.fitted(Ciphers.digest(key.salt + counter, algorithm), to: 16)
                guard
                    let piece = Ciphers.decryptAES(
                        package[start..<min(start + segment, package.count)], key: key.bytes, vector: vector)
                else { return nil }
                plain += piece
            }
        } else {
            guard let whole = Ciphers.decryptAES(package[8...], key: key.bytes, vector: nil) else { return nil }
            plain = whole
        }
        guard size <= plain.count else { return nil }
        plain.removeSubrange(size...)
        return plain
    }
}

/// The agile encryption's description: an XML text with one key for the data and one encryptor for each way in ([MS-OFFCRYPTO] 2.3.4.10).
final class AgileEncryption: XMLHandler {
    private struct Parameters {
        var salt: [UInt8] = []
        var blockSize = 0
        var keyBits = 0
        var algorithm: DigestAlgorithm?
        var isChainedAES = false

        init?(_ tag: borrowing XMLTag) {
            guard let salt = tag.value("saltValue").flatMap({ Base64.decode($0.utf8) }),
                let block = tag.value("blockSize").flatMap({ Int($0) }),
                let bits = tag.value("keyBits").flatMap({ Int($0) }),
                let algorithm = DigestAlgorithm.named(tag.value("hashAlgorithm") ?? ""), !salt.isEmpty,
                salt.count <= 1024
            else { return nil }
            (self.salt, blockSize, keyBits, self.algorithm) = (salt, block, bits, algorithm)
            isChainedAES = tag.value("cipherAlgorithm") == "AES" && tag.value("cipherChaining") == "ChainingModeCBC"
        }
    }

    private struct Way {
        var parameters: Parameters
        var rounds: Int
        var input: [UInt8]
        var proof: [UInt8]
        var key: [UInt8]
    }

    private var data: Parameters?
    private var ways: [Way] = []

    func start(_ tag: borrowing XMLTag) -> Bool {
        if tag.isNamed("keyData") {
            data = Parameters(tag)
        } else if tag.isNamed("encryptedKey"), ways.count < 4, let parameters = Parameters(tag),
            let rounds = tag.value("spinCount").flatMap({ Int($0) }),
            let input = tag.value("encryptedVerifierHashInput").flatMap({ Base64.decode($0.utf8) }),
            let proof = tag.value("encryptedVerifierHashValue").flatMap({ Base64.decode($0.utf8) }),
            let key = tag.value("encryptedKeyValue").flatMap({ Base64.decode($0.utf8) })
        {
            ways.append(Way(parameters: parameters, rounds: rounds, input: input, proof: proof, key: key))
        }
        return true
    }

    static func key(_ description: [UInt8]) -> OfficeEncryption.Key? {
        let reader = AgileEncryption()
        guard XMLReader.read(description.span, to: reader, mostDepth: 16) == nil, let data = reader.data,
            data.isChainedAES, data.blockSize == 16
        else { return nil }
        // One way is enough to open it. No program writes a second way for a password.
        guard let way = reader.ways.first, way.parameters.isChainedAES, way.parameters.blockSize == 16,
            (0...OfficeEncryption.mostRounds).contains(way.rounds), let algorithm = way.parameters.algorithm,
            [128, 192, 256].contains(way.parameters.keyBits)
        else { return nil }
        let spun = Ciphers.spun(way.parameters.salt + OfficeEncryption.passwordUnits, rounds: way.rounds, algorithm)
        let vector = fitted(way.parameters.salt, to: 16)
        func opened(_ bytes: [UInt8], _ purpose: [UInt8]) -> [UInt8]? {
            let key = fitted(Ciphers.digest(spun + purpose, algorithm), to: way.parameters.keyBits / 8)
            return Ciphers.decryptAES(bytes[...], key: key, vector: vector)
        }
        // The three purposes, as bytes (2.3.4.11 to 2.3.4.13).
        guard let input = opened(way.input, [0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79]),
            let proof = opened(way.proof, [0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E]),
            let secret = opened(way.key, [0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6]),
            proof.starts(with: Ciphers.digest(Array(input.prefix(way.parameters.salt.count)), algorithm)),
            secret.count >= data.keyBits / 8, [128, 192, 256].contains(data.keyBits)
        else { return nil }
        return OfficeEncryption.Key(
            bytes: Array(secret.prefix(data.keyBits / 8)), isAgile: true, salt: data.salt, algorithm: data.algorithm)
    }

    /// Cut, or filled up with 0x36 (2.3.4.12).
    static func fitted(_ bytes: [UInt8], to length: Int) -> [UInt8] {
        bytes.count >= length
            ? Array(bytes.prefix(length)) : bytes + [UInt8](repeating: 0x36, count: length - bytes.count)
    }
}
