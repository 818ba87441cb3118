// Documents encrypted with Excel's fixed password are opened and inspected; with any other password they could not be checked. The encryption is
// written here a second time, the other way round.

import CCiphers
import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

/// Encrypts as Office does ([MS-OFFCRYPTO]).
private enum Encrypting {
    static let salt = Array(UInt8(1)...16)
    static let secret = Array(UInt8(40)..<72)

    static func units(_ password: String) -> [UInt8] { password.utf16.flatMap(\.lowestFirst) }

    static func aes(_ bytes: [UInt8], key: [UInt8], vector: [UInt8]?) -> [UInt8] {
        let padded = bytes + [UInt8](repeating: 0, count: (16 - bytes.count % 16) % 16)
        let context = EVP_CIPHER_CTX_new()
        let cipher = EVP_CIPHER_fetch(nil, "AES-\(key.count * 8)-\(vector == nil ? "ECB" : "CBC")", nil)
        defer {
            EVP_CIPHER_CTX_free(context)
            EVP_CIPHER_free(cipher)
        }
        var out = [UInt8](repeating: 0, count: padded.count + 16)
        var count: CInt = 0
        EVP_EncryptInit_ex2(context, cipher, key, vector, nil)
        EVP_CIPHER_CTX_set_padding(context, 0)
        EVP_EncryptUpdate(context, &out, &count, padded, CInt(padded.count))
        return Array(out.prefix(Int(count)))
    }

    static func base64(_ bytes: [UInt8]) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let bits = bytes.flatMap { byte in (0..<8).reversed().map { byte >> $0 & 1 } }
        let out = stride(from: 0, to: bits.count, by: 6).map { start in
            letters[(0..<6).reduce(0) { $0 << 1 | Int(start + $1 < bits.count ? bits[start + $1] : 0) }]
        }
        return String(out) + String(repeating: "=", count: (4 - out.count % 4) % 4)
    }

    static func agile(
        _ package: [UInt8], password: String = "VelvetSweatshop", hash: String = "SHA512", bits: Int = 256,
        rounds: Int = 1000
    ) throws -> CompoundFileBuilder {
        let algorithm = try #require(DigestAlgorithm.named(hash))
        let spun = Ciphers.spun(salt + units(password), rounds: rounds, algorithm)
        func sealed(_ bytes: [UInt8], _ purpose: [UInt8]) -> String {
            let key = AgileEncryption.fitted(Ciphers.digest(spun + purpose, algorithm), to: bits / 8)
            return base64(aes(bytes, key: key, vector: salt))
        }
        let key = Array(secret.prefix(bits / 8))
        let common =
            "saltSize=\"16\" blockSize=\"16\" keyBits=\"\(bits)\" hashSize=\"\(algorithm.size)\" cipherAlgorithm=\"AES\" "
            + "cipherChaining=\"ChainingModeCBC\" hashAlgorithm=\"\(hash)\" saltValue=\"\(base64(salt))\""
        let text =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><encryption xmlns=\"http://schemas.microsoft.com/office/2006/encryption\" "
            + "xmlns:p=\"http://schemas.microsoft.com/office/2006/keyEncryptor/password\"><keyData \(common)/><keyEncryptors><keyEncryptor>"
            + "<p:encryptedKey spinCount=\"\(rounds)\" \(common) "
            + "encryptedVerifierHashInput=\"\(sealed(salt, [0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79]))\" "
            + "encryptedVerifierHashValue=\"\(sealed(Ciphers.digest(salt, algorithm), [0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E]))\" "
            + "encryptedKeyValue=\"\(sealed(key, [0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6]))\"/>"
            + "</keyEncryptor></keyEncryptors></encryption>"
        var body = UInt64(package.count).lowestFirst
        for (number, start) in stride(from: 0, to: package.count, by: 4096).enumerated() {
            let vector = AgileEncryption.fitted(Ciphers.digest(salt + UInt32(number).lowestFirst, algorithm), to: 16)
            body += aes(Array(package[start..<min(start + 4096, package.count)]), key: key, vector: vector)
        }
        return CompoundFileBuilder().stream("EncryptionInfo", [4, 0, 4, 0, 0x40, 0, 0, 0] + Array(text.utf8))
            .stream("EncryptedPackage", body)
    }

    static func standard(_ package: [UInt8], password: String = "VelvetSweatshop", length: Int = 16) throws
        -> CompoundFileBuilder
    {
        let sha1 = try #require(DigestAlgorithm.sha1)
        let last = Ciphers.digest(Ciphers.spun(salt + units(password), rounds: 50_000, sha1) + [0, 0, 0, 0], sha1)
        func half(_ fill: UInt8) -> [UInt8] {
            Ciphers.digest((0..<64).map { $0 < last.count ? last[$0] ^ fill : fill }, sha1)
        }
        let key = Array((half(0x36) + half(0x5C)).prefix(length))
        let algorithm: UInt32 = [16: 0x660E, 24: 0x660F, 32: 0x6610][length] ?? 0
        let provider = Array("AES\0".utf16).flatMap(\.lowestFirst)
        var header =
            UInt32(0x24).lowestFirst + UInt32(0).lowestFirst + algorithm.lowestFirst + UInt32(0x8004).lowestFirst
        header += UInt32(length * 8).lowestFirst + UInt32(0x18).lowestFirst + UInt64(0).lowestFirst + provider
        var info: [UInt8] = [3, 0, 2, 0, 0x24, 0, 0, 0] + UInt32(header.count).lowestFirst + header
        info += UInt32(16).lowestFirst + salt + aes(salt, key: key, vector: nil) + UInt32(20).lowestFirst
        info += aes(Ciphers.digest(salt, sha1), key: key, vector: nil)
        return CompoundFileBuilder().stream("EncryptionInfo", info)
            .stream("EncryptedPackage", UInt64(package.count).lowestFirst + aes(package, key: key, vector: nil))
    }

    enum Way: CaseIterable { case obfuscated, rc4, cryptoAPI40, cryptoAPI128 }

    /// Encrypts a record stream whose first record is followed by room for the record that says so.
    static func workbook(_ way: Way, globals: [UInt8], password: String = "VelvetSweatshop") throws -> [UInt8] {
        let md5 = try #require(DigestAlgorithm.md5)
        let sha1 = try #require(DigestAlgorithm.sha1)
        let obfuscation: [UInt8] = [135, 107, 154, 226, 30, 227, 5, 98, 30, 105, 150, 96, 152, 110, 148, 4]
        func key(_ block: Int) -> [UInt8] {
            let number = UInt32(block).lowestFirst
            switch way {
            case .obfuscated: return []
            case .rc4:
                let first = Array(Ciphers.digest(units(password), md5).prefix(5))
                let start = Ciphers.digest(Array((0..<16).map { _ in first + salt }.joined()), md5).prefix(5)
                return Ciphers.digest(start + number, md5)
            case .cryptoAPI40, .cryptoAPI128:
                let whole = Ciphers.digest(Ciphers.digest(salt + units(password), sha1) + number, sha1)
                return way == .cryptoAPI128
                    ? Array(whole.prefix(16)) : whole.prefix(5) + [UInt8](repeating: 0, count: 11)
            }
        }
        let pass: [UInt8]
        switch way {
        case .obfuscated:
            pass = [0, 0, 0x59, 0xB3] + UInt16(password == "VelvetSweatshop" ? 0x9A0A : 0x1234).lowestFirst
        case .rc4:
            pass = [1, 0, 1, 0, 1, 0] + salt + RC4.applied(to: salt + Ciphers.digest(salt, md5), key: key(0))
        case .cryptoAPI40, .cryptoAPI128:
            let bits: UInt32 = way == .cryptoAPI128 ? 128 : 40
            let header =
                UInt32(4).lowestFirst + UInt32(0).lowestFirst + UInt32(0x6801).lowestFirst + UInt32(0x8004).lowestFirst
                + bits.lowestFirst + UInt32(1).lowestFirst + UInt64(0).lowestFirst + [0, 0]
            let sealed = RC4.applied(to: salt + Ciphers.digest(salt, sha1), key: key(0))
            pass =
                [1, 0, 4, 0, 2, 0] + UInt32(4).lowestFirst + UInt32(header.count).lowestFirst + header
                + UInt32(16).lowestFirst + salt + sealed.prefix(16) + UInt32(20).lowestFirst + sealed[16...]
        }
        let plain = OfficeBuilder.workbook(globals: OfficeBuilder.record(0x002F, pass) + globals)
        var stream = (0..<plain.count).reduce(into: [UInt8](repeating: 0, count: plain.count)) { $0[$1] = plain[$1] }
        if way != .obfuscated {
            for (block, start) in stride(from: 0, to: stream.count, by: 1024).enumerated() {
                var cipher = RC4(key: key(block))
                cipher.apply(to: &stream, in: start..<min(start + 1024, stream.count))
            }
        }
        var at = 0
        while at + 4 <= plain.count {
            let number = plain.span.littleEndian16(at) ?? 0
            let length = Int(plain.span.littleEndian16(at + 2) ?? 0)
            let isClear = [0x0809, 0x002F].contains(number)
            for index in at..<at + 4 + length {
                let place = index - at - 4
                if place < 0 || isClear || number == 0x0085 && place < 4 {
                    stream[index] = plain[index]
                } else if way == .obfuscated {
                    stream[index] = (plain[index] << 5 | plain[index] >> 3) ^ obfuscation[(index + length) % 16]
                }
            }
            at += 4 + length
        }
        return stream
    }
}

@Suite struct OfficeEncryptionTests {
    private static let dde = OfficeBuilder.exchange(Array("cmd".utf8) + [3] + Array("/c x".utf8))
    /// More than one block of 1 024 bytes of the stream.
    private static let much = OfficeBuilder.record(0x00FC, [UInt8](repeating: 0x41, count: 3000))

    @Test(arguments: Encrypting.Way.allCases)
    fileprivate func `A protected workbook of Excel 97 is opened and inspected`(_ way: Encrypting.Way) throws {
        let honest = WholeReading(OfficeBuilder.excelFile(try Encrypting.workbook(way, globals: Self.much)).build())
        #expect(honest.codes == ["office.default-password"])
        #expect(honest.type.mediaType == .excel)
        #expect(honest.type.basis == .proven)
        let acting = WholeReading(
            OfficeBuilder.excelFile(try Encrypting.workbook(way, globals: Self.much + Self.dde)).build())
        #expect(acting.codes == ["office.default-password", "office.dde"])
        let secret = WholeReading(
            OfficeBuilder.excelFile(try Encrypting.workbook(way, globals: Self.much, password: "another one")).build())
        #expect(secret.codes == ["office.encrypted"])
    }

    @Test(arguments: [("SHA512", 256), ("SHA384", 192), ("SHA256", 256), ("SHA1", 128)])
    func `An agile package is opened and inspected`(_ hash: String, _ bits: Int) throws {
        let plain = OpenXMLBuilder.excel().part(
            "xl/sharedStrings.xml", "<sst>" + String(repeating: "x", count: 9000) + "</sst>", type: "application/xml")
        let honest = WholeReading(try Encrypting.agile(plain.build(), hash: hash, bits: bits).build())
        #expect(honest.codes == ["office.default-password"])
        #expect(honest.type.mediaType == .excelOpenXML)
        #expect(honest.type.basis == .proven)
        let macros = plain.part("xl/vbaProject.bin", "x", type: "application/vnd.ms-office.vbaProject")
        #expect(
            WholeReading(try Encrypting.agile(macros.build(), hash: hash, bits: bits).build()).codes.contains(
                "openxml.macro"))
        let secret = WholeReading(try Encrypting.agile(plain.build(), password: "x", hash: hash, bits: bits).build())
        #expect(secret.codes == ["office.encrypted"])
        #expect(secret.type.mediaType == .encryptedOffice)
    }

    @Test(arguments: [16, 24, 32]) func `A standard package is opened and inspected`(_ length: Int) throws {
        let honest = WholeReading(try Encrypting.standard(OpenXMLBuilder.excel().build(), length: length).build())
        #expect(honest.codes == ["office.default-password"])
        #expect(honest.type.basis == .proven)
        let secret = WholeReading(
            try Encrypting.standard(OpenXMLBuilder.excel().build(), password: "x", length: length).build())
        #expect(secret.codes == ["office.encrypted"])
    }

    @Test func `Rounds beyond reason are not counted out`() throws {
        let text =
            "<encryption><keyData saltSize=\"16\" blockSize=\"16\" keyBits=\"256\" hashSize=\"64\" cipherAlgorithm=\"AES\" "
            + "cipherChaining=\"ChainingModeCBC\" hashAlgorithm=\"SHA512\" saltValue=\"AAAA\"/><encryptedKey spinCount=\"10000000\" blockSize=\"16\" "
            + "keyBits=\"256\" cipherAlgorithm=\"AES\" cipherChaining=\"ChainingModeCBC\" hashAlgorithm=\"SHA512\" saltValue=\"AAAA\" "
            + "encryptedVerifierHashInput=\"AAAA\" encryptedVerifierHashValue=\"AAAA\" encryptedKeyValue=\"AAAA\"/></encryption>"
        #expect(AgileEncryption.key(Array(text.utf8)) == nil)
    }

    @Test func `An archive of many encrypted documents is tried a few times only`() throws {
        let file = try Encrypting.agile(OpenXMLBuilder.excel().build(), password: "x", rounds: 10).build()
        let zip = (0..<30).reduce(ZipBuilder()) { $0.file(Array("a\($1).xlsx".utf8), file) }
        #expect(WholeReading(zip.build()).findings.filter { $0.code == "office.encrypted" }.count >= 10)
    }

    @Test func `The ciphers give what their standards say`() throws {
        // RFC 6229, key of 40 bits; FIPS 180-2 and RFC 1321 for "abc"; FIPS 197 appendix C.1.
        #expect(
            RC4.applied(to: [UInt8](repeating: 0, count: 8), key: [1, 2, 3, 4, 5]) == [
                0xB2, 0x39, 0x63, 0x05, 0xF0, 0x3D, 0xC0, 0x27,
            ])
        let abc = Array("abc".utf8)
        #expect(Ciphers.digest(abc, try #require(.md5)).prefix(4) == [0x90, 0x01, 0x50, 0x98])
        #expect(Ciphers.digest(abc, try #require(.sha1)).prefix(4) == [0xA9, 0x99, 0x3E, 0x36])
        #expect(Ciphers.digest(abc, try #require(.sha512)).prefix(4) == [0xDD, 0xAF, 0x35, 0xA1])
        let sealed: [UInt8] = [
            0x69, 0xC4, 0xE0, 0xD8, 0x6A, 0x7B, 0x04, 0x30, 0xD8, 0xCD, 0xB7, 0x80, 0x70, 0xB4, 0xC5, 0x5A,
        ]
        let key = Array(UInt8(0)..<16)
        #expect(Ciphers.decryptAES(sealed[...], key: key, vector: nil)?.prefix(3) == [0x00, 0x11, 0x22])
    }

    @Test func `No damage to an encrypted document traps`() throws {
        let workbook = OfficeBuilder.excelFile(try Encrypting.workbook(.cryptoAPI128, globals: Self.dde)).build()
        let package = try Encrypting.agile(OpenXMLBuilder.excel().build(), rounds: 2).build()
        for seed in [workbook, package] { mutate(seed, rounds: 600, seed: 7) { _ = inspectOffice($0) } }
    }
}
