// Rows as commands print them, and rules of packet filters, counted line by line.

import SluiceModel
import Testing

@testable import SluiceInspection

struct ListingRowsTests {
    private func features(_ text: String) -> TextFeatures? {
        var scanner = TextScanner(declaredExtension: "txt")
        scanner.feed(Array(text.utf8).span)
        return scanner.finish(declaredExtension: "txt")?.text
    }

    @Test(arguments: [
        (
            "UID          PID    PPID  C STIME TTY          TIME CMD\nroot           1       0  0 10:00 ?        00:00:01 init\n",
            2
        ),
        ("Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1        40G  1.0G   39G   3% /\n", 2),
        ("               total        used        free\nMem:            7821        1184        5090\n", 2),
        ("            CPU0       CPU1\n   0:     489642     447158   PCI-MSI   49152-edge      a\n", 2),
        ("NAME      READY   STATUS    RESTARTS   AGE\napi-0     1/1     Running   0          3d\n", 2),
        ("total 12\n-rw-r--r-- 1 root root 5 Nov  1 10:00 a\ndrwxr-xr-x 2 root root 5 Nov  1 10:00 b\n", 3),
        ("9da4b378878354acd33efae969d4b6cc  /etc/a\n9da4b378878354acd33efae969d4b6cc *b\n", 2),
        ("MemTotal:        8008888 kB\nRelease:\t12\nmodel name\t: x\n", 3),
        ("   IPv4 Address. . . . . . . . . . . : 10.0.0.1\n", 1), ("./a/b\n/usr/lib/a.so\n120\t/etc/a\n", 3),
        ("bash-5.1.8-9.el9.x86_64\nii  bash  5.2  amd64  GNU shell\n", 2), ("    inet 10.0.0.1/24 scope global\n", 1),
        ("NAME      READY   STATUS    RESTARTS   AGE\n\napi-0     ready   Running   x          y\n", 1),
        ("hello\n", 0), ("# NAME VALUE\nname = a\nlisten 80;\n- a: b\n", 0),
        ("A sentence of some words stands here.\n", 0),
        ("NAME      READY   STATUS\n2026-11-18 11:06:40  a  b\n", 1), ("tls:\n  Key:  a\n", 0),
    ])
    func `Rows of listings are counted`(_ text: String, _ rows: Int) throws {
        #expect(try #require(features(text))[.listingRows] == rows)
    }

    @Test(arguments: [
        ("*filter\n:INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\nCOMMIT\n", 4),
        (
            "table inet a {\n\tchain b {\n\t\ttype filter hook input priority 0; policy drop;\n\t\tiif lo accept\n\t}\n}\n",
            4
        ),
        ("* a list\n- A b\nwe accept\n", 0),
    ])
    func `Lines of rule sets are counted`(_ text: String, _ rules: Int) throws {
        #expect(try #require(features(text))[.ruleSetLines] == rules)
    }
}
