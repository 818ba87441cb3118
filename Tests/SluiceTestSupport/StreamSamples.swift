// Small compressed streams as common programs write them: no builder of ours makes these formats. Each program's content is a log of three equal
// lines, or the header of an ELF program.

/// One content, compressed.
public struct StreamSample: Sendable, CustomStringConvertible {
    /// The ending that such files have.
    public let ending: String
    public let log: [UInt8]
    public let program: [UInt8]

    public var description: String { ending }

    private init(_ ending: String, log: String, program: String) {
        self.ending = ending
        self.log = Self.decode(log)
        self.program = Self.decode(program)
    }

    private static func decode(_ digits: String) -> [UInt8] {
        let values = digits.utf8.map { $0 < 0x41 ? $0 - 0x30 : $0 - 0x37 }
        return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }

    public static let logContent = Array(String(repeating: "2026-11-21 09:00:00 INFO started\n", count: 3).utf8)
    public static let programContent: [UInt8] =
        [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9) + [2, 0, 62, 0, 1, 0, 0, 0]
        + [UInt8](repeating: 0, count: 40)

    public static let all: [StreamSample] = [
        // bzip2 1.0.8
        StreamSample(
            "bz2",
            log:
                "425A68393141592653596D7F16CE000016DD800010400271300121A6001C0020005457EA800069EA15FEAA4C4626D407"
                + "4B2C85D4519930BA8D956184D55539328708410C3C626211F1772453850906D7F16CE0",
            program:
                "425A6839314159265359596BAFA100000ADC8072000080000103040000A00021A69A068400C082059094CD6A86DBF177"
                + "245385090596BAFA10"),
        // XZ Utils 5.4
        StreamSample(
            "lzma",
            log:
                "5D00008000FFFFFFFFFFFFFFFF00190C0292B2A966148566A6292654506AAF7FFD7FB7CE22687EB1AFE3211F1B36DAF1"
                + "CA6DC7EFFFFEDC8000",
            program:
                "5D00008000FFFFFFFFFFFFFFFF003F914584683D89A6DA8ACC93E24EC02F25B082833FFFF2CCB400"),
        // lz4 1.9
        StreamSample(
            "lz4",
            log:
                "04224D186440A72C000000FF12323032362D31312D32312030393A30303A303020494E464F20737461727465640A2100"
                + "2A50727465640A0000000045714EF6",
            program:
                "04224D186440A71C000000847F454C460201010001004602003E000E000F02000A50000000000000000000FDDF6C89"),
        // lz4 -l 1.9
        StreamSample(
            "legacy.lz4",
            log:
                "02214C182C000000FF12323032362D31312D32312030393A30303A303020494E464F20737461727465640A21002A5072"
                + "7465640A",
            program:
                "02214C181C000000847F454C460201010001004602003E000E000F02000A500000000000"),
        // lzip 1.23
        StreamSample(
            "lz",
            log:
                "4C5A4950010C00190C0292B2A966148566A6292654506AAF7FFD7FB7CE22687EB1AFE3211F1B36DAF1CA6DC7EFFFFEDC"
                + "8000345C86F863000000000000004600000000000000",
            program:
                "4C5A4950010C003F914584683D89A6DA8ACC93E24EC02F25B082833FFFF2CCB400F133897D4000000000000000350000"
                + "0000000000"),
        // ncompress 4.2
        StreamSample(
            "Z",
            log:
                "1F9D903260C8B0D122468C16326280809143070C180E618048E2C4C8131073E8849143A70C19050107163C987061C387"
                + "112756BC987163C78F21091A44A89061C494142D62D4C8D1A302",
            program:
                "1F9D907F8A303122204000000813261400C00780830A234A9C48B16242"),
        // XZ Utils 5.4
        StreamSample(
            "xz",
            log:
                "FD377A585A000004E6D6B4460200210116000000742FE5A3E0006200265D00190C0292B2A966148566A6292654506AAF"
                + "7FFD7FB7CE22687EB1AFE3211F1B36DAF1C8140000000000283D0A087769AC20000142634EA872361FB6F37D01000000"
                + "0004595A",
            program:
                "FD377A585A000004E6D6B4460200210116000000742FE5A3E0003F00155D003F914584683D89A6DA8ACC93E24EC02F25"
                + "979000000000000090F8C96A537975DF0001314009F307901FB6F37D010000000004595A"),
        // zstd 1.5
        StreamSample(
            "zst",
            log:
                "28B52FFD24634D01001402323032362D31312D32312030393A30303A303020494E464F20737461727465640A01003991"
                + "D4130BDA9A7A",
            program:
                "28B52FFD2440B50000607F454C460201010002003E000300C081989B10800B18ADB8F4"),
    ]
}
