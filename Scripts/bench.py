"""Measures durable import in one run, alternating with what it is compared to, and prints medians and ratios.

The material is generated from a fixed seed (logs, zips of logs, images) with files of a corpus where one is given. Seconds of a
shared machine say little; the ratios of one run are what counts.
"""
import argparse
import os
import random
import shutil
import statistics
import struct
import subprocess
import sys
import threading
import time
import zipfile
import zlib
from pathlib import Path

ALLOWED = "doc docx xls xlsx csv txt pdf bmp jpg jpeg png tar zip".split()
WORDS = ("connection session worker request upstream timeout retry cache shard replica index commit flush buffer lease token route "
         "handler packet frame socket cursor batch queue lock thread segment snapshot peer leader quorum").split()


def log_text(source, size):
    """A service's log of about `size` bytes: timestamps, levels, components, numbers, as varied as real ones."""
    lines, length, moment = [], 0, source.randrange(1_600_000_000, 1_700_000_000)
    while length < size:
        moment += source.random() * 3
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(moment)) + f".{source.randrange(1000):03d}Z"
        level = source.choices(["INFO", "DEBUG", "WARN", "ERROR"], [70, 20, 7, 3])[0]
        message = " ".join(source.choices(WORDS, k=source.randrange(4, 12)))
        line = (f"{stamp} {level:5} [{source.choice(WORDS)}-{source.randrange(64)}] {message} "
                f"id={source.getrandbits(48):012x} took={source.randrange(5000)}ms\n")
        lines.append(line)
        length += len(line)
    return "".join(lines)[:size].encode()


def png(source, side):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    rows = b"".join(b"\0" + source.randbytes(side * 3) for _ in range(side))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))


def make(scratch, corpus):
    """Generates the material once; gives the folders by name."""
    source = random.Random(20)
    folders = {name: scratch / "material" / name for name in ("logs", "mixed", "zips", "many")}
    if (scratch / "material" / "complete").exists():
        return folders
    shutil.rmtree(scratch / "material", ignore_errors=True)
    for folder in folders.values():
        folder.mkdir(parents=True)
    for index in range(3000):
        (folders["logs"] / f"node-{index:04d}.txt").write_bytes(log_text(source, 4096))
    for index in range(10_000):
        (folders["many"] / f"node-{index:05d}.txt").write_bytes(log_text(source, 2048))
    index = 0
    while index < 3:
        target = folders["zips"] / f"logs-{index}.zip"
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            member = 0
            while target.stat().st_size < 14_000_000:
                archive.writestr(f"var/log/service-{member}.log", log_text(source, 1_000_000))
                archive.fp.flush()
                member += 1
        index += 1
    mixed = folders["mixed"]
    for index in range(600):
        (mixed / f"log-{index:03d}.txt").write_bytes(log_text(source, int(2 ** source.uniform(10, 18))))
    for index in range(80):
        (mixed / f"screen-{index:02d}.png").write_bytes(png(source, source.choice([32, 120, 300])))
    for index in range(20):
        with zipfile.ZipFile(mixed / f"bundle-{index:02d}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for member in range(12):
                archive.writestr(f"log/{member}.log", log_text(source, 60_000))
    if corpus:
        copied = 0
        for extension in ALLOWED:
            for path in sorted((corpus / extension).glob("*")):
                shutil.copyfile(path, mixed / f"corpus-{copied:04d}.{extension}")
                copied += 1
    (scratch / "material" / "complete").touch()
    return folders


class Peak(threading.Thread):
    """Samples the memory of a process and all below it: the sum of proportional set sizes, in bytes."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.root, self.most, self.running = process, 0, True

    def run(self):
        while self.running:
            self.most = max(self.most, sum(self.size(one) for one in self.tree(self.root)))
            time.sleep(0.02)

    def tree(self, process):
        try:
            below = []
            for task in os.listdir(f"/proc/{process}/task"):
                below += Path(f"/proc/{process}/task/{task}/children").read_text().split()
        except OSError:
            return [process]
        return [process] + [one for child in below for one in self.tree(int(child))]

    @staticmethod
    def size(process):
        try:
            for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    return int(line.split()[1]) * 1024
        except OSError:
            pass
        return 0


def run(command, peak=False, statuses=(0, 1)):
    """Seconds that a command took (and the peak of its memory, where asked for)."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, shell=isinstance(command, str))
    watcher = Peak(process.pid)
    if peak:
        watcher.start()
    errors = process.communicate()[1]
    seconds = time.perf_counter() - started
    watcher.running = False
    if process.returncode not in statuses:
        sys.exit(f"{command} ended with status {process.returncode}: {errors.decode(errors='replace')[-1000:]}")
    return (seconds, watcher.most) if peak else seconds


def peer_python(scratch, peer):
    """A virtual environment of its own for the peer."""
    python = scratch / "venv" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(scratch / "venv")], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", "python-magic"], check=True)
    return [str(python), str(peer)]


class Bench:
    def __init__(self, options, folders):
        self.options, self.folders, self.scratch = options, folders, options.scratch
        self.missed = []
        self.runs = 0

    def fresh(self, name):
        """A new folder for each run; all go at the end, since ext4 searches long for inodes while many were deleted just before."""
        self.runs += 1
        store = self.scratch / "runs" / f"{name}-{self.runs}"
        store.parent.mkdir(exist_ok=True)
        os.sync()
        return str(store)

    def sluice(self, folder):
        return [self.options.sluice, "import", str(folder), "--ticket", "BENCH", "--store", self.fresh("store"), "--format", "json"]

    def copying(self, folder):
        target = self.fresh("copy")
        return f"cp -r {folder} {target} && find {target} -type f -print0 | xargs -0 sha256sum >/dev/null && sync"

    def alternate(self, contenders):
        """Runs each contender in turn, `rounds` times after one warm-up; gives each one's seconds."""
        taken = {name: [] for name in contenders}
        for number in range(self.options.rounds + 1):
            for name, command in contenders.items():
                seconds = run(command())
                if number:
                    taken[name].append(seconds)
        return taken

    def compare(self, title, files, taken, ours, theirs, bar, at_least):
        ratios = [b / a for a, b in zip(taken[ours], taken[theirs])] if at_least else [a / b for a, b in zip(taken[ours], taken[theirs])]
        ratio = statistics.median(ratios)
        met = ratio >= bar if at_least else ratio <= bar
        words = f"{ratio:.2f} × {'as fast as' if at_least else 'the time of'} {theirs}"
        print(f"  {title}: {words} (bar: {'at least' if at_least else 'at most'} {bar}; {min(ratios):.2f} to {max(ratios):.2f}) {'met' if met else 'MISSED'}")
        if not met:
            self.missed.append(f"{title} against {theirs}")

    def folder(self, name):
        folder = self.folders[name]
        files = sum(1 for path in folder.rglob("*") if path.is_file())
        contenders = {
            "sluice": lambda: self.sluice(folder),
            "copying": lambda: self.copying(folder),
        }
        if self.options.peer:
            python = peer_python(self.scratch, self.options.peer)
            contenders["peer"] = lambda: python + ["--jobs", "2", self.fresh("peer-store"), str(folder)]
        taken = self.alternate(contenders)
        print(f"{name}: {files} files")
        for contender, seconds in taken.items():
            middle = statistics.median(seconds)
            print(f"  {contender:8} median {middle:6.3f} s  {files / middle:8.0f} files/s  ({min(seconds):.3f} to {max(seconds):.3f})")
        if self.options.peer:
            self.compare(f"import of {name}", files, taken, "sluice", "peer", 5, True)
        floor_ratio = statistics.median(a / b for a, b in zip(taken["sluice"], taken["copying"]))
        print(f"  import of {name}: {floor_ratio:.2f} × the time of cp + sha256sum + sync")

    def zips(self):
        print("zips: one 14 MB zip of logs at a time")
        for archive in sorted(self.folders["zips"].glob("*.zip"))[:1]:
            taken = self.alternate({
                "sluice": lambda: self.sluice(archive),
                "bsdtar + sha256sum": lambda: f"bsdtar -xOf {archive} >/dev/null && sha256sum {archive} >/dev/null",
            })
            for contender, seconds in taken.items():
                print(f"  {contender:18} median {statistics.median(seconds):6.3f} s  ({min(seconds):.3f} to {max(seconds):.3f})")
            self.compare("import of a zip", 1, taken, "sluice", "bsdtar + sha256sum", 1.3, False)

    def memory(self):
        seconds, peak = run(self.sluice(self.folders["many"]), peak=True)
        met = peak < 128 << 20
        print(f"memory: importing 10 000 files took {seconds:.2f} s and at most {peak / (1 << 20):.0f} MB, all processes together "
              f"(bar: under 128 MB) {'met' if met else 'MISSED'}")
        if not met:
            self.missed.append("memory")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sluice", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--scratch", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--peer", type=Path, help="a program to compare with, called as: python FILE --jobs 2 STORE PATH")
    parser.add_argument("--corpus", type=Path, help="a folder with EXT/ of real files, for the mixed folder")
    parser.add_argument("--rounds", type=int, default=5, help="counted rounds of each comparison (%(default)s)")
    options = parser.parse_args()
    options.scratch.mkdir(parents=True, exist_ok=True)
    bench = Bench(options, make(options.scratch, options.corpus))
    # What an earlier run left when it was stopped.
    shutil.rmtree(options.scratch / "runs", ignore_errors=True)
    bench.folder("logs")
    bench.folder("mixed")
    bench.zips()
    bench.memory()
    shutil.rmtree(options.scratch / "runs", ignore_errors=True)
    print("All bars met." if not bench.missed else "Missed: " + ", ".join(bench.missed))
    sys.exit(1 if bench.missed else 0)


main()
