// How blobs are named in the bucket: PREFIX/blobs/ab/<sha256> and PREFIX/quarantine/ab/<sha256>, as in a store's folders.

import SluiceModel
import SluiceStorage

enum BlobNames {
    static func folder(_ area: BlobArea) -> String {
        switch area {
        case .accepted: "blobs"
        case .quarantined: "quarantine"
        }
    }

    static func name(_ address: BlobAddress) -> String {
        let digest = address.digest.hexadecimal
        return "\(folder(address.area))/\(digest.prefix(2))/\(digest)"
    }

    static func shard(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16)
        return text.utf8.count == 1 ? "0" + text : text
    }

    /// Whether a name is that of a shard: two hexadecimal digits.
    static func isShard(_ name: Substring) -> Bool {
        name.utf8.count == 2 && name.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
}
