// Files that a PDF refers to (ISO 32000-1 §7.11.2), and whether they are remote.

/// Whether a file lies on another machine of the network: asking for it tells that machine who the reader is. A web address is a link like any other.
enum PDFRemote {
    private static let links: Set<String> = ["http", "https", "ftp", "mailto"]

    static func isRemote(_ name: [UInt8]) -> Bool {
        let plain = name.filter { $0 > 0x20 }.map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }
        if plain.starts(with: "//".utf8) { return true }
        // A scheme; one letter before the colon is a drive.
        guard let colon = plain.firstIndex(of: UInt8(ascii: ":")), colon > 1 else { return false }
        let scheme = String(decoding: plain[..<colon], as: UTF8.self).lowercased()
        guard scheme.utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "+") }) else { return false }
        let rest = plain[(colon + 1)...]
        if scheme == "file" { return rest.starts(with: "//".utf8) && !rest.starts(with: "///".utf8) }
        return rest.starts(with: "//".utf8) && !links.contains(scheme)
    }
}
