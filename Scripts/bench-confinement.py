"""Measures what confinement costs: the same attachment inspected in-process, in a fresh confined process, and in a shared one.

The three take turns in one run, so that a busy machine meets all of them alike. Processor time counts all processes together, forking
and ending included, and is the steadier figure where others use the machine.
"""
import argparse
import random
import subprocess
import sys
import zipfile
from pathlib import Path

# The bars, in milliseconds: the median of a fresh process, and of an attachment in a batch, above the same inspection in-process.
FRESH, SHARED = 0.8, 0.1


def make(folder):
    """A log that is proven without libmagic, content that libmagic has to name, and a zip of logs; from a fixed seed."""
    source = random.Random(20)
    folder.mkdir(parents=True, exist_ok=True)
    log = "".join(f"2026-01-02T03:04:{line % 60:02d}Z INFO [worker-{source.randrange(64)}] request finished id={source.getrandbits(40)}\n"
                  for line in range(70)).encode()
    (folder / "log.txt").write_bytes(log)
    (folder / "unknown.zip").write_bytes(b"\x93ABC" + source.randbytes(4000))
    with zipfile.ZipFile(folder / "logs.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for member in range(4):
            archive.writestr(zipfile.ZipInfo(f"log/{member}.log", (2026, 1, 2, 3, 4, 6)), log, zipfile.ZIP_DEFLATED)
    return sorted(folder.iterdir())


def main():
    parser = argparse.ArgumentParser(prog="Scripts/bench confinement", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--scratch", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=500, help="attachments for each figure (%(default)s)")
    options = parser.parse_args()
    files = make(options.scratch / "confinement")
    # With the fixed priority, where it may be had, no other program of the machine takes part in the figures.
    fixed = ["chrt", "-f", "1"]
    if subprocess.run([*fixed, "true"], capture_output=True).returncode != 0:
        print("Without the right to a fixed priority: on a busy machine only the processor time means much.")
        fixed = []
    ran = subprocess.run([*fixed, options.program, str(options.rounds), *map(str, files)], capture_output=True, text=True)
    if ran.returncode != 0:
        sys.exit(ran.stderr)
    missed = []
    print("milliseconds          in-process     fresh    shared   fresh costs  shared costs   processor time: fresh costs  shared costs")
    for line in ran.stdout.splitlines():
        name, *figures = line.split("\t")
        inside, fresh, shared, cpu_inside, cpu_fresh, cpu_shared = (int(figure) / 1000 for figure in figures)
        print(f"{name:20} {inside:11.3f} {fresh:9.3f} {shared:9.3f} {fresh - inside:13.3f} {shared - inside:13.3f} "
              f"{cpu_fresh - cpu_inside:29.3f} {cpu_shared - cpu_inside:13.3f}")
        if fresh - inside > FRESH:
            missed.append(f"{name} in a fresh process")
        # What nobody could name ends its process: it shares with nobody.
        if name != "unknown.zip" and shared - inside > SHARED:
            missed.append(f"{name} in a shared process")
    print(f"Bars: at most {FRESH} ms a fresh process, {SHARED} ms an attachment in a batch.")
    print("All bars met." if not missed else "Missed: " + ", ".join(missed))
    sys.exit(1 if missed else 0)


main()
