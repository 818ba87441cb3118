// The declared name itself: disguises are refused, odd but storable names are told. It is never a path of ours.

import SluiceModel

struct NameRule: Rule {
    func findings(_ one: Case) -> [Finding] {
        let name = one.submission.declaredName
        var found: [Finding] = []
        if let disguise = disguise(name) { found.append(finding(disguise, name, one.policy)) }
        if let oddity = unprintable(name) { found.append(Finding(.declaredNameUnprintable, [.text(oddity)])) }
        if name.bytes.count > 255 { found.append(Finding(.declaredNameTooLong, [.number(name.bytes.count)])) }
        if let meaning = reserved(name) { found.append(Finding(.declaredNameReserved, [.text(meaning)])) }
        if let program = programExtension(name) { found.append(Finding(.programInName, [.text("." + program)])) }
        return found
    }

    private func finding(_ disguise: String, _ name: DeclaredName, _ policy: Policy) -> Finding {
        let plain = plain(name)
        // A way out only where it leads on: the plain name must have an allowed extension, and no other disguise.
        guard policy.typeRule(for: plain) != nil, self.disguise(plain) == nil else {
            return Finding(.declaredNameDisguised, [.text(disguise)])
        }
        return Finding(
            .declaredNameDisguised, [.text(disguise)], mend: "Rename the file to \(plain) and send it again.",
            remedies: [Remedy(.rename, to: plain.text)])
    }

    /// The name as an ordinary program would give it: what follows an alternate stream's mark is left out, everything odd is an underscore.
    private func plain(_ name: DeclaredName) -> DeclaredName {
        var text = name.text
        if let mark = text.firstRange(of: "::$") { text = String(text[..<mark.lowerBound]) }
        while text.hasSuffix(".") || text.hasSuffix(" ") { text.removeLast() }
        let encoded = text.lowercased().contains("%00")
        var out = ""
        for character in text {
            switch character {
            case "/", "\\", ";", "\0": out += "_"
            case "%" where encoded: out += "_"
            default: out.append(character)
            }
        }
        return DeclaredName(out)
    }

    /// What makes different programs see different extensions.
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

    /// Characters that cannot be seen or that change the direction of reading, and bytes that are no UTF-8.
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
