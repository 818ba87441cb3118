"""Measures in one run how fast many small files are drained by `sluice watch --once`, against `sluice import` of the same files.

Both take turns, each run in folders of its own, and nothing is removed before the end: ext4 searches long for inodes while many were
deleted just before. The medians and the ratios of one run count; seconds of a shared machine say little.
"""
import argparse
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
from pathlib import Path

def make(folder, options):
    """Small logs, each of its own content, in as many tickets' folders as asked for."""
    for number in range(options.files):
        lines = [f"2026-01-02 03:04:05 INFO file {number} line {line}" for line in range(max(options.size // 47, 1))]
        place = folder / f"T-{number % options.tickets + 1}"
        if number < options.tickets:
            place.mkdir(parents=True)
        (place / f"f{number:05}.txt").write_text("\n".join(lines) + f"\n2026-01-02 03:04:06 INFO end of file {number}\n")


def files_in(folder):
    return sum(len(files) for _, _, files in os.walk(folder))


def run(options, way, place):
    """Seconds by the clock, and processor seconds of the program and its inspectors."""
    make(place / "box" / "in", options)
    os.sync()
    words = ["import", place / "box" / "in", "--ticket", "T-1"] if way == "import" else ["watch", place / "box", "--once", "--settle", options.settle]
    command = [options.sluice, *map(str, words), "--store", str(place / "store"), "--format", "json"]
    started = time.perf_counter()
    with open(place / "answers", "wb") as answers, open(place / "errors", "wb") as errors:
        process = subprocess.Popen(command, stdout=answers, stderr=errors)
        _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status != 0:
        sys.exit(f"{way} ended with {status}: {(place / 'errors').read_text()[-500:]}")
    with sqlite3.connect(f"file:{place}/store/sluice.sqlite?mode=ro", uri=True) as base:
        rows = base.execute("SELECT count(*) FROM attachment").fetchone()[0]
    if rows != options.files:
        sys.exit(f"{way}: {rows} rows for {options.files} files")
    if way == "watch":
        left, placed = files_in(place / "box" / "in"), files_in(place / "box" / "done")
        if left or placed != 3 * options.files:
            sys.exit(f"watch: {left} files left in in/, {placed} names in done/")
    return seconds, used.ru_utime + used.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sluice", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--scratch", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--files", type=int, default=10_000, help="files of each run (%(default)s)")
    parser.add_argument("--size", type=int, default=1000, help="about this many bytes a file (%(default)s)")
    parser.add_argument("--tickets", type=int, default=1, help="spread over the folders of this many tickets (%(default)s)")
    parser.add_argument("--settle", default="0ms", help="as of sluice watch; the wait is counted (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="counted rounds after one to warm up (%(default)s)")
    options = parser.parse_args()
    runs = options.scratch / "drop-folder"
    shutil.rmtree(runs, ignore_errors=True)
    ratios, used, rates = [], [], {"import": [], "watch": []}
    for turn in range(options.rounds + 1):
        taken = {}
        for way in ["import", "watch"] if turn % 2 == 0 else ["watch", "import"]:
            place = runs / f"{way}-{turn}"
            place.mkdir(parents=True)
            taken[way] = run(options, way, place)
        if turn == 0:
            continue
        ratios.append(taken['import'][0] / taken['watch'][0])
        used.append(taken['import'][1] / taken['watch'][1])
        for way, (seconds, _) in taken.items():
            rates[way].append(options.files / seconds)
        print(f"  import {rates['import'][-1]:.0f} files/s, watch {rates['watch'][-1]:.0f} files/s: {ratios[-1]:.2f}; "
              f"processor time {used[-1]:.2f}", flush=True)
    ratio = statistics.median(ratios)
    met = ratio >= 0.8
    print(f"drop folder: {options.files} files of {options.size} bytes for {options.tickets} tickets, settling {options.settle}, are drained at {ratio * 100:.0f} % of the rate of import (bar: at least 80 %; "
          f"{min(ratios):.2f} to {max(ratios):.2f}; import {statistics.median(rates['import']):.0f}, "
          f"watch {statistics.median(rates['watch']):.0f} files/s) {'met' if met else 'MISSED'}")
    shutil.rmtree(runs, ignore_errors=True)
    sys.exit(0 if met else 1)


main()
