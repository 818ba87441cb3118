// Workbooks of Excel 5 to 2003 that are encrypted with Excel's fixed password ([MS-OFFCRYPTO] 2.3.5 to 2.3.7, [MS-XLS] 2.2.10): the record stream is
// decrypted in memory and walked like any other. Which records stay in the clear is the record stream's own rule.

import SluiceModel

enum WorkbookEncryption {
    private enum Record {
        static let endOfFile: UInt16 = 0x000A
        static let filePass: UInt16 = 0x002F
        static let sheet: UInt16 = 0x0085
        /// BOF, FilePass, UsrExcl, FileLock, InterfaceHdr, RRDInfo, RRDHead ([MS-XLS] 2.2.10).
        static let clear: Set<UInt16> = [0x0809, 0x002F, 0x0194, 0x0195, 0x00E1, 0x0196, 0x0138]
    }

    /// Walks a record stream, decrypted where the fixed password opens it.
    static func read(_ stream: [UInt8], _ context: inout InspectionContext) -> ExcelWorkbook {
        guard let pass = filePass(stream.span), context.mayTryPassword(), let way = way(stream.span, pass) else {
            return ExcelWorkbook.read(stream, &context)
        }
        context.find(.officeDefaultPassword, .text(way.name))
        return ExcelWorkbook.read(decrypt(stream, way), &context, isDecrypted: true)
    }

    /// The body of the record that says how the stream is encrypted; it stands among the first ones.
    private static func filePass(_ stream: Span<UInt8>) -> Range<Int>? {
        var at = 0
        for _ in 0..<64 {
            guard let number = stream.littleEndian16(at), let length = stream.littleEndian16(at + 2) else { return nil }
            let body = at + 4..<at + 4 + Int(length)
            if number == Record.endOfFile || body.upperBound > stream.count { return nil }
            if number == Record.filePass { return body }
            at = body.upperBound
        }
        return nil
    }

    private enum Way {
        case obfuscated
        /// The start of the key of each block, which the block's number completes.
        case rc4([UInt8])
        case cryptoAPI([UInt8], keyLength: Int)

        var name: String {
            switch self {
            case .obfuscated: "obfuscation"
            case .rc4: "RC4"
            case .cryptoAPI: "RC4 by CryptoAPI"
            }
        }
    }

    /// - Returns: `nil` when the password is another one, or the encryption none of those known here.
    private static func way(_ stream: Span<UInt8>, _ body: Range<Int>) -> Way? {
        let at = body.lowerBound
        // Excel 5 and 95 know obfuscation alone and have no number for it.
        if body.count == 4 { return stream.littleEndian16(at + 2) == verifier ? .obfuscated : nil }
        switch stream.littleEndian16(at) {
        case 0: return stream.littleEndian16(at + 4) == verifier ? .obfuscated : nil
        case 1: break
        default: return nil
        }
        guard let major = stream.littleEndian16(at + 2), let minor = stream.littleEndian16(at + 4) else { return nil }
        if major == 1, minor == 1, body.count >= 54 { return oldWay(stream, at + 6) }
        return (2...4).contains(major) && minor == 2 ? newWay(stream, at + 6, body.upperBound) : nil
    }

    /// [MS-OFFCRYPTO] 2.3.6: a 40-bit key out of MD5.
    private static func oldWay(_ stream: Span<UInt8>, _ at: Int) -> Way? {
        guard let md5 = DigestAlgorithm.md5 else { return nil }
        let salt = stream.copy(at..<at + 16)
        let first = Array(Ciphers.digest(OfficeEncryption.passwordUnits, md5).prefix(5))
        let start = Array(
            Ciphers.digest(Array(repeatElement(first + salt, count: 16).joined()), md5).prefix(5))
        let way = Way.rc4(start)
        let proof = RC4.applied(to: stream.copy(at + 16..<at + 48), key: key(way, block: 0))
        return Ciphers.digest(Array(proof.prefix(16)), md5) == Array(proof[16...]) ? way : nil
    }

    /// [MS-OFFCRYPTO] 2.3.5: SHA-1, keys of 40 to 128 bits.
    private static func newWay(_ stream: Span<UInt8>, _ at: Int, _ end: Int) -> Way? {
        guard let sha1 = DigestAlgorithm.sha1, let headerSize = stream.littleEndian32(at + 4), headerSize >= 32,
            headerSize < 4096, stream.littleEndian32(at + 8 + 8) == 0x6801,
            let bits = stream.littleEndian32(at + 8 + 16),
            bits <= 128, bits % 8 == 0
        else { return nil }
        let verifier = at + 8 + Int(headerSize)
        guard stream.littleEndian32(verifier) == 16, verifier + 4 + 16 + 16 + 4 + 20 <= end else { return nil }
        let salt = stream.copy(verifier + 4..<verifier + 20)
        let way = Way.cryptoAPI(
            Ciphers.digest(salt + OfficeEncryption.passwordUnits, sha1), keyLength: bits == 0 ? 5 : Int(bits) / 8)
        let sealed = stream.copy(verifier + 20..<verifier + 36) + stream.copy(verifier + 40..<verifier + 60)
        let proof = RC4.applied(to: sealed, key: key(way, block: 0))
        return Ciphers.digest(Array(proof.prefix(16)), sha1) == Array(proof[16...]) ? way : nil
    }

    private static func key(_ way: Way, block: Int) -> [UInt8] {
        let number = (0..<4).map { UInt8(truncatingIfNeeded: block >> (8 * $0)) }
        switch way {
        case .rc4(let start): return DigestAlgorithm.md5.map { Ciphers.digest(start + number, $0) } ?? start
        case .cryptoAPI(let start, let length):
            let key = DigestAlgorithm.sha1.map { Array(Ciphers.digest(start + number, $0).prefix(length)) } ?? start
            // Keys of 40 bits are filled up with zeros ([MS-OFFCRYPTO] 2.3.5.2).
            return length == 5 ? key + [UInt8](repeating: 0, count: 11) : key
        case .obfuscated: return obfuscation
        }
    }

    // MARK: Records

    private static func decrypt(_ stream: [UInt8], _ way: Way) -> [UInt8] {
        var plain = stream
        if case .obfuscated = way {
        } else {
            // The key changes every 1 024 bytes of the stream, records or not.
            for (number, start) in stride(from: 0, to: plain.count, by: 1024).enumerated() {
                var cipher = RC4(key: key(way, block: number))
                cipher.apply(to: &plain, in: start..<min(start + 1024, plain.count))
            }
        }
        var at = 0
        while at + 4 <= stream.count {
            let number = UInt16(stream[at]) | UInt16(stream[at + 1]) << 8
            let length = Int(stream[at + 2]) | Int(stream[at + 3]) << 8
            let body = at + 4..<min(at + 4 + length, stream.count)
            // Headers are never encrypted, and of the list of sheets the offset is not.
            let clear = Record.clear.contains(number) ? body.count : number == Record.sheet ? min(4, body.count) : 0
            for index in at..<body.lowerBound + clear { plain[index] = stream[index] }
            if case .obfuscated = way {
                for index in (body.lowerBound + clear)..<body.upperBound {
                    let mixed = stream[index] ^ obfuscation[(index + length) % 16]
                    plain[index] = mixed >> 5 | mixed << 3
                }
            }
            at = body.upperBound
        }
        for index in min(at, stream.count)..<stream.count { plain[index] = stream[index] }
        return plain
    }

    /// The obfuscated fixed password: the verifier ([MS-OFFCRYPTO] 2.3.7.1) and the array of method 1 (2.3.7.2).
    private static let verifier: UInt16 = 0x9A0A
    private static let obfuscation: [UInt8] = [
        0x87, 0x6B, 0x9A, 0xE2, 0x1E, 0xE3, 0x05, 0x62, 0x1E, 0x69, 0x96, 0x60, 0x98, 0x6E, 0x94, 0x04,
    ]
}
