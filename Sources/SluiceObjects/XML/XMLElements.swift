// The answers of an object store are small XML documents. This walks one of them and hands out its texts; what an answer means is said by the files beside this.

import CObjectXML

/// Walks a document once. Names are without their namespace.
struct XMLElements {
    /// Deeper documents are no answer of an object store (chosen; ListParts has 4).
    private static let deepest = 16

    /// - Parameter ended: told each element when it ends: the path of its name from the root, and its own text.
    /// - Returns: whether the document is well-formed.
    static func walk(_ document: [UInt8], _ ended: (_ path: [String], _ text: String) -> Void) -> Bool {
        withoutActuallyEscaping(ended) { ended in
            let walker = Walker(ended)
            guard let parser = XML_ParserCreate(nil) else { return false }
            defer { XML_ParserFree(parser) }
            XML_SetUserData(parser, Unmanaged.passUnretained(walker).toOpaque())
            XML_SetElementHandler(
                parser, { context, name, _ in Walker.of(context).begin(String(cString: name!)) },
                { context, _ in Walker.of(context).end() })
            XML_SetCharacterDataHandler(parser) { context, text, count in
                Walker.of(context).add(UnsafeRawBufferPointer(start: text, count: Int(count)))
            }
            let status = document.withUnsafeBytes {
                XML_Parse(parser, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: $0.count), 1)
            }
            return withExtendedLifetime(walker) { status == XML_STATUS_OK && !walker.isTooDeep }
        }
    }

    private final class Walker {
        private let ended: ([String], String) -> Void
        private var path: [String] = []
        private var texts: [[UInt8]] = []
        private(set) var isTooDeep = false

        init(_ ended: @escaping ([String], String) -> Void) { self.ended = ended }

        static func of(_ context: UnsafeMutableRawPointer?) -> Walker {
            Unmanaged<Walker>.fromOpaque(context!).takeUnretainedValue()
        }

        func begin(_ name: String) {
            if path.count >= deepest { isTooDeep = true }
            path.append(name.split(separator: ":").last.map(String.init) ?? name)
            texts.append([])
        }

        func add(_ bytes: UnsafeRawBufferPointer) {
            if !texts.isEmpty { texts[texts.count - 1] += bytes }
        }

        func end() {
            guard let text = texts.popLast() else { return }
            if !isTooDeep { ended(path, String(decoding: text, as: UTF8.self)) }
            path.removeLast()
        }
    }
}
