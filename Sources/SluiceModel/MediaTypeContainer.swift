// Which media types hold other files and cannot be looked into here: disc images, foreign archives, help files, app packages.

extension MediaType {
    /// Names that our own signature table or libmagic gives to such containers.
    private static let unreadableContainers: Set<String> = [
        "application/x-iso9660-image", "application/x-vhd", "application/x-vhdx", "application/x-vmdk",
        "application/x-virtualbox-vdi", "application/x-qemu-disk", "application/x-qcow2",
        "application/vnd.rar", "application/x-rar", "application/x-rar-compressed", "application/x-7z-compressed",
        "application/vnd.ms-cab-compressed", "application/vnd.ms-htmlhelp", "application/x-chm", "application/x-ace",
        "application/x-ace-compressed", "application/x-arj", "application/x-lha", "application/x-lzh-compressed",
        "application/x-ms-wim", "application/x-stuffit", "application/x-squashfs", "application/vnd.squashfs",
        "application/appx", "application/vnd.ms-appx",
    ]

    /// Whether what such a file holds stays unchecked.
    public var isUnreadableContainer: Bool { Self.unreadableContainers.contains(name) }
}
