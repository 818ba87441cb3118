// Which media types are programs that a reader could start by opening them. Scripts are text and not in this list.

extension MediaType {
    /// The names that our own signature table or libmagic has for programs and their packages.
    private static let programNames: Set<String> = [
        "application/x-elf", "application/x-executable", "application/x-pie-executable", "application/x-sharedlib",
        "application/x-object", "application/x-appimage", "application/vnd.appimage",
        "application/vnd.microsoft.portable-executable", "application/x-dosexec", "application/x-msdownload",
        "application/x-mach-binary", "application/x-mach-o-executable",
        "application/java-vm", "application/x-java-applet", "application/java-archive", "application/x-java-archive",
        "application/vnd.android.dex", "application/vnd.android.package-archive", "application/wasm",
        "application/x-msi", "application/x-apple-diskimage", "application/vnd.debian.binary-package",
        "application/x-debian-package", "application/x-rpm", "application/x-ms-shortcut", "application/x-python-code",
        "application/x-bytecode.python", "application/x-lua-bytecode", "application/x-llvm-bitcode",
        "application/vnd.ms-cab-compressed-installer", "application/x-chrome-extension",
        "application/x-coff",
    ]

    /// Whether this is a program or a package that installs one. A core dump, minidump or heap dump is data: nothing starts it.
    public var isProgram: Bool { Self.programNames.contains(name) }
}
