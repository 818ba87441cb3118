// The header of a compound file: versions, sector size, and where its tables begin ([MS-CFB] 2.2).

import SluiceModel

/// The fields of the header that readers go by.
struct CompoundFileHeader {
    static let signature: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]

    var majorVersion: UInt16
    var sectorSize: Int
    var directoryStart: UInt32
    var miniFATStart: UInt32
    var miniFATCount: Int
    var difatStart: UInt32
    /// The first 109 places of the list of FAT sectors, those in use.
    var fatSectors: [UInt32]

    /// - Returns: `nil` when it cannot be gone by; a finding says why.
    static func read(_ content: Span<UInt8>, _ context: inout InspectionContext) -> CompoundFileHeader? {
        func fail(_ reason: String) -> CompoundFileHeader? {
            context.find(.officeBrokenHeader, .text(reason))
            return nil
        }
        guard content.count >= 512, let major = content.littleEndian16(26), let order = content.littleEndian16(28),
            let shift = content.littleEndian16(30), let miniShift = content.littleEndian16(32),
            let fatCount = content.littleEndian32(44), let directory = content.littleEndian32(48),
            let cutoff = content.littleEndian32(56), let miniStart = content.littleEndian32(60),
            let miniCount = content.littleEndian32(64), let difatStart = content.littleEndian32(68)
        else { return fail("it is not whole") }
        guard order == 0xFFFE else { return fail("its byte order is unknown") }
        // Version 3 has sectors of 512 bytes, version 4 of 4096; readers go by the shift.
        guard (major == 3 && shift == 9) || (major == 4 && shift == 12) else {
            return fail("version \(major) with sectors of 2^\(shift) bytes")
        }
        guard miniShift == 6, cutoff == UInt32(CompoundFile.miniCutoff) else {
            return fail("unusual sizes of small parts")
        }
        let sectorSize = 1 << Int(shift)
        let sectorCount = max(0, content.count - 1) / sectorSize
        guard content.count > sectorSize else { return fail("nothing follows it") }
        // Places behind the last one in use are "free"; other bytes there belong to something else (a tar header, a script).
        var sectors: [UInt32] = []
        for place in 0..<109 {
            guard let sector = content.littleEndian32(76 + place * 4) else { break }
            if place >= Int(clamping: fatCount) || sector >= CompoundFile.Marker.lastRegular {
                // Zeros there are some writers' way to say "none".
                guard sector >= CompoundFile.Marker.lastRegular || sector == 0 else {
                    return fail("it lists more sector tables than it counts")
                }
                continue
            }
            guard Int(sector) < sectorCount else {
                context.find(.officeTruncated, .text("the sector table"), .number(Int(sector)), .number(sectorCount))
                return nil
            }
            sectors.append(sector)
        }
        guard !sectors.isEmpty else { return fail("it names no sector table") }
        // Version 4 fills the header's sector with zeros.
        for index in 512..<sectorSize where content[index] != 0 { return fail("its padding is not empty") }
        return CompoundFileHeader(
            majorVersion: major, sectorSize: sectorSize, directoryStart: directory, miniFATStart: miniStart,
            miniFATCount: Int(miniCount), difatStart: difatStart, fatSectors: sectors)
    }
}
