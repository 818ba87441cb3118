// The rules for one central header by itself (Threats, Z6, Z7, Z12, Z13). Each function is one rule.

import SluiceModel

enum ZipMemberRules {
    /// File types in the upper half of the external attributes (`man 7 inode`, S_IFMT).
    private enum UnixType {
        static let mask: UInt32 = 0o170000
        static let regular: UInt32 = 0o100000
        static let directory: UInt32 = 0o040000
        static let link: UInt32 = 0o120000
        static let pipe: UInt32 = 0o010000
    }

    /// Bit of the lower half that marks a directory for DOS and Windows.
    private static let dosDirectory: UInt32 = 0x10

    /// Threats, Z7: encrypted members could not be checked.
    static func encryption(_ entry: ZipEntry, _ context: inout InspectionContext) {
        if entry.isEncrypted { context.find(.zipEncrypted) }
    }

    static func isEncrypted(_ header: ZipHeaderFields) -> Bool {
        // Method 99 is AES in the WinZip form (APPNOTE §4.4.5); the flag is set as well there, but is not believed alone.
        header.flags & (ZipFlag.encrypted | ZipFlag.strongEncryption | ZipFlag.maskedHeaders) != 0
            || header.method == 99
    }

    /// Threats, Z6: methods 0 and 8 only, and stored means equal sizes.
    static func method(_ entry: ZipEntry, _ flags: UInt16, _ context: inout InspectionContext) {
        if entry.isEncrypted { return }
        guard entry.method == 0 || entry.method == 8, flags & ZipFlag.patched == 0 else {
            context.find(.zipMethod, .number(Int(entry.method)))
            return
        }
        if entry.method == 0, entry.storedSize != entry.declaredSize, !isSizedFolder(entry) {
            context.find(.zipStoredSize, .size(ByteCount(entry.storedSize)), .size(ByteCount(entry.declaredSize)))
        }
    }

    /// Threats, Z12: regular files and directories only.
    static func kind(_ entry: ZipEntry, madeBy: UInt8, _ context: inout InspectionContext) {
        switch entry.unixMode & UnixType.mask {
        case 0, UnixType.regular, UnixType.directory: break
        // Links are made by readers of every system, whatever system the header names.
        case UnixType.link: context.find(.zipLink)
        // The name `-` comes from Info-ZIP reading its standard input. To every reader it is an ordinary file.
        case UnixType.pipe where entry.name == [UInt8(ascii: "-")]: break
        // Elsewhere than on Unix and macOS the upper half is not a mode.
        default: if madeBy == 3 || madeBy == 19 { context.find(.zipSpecialFile) }
        }
    }

    /// Threats, Z13: a directory, a trailing slash and size 0 come together.
    static func directory(_ entry: ZipEntry, attributes: UInt32, _ context: inout InspectionContext) {
        let type = entry.unixMode & UnixType.mask
        let saysDirectory = type == UnixType.directory || (type == 0 && attributes & dosDirectory != 0)
        if isSizedFolder(entry) {
            context.find(.zipSizedFolder, .size(ByteCount(entry.declaredSize)))
        } else if entry.declaredSize > 0, entry.isDirectory || saysDirectory {
            context.find(.zipDirectoryWithContent, .size(ByteCount(entry.declaredSize)))
        } else if entry.isDirectory ? type == UnixType.regular : saysDirectory {
            context.find(.zipDirectoryAttributes)
        }
    }

    /// A folder by its name that stores no byte, and to which its writer gave the size that the file system shows for a folder. ZIPFoundation
    /// and others wrote such; every reader makes a folder of it.
    private static func isSizedFolder(_ entry: ZipEntry) -> Bool {
        entry.isDirectory && entry.storedSize == 0 && entry.declaredSize > 0 && entry.crc == 0
    }

    /// A name that ends with a separator; Windows tools write the backslash.
    static func endsLikeDirectory(_ name: [UInt8]) -> Bool {
        name.last == UInt8(ascii: "/")
            || name.last == UInt8(ascii: "\\") && DoubleByteNames.withoutHalves(name).last == UInt8(ascii: "\\")
    }
}
