// How bytes and names reach the disk for good, and when which way is the cheaper one.

import CDisk
import Glibc
import SluiceModel
import SluiceStorage
import SluiceSystem
import Synchronization

/// Syncs the bytes of new blobs before they get names, and the names before rows speak of them.
final class BlobDurability: Sendable {
    /// From this many new blobs on, one `syncfs` is used instead of one `fdatasync` each. Measured on ext4 with 4 KiB
    /// files, milliseconds a group, data and names together: 1 file 0.4 both ways; 4 files 1.3 against 0.6; 32 files
    /// 10 against 1.6; 256 files 45 against 7 (and 25 with four threads of `fdatasync`). Below four files the own way is
    /// taken, since `syncfs` also waits for what others have written to the same disk.
    static let wholeDiskFrom = 4

    /// An open folder of the disk, opened before anything was written: `syncfs` reports what failed since it was opened.
    private let disk: CInt
    /// Once `syncfs` has reported an error it will not report it again, although the bytes that were lost may belong to an attachment
    /// whose turn comes later. `fdatasync` answers for its own file: from then on only it is used.
    private let mayUseWholeDisk: Atomic<Bool>

    init(disk: CInt) {
        self.disk = disk
        mayUseWholeDisk = Atomic(Self.kernelReportsErrors)
    }

    /// `syncfs` reports failed writes since Linux 5.8 (man 2 syncfs).
    private static let kernelReportsErrors: Bool = {
        var name = utsname()
        uname(&name)
        let release = withUnsafeBytes(of: name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let numbers = release.split(whereSeparator: { !$0.isNumber }).prefix(2).compactMap { Int($0) }
        return numbers.count == 2 && (numbers[0], numbers[1]) >= (5, 8)
    }()

    func usesWholeDisk(for count: Int) -> Bool {
        count >= Self.wholeDiskFrom && mayUseWholeDisk.load(ordering: .acquiring)
    }

    /// Makes the content of unnamed files durable. After a failure none of them is trusted again.
    func syncContents(_ attachments: [SpooledAttachment], wholeDisk: Bool) throws(SluiceError) {
        if let lost = attachments.first(where: { $0.isDistrusted }) {
            throw .inputOutput(
                "The received bytes of \(lost.digest) could not be written earlier.", cause: "not synced a second time")
        }
        if wholeDisk {
            do throws(SluiceError) { try syncDisk() } catch {
                for attachment in attachments { attachment.distrust() }
                throw error
            }
            return
        }
        for attachment in attachments where fdatasync(attachment.descriptor) != 0 {
            let number = errno
            attachment.distrust()
            throw .system(SystemCallFailure("fdatasync", number), "The received bytes cannot be made durable.")
        }
    }

    /// Makes all names on the disk durable.
    func syncDisk() throws(SluiceError) {
        guard syncfs(disk) == 0 else {
            let number = errno
            mayUseWholeDisk.store(false, ordering: .releasing)
            throw .system(SystemCallFailure("syncfs", number), "The received bytes cannot be made durable.")
        }
    }

    /// Makes the names in one folder durable.
    static func syncFolder(_ path: String, at folder: CInt) throws(SluiceError) {
        try storing("The name of the received bytes cannot be made durable.") { () throws(SystemCallFailure) in
            let opened = try OwnedDescriptor.openFolder(path, at: folder)
            guard fsync(opened.number) == 0 else { throw SystemCallFailure("fsync") }
        }
    }
}
