import SluiceModel
import Testing

@Suite struct NameDangerTests {
    @Test(arguments: [
        "invoice.hta", "INVOICE.HTA", "a.js", "a/b/x.vbs", "x.vbe", "x.jse", "x.wsf", "x.wsh", "x.wsc", "x.scf",
        "x.url",
        "x.lnk", "d.library-ms", "x.search-ms", "x.searchConnector-ms", "x.SettingContent-ms", "x.sct", "x.msc",
        "x.iqy", "x.slk", "x.chm", "x.jnlp", "x.application", "x.appref-ms", "x.rdp", "x.exe", "x.scr", "x.pif",
        "x.cpl", "x.msi", "x.jar", "x.xll", "x.theme", "x.webloc", "x.inetloc", "x.terminal", "x.mobileconfig",
        "x.hta.", "x.hta  ", "x.hta. . ", "x.hta::$DATA", "x.hta:zone", "notes.txt::$data", "notes.txt:x.exe",
        "a\\b.vbs",
        "notes.txt.{3050F4D8-98B5-11CF-BB82-00AA00BDCE0B}", "autorun.inf", "sub/AutoRun.inf", "invoice.pdf.desktop",
        "invoice.pdf.com", "run.com", "x.diagcab", "x.appinstaller", "x.udl", "x.contact",
    ])
    func `What a desktop starts is known by its name`(_ name: String) {
        #expect(NameDanger.of(Array(name.utf8)) == .startsByItself)
    }

    @Test(arguments: [
        "run.bat", "RUN.CMD", "collect.ps1", "a.psm1", "usr/bin/x.sh", "HKLM.reg", "report.html", "a.htm", "x.py",
        "x.svg",
        "etc/xdg/autostart/x.desktop", "usr/share/applications/x.desktop",
    ])
    func `What administrators carry is only told`(_ name: String) {
        let danger = NameDanger.of(Array(name.utf8))
        #expect(danger == (name.hasSuffix(".desktop") ? nil : .script))
    }

    @Test(arguments: [
        "app.log", "messages", "syslog.1", "README", ".env", ".bashrc", "a.js.map", "app.json", "exe", "hta", ".", "",
        "0000:00:1f.2", "app-2026-11-20T10:00:00.log", "file.txt:Zone.Identifier", "icons/index.theme",
        "access.log-www.example.com", "x.conf", "core.4242", "App.exe.1234.dmp", "setup.exe.config",
    ])
    func `Ordinary names are no danger`(_ name: String) { #expect(NameDanger.of(Array(name.utf8)) == nil) }

    @Test func `JavaScript of a project is told, unless it poses as a document`() {
        #expect(NameDanger.of(Array("static/app.min.js".utf8), inProject: true) == .script)
        #expect(NameDanger.of(Array("invoice.pdf.js".utf8), inProject: true) == .startsByItself)
    }

    @Test func `A name that needs machine code is harmless for text`() {
        #expect(NameDanger.of(Array("example.com".utf8), isText: true) == nil)
        #expect(NameDanger.of(Array("setup.exe".utf8), isText: true) == .startsByItself)
    }
}
