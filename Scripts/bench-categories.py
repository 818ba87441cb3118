"""Measures how fast texts are understood: inspected, categorized with a reason, with their card. In one process, in processor time.

The material is generated from a fixed seed: large logs of many makes with ever new values, and 4 KB files. Ends with status 1 when a bar is missed: a large log
at 300 MB/s a core with its card, a 4 KB file in 50 microseconds.
"""
import argparse
import json
import random
import subprocess
import sys
import time
from pathlib import Path

WORDS = ("connection session worker request upstream timeout retry cache shard replica index commit flush buffer lease token route "
         "handler packet frame socket cursor batch queue lock thread segment snapshot peer leader quorum").split()
SMALL = 4096


class Lines:
    """Generators of lines, one a make of log; each gives a line with its end."""

    def __init__(self, seed):
        self.source, self.moment = random.Random(seed), 1_700_000_000.0

    def message(self, least=4, most=12):
        return " ".join(self.source.choices(WORDS, k=self.source.randrange(least, most)))

    def stamp(self, form):
        self.moment += self.source.random() * 2
        return time.strftime(form, time.gmtime(self.moment))

    def service(self, levels=(70, 20, 7, 3)):
        level = self.source.choices(["INFO", "DEBUG", "WARN", "ERROR"], levels)[0]
        return (f"{self.stamp('%Y-%m-%dT%H:%M:%S')}.{self.source.randrange(1000):03d}Z {level:5} [{self.source.choice(WORDS)}-"
                f"{self.source.randrange(64)}] {self.message()} id={self.source.getrandbits(48):012x} took={self.source.randrange(5000)}ms\n")

    def failing(self):
        return self.service((1, 1, 3, 95))

    def syslog(self):
        return (f"{self.stamp('%b %e %H:%M:%S')} node-{self.source.randrange(9)} {self.source.choice(WORDS)}d[{self.source.randrange(30000)}]: "
                f"{self.message()}\n")

    def access(self):
        return (f"10.0.{self.source.randrange(255)}.{self.source.randrange(255)} - - [{self.stamp('%d/%b/%Y:%H:%M:%S')} +0000] \"GET /"
                f"{self.source.choice(WORDS)}/{self.source.randrange(9999)} HTTP/1.1\" {self.source.choice([200, 200, 304, 404, 500])} "
                f"{self.source.randrange(90000)} \"-\" \"curl/8.{self.source.randrange(9)}\"\n")

    def jsonl(self):
        return json.dumps({"ts": round(self.moment + self.source.random(), 3), "logger": self.source.choice(WORDS),
                           "level": self.source.choice(["info", "warn", "error", "debug"]), "msg": self.message(),
                           "n": self.source.randrange(9999)}) + "\n"

    def trace(self):
        frames = "".join(f"\tat com.example.{self.source.choice(WORDS)}.{self.source.choice(WORDS).title()}.run({self.source.choice(WORDS).title()}"
                         f".java:{self.source.randrange(900)})\n" for _ in range(12))
        return f"{self.stamp('%Y-%m-%d %H:%M:%S')},{self.source.randrange(1000):03d} ERROR {self.message()}\n" + frames

    def javalog(self):
        """One trace in some thirty lines, as a server in trouble writes them."""
        return self.trace() if self.source.random() < 0.03 else self.service()

    def journal(self):
        """systemd's export format: a field a line, a blank line behind each entry."""
        self.moment += self.source.random()
        unit = self.source.choice(WORDS)
        return (f"__CURSOR=s={self.source.getrandbits(128):032x};i={self.source.getrandbits(24):x};b={self.source.getrandbits(64):x}\n"
                f"__REALTIME_TIMESTAMP={int(self.moment * 1e6)}\n__MONOTONIC_TIMESTAMP={int(self.moment * 1e6) % 10**11}\n"
                f"_BOOT_ID=0f3f2fd16a7d4b39a1c4ab28b0db6e5a\n_TRANSPORT=syslog\nPRIORITY={self.source.choice([6, 6, 6, 5, 4, 3])}\n"
                f"SYSLOG_IDENTIFIER={unit}d\n_HOSTNAME=node-{self.source.randrange(9)}\n_PID={self.source.randrange(30000)}\n_UID=0\n"
                f"_COMM={unit}d\n_EXE=/usr/sbin/{unit}d\n_SYSTEMD_UNIT={unit}.service\nMESSAGE={self.message()}\n\n")

    def events(self):
        """Windows' Event Viewer, exported as CSV."""
        level = self.source.choices(["Information", "Warning", "Error", "Critical"], (80, 12, 7, 1))[0]
        return (f"{level},{self.stamp('%m/%d/%Y %I:%M:%S %p')},Microsoft-Windows-{self.source.choice(WORDS).title()},"
                f"{self.source.randrange(9999)},None,\"The {self.message()}: 0x{self.source.getrandbits(32):08x}.\"\r\n")

    def firewall(self):
        """FortiGate's key=value lines."""
        return (f"date={self.stamp('%Y-%m-%d')} time={self.stamp('%H:%M:%S')} devname=\"FG-{self.source.randrange(9)}\" devid=\"FGT60F"
                f"{self.source.randrange(10**10):010d}\" logid=\"0000000013\" type=\"traffic\" subtype=\"forward\" level=\""
                f"{self.source.choice(['notice', 'notice', 'warning', 'error'])}\" vd=\"root\" srcip=10.1.{self.source.randrange(255)}."
                f"{self.source.randrange(255)} srcport={self.source.randrange(65535)} srcintf=\"internal\" dstip=203.0.113."
                f"{self.source.randrange(255)} dstport=443 dstintf=\"wan1\" policyid={self.source.randrange(99)} action=\"accept\" "
                f"service=\"HTTPS\" duration={self.source.randrange(9999)} sentbyte={self.source.randrange(99999)} "
                f"rcvdbyte={self.source.randrange(999999)}\n")

    def containers(self):
        """What a container engine keeps: each line wrapped in JSON, with its time behind it."""
        return json.dumps({"log": self.service(), "stream": "stdout", "time": self.stamp("%Y-%m-%dT%H:%M:%S.123456789Z")},
                          separators=(",", ":")) + "\n"

    def plain(self):
        return f"{self.message(8, 20)} {self.source.randrange(9999)}\n"

    def short(self):
        return f"{self.stamp('%H:%M:%S')} {self.source.choice(WORDS)}\n"

    def device(self):
        return (f"interface GigabitEthernet0/{self.source.randrange(48)}\n description {self.message(1, 4)}\n"
                f" ip address 10.1.{self.source.randrange(255)}.1 255.255.255.0\n no shutdown\n!\n")

    def settings(self):
        return f"# {self.message()}\n{self.source.choice(WORDS)}_{self.source.choice(WORDS)} = {self.source.randrange(99)}\n"

    def table(self):
        return ",".join([self.source.choice(WORDS)] + [str(self.source.randrange(9999)) for _ in range(6)]) + "\n"


def text(make, size, seed):
    lines = Lines(seed)
    out, length = [], 0
    while length < size:
        line = getattr(lines, make)()
        out.append(line)
        length += len(line)
    return "".join(out)[:size]


def material(folder, large_size):
    """Path of each file; made once."""
    large = {f"{make}.log": make for make in ("service", "failing", "syslog", "access", "jsonl", "containers", "trace", "javalog", "journal",
                                              "firewall", "plain", "short")}
    large |= {"events.csv": "events"}
    large |= {"device.cfg": "device", "settings.conf": "settings", "table.csv": "table"}
    small = {"small-" + name: make for name, make in large.items()}
    folder.mkdir(parents=True, exist_ok=True)
    for names, size in ((large, large_size), (small, SMALL)):
        for name, make in names.items():
            path = folder / name
            if path.exists():
                continue
            # One part again and again is as good as new to a reader of lines, and quicker made.
            part = text(make, min(size, 16 << 20), make)
            path.write_text(part * (size // len(part)))
    wide = folder / "wide.log"
    if not wide.exists():
        wide.write_bytes(b"\xff\xfe" + text("service", large_size // 4, "wide").encode("utf-16-le"))
    single = folder / "one-line.json"
    if not single.exists():
        single.write_text("[" + ",".join(line.strip() for line in text("jsonl", 4 << 20, "one").split("\n")[:-1]) + "]")
    return [folder / name for name in list(large) + ["wide.log", "one-line.json"]], [folder / name for name in small]


def measure(program, rounds, paths):
    run = subprocess.run([program, "text", str(rounds), *map(str, paths)], check=True, capture_output=True, text=True)
    return [line.split("\t") for line in run.stdout.splitlines()]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="sluice-bench")
    parser.add_argument("--scratch", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--megabytes", type=int, default=32, help="size of a large log")
    options = parser.parse_args()
    large, small = material(options.scratch / f"categories-{options.megabytes}", options.megabytes << 20)
    missed = []
    print("Large texts, MB a second of one core:\n  file                     alone   with card  category")
    for name, size, alone, card, category in measure(options.program, options.rounds, large):
        speeds = [int(size) * 1000 / int(nanoseconds) for nanoseconds in (alone, card)]
        # The bar is for logs as systems write them, which is 8 bits a character.
        isBound = name.endswith((".log", "events.csv")) and not name.startswith("wide")
        print(f"  {name:20} {speeds[0]:9.0f} {speeds[1]:11.0f}  {category}{'' if isBound else '   (no bar)'}")
        if isBound and speeds[1] < 300:
            missed.append(name)
    print("\n4 KB files, microseconds:\n  file                     alone   with card  category")
    for name, _, alone, card, category in measure(options.program, options.rounds * 3, small):
        print(f"  {name:20} {int(alone) / 1000:9.1f} {int(card) / 1000:11.1f}  {category}")
        if int(card) >= 50_000:
            missed.append(name)
    if missed:
        sys.exit("Missed: " + ", ".join(missed))
    print("\nEvery bar is met.")


main()
