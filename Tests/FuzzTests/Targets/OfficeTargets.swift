// What office documents bring with them: the XML of a part, fields, packed objects, encryption, imported pages, and the spelling of targets.

import SluiceModel
import SluiceTestSupport

@testable import SluiceInspection

extension FuzzTarget {
    /// The text of one part, read for what acts in it.
    static let markup = FuzzTarget(
        name: "markup", longest: 4096,
        seeds: {
            let texts = [
                "<w:p xmlns:w='n'><w:fldChar w:fldCharType='begin'/><w:instrText>&#68;DE<![CDATA[ x]]></w:instrText></w:p>",
                "<connections><connection type='4' refreshOnLoad='1'><webPr url='http://h/'/></connection></connections>",
                "<?xml version='1.0' encoding='windows-1252'?><mc:Choice><a b='&lt;'/></mc:Choice>", "<!DOCTYPE a><a/>",
                "<encryption><keyData saltSize='16' blockSize='16' keyBits='128' hashAlgorithm='SHA1' saltValue='AAAA'/></encryption>",
            ]
            return texts.map { Array($0.utf8) } + [texts[0].utf16.flatMap(\.lowestFirst)]
        }
    ) { content, _ in
        let bytes = content.copy(0..<content.count)
        let text = OpenXMLContent()
        let problem = text.read(bytes)
        if problem == nil, !bytes.contains(0), let root = XMLRoot.name(content) {
            precondition(root == text.root, "the root found quickly is not the root that was read")
        }
        _ = OpenXMLRelationship.read(bytes)
        _ = OpenXMLContentTypes(bytes)
        _ = AgileEncryption.key(bytes)
        return problem != .malformed
    }

    /// Marks and text of fields, as the text of a `.doc` has them; each byte of a piece list with it.
    static let fields = FuzzTarget(
        name: "fields", longest: 2048,
        seeds: {
            [
                "\u{13} DDEAUTO cmd \u{14}x\u{15}", "\u{13}\u{13}QUOTE 68 68 69\u{15} cmd\u{15}",
                "\u{13}SET a \"DDE\"\u{15}\u{13}\u{13}REF a\u{15}\u{15}",
                "\u{13}INCLUDEPICTURE \"\\\\\\\\h\\\\s\" \\d\u{15}",
                "\u{13}DATABASE \\c \"Server=h;Data Source=x\"\u{15}",
            ].map { Array($0.utf8) }
        }
    ) { content, _ in
        let whole = 0..<content.count
        let dangers =
            WordText.dangers(content, [.init(range: whole, isWide: false)])
            + WordText.dangers(content, [.init(range: whole, isWide: true), .init(range: whole, isWide: false)])
        _ = WordText.pieces(content, whole, content)
        return !dangers.isEmpty
    }

    static let packedObject = FuzzTarget(
        name: "packed", longest: 2048,
        seeds: {
            [
                OfficeBuilder.packed("a.exe", Array("MZ".utf8)),
                OfficeBuilder.packed("app.log", Array("2026-11-20 INFO\n".utf8), hasWideNames: true),
            ]
        }
    ) { content, ground in
        var context = ground.context()
        PackedObject.inspectNative(content.copy(0..<content.count), &context)
        precondition(context.depth == 0 && context.entry == nil, "the context came back changed")
        return PackedObject.read(content) != nil
    }

    /// The description of an encrypted package, and a record stream that says how it is encrypted. The rounds of hashing are kept few.
    static let encryptedOffice = FuzzTarget(
        name: "encrypted", longest: 4096,
        seeds: {
            let pass = OfficeBuilder.record(0x002F, [0, 0, 0x59, 0xB3, 0x0A, 0x9A])
            let old = OfficeBuilder.record(0x002F, [1, 0, 1, 0, 1, 0] + [UInt8](repeating: 3, count: 48))
            return [OfficeBuilder.workbook(globals: pass), OfficeBuilder.workbook(globals: old)]
        }
    ) { content, ground in
        var context = ground.context()
        let book = WorkbookEncryption.read(content.copy(0..<content.count), &context)
        return book.isSound
    }

    static let importedPart = FuzzTarget(
        name: "imported", longest: 4096,
        seeds: {
            [
                "<html><img src=&#104;ttp://h/a><style>@import 'x'</style></html>", "{\\rtf1\\objdata}",
                "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n--b\r\n"
                    + "Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>=3D=\r\nx</p>\r\n--b\r\n"
                    + "Content-Transfer-Encoding: base64\r\n\r\nPHA+\r\n--b--\r\n",
                "<?xml version='1.0'?><pkg:package/>",
            ].map { Array($0.utf8) }
        }
    ) { content, ground in
        var context = ground.context()
        ImportedPart.inspect(content.copy(0..<content.count), &context)
        precondition(context.depth == 0 && context.entry == nil, "the context came back changed")
        precondition(
            !context.log.findings.isEmpty || context.budget.exhausted != nil, "an import that nobody is told of")
        return true
    }

    static let remoteTarget = FuzzTarget(
        name: "target", longest: 512,
        seeds: {
            ["file:///%5c%5ch/s", "\\??\\UNC\\h\\s", "C:/x", "mhtml:http://h!x", "\u{200B}//h@SSL/DavWWWRoot/x"].map {
                Array($0.utf8)
            }
        }
    ) { content, _ in
        let bytes = content.copy(0..<content.count)
        let isRemote = RemoteTarget.isRemote(bytes)
        // Blanks in front never make a target local.
        precondition(RemoteTarget.isRemote([0x20, 0x09] + bytes) == isRemote)
        _ = ConnectionText.source(in: String(decoding: bytes, as: UTF8.self))
        _ = FieldRules.danger(of: bytes)
        return true
    }
}
