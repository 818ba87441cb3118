// The one reader of XML: libexpat over a part that is held in memory, one tag after the other, without recursion. It refuses a document
// type declaration (Threats, T14), nesting deeper than `mostDepth`, and memory blocks beyond the shim's limit. It reads only the
// decisive parts; XMLDeclarationScan searches all parts for declarations.

private import CExpat
private import Glibc

/// Why XML was not read to its end.
enum XMLProblem: Error, Equatable {
    case declaration
    case malformed
    case tooDeep
}

/// One start tag, valid during the call that hands it on: its names and values lie in the reader's memory.
struct XMLTag: ~Copyable {
    fileprivate let fullName: UnsafePointer<CChar>
    /// Names and values in turn, ended by a null pointer.
    fileprivate let pairs: UnsafeMutablePointer<UnsafePointer<CChar>?>
    /// 1 for the root.
    let depth: Int

    /// Without its prefix.
    var name: String { String(cString: XMLTag.local(fullName)) }
    /// `w` in `w:document`; empty without one.
    var prefix: String {
        let length = XMLTag.local(fullName) - fullName
        return length == 0 ? "" : String(String(cString: fullName).utf8.prefix(length - 1)) ?? ""
    }

    func isNamed(_ name: StaticString) -> Bool { XMLTag.isSame(XMLTag.local(fullName), name) }

    /// By the name without its prefix: `instr` finds `w:instr`.
    func value(_ name: StaticString) -> String? {
        var at = 0
        while let key = pairs[at], let value = pairs[at + 1] {
            if XMLTag.isSame(XMLTag.local(key), name) { return String(cString: value) }
            at += 2
        }
        return nil
    }

    /// The namespace that this element itself declares for a prefix.
    func namespace(of prefix: String) -> String? { attribute(prefix.isEmpty ? "xmlns" : "xmlns:" + prefix) }

    /// By its whole name.
    func attribute(_ name: String) -> String? {
        var at = 0
        while let key = pairs[at], let value = pairs[at + 1] {
            if strcmp(key, name) == 0 { return String(cString: value) }
            at += 2
        }
        return nil
    }

    fileprivate static func local(_ name: UnsafePointer<CChar>) -> UnsafePointer<CChar> {
        strrchr(name, CInt(UInt8(ascii: ":"))).map { UnsafePointer($0) + 1 } ?? name
    }

    fileprivate static func isSame(_ name: UnsafePointer<CChar>, _ known: StaticString) -> Bool {
        name.withMemoryRebound(to: CChar.self, capacity: 1) {
            strcmp($0, UnsafeRawPointer(known.utf8Start).assumingMemoryBound(to: CChar.self)) == 0
        }
    }
}

/// Takes what is read, in document order.
protocol XMLHandler: AnyObject {
    /// - Returns: false to stop reading; what was read so far stands.
    func start(_ tag: borrowing XMLTag) -> Bool
    /// - Parameter name: tells whether the element that ends has this name, without its prefix.
    func end(_ name: (StaticString) -> Bool)
    /// Text with references resolved, in pieces as it comes.
    func text(_ bytes: Span<UInt8>)
}

extension XMLHandler {
    func end(_ name: (StaticString) -> Bool) {}
    func text(_ bytes: Span<UInt8>) {}
}

enum XMLReader {
    /// Deepest nesting (chosen: Word's tables within tables stay below 200).
    static let mostDepth = 512

    /// The state that the C functions share with Swift, for one reading.
    private final class Session {
        let parser: XML_Parser
        let handler: any XMLHandler
        let mostDepth: Int
        var depth = 0
        var problem: XMLProblem?
        var isStopped = false

        init(_ parser: XML_Parser, _ handler: any XMLHandler, _ mostDepth: Int) {
            (self.parser, self.handler, self.mostDepth) = (parser, handler, mostDepth)
        }

        func stop(_ problem: XMLProblem?) {
            isStopped = true
            if self.problem == nil { self.problem = problem }
            XML_StopParser(parser, XML_Bool(XML_FALSE))
        }

        static func of(_ pointer: UnsafeMutableRawPointer?) -> Session {
            Unmanaged<Session>.fromOpaque(pointer!).takeUnretainedValue()
        }
    }

    /// Takes nothing in.
    private final class Nothing: XMLHandler {
        func start(_ tag: borrowing XMLTag) -> Bool { true }
    }

    /// Reads a little, so that the library's functions are bound and its pages there before the process is forked for each attachment.
    static func prepare() { _ = read(Array("<a b='c'>d<e/></a>".utf8).span, to: Nothing()) }

    /// Reads a whole part. All of it is given at once, so that no token is looked at twice.
    /// - Returns: why it was not read to its end; `nil` too where the handler stopped it.
    static func read(_ content: Span<UInt8>, to handler: any XMLHandler, mostDepth: Int = mostDepth) -> XMLProblem? {
        guard content.count < 1 << 30, let parser = sluice_xml_parser() else { return .malformed }
        defer { XML_ParserFree(parser) }
        let session = Session(parser, handler, mostDepth)
        sluice_xml_salt(parser, UInt(bitPattern: salt))
        XML_SetUserData(parser, Unmanaged.passUnretained(session).toOpaque())
        XML_SetElementHandler(
            parser,
            { pointer, name, pairs in
                let session = Session.of(pointer)
                guard !session.isStopped, let name, let pairs else { return }
                session.depth += 1
                if session.depth > session.mostDepth { return session.stop(.tooDeep) }
                if !session.handler.start(XMLTag(fullName: name, pairs: pairs, depth: session.depth)) {
                    session.stop(nil)
                }
            },
            { pointer, name in
                let session = Session.of(pointer)
                guard !session.isStopped, let name else { return }
                session.depth -= 1
                session.handler.end { XMLTag.isSame(XMLTag.local(name), $0) }
            })
        XML_SetCharacterDataHandler(parser) { pointer, text, length in
            let session = Session.of(pointer)
            guard !session.isStopped, let text, length > 0 else { return }
            // The same memory as bytes; the span does not outlive the call.
            text.withMemoryRebound(to: UInt8.self, capacity: Int(length)) {
                session.handler.text(UnsafeBufferPointer(start: $0, count: Int(length)).span)
            }
        }
        XML_SetStartDoctypeDeclHandler(parser) { pointer, _, _, _, _ in Session.of(pointer).stop(.declaration) }
        XML_SetUnknownEncodingHandler(
            parser,
            { _, name, info in
                guard let name, let info, XMLDeclarationScan.isASCIICompatible(label: String(cString: name)) else {
                    return CInt(XML_STATUS_ERROR.rawValue)
                }
                // Markup is ASCII in all of them. What lies above is text, whose letters do not matter here.
                withUnsafeMutableBytes(of: &info.pointee.map) { map in
                    for (index, _) in (0..<256).enumerated() {
                        map.storeBytes(of: CInt(index), toByteOffset: index * MemoryLayout<CInt>.size, as: CInt.self)
                    }
                }
                info.pointee.data = nil
                info.pointee.convert = nil
                info.pointee.release = nil
                return CInt(XML_STATUS_OK.rawValue)
            }, nil)
        let status = content.withUnsafeBytes { bytes in
            XML_Parse(parser, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), CInt(bytes.count), 1)
        }
        if session.isStopped { return session.problem }
        return status == XML_STATUS_OK ? nil : .malformed
    }

    /// Differs from process to process, as Swift's own hashing does.
    private static let salt: Int = {
        var hasher = Hasher()
        hasher.combine("XML")
        return hasher.finalize()
    }()
}
