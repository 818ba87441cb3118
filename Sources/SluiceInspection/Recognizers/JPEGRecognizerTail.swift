// What honest cameras and phones store behind a JPEG picture: padding, further pictures, a motion video, Samsung's and Canon's own data
// (that of further phones is JPEGPhoneData's). Each is walked to its end and must be declared by the picture's own headers; anything else is a finding.

import SluiceModel

enum JPEGTail {
    /// Further pictures looked at (chosen: multi-picture photos have two to five, panorama series some dozens).
    private static let mostPictures = 128

    /// - Returns: whether all bytes behind `end` are accounted for.
    static func check(
        _ content: Span<UInt8>, from end: Int, of picture: JPEGPicture, _ context: inout InspectionContext
    ) -> Bool {
        var offset = end
        var pictures = 0
        while offset < content.count {
            if ImageChecks.isPadding(content, from: offset) || isDoubledEnd(content, offset) { break }
            let padding = content.zeroRun(from: offset, before: content.count)
            let at = offset + padding
            if content.has([0xFF, 0xD8, 0xFF], at: at), pictures < mostPictures,
                pictures + 1 < picture.declaredPictures || isNamed(at, content, picture)
            {
                var walk = JPEGWalk(start: at)
                guard case .complete(let next) = walk.run(content) else { break }
                if walk.picture.width > 0 {
                    ImageChecks.checkPixels(width: walk.picture.width, height: walk.picture.height, &context)
                }
                pictures += 1
                offset = next
            } else if picture.declaresVideo, let start = SecondFormat.videoStart(content, near: at), start >= offset,
                let next = endOfVideo(content, from: start)
            {
                context.find(.imageMotionVideo, .size(ByteCount(next - start)))
                offset = next
            } else if isSamsungData(content, from: offset) {
                context.find(.imageCameraData, .size(ByteCount(content.count - offset)), .text("Samsung"))
                offset = content.count
            } else if isCanonData(content, from: at) {
                context.find(.imageCameraData, .size(ByteCount(content.count - at)), .text("Canon"))
                offset = content.count
            } else if let maker = JPEGPhoneData.maker(content, from: offset) {
                context.find(.imageCameraData, .size(ByteCount(content.count - offset)), .text(maker))
                offset = content.count
            } else {
                break
            }
        }
        if pictures > 0 { context.find(.imageExtraPictures, .number(pictures)) }
        return isDoubledEnd(content, offset) || ImageChecks.checkTail(content, from: offset, &context)
    }

    /// A second EOI, as some writers leave it.
    private static func isDoubledEnd(_ content: Span<UInt8>, _ offset: Int) -> Bool {
        content.has([0xFF, 0xD9], at: offset) && ImageChecks.isPadding(content, from: offset + 2)
    }

    /// Whether the EXIF data points to `offset`, counted from the file's beginning or from a TIFF header in the EXIF data: maker notes
    /// name a preview picture so, and some bring a header of their own.
    private static func isNamed(_ offset: Int, _ content: Span<UInt8>, _ picture: JPEGPicture) -> Bool {
        guard let exif = picture.exif, exif.count >= 12 else { return false }
        func isPointer(_ number: UInt32) -> Bool {
            let base = offset - Int(number)
            if base == 0 { return true }
            guard exif.contains(base) else { return false }
            return content.has([0x49, 0x49, 42, 0], at: base) || content.has([0x4D, 0x4D, 0, 42], at: base)
        }
        for at in exif.lowerBound + 8...exif.upperBound - 4 {
            guard let number = content.littleEndian32(at) else { return false }
            if isPointer(number) || isPointer(number.byteSwapped) { return true }
        }
        return false
    }

    /// ISO/IEC 14496-12 §4.2: a chain of boxes, each with its length and four characters.
    /// - Returns: the end of the last box, where `moov` was among them.
    private static func endOfVideo(_ content: Span<UInt8>, from start: Int) -> Int? {
        var offset = start
        var isMovie = false
        while let short = content.bigEndian32(offset).map(Int.init), offset + 8 <= content.count {
            var length = short
            if short == 1 {
                guard let high = content.bigEndian32(offset + 8), high == 0, let low = content.bigEndian32(offset + 12)
                else { break }
                length = Int(low)
            } else if short == 0 {
                length = content.count - offset
            }
            let kind = content.copy(offset + 4..<offset + 8)
            guard length >= 8, offset + length <= content.count, kind.allSatisfy({ (0x20...0x7E).contains($0) }) else {
                break
            }
            if kind == Array("moov".utf8) { isMovie = true }
            offset += length
        }
        return isMovie ? offset : nil
    }

    /// Samsung's trailer, as published readers of it describe it: blocks, a directory `SEFH` that counts back to each of them, its length, `SEFT`.
    /// - Returns: whether blocks and directory fill the content from `start` to its end.
    private static func isSamsungData(_ content: Span<UInt8>, from start: Int) -> Bool {
        guard content.has("SEFT", at: content.count - 4), let length = content.littleEndian32(content.count - 8) else {
            return false
        }
        let directory = content.count - 8 - Int(length)
        guard directory >= start, content.has("SEFH", at: directory),
            let entries = content.littleEndian32(directory + 8).map(Int.init), entries <= 1000,
            Int(length) >= 12 + 12 * entries
        else { return false }
        var blocks: [Range<Int>] = []
        for index in 0..<entries {
            guard let back = content.littleEndian32(directory + 12 + 12 * index + 4).map(Int.init),
                let size = content.littleEndian32(directory + 12 + 12 * index + 8).map(Int.init),
                directory - back >= start, size <= back
            else { return false }
            blocks.append(directory - back..<directory - back + size)
        }
        var covered = start
        for block in blocks.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if block.lowerBound > covered { return false }
            covered = max(covered, block.upperBound)
        }
        return covered == directory
    }

    /// Canon's editing record: the same words at its head and at the head of its 64-byte foot, both with the length between (Image::ExifTool, CanonVRD).
    private static func isCanonData(_ content: Span<UInt8>, from start: Int) -> Bool {
        let foot = content.count - 64
        guard content.has("CANON OPTIONAL DATA\0", at: start), foot >= start + 28,
            content.has("CANON OPTIONAL DATA\0", at: foot), let length = content.bigEndian32(foot + 20)
        else { return false }
        return content.bigEndian32(start + 24) == length && start + 28 + Int(length) == foot
    }
}
