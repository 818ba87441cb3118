import SluiceModel
import Testing

@testable import SluicePolicy

@Suite struct PolicyFileTests {
    private func read(_ text: String) throws -> Policy {
        try PolicyFile.read(Array(text.utf8), name: "site", version: "1")
    }

    private func refusal(_ text: String) -> String {
        do {
            _ = try read(text)
            return "no refusal"
        } catch {
            return "\(error)"
        }
    }

    @Test func `A policy file says only what differs from its base`() throws {
        let policy = try read(
            "{ base: 'portal', sizeLimit: '20 MB', levels: { 'name.reserved': 'note' }, /* a comment */ }")
        #expect(policy.sizeLimit == .mebibytes(20))
        #expect(policy.levels == ["name.reserved": .note])
        #expect(policy.types == Policy.portal.types)
        #expect(policy.version == "site-1")
    }

    @Test(arguments: [Policy.portal, .bundle])
    func `What is shown reads back as the same`(policy: Policy) throws {
        var back = try read(policy.written())
        back.version = policy.version
        #expect(back == policy)
    }

    @Test(arguments: [
        ("{ base: 'portal', sizelimit: 3 }", "did you mean sizeLimit?"),
        ("{ base: 'portal', archives: { entry: 3 } }", "did you mean entries?"),
        ("{ base: 'portal', levels: { 'type.mismatc': 'note' } }", "did you mean type.mismatch?"),
        ("{ base: 'portal', levels: { 'type.mismatch': 'fatal' } }", "none of note, warning, quarantine, reject"),
        ("{ base: 'portla' }", "there are portal and bundle"),
        ("{ }", "does not name its base"),
        ("[]", "must be an object"),
        ("{ base: 'portal', sizeLimit: -1 }", "sizeLimit: this must be a whole number"),
        ("{ base: 'portal', sizeLimit: '3 parsecs' }", "a size such as"),
        ("{ base: 'portal', extensions: ['.exe'] }", "Sluice cannot prove \".exe\""),
        ("{ base: 'portal', quotas: { ticketsize: 3 } }", "did you mean ticketSize?"),
        ("{ base: 'portal', quotas: { ticketAttachments: '3 GB' } }", "or \"unlimited\""),
        ("{ base: 'portal', ", "not JSON5"),
        ("", "not JSON5"),
    ])
    func `A wrong file is an error that names the nearest right thing`(text: String, hint: String) {
        #expect(refusal(text).contains(hint), "\(refusal(text))")
    }

    @Test func `Extensions are a list, or say what differs`() throws {
        let base = Policy.portal.types.map(\.fileExtension.text)
        let added = try read("{ base: 'portal', extensions: { add: ['.log', 'tar.gz', '.txt'] } }")
        #expect(added.types.map(\.fileExtension.text) == base + ["log", "tar.gz"])
        let removed = try read("{ base: 'portal', extensions: { remove: ['.DOC'], add: ['log'] } }")
        #expect(removed.types.map(\.fileExtension.text) == base.filter { $0 != "doc" } + ["log"])
        #expect(try read("{ base: 'portal', extensions: {} }").types == Policy.portal.types)
        #expect(try read("{ base: 'portal', extensions: ['.txt'] }").types.count == 1)
    }

    @Test(arguments: [
        ("{ base: 'portal', extensions: { ad: ['.log'] } }", "did you mean add?"),
        ("{ base: 'portal', extensions: { add: ['.logs'] } }", "Did you mean .log?"),
        ("{ base: 'portal', extensions: { remove: ['.log'] } }", "the base does not allow \".log\""),
        ("{ base: 'portal', extensions: { add: '.log' } }", "a list of texts"),
        ("{ base: 'portal', archives: { expand: ['cap'] } }", "Did you mean cab?"),
        ("{ base: 'portal', archives: { expand: ['zoo'] } }", "it can expand cab, 7z, rar, iso"),
        ("{ base: 'portal', unlistedtext: true }", "did you mean unlistedText?"),
        ("{ base: 'portal', unlistedText: 'yes' }", "this must be true or false"),
    ])
    func `What is misspelt is told with the nearest`(text: String, hint: String) {
        #expect(refusal(text).contains(hint), "\(refusal(text))")
    }

    @Test func `Containers and names are the site's to decide`() throws {
        let policy = try read("{ base: 'portal', unlistedText: true, archives: { expand: ['cab', '7z'] } }")
        #expect(policy.unlistedText)
        #expect(policy.archives.expand == [.cab, .sevenZip])
        #expect(!Policy.portal.unlistedText && Policy.portal.archives.expand.isEmpty)
        var back = try read(policy.written())
        back.version = policy.version
        #expect(back == policy)
    }

    @Test func `Quotas are limits or unlimited, and zero means zero`() throws {
        let policy = try read(
            "{ base: 'portal', quotas: { ticketSize: '3 GB', ticketAttachments: 0, openUploads: 'unlimited', uploadHours: 2 } }"
        )
        #expect(policy.quotas.ticketSize == .atMost(3 << 30))
        #expect(policy.quotas.ticketAttachments == .atMost(0))
        #expect(policy.quotas.openUploads == .unlimited)
        #expect(policy.quotas.uploadHours == 2)
        #expect(policy.quotas.submitterSizePerDay == Quotas().submitterSizePerDay)
        var odd = policy
        odd.quotas.submitterSizePerDay = .atMost(1025)
        odd.quotas.unfinishedSize = .unlimited
        #expect(try read(odd.written()).quotas == odd.quotas)
    }

    /// Sizes as people, other programs and nobody would write them.
    private static let sizes: [Int64] = [
        0, 1, 1023, 1024, 1025, 1536, 15_000_000, 15 << 20, (15 << 20) + 1, 1_000_000_000_000_000,
        1_000_000_000_000_001, 3 << 40, (1 << 53) + 1, .max - 1, .max,
    ]

    @Test(arguments: sizes) func `Every size reads back`(size: Int64) throws {
        var policy = Policy.portal
        policy.sizeLimit = ByteCount(size)
        policy.quotas.ticketSize = .atMost(size)
        let back = try read(policy.written())
        #expect(back.sizeLimit == policy.sizeLimit && back.quotas.ticketSize == policy.quotas.ticketSize)
    }

    @Test func `Whatever a policy decides reads back as the same`() throws {
        var numbers = Numbers(state: 20_26)
        for round in 0..<100 {
            let policy = Self.random(&numbers)
            var back = try read(policy.written())
            back.version = policy.version
            guard back == policy else {
                Issue.record("round \(round): \(policy.written())")
                return
            }
        }
    }

    private static func random(_ numbers: inout Numbers) -> Policy {
        func size() -> ByteCount {
            ByteCount(
                Bool.random(using: &numbers)
                    ? sizes.randomElement(using: &numbers)! : .random(in: 0 ... .max, using: &numbers))
        }
        func count() -> Int {
            Bool.random(using: &numbers)
                ? .random(in: 0...20, using: &numbers) : .random(in: 0...1_000_000_000_000_000, using: &numbers)
        }
        func quota(_ most: Int64) -> Quota { Int.random(in: 0..<4, using: &numbers) == 0 ? .unlimited : .atMost(most) }
        let words = ["text/*", "a \"b\" \\ c", "", "zwei\nZeilen", "\u{2028}ü\u{202E}", "*/ // }"]
        func some<Element>(_ all: [Element]) -> [Element] { all.filter { _ in Bool.random(using: &numbers) } }
        var policy = Policy.builtIn.randomElement(using: &numbers)!
        policy.name = (words + ["portal", "bundle", "site"]).randomElement(using: &numbers)!
        policy.sizeLimit = size()
        policy.types = some(Policy.bundle.types)
        policy.secondOpinion = SecondOpinion.allCases.randomElement(using: &numbers)!
        policy.archives = ArchiveBudgets(
            entries: count(), expandedSize: size(), ratio: count(), ratioFloor: size(), depth: count(),
            nameLength: size(), wallClock: .seconds(count()), heldMember: size(),
            expand: Set(some(ForeignContainer.allCases)))
        policy.images = ImageBudgets(pixels: count(), side: count())
        policy.memberTypes = some(words)
        policy.card = Bool.random(using: &numbers)
        policy.unlistedText = Bool.random(using: &numbers)
        policy.levels = [:]
        for finding in FindingDefinition.all where Int.random(in: 0..<20, using: &numbers) == 0 {
            policy.levels[finding.code] = Severity.allCases.randomElement(using: &numbers)!
        }
        policy.quotas = Quotas(
            ticketSize: quota(size().bytes), ticketAttachments: quota(Int64(count())),
            submitterSizePerDay: quota(size().bytes), submitterAttachmentsPerDay: quota(Int64(count())),
            openUploads: quota(Int64(count())), unfinishedSize: quota(size().bytes),
            uploadHours: .random(in: 0...24 * 366, using: &numbers))
        return policy
    }

    @Test func `The version is the start of the content's digest`() throws {
        #expect(PolicyFile.version(of: Array("abc".utf8)) == "ba7816bf8f01cfea")
        #expect(PolicyFile.version(of: Array("abc\n".utf8)) != PolicyFile.version(of: Array("abc".utf8)))
    }

    @Test func `Zero means zero`() throws {
        #expect(try read("{ base: 'portal', archives: { entries: 0 } }").archives.entries == 0)
    }
}

/// Numbers that are the same in every run (SplitMix64, prng.di.unimi.it).
private struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
