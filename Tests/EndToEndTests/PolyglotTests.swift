import Foundation
import SluiceTestSupport
import Testing

/// No file that is two things is accepted: every allowed type with every other behind it, before it, and in a hole where its readers find it.
@Suite struct PolyglotTests {
    /// What says that a file is two things, or that bytes stand where none may.
    static let reasons: Set<String> = [
        "content.second-format", "image.second-format", "office.second-format", "pdf.second-format", "pdf.bytes-before",
        "image.trailing-bytes", "office.trailing-data", "pdf.trailing-bytes", "tar.data-after-end", "zip.bytes-after",
        "openxml.bytes-outside",
        "zip.bytes-before", "zip.two-end-records", "tar.truncated", "type.mismatch",
    ]

    @Test func `The files by themselves are accepted`() throws {
        let place = try Workplace()
        for type in AllowedTypes.extensions { try place.write("in/file.\(type)", AllowedTypes.file(type)) }
        let answers = try place.checking(place.path("in")).answers()
        #expect(answers.count == 13)
        for answer in answers { #expect(answer["outcome"] as? String == "accepted", "\(answer)") }
    }

    /// Both orders of every pair, under the first one's name.
    @Test(arguments: ["behind", "before"])
    func `One type beside another is found`(side: String) throws {
        let place = try Workplace()
        var pairs = 0
        for host in AllowedTypes.extensions {
            for guest in AllowedTypes.extensions where !AllowedTypes.text.isSuperset(of: [host, guest]) {
                let (one, other) = (AllowedTypes.file(host), AllowedTypes.file(guest))
                try place.write("in/\(host)-\(guest).\(host)", side == "behind" ? one + other : other + one)
                pairs += 1
            }
        }
        #expect(pairs == 13 * 13 - 4)
        try expectFound(place, pairs)
    }

    /// A zip at the end, a tar's or a PDF's header at the beginning: each in the host's comments, extra fields, streams and gaps.
    @Test func `A second format in a hole is found`() throws {
        let place = try Workplace()
        var count = 0
        for host in AllowedTypes.extensions {
            let zips = ["zip", "docx", "xlsx"].map { ($0, PolyglotBuilder.zip(AllowedTypes.file($0), in: host)) }
            for (guest, bytes) in zips + [
                ("pdf", PolyglotBuilder.pdf(in: host)), ("tar", PolyglotBuilder.tar(in: host)),
            ] {
                guard let bytes else { continue }
                try place.write("in/\(host)-\(guest).\(host)", bytes)
                count += 1
            }
        }
        #expect(count == 3 * 11 + 12 + 10)
        try expectFound(place, count)
    }

    private func expectFound(_ place: Workplace, _ count: Int) throws {
        let answers = try place.checking(place.path("in")).answers()
        #expect(answers.count == count)
        for answer in answers {
            let outcome = answer["outcome"] as? String
            let name = (answer["path"] as? String ?? "").split(separator: "/").last ?? ""
            #expect(outcome == "rejected" || outcome == "quarantined", "\(name) \(codes(answer))")
            #expect(!Self.reasons.isDisjoint(with: codes(answer)), "\(name) \(codes(answer))")
        }
    }
}
