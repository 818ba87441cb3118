// libmagic as a Swift type: the second witness, asked only about content that no recognizer has proven.

internal import CMagic
import Glibc
import SluiceModel

/// One libmagic handle and its database. Used from one thread.
final class MagicDatabase {
    /// Most bytes handed to libmagic (chosen: its own default, and every signature of its database stands before it).
    static let mostBytes = 1 << 20

    /// Where Debian and most others keep the compiled database. Always an explicit path: `magic_load(NULL)` looks into the home folder.
    static let usualPaths = ["/usr/lib/file/magic.mgc", "/usr/share/misc/magic.mgc", "/usr/share/file/magic.mgc"]

    /// Flags, each with its reason; `man 3 libmagic`.
    /// - MIME_TYPE: the media type without the charset, which is ours to prove.
    /// - NO_CHECK_COMPRESS: never looks into compressed data; together with the absence of COMPRESS no decompressor is ever run.
    /// - NO_CHECK_ELF: only adds words to a description that we do not show.
    /// - NO_CHECK_JSON, NO_CHECK_CSV, NO_CHECK_TOKENS, NO_CHECK_APPTYPE: our own text reader says more and is bounded; they are parsers less for
    ///   hostile bytes. `text/plain` is in the compatible set of every text type.
    /// TAR, CDF (Office's compound files), SOFT, TEXT and ENCODING stay: they are what the second opinion is asked for.
    private static let flags =
        MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_JSON | MAGIC_NO_CHECK_CSV
        | MAGIC_NO_CHECK_TOKENS | MAGIC_NO_CHECK_APPTYPE

    /// Bounds on what hostile content can make libmagic do; at or below its own defaults in 5.44 (`man 3 magic_setparam`).
    private static let bounds: [(parameter: CInt, value: Int)] = [
        (MAGIC_PARAM_INDIR_MAX, 15),  // default 50
        (MAGIC_PARAM_NAME_MAX, 50),  // default 100
        (MAGIC_PARAM_REGEX_MAX, 4096),  // default 8192
        (MAGIC_PARAM_BYTES_MAX, mostBytes),
        (MAGIC_PARAM_ENCODING_MAX, 64 << 10),
    ]

    private let paths: [String]
    private var handle: magic_t?
    /// libmagic reads from it as long as the handle lives.
    private var compiled: UnsafeMutableRawBufferPointer?
    private var tried = false
    /// Why there is no database; `nil` while it was not tried or where it is loaded.
    private(set) var loadFailure: String?
    /// Where the database was found.
    private(set) var loadedPath: String?

    init(paths: [String] = MagicDatabase.usualPaths) { self.paths = paths }

    deinit {
        if let handle { magic_close(handle) }
        if let compiled { munmap(compiled.baseAddress, compiled.count) }
    }

    /// The library's version: `5.44`.
    static var libraryVersion: String {
        let number = magic_version()
        let minor = number % 100
        return "\(number / 100).\(minor < 10 ? "0" : "")\(minor)"
    }

    /// Loads the database now. The confined process calls it before it gives up the right to open files.
    /// - Returns: false where it could not be loaded; `loadFailure` says why.
    @discardableResult
    func load() -> Bool {
        if tried { return handle != nil }
        tried = true
        guard let opened = magic_open(Self.flags) else {
            loadFailure = "libmagic gave no handle"
            return false
        }
        for (parameter, value) in Self.bounds {
            var size = value
            _ = magic_setparam(opened, parameter, &size)
        }
        var reasons: [String] = []
        for path in paths {
            guard let memory = Self.contents(path) else {
                reasons.append("\(path): \(String(cString: strerror(errno)))")
                continue
            }
            var (buffer, size) = (memory.baseAddress, memory.count)
            if magic_load_buffers(opened, &buffer, &size, 1) == 0 {
                handle = opened
                compiled = memory
                loadedPath = path
                return true
            }
            reasons.append("\(path): " + (magic_error(opened).map { String(cString: $0) } ?? "no reason given"))
            munmap(memory.baseAddress, memory.count)
        }
        magic_close(opened)
        loadFailure = reasons.isEmpty ? "no path to a magic database" : reasons.joined(separator: "; ")
        return false
    }

    /// The file's bytes in anonymous memory, in huge pages where the kernel has some to give. A question touches thousands of pages
    /// of the database; mapped from the file, every forked process would fault them in anew (measured: 1 ms for its first question).
    /// - Returns: `nil` with errno where it cannot be read.
    private static func contents(_ path: String) -> UnsafeMutableRawBufferPointer? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let end = Int(lseek(file, 0, SEEK_END))
        guard end > 0 else { return nil }
        // A huge page needs its own alignment: one more is asked for, and what stands out at both ends is given back.
        let huge = 2 << 20
        let whole = (end + huge - 1) / huge * huge
        let anywhere = mmap(nil, whole + huge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let anywhere, anywhere != MAP_FAILED else { return nil }
        let before = (huge - Int(bitPattern: anywhere) % huge) % huge
        let start = anywhere + before
        if before > 0 { munmap(anywhere, before) }
        if before < huge { munmap(start + whole, huge - before) }
        madvise(start, whole, MADV_HUGEPAGE)
        var done = 0
        while done < end {
            let count = pread(file, start + done, end - done, off_t(done))
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                munmap(start, whole)
                return nil
            }
            done += count
        }
        return UnsafeMutableRawBufferPointer(start: start, count: end)
    }

    /// - Parameter content: its beginning suffices; at most the first MiB is looked at.
    /// - Returns: `nil` where libmagic has no answer or could not be loaded (`loadFailure`).
    func mediaType(of content: Span<UInt8>) -> MediaType? {
        guard load(), let handle else { return nil }
        // libmagic wants a pointer and a length; it neither writes nor keeps them.
        let answer = content.withUnsafeBufferPointer { bytes in
            magic_buffer(handle, bytes.baseAddress, min(bytes.count, Self.mostBytes))
        }
        guard let answer else { return nil }
        let name = String(cString: answer)  // copied before the next call reuses it
        return name.contains("/") ? MediaType(name) : nil
    }
}
