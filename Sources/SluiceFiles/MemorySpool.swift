// A spool in memory, for `sluice check`: nothing is stored, so no store is needed.

import CDisk
import Glibc
public import SluiceModel
public import SluiceStorage
import SluiceSystem

/// Receives into sealed anonymous memory.
public final class MemorySpool: Spool, SpoolPlace, ScratchPlace {
    public init() {}

    public func begin(limit: ByteCount) throws(SluiceError) -> any SpoolReception { Reception(self, limit: limit) }

    public func makeScratch() throws(SluiceError) -> CInt { try create().release() }

    func create() throws(SluiceError) -> OwnedDescriptor {
        let number = memfd_create("sluice-spool", sluice_MFD_CLOEXEC | sluice_MFD_ALLOW_SEALING)
        guard number >= 0 else {
            throw .system(SystemCallFailure("memfd_create"), "No memory can be had for the received bytes.")
        }
        return OwnedDescriptor(owning: number)
    }

    func freeze(_ file: consuming OwnedDescriptor) throws(SluiceError) -> OwnedDescriptor {
        guard fcntl(file.number, sluice_F_ADD_SEALS, sluice_ALL_SEALS) == 0 else {
            throw .system(SystemCallFailure("fcntl"), "The received bytes cannot be sealed.")
        }
        return file
    }
}
