// Event logs and packet captures: walked to their end, and nothing behind it.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

struct LogBundleTests {
    typealias Build = LogBundleBuilder

    private func inspect(_ bytes: [UInt8], _ recognizer: any Recognizer.Type) -> (
        type: RecognizedType?, codes: [String]
    ) {
        var context = InspectionContext(InspectionOrder(), magic: MagicDatabase())
        guard recognizer.claims(bytes.span) else { return (nil, []) }
        let type = recognizer.recognize(bytes.span, &context)?.type
        return (type, context.log.findings.map(\.code))
    }

    @Test(arguments: [true, false], [UInt32(0xA1B2_C3D4), 0xA1B2_3C4D, 0xA1B2_CD34])
    func `Captures of every kind are proven`(isLittle: Bool, magic: UInt32) {
        let answer = inspect(Build.capture(magic: magic, isLittle: isLittle), PacketCaptureRecognizer.self)
        #expect(answer.type?.mediaType == .packetCapture)
        #expect(answer.type?.basis == .proven)
        #expect(answer.codes.isEmpty)
    }

    @Test(arguments: [true, false])
    func `Captures of the next generation are proven`(isLittle: Bool) {
        let answer = inspect(Build.captureNext(isLittle: isLittle), PacketCaptureRecognizer.self)
        #expect(answer.type?.mediaType == "application/x-pcapng")
        #expect(answer.type?.basis == .proven)
        #expect(answer.codes.isEmpty)
    }

    @Test func `Line breaks and zeros behind a log are a note`() {
        for padding in [[0x0A], [0x0D, 0x0A], [UInt8](repeating: 0, count: 300)] {
            for capture in [Build.capture(), Build.captureNext()] {
                let answer = inspect(capture + padding, PacketCaptureRecognizer.self)
                #expect(answer.type?.basis == .proven)
                #expect(answer.codes == ["content.padding"])
            }
            let answer = inspect(Build.eventLog() + padding, EventLogRecognizer.self)
            #expect(answer.type?.basis == .proven)
            #expect(answer.codes == ["content.padding"])
        }
    }

    @Test(arguments: [
        (
            "a packet longer than any", Build.capture(claimedLength: 0x7FFF_FFFF), "bundle.capture-broken",
            RecognizedType.Basis.signature
        ),
        ("an unknown version", Build.capture(version: 9), "bundle.capture-broken", .signature),
        ("text behind", Build.capture() + Array("#!/bin/sh\necho hello".utf8), "bundle.capture-broken", .signature),
        (
            "a cut last packet", Array(Build.capture(packets: [[1], [1, 2, 3]]).dropLast()), "bundle.capture-cut",
            .structure
        ),
        (
            "a cut only packet", Array(Build.capture(packets: [[1, 2, 3]]).dropLast()), "bundle.capture-broken",
            .signature
        ),
        ("nothing but the mark", [0xD4, 0xC3, 0xB2, 0xA1], "bundle.capture-broken", .signature),
        ("lengths that differ", Build.captureNext(secondLength: 8), "bundle.capture-broken", .signature),
        (
            "text behind blocks", Build.captureNext() + Array("<?php phpinfo(); ?>".utf8), "bundle.capture-broken",
            .signature
        ),
        (
            "a cut last block", Array(Build.captureNext(blocks: [[1, 2, 3, 4], [1, 2, 3, 4]]).dropLast(4)),
            "bundle.capture-cut", .structure
        ),
    ])
    func `Damaged captures are named`(_ name: String, _ bytes: [UInt8], _ code: String, _ basis: RecognizedType.Basis) {
        let answer = inspect(bytes, PacketCaptureRecognizer.self)
        #expect(answer.codes == [code], "\(name)")
        #expect(answer.type?.basis == basis, "\(name)")
    }

    @Test func `A block without byte order is no capture`() {
        #expect(inspect(Build.captureNext(order: 7), PacketCaptureRecognizer.self).type == nil)
    }

    @Test(arguments: [
        ("as exported", Build.eventLog(), [String]()),
        ("with two chunks", Build.eventLog(chunks: [[[1]], [[2], [3]]]), []),
        ("with chunks allotted ahead", Build.eventLog(emptyChunks: 2), []),
        (
            "in use, its checksums behind", Build.eventLog(flags: 1, declared: 9, chunkSum: 5),
            ["bundle.event-log-in-use"]
        ),
    ])
    func `Sound event logs are proven`(_ name: String, _ bytes: [UInt8], _ expected: [String]) {
        let answer = inspect(bytes, EventLogRecognizer.self)
        #expect(answer.type?.mediaType == .eventLog)
        #expect(answer.type?.basis == .proven, "\(name)")
        #expect(answer.codes == expected, "\(name)")
    }

    static let changed: [UInt8] = {
        var bytes = Build.eventLog()
        bytes[4096 + 512 + 25] ^= 1
        return bytes
    }()

    @Test(arguments: [
        ("a wrong sum of the header", Build.eventLog(headerSum: 1), "bundle.event-log-broken"),
        ("a wrong sum of a chunk", Build.eventLog(chunkSum: 1), "bundle.event-log-broken"),
        ("a changed record", changed, "bundle.event-log-broken"),
        ("fewer chunks than declared", Build.eventLog(declared: 3), "bundle.event-log-broken"),
        ("a cut chunk", Array(Build.eventLog().dropLast(100)), "bundle.event-log-broken"),
        ("foreign bytes behind", Build.eventLog() + [UInt8](repeating: 9, count: 65_536), "bundle.trailing-data"),
        ("a header alone that is cut", Array(Build.eventLog().prefix(200)), "bundle.event-log-broken"),
    ])
    func `Damaged event logs are named`(_ name: String, _ bytes: [UInt8], _ code: String) {
        let answer = inspect(bytes, EventLogRecognizer.self)
        #expect(answer.codes == [code], "\(name)")
        #expect(answer.type?.basis == .signature, "\(name)")
    }
}
