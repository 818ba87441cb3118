// Compares the local header with the central one, and the data descriptor with both (Threats, Z5). Fields that may differ in honest
// archives are left out: the version needed, the time, the compression level bits, the UTF-8 bit of an ASCII name, the descriptor bit
// (the local one says whether there is a descriptor), and the extra fields that say nothing about the content.

import SluiceModel

enum ZipAgreement {
    /// Compares the two headers of one member.
    /// - Returns: whether they say the same; findings say where they differ.
    static func check(
        _ content: Span<UInt8>, _ local: ZipHeaderFields, _ central: ZipHeaderFields, _ entry: ZipEntry,
        _ context: inout InspectionContext
    ) -> Bool {
        let (extra, problem) = ZipExtraFields.read(content, local.extra)
        if problem != nil {
            context.find(.zipExtraField)
            return false
        }
        // One finding where both headers hold the same.
        if extra.hidden != nil, ZipExtraFields.read(content, central.extra).fields.hidden == nil {
            extra.noteHidden(content, &context)
        }
        let agrees = [
            name(content, local, central, &context),
            unicodePath(content, local, extra, entry, &context),
            method(local, central, &context),
            flags(content, local, central, &context),
            sizes(content, local, extra, entry, &context),
            cyclicCheck(local, entry, &context),
        ]
        return agrees.allSatisfy { $0 }
    }

    private static func name(
        _ content: Span<UInt8>, _ local: ZipHeaderFields, _ central: ZipHeaderFields, _ context: inout InspectionContext
    ) -> Bool {
        let one = content.copy(local.name)
        if content.has(one, at: central.name.lowerBound), one.count == central.name.count { return true }
        context.find(.zipNameDiffers, .bytes(one), .bytes(content.copy(central.name)))
        return false
    }

    /// A unicode path in the local header alone is what a reader of the stream would see.
    private static func unicodePath(
        _ content: Span<UInt8>, _ local: ZipHeaderFields, _ extra: ZipExtraFields, _ entry: ZipEntry,
        _ context: inout InspectionContext
    ) -> Bool {
        guard let field = extra.unicodePath else { return true }
        let (name, problem) = ZipNames.settle(content, local, field)
        if problem == .unicodePath {
            ZipNames.note(problem, content, field, &context)
            return false
        }
        if name == entry.name || entry.name == content.copy(local.name) { return true }
        context.find(.zipNameDiffers, .bytes(name), .bytes(entry.name))
        return false
    }

    private static func method(
        _ local: ZipHeaderFields, _ central: ZipHeaderFields, _ context: inout InspectionContext
    ) -> Bool {
        if local.method == central.method { return true }
        context.find(.zipMethodDiffers, .number(Int(local.method)), .number(Int(central.method)))
        return false
    }

    private static func flags(
        _ content: Span<UInt8>, _ local: ZipHeaderFields, _ central: ZipHeaderFields, _ context: inout InspectionContext
    ) -> Bool {
        var harmless = ZipFlag.level | ZipFlag.descriptor
        if content.isASCII(local.name) { harmless |= ZipFlag.utf8 }
        if (local.flags ^ central.flags) & ~harmless == 0 { return true }
        context.find(.zipFlagsDiffer, .number(Int(local.flags)), .number(Int(central.flags)))
        return false
    }

    private static func sizes(
        _ content: Span<UInt8>, _ local: ZipHeaderFields, _ extra: ZipExtraFields, _ entry: ZipEntry,
        _ context: inout InspectionContext
    ) -> Bool {
        let hasDescriptor = local.flags & ZipFlag.descriptor != 0
        guard
            let sizes = extra.sizes(
                content, size: local.size, storedSize: local.storedSize, offset: nil, mayBeZero: true)
        else {
            context.find(.zipSixtyFourField)
            return false
        }
        func fits(_ local: UInt64, _ central: Int) -> Bool { local == UInt64(central) || (hasDescriptor && local == 0) }
        if !fits(sizes.storedSize, entry.storedSize) {
            context.find(.zipSizeDiffers, .number(Int(clamping: sizes.storedSize)), .number(entry.storedSize))
        } else if !fits(sizes.size, entry.declaredSize) {
            context.find(.zipSizeDiffers, .number(Int(clamping: sizes.size)), .number(entry.declaredSize))
        } else {
            return true
        }
        return false
    }

    private static func cyclicCheck(_ local: ZipHeaderFields, _ entry: ZipEntry, _ context: inout InspectionContext)
        -> Bool
    {
        if local.crc == entry.crc || (local.flags & ZipFlag.descriptor != 0 && local.crc == 0) { return true }
        context.find(.zipChecksumDiffers)
        return false
    }

    /// The data descriptor in one of its four layouts: with or without signature, sizes of 32 or 64 bits (APPNOTE §4.3.9).
    /// - Returns: the layout's length, when a layout that ends at `next` says what the directory says; else the longest that does; else `nil`.
    static func descriptorLength(_ content: Span<UInt8>, at offset: Int, next: Int, _ entry: ZipEntry) -> Int? {
        var found: Int?
        for (length, hasSignature, isLarge) in [
            (24, true, true), (20, false, true), (16, true, false), (12, false, false),
        ] {
            if hasSignature, !content.has(ZipSignature.descriptor, at: offset) { continue }
            let at = offset + (hasSignature ? 4 : 0)
            let width = isLarge ? 8 : 4
            func value(_ at: Int) -> UInt64? {
                isLarge ? content.littleEndian64(at) : content.littleEndian32(at).map { UInt64($0) }
            }
            guard content.littleEndian32(at) == entry.crc, value(at + 4) == UInt64(entry.storedSize),
                value(at + 4 + width) == UInt64(entry.declaredSize)
            else { continue }
            if offset + length == next { return length }
            if found == nil { found = length }
        }
        return found
    }
}

extension Span<UInt8> {
    func isASCII(_ range: Range<Int>) -> Bool {
        for index in range where self[index] >= 0x80 { return false }
        return true
    }
}
