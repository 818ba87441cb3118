// Names of verdicts when they get long, and which failures hold everything up.

import SluiceModel
import Testing

@testable import SluiceDropFolder

@Suite struct OutcomeNameTests {
    private static let long = Array(String(repeating: "x", count: 250).utf8)

    @Test func verdictsOfLongNamesAreToldApart() {
        let names = ["a", "b"].map { OutcomeName(Self.long + Array($0.utf8), number: 1) }
        #expect(names[0].json != names[1].json && names[0].text != names[1].text)
        #expect(Set((1...50).map { OutcomeName(Self.long, number: $0).json }).count == 50)
        #expect(names[0].json == OutcomeName(file: names[0].file).json, "the name alone says which verdict is its")
    }
}

@Suite struct RetryTests {
    @Test(arguments: [
        ("store.busy", true), ("inspector.unavailable", true), ("drop.no-space", true), ("drop.busy", true),
        ("drop.io", false), ("source.io", false), ("drop.no-ticket", false),
    ])
    func whatEveryFileWouldMeetHoldsTheOthersUp(code: String, isGeneral: Bool) {
        #expect((ErrorDefinition.named(code)?.reach == .everyCall) == isGeneral)
    }
}
