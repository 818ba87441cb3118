// Containers other than zip and tar, read by libarchive: which bytes are such a container, its members one by one, and their content.
// ForeignArchive recognizes the members.

import CArchive
import Glibc
import SluiceModel

extension ForeignContainer {
    /// - Returns: `nil` for content that begins like none of them.
    init?(_ content: Span<UInt8>) {
        // This is called for every member.
        let first = content.byte(0)
        guard first == 0x4D || first == 0x37 || first == 0x52 || content.count > 32_774 else { return nil }
        if content.has("MSCF\0\0\0\0", at: 0) {
            self = .cab  // [MS-CAB] 2.1
        } else if content.has([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], at: 0) {
            self = .sevenZip  // 7zFormat.txt
        } else if content.has([0x52, 0x61, 0x72, 0x21, 0x1A, 0x07], at: 0) {
            self = .rar  // RAR 1.5 to 4 and 5
        } else if content.has("CD001", at: 32_769) {
            self = .iso  // ECMA-119 8.1
        } else {
            return nil
        }
    }

    /// For a person.
    var words: String {
        switch self {
        case .cab: "Windows cabinet"
        case .sevenZip: "7z archive"
        case .rar: "rar archive"
        case .iso: "disc image"
        }
    }

    fileprivate func enable(_ reader: OpaquePointer) -> CInt {
        switch self {
        case .cab: archive_read_support_format_cab(reader)
        case .sevenZip: archive_read_support_format_7zip(reader)
        // One signature, two formats that share nothing else.
        case .rar: min(archive_read_support_format_rar(reader), archive_read_support_format_rar5(reader))
        case .iso: archive_read_support_format_iso9660(reader)
        }
    }
}

/// One libarchive reader over content in memory, with exactly one format and no filter. The content has to outlive it.
struct ForeignReader: ~Copyable {
    struct Member {
        var name: [UInt8]
        var kind: ManifestEntry.Kind
        var link: [UInt8]
        var isEncrypted: Bool
    }

    enum Step {
        case member(Member)
        case end
        case broken(String)
    }

    enum Reading: Equatable {
        case whole
        /// The receiver wanted no more.
        case stopped
        case broken(String)
    }

    private let handle: OpaquePointer
    private var entry: OpaquePointer?

    /// - Parameter options: libarchive's own, `!joliet`.
    init?(_ kind: ForeignContainer, _ bytes: UnsafeRawBufferPointer, options: String? = nil) {
        guard let handle = Self.open(kind, bytes, options) else { return nil }
        self.handle = handle
    }

    private static func open(
        _ kind: ForeignContainer, _ bytes: UnsafeRawBufferPointer, _ options: String?
    ) -> OpaquePointer? {
        guard let handle = archive_read_new() else { return nil }
        guard kind.enable(handle) == ARCHIVE_OK,
            options.map({ archive_read_set_options(handle, $0) >= ARCHIVE_WARN }) ?? true,
            archive_read_open_memory(handle, bytes.baseAddress, bytes.count) == ARCHIVE_OK
        else {
            archive_read_free(handle)
            return nil
        }
        return handle
    }

    deinit { archive_read_free(handle) }

    mutating func next() -> Step {
        let answer = archive_read_next_header(handle, &entry)
        if answer == ARCHIVE_EOF { return .end }
        // WARN: the entry is there, with a remark about one of its attributes.
        guard answer >= ARCHIVE_WARN, let entry else { return .broken(reason("its list cannot be read")) }
        guard let text = archive_entry_pathname(entry) ?? archive_entry_pathname_utf8(entry) else {
            return .broken("a name in it cannot be read")
        }
        var member = Member(
            name: Self.copy(text), kind: .other, link: [], isEncrypted: archive_entry_is_encrypted(entry) != 0)
        if let target = archive_entry_hardlink(entry) ?? archive_entry_symlink(entry) {
            member.kind = .link
            member.link = Self.copy(target)
        } else {
            let type = archive_entry_filetype(entry)
            if type == S_IFREG {
                member.kind = .file
            } else if type == S_IFDIR {
                member.kind = .directory
            } else if type == S_IFLNK {
                member.kind = .link
            }
        }
        return .member(member)
    }

    /// Hands out the content of the member that was read last.
    /// - Parameter sink: takes the next piece; false stops.
    mutating func read(to sink: (Span<UInt8>) -> Bool) -> Reading {
        var done: la_int64_t = 0
        while true {
            var block: UnsafeRawPointer?
            var count = 0
            var offset: la_int64_t = 0
            let answer = archive_read_data_block(handle, &block, &count, &offset)
            if answer == ARCHIVE_EOF {
                let size = archive_entry_size_is_set(entry) != 0 ? archive_entry_size(entry) : done
                return done == size ? .whole : .broken("a member is cut short")
            }
            guard answer == ARCHIVE_OK, let block else { return .broken(reason("a member is damaged")) }
            // None of these formats stores files with holes.
            guard offset == done else { return .broken("a member has gaps") }
            done += la_int64_t(count)
            // The block stays libarchive's until the next call; the span does not outlive this line's call.
            if !sink(UnsafeRawBufferPointer(start: block, count: count).bindMemory(to: UInt8.self).span) {
                return .stopped
            }
        }
    }

    /// The sizes of all files that are listed, sorted; `nil` where the list breaks off or is longer than `most`.
    mutating func sizes(most: Int) -> [Int64]? {
        var out: [Int64] = []
        while true {
            switch next() {
            case .end: return out.sorted()
            case .broken: return nil
            case .member(let member):
                guard out.count < most else { return nil }
                if member.kind == .file { out.append(archive_entry_size(entry)) }
            }
        }
    }

    /// libarchive's own words are for programmers; only what a customer can act on is passed on.
    private func reason(_ otherwise: String) -> String {
        guard let text = archive_error_string(handle) else { return otherwise }
        let words = String(decoding: Self.copy(text), as: UTF8.self).lowercased()
        if words.contains("encrypt") || words.contains("passphrase") { return "it is encrypted" }
        if words.contains("multi") || words.contains("volume") { return "it is one part of several" }
        return otherwise
    }

    /// Copied at once: the next header frees it.
    private static func copy(_ text: UnsafePointer<CChar>) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }
}
