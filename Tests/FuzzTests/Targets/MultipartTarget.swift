// A form as the endpoint receives it: read before anything about it is known, and not in a confined process.

import SluiceModel

@testable import SluiceUploads
@testable import SluiceInspection

extension FuzzTarget {
    /// However the bytes are cut, the answer is the same. The first byte of an input says how; the boundary is `b`, so that mutations make many.
    static let multipart = FuzzTarget(
        name: "multipart", longest: 1024,
        seeds: {
            let parts = [
                "Content-Disposition: form-data; name=\"comment\"\r\n\r\nfrom the night",
                "Content-Disposition: form-data; name=f; filename=\"a\\\"b.txt\"\r\nContent-Type: text/plain\r\n\r\nline\r\n--c\r-\n--",
                "Content-Disposition: form-data; name=f; filename=a.txt; filename*=UTF-8''a%2Etxt\r\n\r\n",
                "Content-Transfer-Encoding: binary\r\nX-A: b\r\nContent-Disposition: form-data;; name=\"\"\r\n\r\nx",
            ]
            let whole = "before\r\n" + parts.map { "--b \t\r\n" + $0 + "\r\n" }.joined() + "--b--\r\nbehind"
            return [[0], [1]].flatMap { (cut: [UInt8]) in
                ([whole] + parts.map { "--b\r\n\($0)\r\n--b--" } + ["--b--", "--b\r\n"]).map { cut + Array($0.utf8) }
            }
        }
    ) { content, _ in
        guard content.count > 1 else { return false }
        let step = Int(content[0] % 17) + 1
        let whole = FormAnswer(content, pieces: .max)
        let cut = FormAnswer(content, pieces: step)
        precondition(whole.isSame(as: cut), "cut into pieces of \(step) it reads differently")
        return true
    }
}

/// What the parser makes of an input without its first byte.
private struct FormAnswer: MultipartSink {
    private var complete: [(head: PartHead, content: [UInt8])] = []
    private var open: (head: PartHead, content: [UInt8])?
    private var defect: MultipartDefect?

    init(_ input: Span<UInt8>, pieces: Int) {
        let limits = MultipartParser.Limits()
        var parser = MultipartParser(try! MultipartBoundary(bytes: [UInt8(ascii: "b")]), limits: limits)
        do throws(MultipartDefect) {
            var at = 1
            while at < input.count {
                let end = pieces < input.count - at ? at + pieces : input.count
                try parser.consume(input.extracting(at..<end), into: &self)
                at = end
            }
            try parser.finish()
        } catch { defect = error }
        precondition(complete.count <= limits.parts, "too many parts")
        precondition(defect != nil || open == nil, "a part without an end")
    }

    func isSame(as other: FormAnswer) -> Bool {
        defect == other.defect && complete.count == other.complete.count
            && zip(complete, other.complete).allSatisfy { $0.head == $1.head && $0.content == $1.content }
    }

    mutating func begin(_ part: PartHead) {
        precondition(open == nil, "a part begins in another one")
        open = (part, [])
    }

    mutating func append(_ bytes: Span<UInt8>) {
        precondition(open != nil && !bytes.isEmpty, "bytes of no part")
        bytes.withUnsafeBytes { open!.content += $0 }
    }

    mutating func end() {
        precondition(open != nil, "the end of no part")
        complete.append(open!)
        open = nil
    }
}
