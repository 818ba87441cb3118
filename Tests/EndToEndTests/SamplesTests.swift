import Foundation
import Testing

/// Every sample says in its name what is expected: an accepted one its category, the others the finding that decides.
@Suite struct SamplesTests {
    private static let samples = Workplace.project.appending(path: "Samples")

    static let all: [(folder: String, name: String)] = ["accepted", "quarantined", "rejected"].flatMap { folder in
        (try! FileManager.default.contentsOfDirectory(atPath: samples.appending(path: folder).path)).sorted().map {
            (folder, $0)
        }
    }

    @Test(arguments: all)
    func `A sample is judged as its name says`(folder: String, name: String) throws {
        let ran = try Workplace().checking(Self.samples.appending(path: "\(folder)/\(name)").path)
        let answer = try #require(try ran.answers().first)
        let stem = name[..<(try #require(name.lastIndex(of: ".")))]
        let expected = String(stem[(try #require(stem.range(of: "--"))).upperBound...])
        #expect(answer["outcome"] as? String == folder, "\(answer)")
        if folder == "accepted" {
            let category = try #require(answer["category"] as? String)
            #expect(category.lowercased().replacing(" ", with: "-") == expected, "\(answer)")
            #expect(ran.status == 0)
        } else {
            #expect(codes(answer).first == expected, "\(answer)")
            #expect(ran.status == 1)
        }
    }

    @Test func `There is a sample for every outcome and every allowed type`() {
        #expect(Set(Self.all.map(\.folder)).count == 3)
        let types = Set(Self.all.filter { $0.folder == "accepted" }.map { ($0.name as NSString).pathExtension })
        #expect(
            types.isSuperset(of: ["doc", "docx", "xls", "xlsx", "csv", "txt", "pdf", "bmp", "jpg", "png", "tar", "zip"])
        )
    }

    @Test(arguments: ["strict", "lenient"])
    func `The policies are in force as they stand`(name: String) throws {
        let ran = try Workplace().sluice(
            "policy", "show", "--policy", Self.samples.appending(path: "policies/\(name).json5").path)
        #expect(ran.status == 0, "\(ran.errors)")
        #expect(ran.output.contains("name: \"\(name)\""))
    }

    @Test func `The strict site refuses what the portal sets apart`() throws {
        let page = Self.samples.appending(path: "quarantined/status-page--type.other-text.txt").path
        let policy = Self.samples.appending(path: "policies/strict.json5").path
        let answer = try #require(try Workplace().checking(page, options: ["--policy", policy]).answers().first)
        #expect(answer["outcome"] as? String == "rejected")
    }
}
