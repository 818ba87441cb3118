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

    @Test func saysOnlyWhatDiffersFromItsBase() throws {
        let policy = try read(
            "{ base: 'portal', sizeLimit: '20 MB', levels: { 'name.reserved': 'note' }, /* a comment */ }")
        #expect(policy.sizeLimit == .mebibytes(20))
        #expect(policy.levels == ["name.reserved": .note])
        #expect(policy.types == Policy.portal.types)
        #expect(policy.version == "site-1")
    }

    @Test(arguments: [Policy.portal, .bundle])
    func whatIsShownReadsBackAsTheSame(policy: Policy) throws {
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
    func aWrongFileIsAnErrorThatNamesTheNearestRightThing(text: String, hint: String) {
        #expect(refusal(text).contains(hint), "\(refusal(text))")
    }

    @Test func extensionsAreAListOrSayWhatDiffers() throws {
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
    func whatIsMisspeltIsToldWithTheNearest(text: String, hint: String) {
        #expect(refusal(text).contains(hint), "\(refusal(text))")
    }

    @Test func containersAndNamesAreTheSitesToDecide() throws {
        let policy = try read("{ base: 'portal', unlistedText: true, archives: { expand: ['cab', '7z'] } }")
        #expect(policy.unlistedText)
        #expect(policy.archives.expand == [.cab, .sevenZip])
        #expect(!Policy.portal.unlistedText && Policy.portal.archives.expand.isEmpty)
        var back = try read(policy.written())
        back.version = policy.version
        #expect(back == policy)
    }

    @Test func quotasAreLimitsOrUnlimitedAndZeroMeansZero() throws {
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

    @Test func zeroMeansZero() throws {
        #expect(try read("{ base: 'portal', archives: { entries: 0 } }").archives.entries == 0)
    }
}
