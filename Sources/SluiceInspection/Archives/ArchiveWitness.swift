// The second reader: libarchive lists the same archive. Where it sees other members, the archive is ambiguous (Threats, Z16, TR12).

import CArchive
import Glibc
import SluiceModel

/// One libarchive reader over content in memory, with exactly one format and no filter. It lists; it expands nothing.
struct ArchiveWitness: ~Copyable {
    private let handle: OpaquePointer

    /// What a reader says about one member.
    private struct Line {
        var name: [UInt8]
        /// `nil` where the readers need not agree: what is no file has no size of its own.
        var size: Int?
    }

    private init?() {
        guard let handle = archive_read_new() else { return nil }
        self.handle = handle
    }

    deinit { archive_read_free(handle) }

    static func check(_ structure: TarStructure, _ content: Span<UInt8>, _ context: inout InspectionContext) {
        // The parts that we did not take apart ourselves have a finding already.
        if structure.entries.contains(where: \.isUnread) { return }
        let ours = structure.entries.map { Line(name: $0.name, size: $0.kind == .file ? $0.data.count : nil) }
        compare(ours, content.extracting(..<min(structure.end, content.count)), &context) { reader in
            archive_read_support_format_tar(reader)
            archive_read_set_format_option(reader, "tar", "mac-ext", nil)  // `._` members stay members of their own
        }
    }

    static func check(_ structure: ZipStructure, _ content: Span<UInt8>, _ context: inout InspectionContext) {
        // libarchive lists members by where they begin, not as the central directory does.
        let ours = structure.entries.sorted { $0.dataOffset < $1.dataOffset }.map { entry in
            let isFile = !entry.isDirectory && entry.unixMode & 0o170000 != 0o120000
            return Line(name: entry.name, size: isFile ? entry.declaredSize : nil)
        }
        compare(ours, content.extracting(..<min(structure.end, content.count)), &context) { reader in
            archive_read_support_format_zip_seekable(reader)
            archive_read_set_format_option(reader, "zip", "mac-ext", nil)
        }
    }

    private static func compare(
        _ ours: [Line], _ content: Span<UInt8>, _ context: inout InspectionContext, _ enable: (OpaquePointer) -> Void
    ) {
        guard let witness = ArchiveWitness() else { return }
        enable(witness.handle)
        // The pointer lives as long as the reader is used: both end with this closure.
        let difference = withNamesInUTF8 {
            content.withUnsafeBytes { bytes -> String? in
                guard archive_read_open_memory(witness.handle, bytes.baseAddress, bytes.count) == ARCHIVE_OK else {
                    return ours.isEmpty ? nil : "the second one cannot open it"
                }
                return witness.firstDifference(from: ours)
            }
        }
        if let difference { context.find(.readersDisagree, .text(difference)) }
    }

    private func firstDifference(from ours: [Line]) -> String? {
        var index = 0
        while true {
            var entry: OpaquePointer?
            let answer = archive_read_next_header(handle, &entry)
            if answer == ARCHIVE_EOF { break }
            // WARN: the entry is there, with a remark about one of its attributes. Below that there is no entry.
            guard answer >= ARCHIVE_WARN, let entry else { return "the second one stops at entry \(index + 1)" }
            guard index < ours.count else { return "the second one finds more than \(ours.count.grouped)" }
            let line = ours[index]
            index += 1
            let name = Self.name(entry)
            // A name that libarchive cannot convert is compared by its place and size alone.
            if let name, !Self.isSame(name, line.name) {
                return
                    "entry \(index) is \(SafeText.display(line.name, limit: 60)) or \(SafeText.display(name, limit: 60))"
            }
            if let size = line.size, archive_entry_filetype(entry) == S_IFREG, archive_entry_size_is_set(entry) != 0,
                archive_entry_size(entry) != Int64(size)
            {
                return "entry \(index) has \(size.grouped) or \(archive_entry_size(entry).grouped) bytes"
            }
        }
        return index == ours.count ? nil : "\(ours.count.grouped) members or \(index.grouped)"
    }

    /// Copied at once: the next header frees it.
    private static func name(_ entry: OpaquePointer) -> [UInt8]? {
        guard let text = archive_entry_pathname(entry) ?? archive_entry_pathname_utf8(entry) else { return nil }
        return Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }

    /// libarchive composes flagged UTF-8 names to NFC, adds a slash to folders, and reads a zip's backslashes as slashes, which PowerShell 5 writes:
    /// none of these is a difference. That no two names become one by it is EntryNames' to see.
    private static func isSame(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        if one == other { return true }
        let (one, other) = (plain(one), plain(other))
        return one == other || String(decoding: one, as: UTF8.self) == String(decoding: other, as: UTF8.self)
    }

    private static func plain(_ name: [UInt8]) -> [UInt8] {
        let slash = UInt8(ascii: "/")
        var out = name.map { $0 == UInt8(ascii: "\\") ? slash : $0 }
        if out.last == slash { out.removeLast() }
        return out
    }

    /// Built into glibc since 2.35, so it opens no file even in a confined process. Never freed: one for the whole process.
    nonisolated(unsafe) private static let utf8 = newlocale(1 << LC_CTYPE, "C.UTF-8", nil)  // guarded by: never changed

    /// libarchive converts names by the thread's locale, and in the C locale it has none for UTF-8.
    static func withNamesInUTF8<Answer>(_ body: () -> Answer) -> Answer {
        let before = uselocale(utf8)
        defer { uselocale(before) }
        return body()
    }

    /// Does what is done once in a process, before it is confined.
    static func prepare() { _ = utf8 }
}
