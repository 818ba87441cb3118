// Products, versions and hosts that lines near the beginning of a text name in the forms that their makers use.

import SluiceModel

enum CardProducts {
    /// `prefix` at the beginning of the line (or anywhere in its first characters), then the version up to a mark.
    private struct Form {
        let product: String
        let text: StaticString
        let isAnywhere: Bool

        init(_ product: String, _ text: StaticString, anywhere: Bool = false) {
            self.product = product
            self.text = text
            isAnywhere = anywhere
        }
    }

    private static let forms: [Form] = [
        Form("FortiGate", "#config-version="), Form("Cisco IOS", "Cisco IOS Software", anywhere: true),
        Form("Cisco ASA", "ASA Version "), Form("Cisco NX-OS", "NXOS: version "),
        Form("Arista EOS", "! device: "), Form("RouterOS", "# software id"), Form("sosreport", "sosreport (version "),
        Form("must-gather", "must-gather version "), Form("OpenShift", "ClusterVersion: ", anywhere: true),
        Form("OpenShift", "quay.io/openshift-release-dev", anywhere: true),
        Form("Kubernetes", "Kubernetes v", anywhere: true), Form("Kubernetes", "Kubelet version: ", anywhere: true),
        Form("Linux", "Linux version ", anywhere: true), Form("systemd", "systemd version ", anywhere: true),
        Form("Java", "JRE (", anywhere: true), Form("Java", "OpenJDK ", anywhere: true),
        Form("Java", "java version \""),
        Form("nginx", "nginx/", anywhere: true), Form("Apache", "Apache/", anywhere: true),
        Form("Apache Tomcat", "Apache Tomcat/", anywhere: true),
        Form("PostgreSQL", "starting PostgreSQL ", anywhere: true), Form("MySQL", "mysqld (mysqld ", anywhere: true),
        Form("MySQL", "mysqld, Version: ", anywhere: true), Form("MariaDB", "-- MariaDB dump ", anywhere: true),
        Form("Redis", "Redis version=", anywhere: true), Form("MongoDB", "db version v", anywhere: true),
        Form("OpenSSH", "OpenSSH_", anywhere: true),
    ]

    /// The first letters of all forms: most places of a line begin none.
    private static let firsts: [Bool] = {
        var out = [Bool](repeating: false, count: 256)
        for form in forms where form.isAnywhere { out[Int(form.text.utf8Start[0])] = true }
        return out
    }()

    static func look(_ line: Span<UInt8>, _ card: CardCollector) {
        for form in forms where !form.isAnywhere && line.has(form.text, at: 0) {
            card.add(product: form.product, version: version(line, form.text.utf8CodeUnitCount))
        }
        let firsts = Self.firsts
        for at in 0..<min(line.count, 200) where firsts[Int(line[at])] {
            for form in forms where form.isAnywhere && line.has(form.text, at: at) {
                card.add(product: form.product, version: version(line, at + form.text.utf8CodeUnitCount))
            }
        }
        if line.has("version ", at: 0), let digit = line.byte(8), Timestamp.isDigit(digit) {
            let isJunos = (0..<min(line.count, 40)).contains { line[$0] == UInt8(ascii: ";") }
            card.add(product: isJunos ? "Junos" : "Cisco", version: version(line, 8))
        }
        if line.has("## Last commit: ", at: 0) { card.add(product: "Junos", version: []) }
        if line.has("__CURSOR=", at: 0) { card.add(product: "journald export", version: []) }
        if line.has("_HOSTNAME=", at: 0) { card.add(host: word(line, 10)) }
        if line.has("hostname ", at: 0) { card.add(host: word(line, 9)) }
        var start = 0
        while let byte = line.byte(start), byte == 0x20 { start += 1 }
        if line.has("set hostname ", at: start) { card.add(host: word(line, start + 13)) }
        if line.has("host-name ", at: start) { card.add(host: word(line, start + 10)) }
        if line.has("\"cluster_name\"", at: start) { card.add(product: "Elastic diagnostics", version: []) }
        if let host = syslogHost(line) { card.add(host: host) }
    }

    /// RFC 3164 §4.1.2: `Mar  4 10:11:12 host tag`; and with an ISO 8601 time in front.
    private static func syslogHost(_ line: Span<UInt8>) -> [UInt8]? {
        var at = 0
        if line.count > 17, line[3] == 0x20, line[6] == 0x20, Timestamp.isClock(line, 7), line[15] == 0x20 {
            at = 16
        } else if line.count > 34, line[4] == UInt8(ascii: "-"), line[10] == UInt8(ascii: "T"),
            Timestamp.isClock(line, 11)
        {
            at = 19
            while let byte = line.byte(at), byte != 0x20, at < 36 { at += 1 }
            at += 1
        } else {
            return nil
        }
        let host = word(line, at)
        guard let first = host.first, Timestamp.isLetter(first) || Timestamp.isDigit(first),
            line.byte(at + host.count) == 0x20
        else { return nil }
        // Behind the host stands `tag:` or `tag[pid]:`.
        var end = at + host.count + 1
        while let byte = line.byte(end), byte > 0x20, byte != UInt8(ascii: ":"), byte != UInt8(ascii: "["),
            end < at + 100
        {
            end += 1
        }
        guard let mark = line.byte(end), mark == UInt8(ascii: ":") || mark == UInt8(ascii: "[") else { return nil }
        return host
    }

    private static func word(_ line: Span<UInt8>, _ start: Int) -> [UInt8] {
        var out: [UInt8] = []
        var at = start
        while let byte = line.byte(at), byte > 0x20, byte != UInt8(ascii: ";"), byte != UInt8(ascii: ":"),
            out.count < 80
        {
            if byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "'") { out.append(byte) }
            at += 1
        }
        return out
    }

    /// From `start`, past words up to the first digit, then up to a mark.
    private static func version(_ line: Span<UInt8>, _ start: Int) -> [UInt8] {
        var at = start
        if line.byte(at).map(Timestamp.isLetter) ?? false, line.has("#config-version=", at: 0) {
            // FGT60E-6.2.3-FW-build1066-…
            var out: [UInt8] = []
            while let byte = line.byte(at), byte > 0x20, byte != UInt8(ascii: ":"), out.count < 40 {
                out.append(byte)
                at += 1
            }
            return out
        }
        while at < min(line.count, start + 80), !Timestamp.isDigit(line[at]) { at += 1 }
        var out: [UInt8] = []
        while let byte = line.byte(at), out.count < 40,
            Timestamp.isLetter(byte) || Timestamp.isDigit(byte) || byte == UInt8(ascii: ".")
                || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")")
        {
            out.append(byte)
            at += 1
        }
        return out
    }
}
