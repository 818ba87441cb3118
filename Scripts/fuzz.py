"""Runs the fuzz program on one target after the other and reports what it did. Called by Scripts/fuzz, which builds the program.

Exit status 1 when an input crashed a reader, took more than a second of processor time or too much memory; the inputs are kept in
.build/fuzz/found, the corpus of each target from run to run in .build/fuzz/corpus."""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

HOME = pathlib.Path(".build/fuzz")
# What Swift's globals hold to the end is no leak, and a long quarantine would count as memory of the reader.
BASE = os.environ | {"ASAN_OPTIONS": "detect_leaks=0:quarantine_size_mb=16"}
# Stall of the machine, not of the reader: an input that libFuzzer's wall clock reports is run again by itself, and its processor time counts.
MOST_MICROSECONDS = 1_000_000


class Target:
    """One target: its folders and its figures."""

    def __init__(self, program, name, longest, deep):
        self.program, self.name, self.longest, self.deep = program, name, longest, deep
        # Seeds come again with every run, since builders change; what the mutations found stays.
        self.corpus = HOME / "corpus" / name
        self.seeds = HOME / "seeds" / name
        self.found = HOME / "found" / name
        self.runs, self.seconds, self.slowest, self.stalls = 0, 0.0, 0, 0
        self.coverage, self.problems = "", []

    def environment(self, **more):
        return BASE | {
            "SLUICE_FUZZ_TARGET": self.name, "SLUICE_FUZZ_SLOW": str(self.found / "slowest"),
        } | ({"SLUICE_FUZZ_DEEP": "1"} if self.deep else {}) | more

    def prepare(self):
        shutil.rmtree(self.seeds, ignore_errors=True)
        for folder in (self.corpus, self.seeds, self.found):
            folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([self.program], env=self.environment(SLUICE_FUZZ_SEEDS=str(self.seeds)), check=True,
                       stdout=subprocess.DEVNULL)

    def session(self, seconds, runs):
        """One libFuzzer process, which ends at the first input it has to report."""
        before = set(self.found.iterdir())
        started = time.monotonic()
        words = [self.program, "-timeout=1", "-rss_limit_mb=512", f"-max_len={self.longest}", "-print_final_stats=1",
                 "-reload=0", "-verbosity=1", f"-max_total_time={max(1, int(seconds))}",
                 f"-artifact_prefix={self.found}/"]
        if runs:
            words.append(f"-runs={runs}")
        with open(HOME / f"{self.name}.log", "w", errors="replace") as log:
            ended = subprocess.run(words + [self.corpus, self.seeds], env=self.environment(), stdout=log, stderr=log)
        self.seconds += time.monotonic() - started
        text = (HOME / f"{self.name}.log").read_text(errors="replace")
        done = [int(n) for n in re.findall(r"number_of_executed_units: (\d+)", text)]
        if not done:
            done = [int(n) for n in re.findall(r"^#(\d+)", text, re.M)]
        self.runs += done[-1] if done else 0
        for figure in re.findall(r"^slowest: (\d+) us", text, re.M):
            self.slowest = max(self.slowest, int(figure))
        for figure in re.findall(r"cov: (\d+) ft: (\d+)", text)[-1:]:
            self.coverage = "/".join(figure)
        if ended.returncode == 0:
            return True
        new = [path for path in set(self.found.iterdir()) - before if path.name != "slowest"]
        if not new:
            self.problems.append(f"exit status {ended.returncode} without an input; see {HOME / self.name}.log")
            return False
        for path in new:
            self.judge(path)
        return not self.problems

    def judge(self, path):
        again = subprocess.run([self.program, "-timeout=20", path], env=self.environment(), capture_output=True,
                               text=True, errors="replace")
        figures = re.findall(r"^slowest: (\d+) us", again.stderr, re.M)
        if again.returncode == 0 and figures and int(figures[-1]) < MOST_MICROSECONDS:
            self.stalls += 1
            path.unlink()
        else:
            self.problems.append(str(path))

    def fuzz(self, seconds, runs):
        self.prepare()
        while self.seconds < seconds and not (runs and self.runs >= runs):
            if not self.session(seconds - self.seconds, runs - self.runs if runs else 0):
                break
        if self.slowest >= MOST_MICROSECONDS:
            self.problems.append(f"{self.found / 'slowest'}: {self.slowest / 1e6:.1f} s")

    def line(self):
        rate = self.runs / self.seconds if self.seconds else 0
        return (f"{self.name:8} {self.runs:>12,} runs {self.seconds:>6.0f} s {rate:>8,.0f} a second  "
                f"{len(self.problems)} problems  slowest {self.slowest / 1000:.1f} ms  "
                f"edges/features {self.coverage}" + (f"  stalls of the machine {self.stalls}" if self.stalls else ""))


def main():
    parser = argparse.ArgumentParser(prog="Scripts/fuzz", description="Fuzzes the readers of hostile bytes.")
    parser.add_argument("program", help=argparse.SUPPRESS)
    parser.add_argument("parser", help="a reader's name, `all`, or `list` for the names")
    parser.add_argument("seconds", type=float, nargs="?", default=60, help="for each reader; 60 unless told")
    parser.add_argument("--deep", action="store_true", help="inputs sixteen times as long, and the policy's own budgets")
    parser.add_argument("--plain", action="store_true", help="without the address sanitizer, about twice as fast")
    parser.add_argument("--runs", type=int, default=0, help="stop after so many runs of each reader")
    asked = parser.parse_args()
    environment = BASE | {"SLUICE_FUZZ_LIST": "1"} | ({"SLUICE_FUZZ_DEEP": "1"} if asked.deep else {})
    listed = subprocess.run([asked.program], env=environment, capture_output=True, text=True, check=True).stdout
    known = [(line.split()[0], int(line.split()[1])) for line in listed.splitlines()]
    if asked.parser == "list":
        print("\n".join(name for name, _ in known))
        return 0
    chosen = [pair for pair in known if asked.parser in ("all", pair[0])]
    if not chosen:
        print(f"There is no reader {asked.parser!r} here; there are: {' '.join(name for name, _ in known)}.",
              file=sys.stderr)
        return 2
    failed = False
    for name, longest in chosen:
        target = Target(asked.program, name, longest, asked.deep)
        target.fuzz(asked.seconds, asked.runs)
        print(target.line(), flush=True)
        for problem in target.problems:
            failed = True
            print(f"  {problem}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
