// Products and versions in the forms that their makers use, and how to read the version in each form.

import SluiceModel

enum CardProducts {
    /// Where the version stands.
    enum Version {
        /// Right behind the text, past a few marks.
        case next
        /// Behind the word `Version` or `Release` later in the line.
        case word
        /// All of the line up to a quotation mark: a name with its version.
        case rest
        /// Nowhere in the line.
        case none
    }

    /// `text` at the beginning of a word; `word` is where in it the word begins.
    struct Form: Sendable {
        let product: String
        let text: [UInt8]
        let version: Version
        /// Only at the beginning of the line.
        let isFirst: Bool
        let lead: Int

        init(_ product: String, _ text: String, _ version: Version = .next, first: Bool = false) {
            self.product = product
            self.text = Array(text.utf8)
            self.version = version
            isFirst = first
            lead = self.text.firstIndex(where: Timestamp.isLetter) ?? 0
        }

        var word: String { String(decoding: text[lead...], as: UTF8.self) }
    }

    static let forms: [Form] = [
        // Devices.
        Form("Fortinet", "#config-version=", first: true),
        Form("Cisco IOS XE", "Cisco IOS XE Software", .word), Form("Cisco IOS XR", "Cisco IOS XR Software", .word),
        Form("Cisco IOS XR", "IOS XR Configuration ", .next), Form("Cisco IOS", "Cisco IOS Software", .word),
        Form("Cisco ASA", "ASA Version "), Form("Cisco ASA", "Cisco Adaptive Security Appliance Software", .word),
        Form("Cisco PIX", "PIX Version "), Form("Cisco NX-OS", "NXOS: version "),
        Form("Cisco NX-OS", "Cisco Nexus Operating System", .none), Form("Arista EOS", "EOS-"),
        Form("Arista EOS", "Software image version: "), Form("Junos", "JUNOS Software Release "),
        Form("Junos", "Junos: ", first: true), Form("Junos", "## Last commit: ", .none, first: true),
        Form("Junos", "## Last changed: ", .none, first: true), Form("Junos", "set version ", first: true),
        Form("RouterOS", "by RouterOS "), Form("PAN-OS", "sw-version: "),
        Form("PAN-OS", "urldb=\"paloaltonetworks\"", .none),
        Form("Check Point Gaia", "Product version Check Point Gaia "),
        Form("Check Point", "This is Check Point's software version "),
        Form("F5 BIG-IP", "#TMSH-VERSION: ", first: true),
        Form("Huawei VRP", "VRP (R) software, Version "), Form("Huawei VRP", "!Software Version ", first: true),
        Form("H3C Comware", "Comware Software, Version "), Form("ArubaOS", "ArubaOS (MODEL: ", .word),
        Form("HPE ProCurve", "Configuration Editor; Created on release #"),
        Form("VyOS", "Release version: VyOS "), Form("EdgeOS", "Release version: v"),
        Form("SonicWall", "SonicOS "), Form("pfSense", "<pfsense>", .none), Form("OPNsense", "<opnsense>", .none),
        // Bundles.
        Form("sosreport", "sosreport (version "), Form("sosreport", "sos report (version "),
        Form("sosreport", "sosreport: "),
        Form("must-gather", "openshift/must-gather", .none), Form("must-gather", "must-gather version "),
        Form("OpenShift", "ClusterVersion: Stable at "), Form("OpenShift", "quay.io/openshift-release-dev", .none),
        Form("journald export", "__CURSOR=", .none, first: true), Form("supportconfig", "Supportutils Version: "),
        Form("supportconfig", "SCC VER: "), Form("Elastic diagnostics", "\"diagVersion\"", .next),
        // Systems.
        Form("Linux", "Linux version "), Form("systemd", "systemd version "),
        Form("Operating system", "PRETTY_NAME=\"", .rest),
        Form("Operating system", "DISTRIB_DESCRIPTION=\"", .rest),
        Form("Red Hat Enterprise Linux", "Red Hat Enterprise Linux release "),
        Form("Red Hat Enterprise Linux", "Red Hat Enterprise Linux Server release "),
        Form("CentOS", "CentOS Linux release "),
        Form("Rocky Linux", "Rocky Linux release "), Form("AlmaLinux", "AlmaLinux release "),
        Form("Oracle Linux", "Oracle Linux Server release "), Form("Operating system", "OS Name:", .rest, first: true),
        Form("Windows", "Microsoft Windows [Version "), Form("VMware ESXi", "VMware ESXi "),
        Form("Android", "Build fingerprint: ", .rest),
        // Programs.
        Form("Java", "JRE version: "), Form("Java", "java version \""), Form("Java", "openjdk version \""),
        Form("Java", "OpenJDK 64-Bit Server VM ("), Form("Java", "HotSpot(TM) 64-Bit Server VM ("),
        Form("nginx", "nginx/"), Form("nginx", "nginx version: nginx/"), Form("Apache", "Apache/"),
        Form("Apache Tomcat", "Apache Tomcat/"), Form("HAProxy", "HAProxy version "),
        Form("Squid", "Squid Cache: Version "),
        Form("PostgreSQL", "starting PostgreSQL "), Form("PostgreSQL", "Dumped from database version "),
        Form("MySQL", "mysqld (mysqld "), Form("MySQL", "mysqld, Version: "), Form("MySQL", "MySQL dump", .word),
        Form("MariaDB", "MariaDB dump "), Form("Redis", "Redis version="), Form("MongoDB", "db version v"),
        Form("Elasticsearch", "version["), Form("Kafka", "Kafka version: "), Form("ZooKeeper", "zookeeper.version="),
        Form("RabbitMQ", "Starting RabbitMQ "), Form("Kubernetes", "Kubernetes v"),
        Form("Kubernetes", "Kubelet version: "),
        Form("Kubernetes", "Kubelet Version:"), Form("Kubernetes", "gitVersion: "), Form("etcd", "etcd Version: "),
        Form("Docker", "Docker version "),
        Form("Prometheus", "\"Starting Prometheus\"", .next), Form("Grafana", "\"Starting Grafana\"", .next),
        Form("OpenSSH", "OpenSSH_"), Form("Asterisk", "Asterisk "),
        Form("Jenkins", "Running from: /usr/share/jenkins", .none),
    ]

    /// The products that the name of an archive's entry shows: bundles are known by their folders.
    static let folders: [(name: String, product: String)] = [
        ("sosreport-", "sosreport"), ("sos_commands", "sosreport"), ("must-gather.local.", "must-gather"),
        ("inspect.local.", "must-gather"), ("diagnostic_manifest.json", "Elastic diagnostics"),
        ("nodes_stats.json", "Elastic diagnostics"), ("scc_", "supportconfig"), ("nts_", "supportconfig"),
    ]

    /// The first four letters of each form's word: a look at numbers before texts are compared.
    private static let keys = forms.map { CardWords.key($0.word) }

    /// Notes each product whose name begins with a word of the line.
    static func look(_ line: Span<UInt8>, _ at: Int, _ facts: inout CardFacts) {
        let key = line.folded4(at)
        for index in keys.indices where keys[index] == key {
            let form = forms[index]
            let start = at - form.lead
            guard start == 0 || (start > 0 && !form.isFirst), line.has(form.text, at: start) else { continue }
            let end = start + form.text.count
            switch form.version {
            case .none: facts.add(product: form.product, version: [])
            case .rest:
                let text = rest(line, end)
                if !text.isEmpty { facts.add(product: form.product, version: text) }
            case .word: facts.add(product: form.product, version: version(line, afterWord(line, end) ?? line.count))
            case .next:
                if form.product == "Fortinet" {
                    fortinet(line, end, &facts)
                } else {
                    let version = version(line, end)
                    // Without a figure it is no version: `nginx/conf.d`, `Asterisk is`.
                    if !version.isEmpty { facts.add(product: form.product, version: version) }
                }
            }
        }
    }

    /// `version 15.2` of Cisco, `version 18.4R1.8;` of Junos: at the beginning of a line and nothing else in it.
    static func lookForVersion(_ line: Span<UInt8>, _ facts: inout CardFacts) {
        guard line.has("version ", at: 0), let digit = line.byte(8), Timestamp.isDigit(digit) else { return }
        let version = version(line, 8)
        let mark = line.byte(8 + version.count)
        if mark == UInt8(ascii: ";") {
            facts.add(product: "Junos", version: version)
        } else if mark == nil || mark == 0x0D {
            facts.add(product: "Cisco IOS", version: version)
        } else if line.has(" Bios:version", at: 8 + version.count) {
            facts.add(product: "Cisco NX-OS", version: version)
        }
    }

    /// `FGT60E-6.2.3-FW-build1066-191218:opmode=0:…`: model, version, build.
    private static func fortinet(_ line: Span<UInt8>, _ start: Int, _ facts: inout CardFacts) {
        var out: [UInt8] = []
        var at = start
        while let byte = line.byte(at), byte > 0x20, byte != UInt8(ascii: ":"), out.count < 60 {
            out.append(byte)
            at += 1
        }
        let isGate = out.starts(with: Array("FG".utf8)) || out.starts(with: Array("FW".utf8))
        facts.add(product: isGate ? "FortiGate" : "Fortinet", version: out)
    }

    private static func afterWord(_ line: Span<UInt8>, _ start: Int) -> Int? {
        for at in start..<max(start, line.count) {
            if line.has("ersion ", at: at) { return at + 7 }
            if line.has("Distrib ", at: at) || line.has("elease ", at: at) { return at + 8 }
        }
        return nil
    }

    /// From `start`, past a few marks, up to what no version holds; empty where no figure stands there.
    private static func version(_ line: Span<UInt8>, _ start: Int) -> [UInt8] {
        var at = start
        while at < start + 14, let byte = line.byte(at), !Timestamp.isDigit(byte) {
            // `V200R001`, `YA.15.13`, `el8`, `"8.6.2"`, `v1.20`, `build`
            guard byte != UInt8(ascii: ";"), byte != UInt8(ascii: "/") else { return [] }
            at += 1
        }
        guard let digit = line.byte(at), Timestamp.isDigit(digit) else { return [] }
        // Letters that stand right before the figures belong to the version.
        while at > start, Timestamp.isLetter(line[at - 1]) || line[at - 1] == UInt8(ascii: "."),
            line[at - 1] | 0x20 != 0x76
        {
            at -= 1
        }
        var out: [UInt8] = []
        var open = 0
        while let byte = line.byte(at), out.count < 40 {
            let isPart =
                Timestamp.isLetter(byte) || Timestamp.isDigit(byte) || byte == UInt8(ascii: ".")
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "+")
                || byte == UInt8(ascii: "~") || byte == UInt8(ascii: "(") || (byte == UInt8(ascii: ")") && open > 0)
            guard isPart else { break }
            if byte == UInt8(ascii: "(") { open += 1 }
            if byte == UInt8(ascii: ")") { open -= 1 }
            out.append(byte)
            at += 1
        }
        while let last = out.last, last == UInt8(ascii: ".") || last == UInt8(ascii: "-") || last == UInt8(ascii: "(") {
            out.removeLast()
        }
        return out
    }

    private static func rest(_ line: Span<UInt8>, _ start: Int) -> [UInt8] {
        var at = start
        while line.byte(at) == 0x20 || line.byte(at) == UInt8(ascii: "'") { at += 1 }
        var out: [UInt8] = []
        while let byte = line.byte(at), byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "'"),
            out.count < 80
        {
            out.append(byte)
            at += 1
        }
        while out.last == 0x20 { out.removeLast() }
        return out
    }
}
