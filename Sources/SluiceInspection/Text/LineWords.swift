// Words that tell kinds of lines apart: severities, device commands, keywords of programming languages, marks of markup.

/// Judgements about one line from its words.
enum LineWords {
    enum Assignment { case none, equals, colon }

    /// Up to eight letters, folded, as one number; longer words by their first eight.
    private static func pack(_ text: StaticString) -> UInt64 {
        var out: UInt64 = 0
        for index in 0..<min(8, text.utf8CodeUnitCount) { out = out << 8 | UInt64(text.utf8Start[index]) }
        return out
    }

    private static func set(_ words: StaticString...) -> Set<UInt64> { Set(words.map(pack)) }

    /// The first word, folded, packed as above.
    static func firstWord(_ line: Span<UInt8>, _ shape: LineShape) -> UInt64 {
        var out: UInt64 = 0
        var at = shape.start
        if at < shape.end && (line[at] == UInt8(ascii: "/") || line[at] == UInt8(ascii: "#")) { at += 1 }
        var taken = 0
        while at < shape.end && taken < 8 {
            let byte = line[at]
            guard Timestamp.isLetter(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") else { break }
            out = out << 8 | UInt64(Timestamp.isLetter(byte) ? byte | 0x20 : byte)
            at += 1
            taken += 1
        }
        return out
    }

    /// Commands that open a line in the configuration languages of network devices (FortiOS, Cisco and its kin, Junos, RouterOS, Check Point).
    private static let directives = set(
        "set", "config", "edit", "next", "end", "unset", "interface", "no", "router", "ip", "ipv6", "vlan", "hostname",
        "access-list",
        "route-map", "switchport", "crypto", "aaa", "snmp-server", "logging", "ntp", "username", "enable", "exit",
        "permit", "deny",
        "neighbor", "network", "address-family", "policy-map", "class-map", "spanning-tree", "banner", "vrf", "object",
        "object-group",
        "description", "shutdown", "add", "delete", "route", "bgp", "ospf", "channel-group", "mtu", "encapsulation",
        "nameif",
        "security-level", "duplex", "speed", "redistribute", "line", "service", "version", "boot", "tacacs-server",
        "radius-server",
        "clock", "feature", "match", "action", "exit-address-family", "transport", "login", "password", "lldp",
        "maximum-paths",
        "router-id", "activate", "group", "port", "admin", "configure", "system", "back", "create", "name", "tagged",
        "untagged")

    private static let codeWords = set(
        "import", "from", "def", "class", "return", "public", "private", "protected", "static", "struct", "func", "fn",
        "package",
        "include", "ifdef", "ifndef", "endif", "define", "namespace", "using", "typedef", "const", "var", "let", "try",
        "except",
        "finally", "catch", "throw", "throws", "raise", "while", "elif", "switch", "case", "void", "template", "assert",
        "async",
        "yield", "lambda", "self", "function", "endfunction")

    /// Which of the two lists above a first word stands in.
    static func kind(_ word: UInt64) -> (isDirective: Bool, isCode: Bool) {
        let found = firstWords[word]
        return (found & 1 != 0, found & 2 != 0)
    }

    private static let firstWords = PackedWords([
        (bits: UInt8(1), words: directives), (bits: UInt8(2), words: codeWords),
    ])

    /// Severities that are also common words: only counted in capitals or brackets.
    private static let ambiguous = set(
        "log", "config", "security", "success", "detail", "hint", "fine", "alert", "audit", "fail", "errors")

    /// A severity as a field of its own: in capitals, or between marks. Of words that are in the list of severities.
    static func isSeverity(_ line: Span<UInt8>, _ word: Range<Int>, _ packed: UInt64, isShouted: Bool) -> Bool {
        guard (3...11).contains(word.count), word.upperBound < 200 else { return false }
        let before = word.lowerBound > 0 ? line[word.lowerBound - 1] : 0x0A
        let after = line.byte(word.upperBound) ?? 0x20
        if isShouted {
            if before == UInt8(ascii: ".") || before == UInt8(ascii: "-") || after == UInt8(ascii: "-") { return false }
        } else if !opens(before) || !closes(after) {
            return false
        }
        if Timestamp.isDigit(before) || Timestamp.isDigit(after) || before == UInt8(ascii: "_")
            || after == UInt8(ascii: "_")
        {
            return false
        }
        return isShouted || !ambiguous.contains(packed) || (before == UInt8(ascii: "[") && after == UInt8(ascii: "]"))
    }

    static func isFacility(_ line: Span<UInt8>, _ start: Int) -> Bool {
        var at = start
        while let byte = line.byte(at), byte &- 0x41 < 26 || byte == UInt8(ascii: "_"), at < start + 24 { at += 1 }
        guard at > start + 1, line.byte(at) == UInt8(ascii: "-"), let level = line.byte(at + 1) else { return false }
        return level &- 0x30 < 8 && line.byte(at + 2) == UInt8(ascii: "-")
    }

    private static func opens(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "<"), UInt8(ascii: "("), UInt8(ascii: "="), UInt8(ascii: "|"),
            UInt8(ascii: ":"), 0x09, 0x0A, 0x20,
            UInt8(ascii: "\""), UInt8(ascii: "/"), UInt8(ascii: "m"):
            true
        default: false
        }
    }

    private static func closes(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "]"), UInt8(ascii: ">"), UInt8(ascii: ")"), UInt8(ascii: "|"), UInt8(ascii: ":"), 0x09,
            UInt8(ascii: "\""):
            true
        default: false
        }
    }

    /// `key = value` or `key: value`; the key one to three words that hold no other marks.
    static func assignment(_ line: Span<UInt8>, _ shape: LineShape) -> Assignment {
        guard shape.marks.equals + shape.marks.colons > 0 else { return .none }
        var at = shape.start
        // A comment mark hides a setting as often as it begins a remark; a list mark belongs to YAML.
        if line[at] == UInt8(ascii: "-") && line.byte(at + 1) == 0x20 { at += 2 }
        let begin = at
        var blanks = 0
        var quoted = false
        while at < min(shape.end, begin + 80) {
            let byte = line[at]
            switch byte {
            case UInt8(ascii: "="):
                return at > begin && blanks <= 2 && line.byte(at + 1) != UInt8(ascii: "=") ? .equals : .none
            case UInt8(ascii: ":"):
                if quoted { break }
                if line.byte(at + 1) == UInt8(ascii: "=") { return .equals }
                guard at > begin else { return .none }
                return (at + 1 >= shape.end || line[at + 1] == 0x20 || line[at + 1] == 0x09) && blanks <= 3
                    ? .colon : .none
            case UInt8(ascii: "\""), UInt8(ascii: "'"): quoted.toggle()
            case 0x20, 0x09:
                if at + 1 < shape.end && line[at + 1] != 0x20 && line[at + 1] != 0x09 { blanks += 1 }
            case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ";"),
                UInt8(ascii: "<"),
                UInt8(ascii: ">"), UInt8(ascii: ","):
                if !quoted { return .none }
            default: break
            }
            at += 1
        }
        return .none
    }

    static func isTrace(_ line: Span<UInt8>, _ shape: LineShape) -> Bool {
        let at = shape.start
        // The first byte alone says no to nearly every line.
        switch line[at] {
        case UInt8(ascii: "a"), UInt8(ascii: "F"), UInt8(ascii: "C"), UInt8(ascii: "T"), UInt8(ascii: "g"),
            UInt8(ascii: "."), UInt8(ascii: "#"), UInt8(ascii: "E"):
            break
        default: return false
        }
        if line.has("at ", at: at) { return at > 0 && (shape.marks.hasParenthesis || shape.words <= 3) }
        return line.has("File \"", at: at) || line.has("Caused by:", at: at) || line.has("Traceback (", at: at)
            || line.has("goroutine ", at: at) || (line.has("... ", at: at) && shape.words == 3)
            || line.has("#0 ", at: at)
            || line.has("Exception in thread", at: at)
    }

    static func isProgress(_ line: Span<UInt8>, _ shape: LineShape) -> Bool {
        switch line[shape.start] {
        case UInt8(ascii: "="), UInt8(ascii: "["), UInt8(ascii: "P"), UInt8(ascii: "F"), UInt8(ascii: "o"),
            UInt8(ascii: "-"):
            break
        default: return false
        }
        return line.has("==> ", at: shape.start) || line.has("[ OK ]", at: shape.start)
            || line.has("PASS", at: shape.start)
            || line.has("FAIL", at: shape.start) || line.has("ok ", at: shape.start)
            || line.has("--> ", at: shape.start)
    }

    /// RFC 7468 §10, §11 and the older forms: `-----BEGIN … PRIVATE KEY-----`.
    static func beginsPrivateKey(_ line: Span<UInt8>, _ shape: LineShape) -> Bool {
        guard shape.marks.count >= 10 else { return false }
        for at in shape.start..<min(shape.end, shape.start + 80)
        where line[at] == UInt8(ascii: "-") && line.has("-----BEGIN ", at: at) {
            for place in at..<min(shape.end, at + 60) where line.has("PRIVATE KEY", at: place) { return true }
            return false
        }
        return false
    }
}
