// Categories from counted features, their reasons in true figures, and what a name adds.

import SluiceModel
import Testing

@testable import SluicePolicy

private func features(_ lines: Int, _ counts: [TextFeature: Int]) -> TextFeatures {
    var out = TextFeatures(encoding: .ascii)
    out[.lines] = lines
    out[.sampledLines] = lines
    for (feature, count) in counts { out[feature] = count }
    return out
}

private func judge(_ text: TextFeatures?, name: String = "x", type: MediaType = .plainText) -> CategoryJudgement {
    CategoryJudge.judge(name: DeclaredName(name), recognized: RecognizedType(type, .proven), text: text)
}

private let log: TextFeatures = {
    var out = features(
        1200,
        [
            .timestampLines: 1128, .clockLines: 1128, .severityLines: 372, .proseLines: 100, .risingTimes: 1120,
            .alikeStarts: 1100, .repeatedShapes: 900, .repeatedWordings: 700, .eventLines: 600, .numberedLines: 1128,
        ])
    // As a log's characters are spread: letters, figures, blanks, points, colons, hyphens.
    for (kind, count) in [
        (CharacterClass.small, 55_000), (.capital, 6000), (.digit, 22_000), (.blank, 14_000), (.point, 2500),
        (.colon, 3500), (.hyphen, 2800), (.slash, 900), (.square, 1200),
    ] { out.characters[Int(kind.rawValue)] = UInt32(count) }
    return out
}()
private let config = features(
    50, [.keyValueLines: 30, .assignmentLines: 30, .commentLines: 15, .sectionLines: 5, .blankLines: 4])
private let prose = features(80, [.proseLines: 50, .markupLines: 12, .blankLines: 20, .listLines: 8])
private let device = features(200, [.directiveLines: 150, .commandLines: 120, .indentedLines: 140, .commentLines: 20])
private let table = features(300, [.delimitedLines: 300, .columns: 6, .numericRows: 280])

@Suite struct CategoryJudgeTests {
    @Test func `A log is one, with its figures`() {
        let judgement = judge(log)
        #expect(judgement.category == .logFile)
        #expect(judgement.confidence > 0.8)
        // Which trait weighs most is the training's to say; its figure has to be the counted one.
        #expect(judgement.basis.contains("94 % of 1 200 lines begin with a timestamp"), "\(judgement.basis)")
    }

    @Test func `Settings, device dialects, prose and tables have their categories`() {
        #expect(judge(config).category == .configuration)
        #expect(judge(device).category == .configuration)
        #expect(judge(prose).category == .other)
        #expect(judge(table).category == .other)
    }

    @Test func `Rows as commands print them are Other, unless they begin with a time or a severity`() {
        let rows = judge(features(33, [.listingRows: 30, .clockLines: 30, .keyValueLines: 3]))
        #expect(rows.category == .other)
        #expect(rows.basis == "90 % of 33 lines are rows of a listing as commands print it.")
        var timed = log
        timed[.listingRows] = 1000
        #expect(judge(timed).category == .logFile)
    }

    @Test func `The rules of a packet filter are Configuration`() {
        #expect(judge(features(20, [.ruleSetLines: 18, .addressLines: 18, .clockLines: 2])).category == .configuration)
    }

    @Test func `A text without any mark of a category is Other`() {
        let word = judge(features(1, [.shortLines: 1]))
        #expect(word.category == .other && word.confidence <= 0.5)
        #expect(word.basis == "1 line show neither the marks of a log nor those of a configuration.")
    }

    @Test func `The weights are those of the columns that are counted`() {
        #expect(CategoryWeights.rows.map(\.column) == CategoryVector.names)
        #expect(CategoryWeights.rows.allSatisfy { $0.weights.count == 3 } && CategoryWeights.bias.count == 3)
    }

    @Test(arguments: ["app.conf", "readme.md", "settings.txt"])
    func `A name does not overrule a clear content`(_ name: String) {
        #expect(judge(log, name: name).category == .logFile)
        #expect(!judge(log, name: name).basis.contains("name"))
    }

    @Test func `A name adds to what the content says`() {
        #expect(judge(log, name: "dir.d/app.log.1").basis.hasSuffix("the name ends in .log."))
        #expect(judge(log, name: "app.log").confidence >= judge(log).confidence)
        let unclear = features(4, [:])
        let odds = { (name: String, category: Category) in
            let judged = judge(unclear, name: name)
            return judged.category == category ? judged.confidence : 1 - judged.confidence
        }
        #expect(odds("nginx.conf", .configuration) > odds("nginx", .configuration))
    }

    @Test func `A sample is called one`() {
        var sampled = log
        sampled[.lines] = 90_000
        #expect(judge(sampled).basis.contains("of 1 200 sampled lines"))
    }

    @Test func `Documents and what is not text are Other, and the reason says why`() {
        #expect(judge(log, type: "message/rfc822").category == .other)
        #expect(judge(nil, type: .png).basis == "It is not text (image/png), so neither a log nor a configuration.")
        #expect(judge(nil, type: .eventLog).category == .logFile)
        #expect(judge(features(3, [.blankLines: 3])).category == .other)
    }

    @Test func `An archive follows its members by bytes`() {
        let logs = judge(log)
        let other = judge(prose)
        let judgement = CategoryJudge.judgeArchive(members: [
            (.kibibytes(90), logs), (.kibibytes(5), other), (.kibibytes(5), other),
        ])
        #expect(judgement.category == .logFile)
        #expect(judgement.basis == "By bytes of its 3 members: 90 % Log File (1), 10 % Other (2).")
        #expect(CategoryJudge.judgeArchive(members: []).category == .other)
    }

    @Test func `Under the stated confidence the answer is Other, and the runner-up is named`() {
        var unsure = 0
        for at in 0..<(11 * 11 * 11) {
            let (settings, prose, times) = (at % 11 * 10, at / 11 % 11 * 10, at / 121 * 10)
            let mixed = features(
                100,
                [
                    .keyValueLines: settings, .assignmentLines: settings, .proseLines: prose, .smallWordLines: prose,
                    .timestampLines: times, .clockLines: times,
                ])
            let judgement = judge(mixed)
            let isUnsure = judgement.basis.hasPrefix("Too unsure to say more than Other; perhaps ")
            if isUnsure {
                unsure += 1
                #expect(judgement.category == .other)
                #expect(["Log File:", "Configuration:"].contains { judgement.basis.contains("perhaps " + $0) })
            }
            #expect(judgement.confidence >= CategoryJudge.unsure || judgement.category == .other)
        }
        #expect(unsure > 0)
    }

    @Test(arguments: [0.0, -0.5, -1, -5, -20])
    func `The exponential is good enough for a confidence`(_ value: Double) {
        let known = [0.0: 1.0, -0.5: 0.6065306597, -1: 0.3678794412, -5: 0.0067379470, -20: 2.0611536e-9]
        #expect(abs(CategoryJudge.exponential(value) - known[value]!) < 1e-6)
    }
}
