// Names of attachments and partial uploads.

import SluiceSystem
import Testing

@Suite struct TimeOrderedIDTests {
    @Test("Ids sort by time and do not repeat")
    func ids() {
        let made = (0..<1000).map { TimeOrderedID.make(at: 1_700_000_000_000_000 + $0) }
        #expect(made == made.sorted())
        #expect(Set((0..<1000).map { _ in TimeOrderedID.make(at: 1) }).count == 1000)
        #expect(made.allSatisfy { $0.utf8.count == 26 })
    }
}
