// Names that programs use for what is not finished or not meant: half a transfer, an editor's copy, what a desktop lays beside every file. The drop
// folder leaves them where they are, a walk of folders leaves them out.

import Glibc

/// Which names are left alone.
public struct LeftoverNames: Sendable {
    /// Shell patterns (man 7 glob), compared without regard to case.
    public static let usual =
        transfers + editors + desktops + [
            // Temporary files of all sorts.
            "*.tmp", "*.temp",
        ]

    /// What a transfer is called until it is complete, and what it keeps beside itself.
    private static let transfers = [
        // Browsers: Firefox and wget, Chrome, Safari, Opera, older Edge.
        "*.part", "*.part.met", "*.crdownload", "*.download", "*.opdownload", "*.partial",
        // WinSCP, lftp, aria2, rsync and rclone, FTP servers.
        "*.filepart", "*.lftp", "*.lftp-pget-status", "*.aria2", "*.aria2__temp", ".~tmp~", "*.rclonepartial",
        "*.upload",
        "*.uploading", "*.incomplete", "*.inprogress", ".pureftpd-upload.*", ".ftpquota",
        // Torrents, and programs that load in pieces.
        "*.!ut", "*.!qb", "*.!bt", "*.bc!", "*.!sync", "*.bts", "*.jc!", "*.dtapart", "*.fdmdownload", "*.td",
        "*.td.cfg", "*.xltd",
        // Programs that keep folders alike.
        "~syncthing~*.tmp", ".syncthing.*", "*.sync-conflict-tmp", "*.icloud", "*.octransferid*", ".owncloudsync.log",
        "._sync_*.db*",
        ".sync_*.db*", ".dropbox", ".dropbox.attr", "*.gstmp", "*.tmp.driveupload", "*.tmp.drivedownload",
    ]

    /// What an editor keeps beside a file while it is open, or afterwards.
    private static let editors = [
        "~$*", ".~lock.*#", "*~", "*.swp", "*.swo", "*.swn", "*.swx", "*.un~", "#*#", ".#*", "*.kate-swp", "*.autosave",
        "~wr[dlas]*.tmp",
        ".goutputstream-*", "*.crswap",
    ]

    /// What desktops and file servers lay into every folder.
    private static let desktops = [
        ".ds_store", "._*", ".localized", ".appledouble", ".spotlight-v100", ".trashes", ".fseventsd",
        ".temporaryitems",
        ".documentrevisions-v100", ".apdisk", ".volumeicon.icns", ".com.apple.*", "icon\r", "__macosx", "thumbs.db",
        "thumbs.db:*",
        "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "$recycle.bin", "system volume information", ".directory",
        ".trash-*",
        ".nfs[0-9a-f]*", ".fuse_hidden*", "@eadir", ".@__thumb", "#recycle", "#snapshot",
    ]

    private let patterns: [String]
    /// An ending costs a comparison, a pattern a call; nearly all names match none.
    private let endings: [[UInt8]]

    /// - Parameter further: patterns besides the usual ones.
    public init(_ further: [String] = []) {
        let all = (Self.usual + further).map { $0.lowercased() }
        func isEnding(_ pattern: String) -> Bool {
            pattern.first == "*" && !pattern.dropFirst().contains { "*?[\\".contains($0) }
        }
        endings = all.filter(isEnding).map { Array($0.utf8.dropFirst()) }
        patterns = all.filter { !isEnding($0) }
    }

    /// - Parameter name: of a file or of a folder, whose whole content is left alone then.
    public func match(_ name: [UInt8]) -> Bool {
        let folded = name.map { (65...90).contains($0) ? $0 + 32 : $0 }
        if endings.contains(where: { folded.count >= $0.count && folded.suffix($0.count).elementsEqual($0) }) {
            return true
        }
        return (folded + [0]).withUnsafeBytes { bytes in
            let text = bytes.baseAddress!.assumingMemoryBound(to: CChar.self)
            return patterns.contains { fnmatch($0, text, 0) == 0 }
        }
    }
}
