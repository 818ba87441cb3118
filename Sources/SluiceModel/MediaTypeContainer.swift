// Which media types hold other files: streams that are unpacked here, containers that are unpacked where the policy says so, and
// containers that cannot be looked into (disc images, foreign archives, help files, app packages).

extension MediaType {
    public static let bzip2: MediaType = "application/x-bzip2"
    public static let lzma: MediaType = "application/x-lzma"
    public static let lz4: MediaType = "application/x-lz4"
    public static let lzip: MediaType = "application/x-lzip"
    public static let compress: MediaType = "application/x-compress"
    public static let cabinet: MediaType = "application/vnd.ms-cab-compressed"
    public static let sevenZip: MediaType = "application/x-7z-compressed"
    public static let rar: MediaType = "application/vnd.rar"
    public static let discImage: MediaType = "application/x-iso9660-image"

    private static let streams: Set<MediaType> = [.gzip, .xz, .zstandard, .bzip2, .lzma, .lz4, .lzip, .compress]

    /// One compressed file, which is unpacked and judged by its content.
    public var isCompressedStream: Bool { Self.streams.contains(self) }

    /// The names that our own signature table or libmagic has for such containers.
    private static let unreadableContainers: Set<String> = [
        // Disc and disk images
        "application/x-iso9660-image", "application/x-udf-image", "application/x-raw-disc-image", "application/x-vhd",
        "application/x-vhdx", "application/x-vmdk", "application/x-virtualbox-vdi", "application/x-qemu-disk",
        "application/x-qcow2", "application/x-squashfs", "application/vnd.squashfs", "application/x-ext-filesystem",
        "application/x-disk-image", "application/x-luks", "application/x-apple-diskimage",
        // Archives
        "application/vnd.rar", "application/x-rar", "application/x-rar-compressed", "application/x-7z-compressed",
        "application/vnd.ms-cab-compressed", "application/x-ace", "application/x-ace-compressed", "application/x-arj",
        "application/x-lha", "application/x-lzh-compressed", "application/x-ms-wim", "application/x-stuffit",
        "application/x-zoo", "application/x-xar", "application/x-cpio", "application/x-archive", "application/x-alz",
        "application/x-egg", "application/x-freearc", "application/x-zpaq", "application/x-apple-archive",
        "application/x-installshield", "application/vnd.ms-tnef",
        // Streams that are not unpacked here
        "application/x-lzop", "application/x-pack", "application/x-snappy-framed", "application/x-lrzip",
        // Documents and packages that carry files
        "application/vnd.ms-htmlhelp", "application/x-chm", "application/appx", "application/vnd.ms-appx",
        "application/vsix", "application/vnd.nuget.package", "application/onenote", "application/x-java-jmod",
    ]

    /// Whether the content of such a file stays unchecked unless it was expanded.
    public var isUnreadableContainer: Bool { Self.unreadableContainers.contains(name) }
}

/// A container of another kind than zip and tar, which is expanded where the policy says so (`archives.expand`).
public enum ForeignContainer: String, Sendable, CaseIterable, Hashable {
    case cab
    case sevenZip = "7z"
    case rar
    case iso

    public var mediaType: MediaType {
        switch self {
        case .cab: .cabinet
        case .sevenZip: .sevenZip
        case .rar: .rar
        case .iso: .discImage
        }
    }
}
