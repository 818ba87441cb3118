// The drop folder while something around it fails: two watchers, a full disk, a busy database, no inspector, no events. Storms, races and kills
// are Scripts/faults-drop-folder's, of which the short forms run here.

import Foundation
import Testing

@Suite struct DropFolderFaultTests {
    private static let line = Data("2026-01-02 03:04:05 INFO started\n".utf8)

    private static func content(_ number: Int) -> Data { Data("2026-01-02 03:04:05 INFO file \(number)\n".utf8) }

    @Test(arguments: [
        ["storm", "--files", "240", "--kills", "2", "--spare-kernel"], ["races", "--swaps", "60"],
        ["kills", "--stride", "25"],
    ])
    func `The long campaigns hold in their short form`(words: [String]) throws {
        let place = try Workplace()
        let script = Workplace.project.appending(path: "Scripts/faults_drop_folder.py").path
        let ran = try place.run(
            "timeout",
            ["240", "python3", script] + words + [
                "--sluice", Workplace.program("sluice").path, "--scratch", place.path("scratch"),
            ])
        #expect(ran.status == 0, "\(ran.output)\(ran.errors)")
        #expect(ran.output.contains("0 wrong"))
    }

    @Test func `Two watchers never take a file twice`() throws {
        let place = try Workplace()
        try FileManager.default.createDirectory(atPath: place.path("box/in"), withIntermediateDirectories: true)
        let watchers = try [
            RunningWatcher(place, "--rescan", "1s", settle: "50ms"), RunningWatcher(place, "--poll", settle: "50ms"),
        ]
        for number in 0..<200 {
            try place.write("box/in/T-\(number % 3)/\(number).txt", Self.content(number))
            if number % 20 == 0 { usleep(50_000) }
        }
        #expect(eventually { place.files(in: "done").count == 200 && place.files(in: "in").isEmpty })
        let answers = try watchers.map { try $0.stop() }.flatMap { try $0.answers() }
        #expect(Set(answers.compactMap { $0["path"] as? String }).count == 200)
        #expect(answers.count == 200 && answers.allSatisfy { $0["outcome"] as? String == "accepted" })
        #expect(try place.query("SELECT count(*) FROM attachment") == "200")
        try place.expectReconciled()
    }

    /// In a mount namespace of its own, so that nothing is left behind; where that is not allowed, by calls that fail as on a full disk.
    @Test func `A full disk fails files until there is space again`() throws {
        let place = try Workplace()
        for number in 0..<6 {
            // Larger than what a file system keeps back here and there.
            let lines = String(repeating: "2026-01-02 03:04:05 INFO file \(number) goes on and on\n", count: 5000)
            try place.write("made/\(number).txt", Data(lines.utf8))
        }
        let sluice = Workplace.program("sluice").path
        let common = """
            watch() { \(sluice) watch box --once --settle 0s --store full/store --format json "$@" >answers 2>errors; }
            listed() { ls box/$1/T-1 2>/dev/null | grep -vc verdict; }
            mkdir -p box/in/T-1 full
            """
        let real = """
            \(common)
            fill() { for i in 1 2 3; do dd if=/dev/zero of=full/filler$i bs=4k 2>/dev/null; done; }
            mount -t tmpfs -o size=20m tmpfs full || exit 77
            begin() { \(sluice) watch box --settle 0s --store full/store --format json "$@" >>answers 2>>errors & pid=$!; }
            until_listed() { until [ "$(listed $1)" = $2 ]; do sleep 0.05; done; }
            cp made/0.txt box/in/T-1/
            begin --retry-for 1s; until_listed done 1; fill; cp made/1.txt made/2.txt box/in/T-1/; until_listed failed 2
            kill -TERM $pid; wait $pid
            grep -ho 'store[.][a-z-]*' box/failed/T-1/*.verdict.json | sort -u
            rm full/filler*; watch; echo "space $? done $(listed done) failed $(listed failed)"
            cp made/3.txt box/in/T-1/; : >errors
            begin; until_listed done 4; fill; cp made/4.txt made/5.txt box/in/T-1/
            until grep -q 'store[.]' errors; do sleep 0.05; done
            sleep 3; echo "waiting $(listed done) failed $(listed failed)"
            rm full/filler*; started=$(date +%s); until_listed done 6
            echo "after $(( $(date +%s) - started )) s" >&2; [ $(( $(date +%s) - started )) -le 15 ] && echo soon
            kill -TERM $pid; wait $pid
            \(sluice) reconcile box --store full/store >/dev/null 2>&1; echo "reconciled $?"
            \(sluice) verify --store full/store >/dev/null 2>&1; echo "verified $?"
            """
        let ran = try place.run("timeout", ["120", "unshare", "-m", "bash", "-c", real])
        if ran.status != 77, !ran.errors.contains("unshare") {
            #expect(
                ran.output == """
                    store.no-space
                    space 0 done 3 failed 0
                    waiting 4 failed 0
                    soon
                    reconciled 0
                    verified 0

                    """, "\(ran.output)\(ran.errors)")
            return
        }
        print("A tmpfs of 20 MB may not be mounted here: the full disk is made of calls that fail.")
        let injected = """
            \(common)
            cp made/0.txt made/1.txt box/in/T-1/
            strace -f -o trace -e trace=linkat -e inject=linkat:error=ENOSPC \(sluice) watch box --once --settle 0s --store full/store \
            --retry-for 1s --format json >answers 2>errors; echo "full $? failed $(listed failed) in $(listed in)"
            watch; echo "space $? done $(listed done) failed $(listed failed)"
            """
        let again = try place.run("timeout", ["120", "bash", "-c", injected])
        #expect(
            again.output == "full 3 failed 2 in 0\nspace 0 done 2 failed 0\n", "\(again.output)\(again.errors)")
    }

    /// As NFS is: no rename that spares an existing name. Every name that is removed is a moment at which a file may have two.
    @Test func `Where a rename takes two steps, a kill leaves no file twice`() throws {
        let harm = ["-f", "-e", "trace=renameat2,unlinkat", "-e", "inject=renameat2:error=EINVAL"]
        var moments = 0
        while moments < 60 {
            let place = try Workplace()
            for index in 0..<2 { try place.write("box/in/T-1/\(index).txt", Self.content(index)) }
            try place.write("box/in/T-1/0.txt.sluice.json", Data(#"{"comment":"c"}"#.utf8))
            let once = [
                Workplace.program("sluice").path, "watch", place.path("box"), "--once", "--settle", "0s", "--store",
                place.store.path, "--format", "json",
            ]
            let kill = ["-o", place.path("trace"), "-e", "inject=unlinkat:signal=SIGKILL:when=\(moments + 1)"]
            _ = try place.run("timeout", ["60", "strace"] + harm + kill + once)
            let wasKilled = try String(contentsOfFile: place.path("trace"), encoding: .utf8).contains("SIGKILL")
            let again = try place.run("timeout", ["60", "strace"] + harm + ["-o", "/dev/null"] + once)
            #expect(again.status == 0, "moment \(moments): \(again.output)\(again.errors)")
            for name in ["0.txt", "1.txt"] { #expect(place.isPlaced("done/T-1/\(name)"), "moment \(moments): \(name)") }
            #expect(place.isThere("done/T-1/0.txt.sluice.json") && place.files(in: "done").count == 2, "\(moments)")
            #expect(place.files(in: "in").isEmpty && place.files(in: ".sluice").isEmpty, "\(moments)")
            #expect(try place.query("SELECT count(*) FROM attachment") == "2", "\(moments)")
            try place.expectReconciled("moment \(moments)")
            if !wasKilled { break }
            moments += 1
        }
        #expect(moments >= 3 && moments < 60, "\(moments) moments")
    }

    @Test func `A claim whose name has come again is taken beside it`() throws {
        let place = try Workplace()
        try place.write("box/.sluice/claims/1-1-1/T-1/a.txt", Self.content(1))
        try place.write("box/in/T-1/a.txt", Self.content(2))
        let ran = try place.drained()
        #expect(ran.status == 0, "\(ran.output)\(ran.errors)")
        let kept = try ["a.txt", "a.2.txt"].map {
            try Data(contentsOf: URL(filePath: place.path("box/done/T-1/\($0)")))
        }
        #expect(Set(kept) == [Self.content(1), Self.content(2)])
        #expect(place.files(in: ".sluice").isEmpty)
        try place.expectReconciled()
    }

    @Test func `A database that is busy longer than it is waited for loses nothing`() throws {
        let place = try Workplace()
        try FileManager.default.createDirectory(atPath: place.path("box/in"), withIntermediateDirectories: true)
        #expect(try place.drained().status == 0)
        let watcher = try RunningWatcher(place, "--retry-for", "60s", settle: "50ms")
        try place.write("box/in/T-1/0.txt", Self.content(0))
        #expect(eventually { place.isPlaced("done/T-1/0.txt") })
        let command = """
            (echo "BEGIN IMMEDIATE;"; echo "SELECT 'locked';"; sleep 13; echo "COMMIT;") | sqlite3 store/sluice.sqlite >lock &
            until [ -s lock ]; do sleep 0.05; done
            echo "2026-01-02 03:04:05 INFO one" >box/in/T-1/1.txt; echo "2026-01-02 03:04:05 INFO two" >box/in/T-1/2.txt; wait
            """
        #expect(try place.run("timeout", ["60", "bash", "-c", command]).status == 0)
        #expect(eventually { place.files(in: "done").count == 3 }, "\(watcher.errors)")
        let ran = try watcher.stop()
        #expect(ran.errors.contains("store.busy"), "\(ran.output)\(ran.errors)")
        #expect(try ran.answers().map { $0["outcome"] as? String } == ["accepted", "accepted", "accepted"])
        try place.expectReconciled()
    }

    @Test func `Without an inspector files wait, and are taken once it is back`() throws {
        let place = try Workplace()
        let inspector = place.path("inspector")
        try FileManager.default.copyItem(at: Workplace.program("sluice-inspector"), to: URL(filePath: inspector))
        try place.write("box/in/T-1/first.txt", Self.content(1))
        let watcher = try RunningWatcher(place, settle: "50ms", environment: ["SLUICE_INSPECTOR": inspector])
        #expect(eventually { place.isPlaced("done/T-1/first.txt") })
        try FileManager.default.moveItem(atPath: inspector, toPath: inspector + ".away")
        // The fork parents and what they have forked ahead.
        let parents = try place.run("pgrep", ["-P", "\(watcher.process.processIdentifier)"]).output
        for number in parents.split(separator: "\n").compactMap({ Int32($0) }) { kill(number, SIGKILL) }
        try place.write("box/in/T-1/second.txt", Self.content(2))
        #expect(eventually { watcher.errors.contains("inspector.unavailable") }, "\(watcher.errors)")
        try place.write("box/in/T-1/third.txt", Self.content(3))
        sleep(1)
        #expect(!place.isThere("failed/T-1/second.txt") && place.files(in: "done") == ["T-1/first.txt"])
        #expect(place.isThere("in/T-1/third.txt"), "none is begun while every one would fail")
        try FileManager.default.moveItem(atPath: inspector + ".away", toPath: inspector)
        #expect(eventually { place.files(in: "done").count == 3 }, "\(watcher.errors)")
        #expect(try watcher.stop().answers().allSatisfy { $0["outcome"] as? String == "accepted" })
        // Without one from the start nothing is begun at all.
        try place.write("box/in/T-1/fourth.txt", Self.content(4))
        let none = try place.run(
            "env",
            [
                "SLUICE_INSPECTOR=\(place.path("missing"))", Workplace.program("sluice").path, "watch",
                place.path("box"),
                "--once", "--store", place.store.path,
            ])
        #expect(none.status != 0 && place.isThere("in/T-1/fourth.txt"), "\(none.errors)")
        try place.expectReconciled()
    }

    @Test func `Polling needs no events`() throws {
        let place = try Workplace()
        try FileManager.default.createDirectory(atPath: place.path("box/in"), withIntermediateDirectories: true)
        let watcher = try RunningWatcher(place, "--poll", "--rescan", "1h", settle: "100ms")
        try place.write("box/in/T-1/a.txt", Self.line)
        #expect(eventually { place.isPlaced("done/T-1/a.txt") })
        let folder = "/proc/\(watcher.process.processIdentifier)/fd"
        let open = try FileManager.default.contentsOfDirectory(atPath: folder).map {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")) ?? ""
        }
        #expect(!open.isEmpty && !open.contains { $0.contains("inotify") })
        try place.write("made/b.txt", Self.content(2))
        try FileManager.default.moveItem(atPath: place.path("made"), toPath: place.path("box/in/T-2"))
        #expect(eventually { place.isPlaced("done/T-2/b.txt") })
        _ = try watcher.stop()
        try place.expectReconciled()
    }
}
