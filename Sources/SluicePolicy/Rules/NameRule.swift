// The declared name itself. Disguises are refused, odd names that can be stored are noted. The name is never used as a path.

import SluiceModel

struct NameRule: Rule {
    func findings(_ input: RuleInput) -> [Finding] {
        let name = input.submission.declaredName
        var found: [Finding] = []
        if let disguise = disguise(name) { found.append(Finding(.declaredNameDisguised, [.text(disguise)])) }
        if let oddity = unprintable(name) { found.append(Finding(.declaredNameUnprintable, [.text(oddity)])) }
        if name.bytes.count > 255 { found.append(Finding(.declaredNameTooLong, [.number(name.bytes.count)])) }
        if let meaning = reserved(name) { found.append(Finding(.declaredNameReserved, [.text(meaning)])) }
        if let program = programExtension(name) { found.append(Finding(.programInName, [.text("." + program)])) }
        return found
    }

    /// Names whose extension different programs read differently.
    private func disguise(_ name: DeclaredName) -> String? {
        let bytes = name.bytes
        if bytes.isEmpty { return "it is empty" }
        if bytes.contains(0) { return "a NUL character" }
        if bytes.contains(UInt8(ascii: "/")) || bytes.contains(UInt8(ascii: "\\")) { return "a path separator" }
        if name.text.lowercased().contains("%00") { return "an encoded NUL character" }
        if name.text.lowercased().contains("::$") { return "an alternate data stream" }
        // `shell.php;.jpg`: some servers stop reading at the semicolon.
        if let semicolon = bytes.lastIndex(of: UInt8(ascii: ";")), bytes[..<semicolon].contains(UInt8(ascii: ".")),
            bytes[semicolon...].dropFirst().first == UInt8(ascii: ".")
        {
            return "a semicolon before the extension"
        }
        if let last = bytes.last, last == UInt8(ascii: ".") || last == UInt8(ascii: " ") {
            return "a dot or space at its end"
        }
        return nil
    }

    /// Invisible characters, characters that change the direction of reading, and bytes that are not UTF-8.
    private func unprintable(_ name: DeclaredName) -> String? {
        if name.bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return nil }
        guard let text = String(validating: name.bytes, as: UTF8.self) else { return "bytes that are not UTF-8" }
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control: return "a control character"
            case .format:
                return scalar.properties.isBidiControl ? "a direction mark" : "an invisible character"
            case .lineSeparator, .paragraphSeparator: return "a line separator"
            default: continue
            }
        }
        return nil
    }

    private func reserved(_ name: DeclaredName) -> String? {
        switch name.bytes.first {
        case UInt8(ascii: "-"): return "a leading dash"
        case UInt8(ascii: "."): return "a leading dot"
        default: break
        }
        let stem = name.text.prefix { $0 != "." }.uppercased()
        return Self.devices.contains(stem) ? "the Windows device \(stem)" : nil
    }

    /// Reserved by Windows with any extension (learn.microsoft.com, "Naming Files, Paths, and Namespaces").
    private static let devices: Set<String> = Set(
        ["CON", "PRN", "AUX", "NUL"] + (1...9).flatMap { ["COM\($0)", "LPT\($0)"] })

    private func programExtension(_ name: DeclaredName) -> String? {
        let parts = name.text.lowercased().split(separator: ".")
        guard parts.count >= 3 else { return nil }
        let inner = String(parts[parts.count - 2])
        return Self.programs.contains(inner) ? inner : nil
    }

    /// Extensions that a desktop or a web server runs (chosen from the common block lists).
    private static let programs: Set<String> = [
        "exe", "com", "scr", "pif", "bat", "cmd", "msi", "dll", "cpl", "lnk", "hta", "vbs", "vbe", "js", "jse", "wsf",
        "wsh",
        "ps1", "jar", "php", "phtml", "asp", "aspx", "jsp", "cgi", "htm", "html", "svg",
    ]
}
