// Tables: delimiter, rows, quotes, formula cells.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

@Suite struct CSVTests {
    @Test(arguments: [
        "a,b,c\n1,2,3\n4,5,6\n", "a;b\r\n1;2\r\n", "a\tb\n1\t2\n", "a|b|c\n1|2|3\n", "sep=;\na;b\n1;2\n", "a,b\r1,2\r",
        "name,text\nx,\"with, comma\nand line\"\ny,\"he said \"\"no\"\"\"\n", "only,one,row",
    ])
    func `A consistent table is CSV`(_ text: String) throws {
        let recognition = try #require(scan(Array(text.utf8), as: "csv"))
        #expect(recognition.type.mediaType == .csv)
        #expect(findings(Array(text.utf8), as: "csv").isEmpty)
    }

    @Test func `The same table declared as text stays text`() throws {
        #expect(try #require(scan(Array("a,b\n1,2\n".utf8), as: "txt")).type.mediaType == .plainText)
    }

    @Test func `A ragged table stays text and is told`() throws {
        let text = Array("a,b,c\n1,2\n1,2,3,4\n1\n".utf8)
        #expect(try #require(scan(text, as: "csv")).type.mediaType == .plainText)
        #expect(findings(text, as: "csv").map(\.code) == ["text.csv-ragged"])
    }

    @Test func `A quote that is never closed is told with its row`() {
        let found = findings(Array("a,b\n1,2\n3,\"four\n5,6\n".utf8), as: "csv")
        #expect(found.map(\.code).contains("text.csv-unclosed-quote"))
        #expect(found.first { $0.code == "text.csv-unclosed-quote" }?.facts == [.number(3)])
    }

    @Test(arguments: [
        ("=1+1", true), ("=cmd|' /C calc'!A0", true), ("+SUM(A1)", true), ("-cmd", true), ("@SUM(A1)", true),
        ("\"\t=1\"", true),
        ("\"=HYPERLINK(\"\"x\"\")\"", true), ("\"\r=1\"", true),
        ("-12.5", false), ("+49 30 123456", false), ("+1 (555) 010-0000", false), ("-", false), ("--", false),
        ("-1,5 %", false), ("-1e-9", false),
        ("a=b", false), ("x@example.com", false), ("", false), ("2024-01-02", false),
    ])
    func `A cell that a spreadsheet would calculate is counted, a number is not`(_ cell: String, _ isFormula: Bool) {
        let found = findings(Array("a;b\nx;\(cell)\ny;z\n".utf8), as: "csv").filter { $0.code == "text.formula-cells" }
        #expect(found.map(\.facts) == (isFormula ? [[.number(1), .number(2), .number(2)]] : []))
    }

    @Test func `Tables are read alike however they are cut`() {
        let bytes = Array((0..<900).map { "\($0),\"text, \($0)\",=A\($0)\r\n" }.joined().utf8)
        let whole = scan(bytes, as: "csv")
        #expect(whole?.text?[.formulaCells] == 900)
        var numbers = SeededNumbers(seed: 5)
        for _ in 0..<10 {
            let cuts = (0..<20).map { _ in Int.random(in: 0...bytes.count, using: &numbers) }.sorted()
            #expect(scan(bytes, as: "csv", cuts: cuts)?.text == whole?.text)
        }
    }
}
