// Media types by name; and what the bytes were recognized as, with the strength of the proof.

/// A media type such as `text/plain`: lower case, without parameters.
public struct MediaType: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    public let name: String

    public init(_ name: String) { self.name = name }
    public init(stringLiteral name: String) { self.name = name }

    public var description: String { name }
}

extension MediaType {
    public static let plainText: MediaType = "text/plain"
    public static let csv: MediaType = "text/csv"
    public static let pdf: MediaType = "application/pdf"
    public static let bmp: MediaType = "image/bmp"
    public static let jpeg: MediaType = "image/jpeg"
    public static let png: MediaType = "image/png"
    public static let tar: MediaType = "application/x-tar"
    public static let zip: MediaType = "application/zip"
    public static let gzip: MediaType = "application/gzip"
    public static let xz: MediaType = "application/x-xz"
    public static let zstandard: MediaType = "application/zstd"
    public static let word: MediaType = "application/msword"
    public static let excel: MediaType = "application/vnd.ms-excel"
    public static let wordOpenXML: MediaType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    public static let excelOpenXML: MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    /// An OLE2 compound file that is neither an allowed document nor one that we can name.
    public static let compoundFile: MediaType = "application/x-ole-storage"
    /// An OLE2 wrapper around an encrypted OOXML package ([MS-OFFCRYPTO] 2.3.4).
    public static let encryptedOffice: MediaType = "application/x-encrypted-office"
    public static let json: MediaType = "application/json"
    public static let xml: MediaType = "application/xml"
    public static let html: MediaType = "text/html"
    public static let eventLog: MediaType = "application/x-ms-evtx"
    public static let packetCapture: MediaType = "application/vnd.tcpdump.pcap"
    public static let empty: MediaType = "application/x-empty"
    public static let unknown: MediaType = "application/octet-stream"
}

/// What the bytes show, and how far that is proven.
public struct RecognizedType: Hashable, Sendable {
    /// What the statement rests on, weakest first.
    public enum Basis: UInt8, Sendable, Comparable, CaseIterable {
        /// No recognizer of ours knows the content.
        case none
        /// Only the first bytes, or the structure after them is broken (a finding says where).
        case signature
        /// The structure was walked and is consistent, but not every byte is accounted for.
        case structure
        /// Every byte is accounted for.
        case proven

        public static func < (left: Basis, right: Basis) -> Bool { left.rawValue < right.rawValue }
    }

    public var mediaType: MediaType
    public var basis: Basis
    /// For a person, without names from the content: `8-bit RGBA, 640 × 480`, `UTF-8 text, 1 200 lines`.
    public var detail: String

    public init(_ mediaType: MediaType, _ basis: Basis, detail: String = "") {
        self.mediaType = mediaType
        self.basis = basis
        self.detail = detail
    }

    public static let unrecognized = RecognizedType(.unknown, .none)
}
