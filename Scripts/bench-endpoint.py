"""Measures the upload endpoint in one run against another program, with wrk sending the same forms to both, turn by turn.

  small   4 KB logs, each of its own content       bars: 3 times the peer's rate, a lower p99
  same    9 MB logs of one content                 bar: 4 times the peer's rate
  large   9 MB logs, each of its own content       bar: 80 % of the disk's own rate (dd conv=fdatasync in the same folder, file by file)

Each store lies in a part of the disk of its own (ext4 puts the folders of one that is marked as a top folder apart), and many small files are removed at the end: ext4
looks through all inodes that were freed in the last minutes before it gives a new one. Every answer but 200 and 201 is counted and ends the bench. Seconds of a shared machine say little; the ratios of one run are what counts.
"""
import argparse
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--sluice", required=True, help=argparse.SUPPRESS)
parser.add_argument("--scratch", type=Path, required=True, help=argparse.SUPPRESS)
parser.add_argument("--peer", type=Path, help="an ASGI module whose `app` takes forms at /tickets/{ticket}/attachments, run by uvicorn")
parser.add_argument("--only", choices=["small", "same", "large"], action="append", help="by default all three")
parser.add_argument("--rounds", type=int, default=3, help="counted rounds of each comparison (%(default)s)")
parser.add_argument("--seconds", type=int, default=6, help="of each round (%(default)s)")
parser.add_argument("--connections", type=int, default=32, help="for small; large bodies use 8 (%(default)s)")
options = parser.parse_args()
here = Path(__file__).resolve().parent
scratch = options.scratch / "endpoint"
missed = []
WORDS = ("connection session worker request upstream timeout retry cache shard replica index commit flush buffer lease token route "
         "handler packet frame socket cursor batch queue lock thread segment snapshot peer leader quorum").split()


def log_text(source, size):
    lines, length, moment = [], 0, 1_700_000_000.0
    while length < size:
        moment += source.random() * 3
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(moment)) + f".{source.randrange(1000):03d}Z"
        line = (f"{stamp} {source.choice(['INFO', 'DEBUG', 'WARN', 'ERROR']):5} [{source.choice(WORDS)}-{source.randrange(64)}] "
                f"{' '.join(source.choices(WORDS, k=source.randrange(4, 12)))} took={source.randrange(5000)}ms\n")
        lines.append(line)
        length += len(line)
    return "".join(lines)[:size].encode()


def peer_python():
    """A virtual environment of its own for the peer."""
    python = options.scratch / "endpoint-venv" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(python.parent.parent)], check=True)
        packages = ["fastapi", "uvicorn[standard]", "python-multipart", "python-magic"]
        subprocess.run([str(python), "-m", "pip", "install", "-q", *packages], check=True)
    return python


class Server:
    """One program under load, with a store of its own."""

    def __init__(self, name):
        self.name = name
        self.store = scratch / f"store-{name}-{time.monotonic_ns()}"
        self.token = ""
        log = open(scratch / f"{name}.log", "ab")
        if name == "sluice":
            made = subprocess.run([options.sluice, "token", "create", "--role", "submitter", "--store", str(self.store)],
                                  capture_output=True, text=True, check=True)
            self.token = made.stdout.split()[-1]
            self.path, port = "/api/v1/tickets/T1/attachments", 18291
            command = [options.sluice, "serve", "--store", str(self.store), "--listen", f"127.0.0.1:{port}"]
        else:
            self.path, port = "/tickets/T1/attachments", 18292
            command = [str(peer_python()), "-m", "uvicorn", "--app-dir", str(options.peer.parent), "--workers", "2", "--port", str(port),
                       "--log-level", "warning", f"{options.peer.stem}:app"]
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(command, stdout=log, stderr=log, env=dict(os.environ, STORE=str(self.store)))
        self.wait(port)

    def wait(self, port):
        import socket
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                time.sleep(0.5)
                return
            except OSError:
                time.sleep(0.1)
        sys.exit(f"{self.name} does not answer; see {scratch}/{self.name}.log")

    def load(self, kind, file, connections):
        environment = dict(os.environ, SLUICE_BENCH_KIND=kind, SLUICE_BENCH_FILE=str(file), SLUICE_BENCH_PATH=self.path,
                           SLUICE_BENCH_TOKEN=self.token, SLUICE_BENCH_RUN=f"{time.monotonic_ns():x}")
        ran = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{options.seconds}s", "--timeout", "30s", "-s",
                              str(here / "bench-endpoint.lua"), self.url], capture_output=True, text=True, env=environment)
        try:
            result = json.loads(ran.stdout.strip().splitlines()[-1])
        except (IndexError, ValueError):
            sys.exit(f"wrk: {ran.stdout[-500:]}{ran.stderr[-500:]}")
        if result["refused"] or result["errors"]:
            sys.exit(f"{self.name} refused {result['refused']} (status {result['status']}), errors {result['errors']}; see {scratch}/{self.name}.log")
        result["rate"] = result["requests"] / result["seconds"]
        return result

    def stop(self, removing):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        if self.name == "sluice":
            subprocess.run([options.sluice, "verify", "--store", str(self.store)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if removing:
            shutil.rmtree(self.store)


def bar(words, ratio, least):
    met = ratio >= least
    print(f"  {words}: {ratio:.2f} (bar: at least {least}) {'met' if met else 'MISSED'}", flush=True)
    if not met:
        missed.append(words)


def compare(kind, file, connections):
    names = ["sluice"] + (["peer"] if options.peer else [])
    results = {name: [] for name in names}
    for number in range(options.rounds + 1):
        for name in names:
            os.sync()
            server = Server(name)
            result = server.load(kind, file, connections)
            server.stop(removing=kind != "small")
            if number:
                results[name].append(result)
    print(f"{kind}: {file.stat().st_size:,} bytes each, {connections} connections")
    for name in names:
        rates = [one["rate"] for one in results[name]]
        print(f"  {name:7} median {statistics.median(rates):7.0f} a second ({min(rates):.0f} to {max(rates):.0f}), "
              f"p50 {statistics.median(one['p50'] for one in results[name]):.1f} ms, "
              f"p99 {statistics.median(one['p99'] for one in results[name]):.1f} ms")
    return results


def ratio(results):
    return statistics.median(a["rate"] / b["rate"] for a, b in zip(results["sluice"], results["peer"]))


def disk_rate(size, count):
    """Bytes a second, as dd with conv=fdatasync writes and keeps `count` files: the middle one. The first ones meet a cold cache and are left out."""
    folder = scratch / f"dd-{time.monotonic_ns()}"
    folder.mkdir()
    rates = []
    for number in range(count + 3):
        ran = subprocess.run(["dd", "if=/dev/zero", f"of={folder}/{number}", f"bs={size}", "count=1", "conv=fdatasync"],
                             env=dict(os.environ, LC_ALL="C"), capture_output=True, text=True, check=True)
        rates.append(size / float(ran.stderr.splitlines()[-1].split(",")[-2].split()[0]))
    shutil.rmtree(folder)
    return statistics.median(rates[3:])


def main():
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    subprocess.run(["chattr", "+T", str(scratch)], check=False, stderr=subprocess.DEVNULL)
    source = random.Random(21)
    small, large = scratch / "small.txt", scratch / "large.txt"
    small.write_bytes(log_text(source, 4096))
    large.write_bytes(log_text(source, 9_000_000))
    kinds = options.only or ["small", "same", "large"]
    print(f"load average {os.getloadavg()[0]:.1f} at the beginning")
    if "small" in kinds:
        results = compare("small", small, options.connections)
        if options.peer:
            bar("small: times the peer's rate", ratio(results), 3)
            bar("small: the peer's p99 by ours", statistics.median(b["p99"] / a["p99"] for a, b in zip(results["sluice"], results["peer"])), 1)
    if "same" in kinds:
        results = compare("same", large, 8)
        if options.peer:
            bar("same: times the peer's rate", ratio(results), 4)
    if "large" in kinds:
        size = large.stat().st_size
        before = (disk_rate(size, 20), disk_rate(20 * size, 3))
        results = compare("large", large, 8)
        after = (disk_rate(size, 20), disk_rate(20 * size, 3))
        disk, stream = ((a + b) / 2 for a, b in zip(before, after))
        ours = statistics.median(one["rate"] for one in results["sluice"]) * size
        print(f"  the disk takes {disk / 1e6:.0f} MB/s in files of this size ({stream / 1e6:.0f} MB/s in files of 180 MB), the endpoint {ours / 1e6:.0f} MB/s")
        bar("large: of the disk's own rate", ours / disk, 0.8)
    print(f"load average {os.getloadavg()[0]:.1f} at the end")
    shutil.rmtree(scratch, ignore_errors=True)
    print("All bars met." if not missed else "Missed: " + ", ".join(missed))
    sys.exit(1 if missed else 0)


main()
