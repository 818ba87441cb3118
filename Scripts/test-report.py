#!/usr/bin/env python3
"""Reads what `swift test` prints, keeps all of it in a file, and tells people the rest: suites as they end, failures by name, one closing line.

usage: swift test 2>&1 | test-report.py LOG SUITES   (SUITES: how many suites there are)
Exit status 0: all passed."""
import re
import sys
import time

WIDTH = 118  # a line of the list of suites
ISSUES = 60  # lines about failures, a few of each test; the log has the others
OF_ONE = 3

ENDED = re.compile(r"^[✔✘] Suite (.+?) (passed|failed) after ")
FAILED = re.compile(r"^✘ Test (?!run with)(.+?) (?:with \d+ test cases? )?failed after ")
ISSUE = re.compile(r"^✘ Test (.+?) recorded an issue(.*)$")
RUN = re.compile(r"^[✔✘] Test run with (\d+) tests? ")


def main():
    log_path, suites = sys.argv[1], int(sys.argv[2])
    started = time.monotonic()
    ended, line, tests, told = 0, "", 0, 0
    failed = {}  # how many issues each test that failed has, by name

    def flush():
        nonlocal line
        if line:
            spent = time.monotonic() - started
            left = spent / ended * max(0, suites - ended)
            print(f"[{ended:3} of {suites} suites, {spent:4.0f} s, about {left:3.0f} s left] {line}", flush=True)
        line = ""

    with open(log_path, "w", encoding="utf-8") as log:
        for text in sys.stdin:
            log.write(text)
            text = text.rstrip("\n")
            if found := ENDED.match(text):
                ended += 1
                name = found[1] if found[2] == "passed" else f"{found[1]} (failed)"
                if len(line) + len(name) > WIDTH - 45:
                    flush()
                line += (", " if line else "") + name
            elif found := RUN.match(text):
                tests = int(found[1])
            elif found := ISSUE.match(text):
                failed[found[1]] = failed.get(found[1], 0) + 1
                if failed[found[1]] <= OF_ONE and told < ISSUES:
                    told += 1
                    flush()
                    # The arguments of a test can be whole files: its name and the end of the line say where and what.
                    where = re.search(r" at (\S+\.swift:\d+):\d+: (.*)$", found[2])
                    print(f"FAILED {found[1]}: " + (f"{where[1]} {where[2]}" if where else found[2].strip())[:300], flush=True)
            elif found := FAILED.match(text):
                failed.setdefault(found[1], 0)
            elif text.startswith("error:") and told < ISSUES:
                told += 1
                print(text[:300], flush=True)
    flush()
    for name in sorted(failed):
        print(f"failed: {name}" + (f", {failed[name]} issues" if failed[name] > OF_ONE else ""))
    if not tests:
        print("The test program ended before its last test.")
    print(f"The whole output is in {log_path}.")
    print(f"{max(0, tests - len(failed))} passed, {len(failed) + (0 if tests else 1)} failed")
    return 0 if tests and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
