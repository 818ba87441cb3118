// The standard security handler (ISO 32000-1 §7.6, ISO 32000-2 §7.6.4) with the empty password. A document with only an owner's password
// opens for every reader, so it is inspected. A document that needs a reader's password stays closed.

import SluiceModel

/// The access that a document's encryption dictionary gives without a password.
struct PDFSecurity {
    /// How one kind of content is encrypted.
    enum Method { case none, rc4, aes128, aes256 }

    private let key: [UInt8]
    private let streams: Method
    private let strings: Method
    private let files: Method
    /// By the name of a crypt filter.
    private let named: [(name: [UInt8], method: Method)]
    /// Bits of what the reader may do (table 22).
    let permissions: UInt32

    /// - Parameters:
    ///   - entries: of the encryption dictionary, without references.
    ///   - identifier: the first of the trailer's two.
    /// - Returns: `nil` when it opens with a password only, or is encrypted in another way.
    init?(_ entries: PDFEntries, identifier: [UInt8]) {
        let facts = Facts(entries)
        guard entries.values(of: .filter).first?.known == .standard, let facts else { return nil }
        permissions = facts.permissions
        guard let key = facts.revision >= 5 ? facts.longKey() : facts.shortKey(identifier) else { return nil }
        self.key = key
        guard facts.version >= 4 else {
            (streams, strings, files, named) = (.rc4, .rc4, .rc4, [])
            return
        }
        var named: [(name: [UInt8], method: Method)] = [(Array(PDFName.identity.rawValue.utf8), .none)]
        if case .dictionary(let filters)? = entries.values(of: .cryptFilters).first {
            for pair in filters.pairs.prefix(16) {
                guard case .dictionary(let filter) = pair.value else { continue }
                let method: Method? =
                    switch filter.values(of: .method).first?.known {
                    case .rc4: .rc4
                    case .aes128: .aes128
                    case .aes256: .aes256
                    case .some(PDFName.none), nil: Method.none
                    default: nil
                    }
                guard let method, (method == .aes256) == (key.count == 32) || method == .none else { return nil }
                named.append((pair.key, method))
            }
        }
        func method(_ name: PDFName) -> Method? {
            guard case .name(let filter)? = entries.values(of: name).first else { return Method.none }
            return named.first { $0.name == filter }?.method
        }
        guard let streams = method(.streamFilter), let strings = method(.stringFilter) else { return nil }
        self.named = named
        self.streams = streams
        self.strings = strings
        files = entries.has(.fileFilter) ? method(.fileFilter) ?? streams : streams
    }

    /// For the strings of an object that stands in the file itself.
    func strings(of number: Int, _ generation: Int) -> PDFObjectCipher? { cipher(strings, number, generation) }

    /// For an object's stream.
    /// - Parameter filter: the name of the crypt filter that the stream asks for.
    func stream(of number: Int, _ generation: Int, filter: [UInt8]?, isFile: Bool) -> PDFObjectCipher? {
        if let filter { return cipher(named.first { $0.name == filter }?.method ?? .none, number, generation) }
        return cipher(isFile ? files : streams, number, generation)
    }

    /// Algorithm 1 and 1.A.
    private func cipher(_ method: Method, _ number: Int, _ generation: Int) -> PDFObjectCipher? {
        if method == .none { return nil }
        if method == .aes256 { return PDFObjectCipher(key: key, isAES: true) }
        var salted = key
        for shift in [0, 8, 16] { salted.append(UInt8(truncatingIfNeeded: number >> shift)) }
        for shift in [0, 8] { salted.append(UInt8(truncatingIfNeeded: generation >> shift)) }
        if method == .aes128 { salted += Array("sAlT".utf8) }
        return PDFObjectCipher(
            key: Array(PDFCiphers.md5(salted).prefix(min(key.count + 5, 16))), isAES: method == .aes128)
    }

    /// The actions that the document forbids, in words for the middle of a sentence; empty when it forbids nothing.
    var restrictions: String {
        let kinds: [(UInt32, String)] = [
            (1 << 2, "printing"), (1 << 3, "changing"), (1 << 4, "copying"), (1 << 5, "commenting"),
        ]
        return kinds.filter { permissions & $0.0 == 0 }.map(\.1).joined(separator: ", ")
    }
}

/// Undoes the encryption of one object's strings or stream.
struct PDFObjectCipher {
    let key: [UInt8]
    let isAES: Bool

    /// §7.6.2: behind AES there are 1 to 16 bytes of padding, and before it the vector.
    func decrypt(_ bytes: [UInt8]) -> [UInt8] {
        if !isAES { return PDFCiphers.rc4(bytes, key: key) }
        guard bytes.count >= 32 else { return [] }
        var out = PDFCiphers.undoAES(bytes[16...], key: key, vector: Array(bytes[..<16]))
        if let padding = out.last, (1...16).contains(padding) { out.removeLast(min(Int(padding), out.count)) }
        return out
    }
}

/// The entries of an encryption dictionary, and the keys that follow from them.
private struct Facts {
    var version: Int
    var revision: Int
    var length: Int
    var permissions: UInt32
    var owner: [UInt8]
    var user: [UInt8]
    var ownerKey: [UInt8]
    var userKey: [UInt8]
    var encryptsMetadata: Bool

    init?(_ entries: PDFEntries) {
        func integer(_ name: PDFName) -> Int? {
            if case .integer(let value)? = entries.values(of: name).first { value } else { nil }
        }
        func string(_ name: PDFName) -> [UInt8] {
            if case .string(let value)? = entries.values(of: name).first { value } else { [] }
        }
        guard let version = integer(.version), let revision = integer(.revision), [1, 2, 4, 5].contains(version),
            (2...6).contains(revision)
        else { return nil }
        self.version = version
        self.revision = revision
        // In bits; some writers give bytes.
        let bits = integer(.length) ?? (version >= 4 ? 128 : 40)
        length = version == 1 ? 5 : version == 4 ? 16 : min(max(bits < 40 ? bits : bits / 8, 5), 16)
        permissions = UInt32(truncatingIfNeeded: integer(.permissions) ?? -1)
        (owner, user) = (string(.owner), string(.user))
        (ownerKey, userKey) = (string(.ownerKey), string(.userKey))
        encryptsMetadata = !entries.pairs.contains {
            $0.key.elementsEqual("EncryptMetadata".utf8) && $0.value == .truth(false)
        }
    }

    // MARK: Revisions 2 to 4

    /// Algorithm 2's padding: what an empty password is.
    private static let padding: [UInt8] = [
        0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E, 0x56, 0xFF, 0xFA, 0x01, 0x08, 0x2E, 0x2E,
        0x00, 0xB6, 0xD0, 0x68, 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A,
    ]

    /// Tried as the reader's password, and as the owner's, which yields the reader's (algorithm 7).
    func shortKey(_ identifier: [UInt8]) -> [UInt8]? {
        guard owner.count >= 32, user.count >= 16 else { return nil }
        for password in [Self.padding, passwordFromOwner()] {
            let key = key(password, identifier)
            if isRight(key, identifier) { return key }
        }
        return nil
    }

    /// Algorithm 2.
    private func key(_ password: [UInt8], _ identifier: [UInt8]) -> [UInt8] {
        var input = password + owner.prefix(32)
        for shift in [0, 8, 16, 24] { input.append(UInt8(truncatingIfNeeded: permissions >> UInt32(shift))) }
        input += identifier
        if revision >= 4, !encryptsMetadata { input += [0xFF, 0xFF, 0xFF, 0xFF] }
        var digest = PDFCiphers.md5(input)
        if revision >= 3 {
            for _ in 0..<50 { digest = PDFCiphers.md5(Array(digest.prefix(length))) }
        }
        return Array(digest.prefix(length))
    }

    /// Algorithms 4 to 6.
    private func isRight(_ key: [UInt8], _ identifier: [UInt8]) -> Bool {
        if revision == 2 { return PDFCiphers.rc4(Self.padding, key: key).elementsEqual(user.prefix(32)) }
        var check = PDFCiphers.rc4(PDFCiphers.md5(Self.padding + identifier), key: key)
        for round in UInt8(1)...19 { check = PDFCiphers.rc4(check, key: key.map { $0 ^ round }) }
        return check.elementsEqual(user.prefix(16))
    }

    /// Algorithms 3 and 7 with an empty owner's password.
    private func passwordFromOwner() -> [UInt8] {
        var digest = PDFCiphers.md5(Self.padding)
        if revision >= 3 { for _ in 0..<50 { digest = PDFCiphers.md5(digest) } }
        let key = Array(digest.prefix(length))
        var password = Array(owner.prefix(32))
        if revision == 2 { return PDFCiphers.rc4(password, key: key) }
        for round in (UInt8(0)...19).reversed() { password = PDFCiphers.rc4(password, key: key.map { $0 ^ round }) }
        return password
    }

    // MARK: Revisions 5 and 6

    /// Algorithm 2.A with an empty password.
    func longKey() -> [UInt8]? {
        guard owner.count >= 48, user.count >= 48 else { return nil }
        let zero = [UInt8](repeating: 0, count: 16)
        let whole = Array(user.prefix(48))
        if hash(user[32..<40], []).elementsEqual(user.prefix(32)), userKey.count >= 32 {
            return PDFCiphers.undoAES(userKey[..<32], key: hash(user[40..<48], []), vector: zero)
        }
        if hash(owner[32..<40], whole).elementsEqual(owner.prefix(32)), ownerKey.count >= 32 {
            return PDFCiphers.undoAES(ownerKey[..<32], key: hash(owner[40..<48], whole), vector: zero)
        }
        return nil
    }

    /// Algorithm 2.B; revision 5 has its first step only.
    private func hash(_ salt: ArraySlice<UInt8>, _ user: [UInt8]) -> [UInt8] {
        var key = PDFCiphers.sha256(Array(salt) + user)
        if revision == 5 { return key }
        var round = 0
        while round < 512 {  // the standard's loop ends by itself within 64 and some more rounds
            let piece = key + user
            var input: [UInt8] = []
            input.reserveCapacity(piece.count * 64)
            for _ in 0..<64 { input += piece }
            let out = PDFCiphers.doAES128(input, key: key[..<16], vector: key[16..<32])
            // 256 is 1 modulo 3: the remainder of the first 16 bytes as one number is that of their sum.
            let remainder = out[..<16].reduce(0) { $0 + Int($1) } % 3
            key = remainder == 0 ? PDFCiphers.sha256(out) : PDFCiphers.sha512(out, length: remainder == 1 ? 48 : 64)
            round += 1
            if round >= 64, Int(out[out.count - 1]) <= round - 32 { break }
        }
        return Array(key.prefix(32))
    }
}
