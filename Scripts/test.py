#!/usr/bin/env python3
"""Builds the program with its tests once, runs all suites against that one build, and says what is going on.

usage: test.py build | test.py run            (Scripts/test calls both, after it has installed what the tests need)

A suite is one test target, run in a process of its own, or one module of client tests. Suites run side by side, the longest first. What
each one prints goes to a file below .build/tests. Here stand one line a suite, every failure by name, and a closing line. Exit status: 0
when all passed, 1 when a test failed, 2 when the build failed."""
import json
import os
import pathlib
import re
import subprocess
import sys
import threading
import time

PROJECT = pathlib.Path(__file__).resolve().parent.parent
LOGS = PROJECT / ".build/tests"
PROGRAM = PROJECT / ".build/debug/SluicePackageTests.xctest"
CLIENTS = PROJECT / ".build/clients/bin/python"

# All in all at most 150 lines are printed. So many issues of one test and of all are told as they come; the logs have the others.
OF_ONE, ISSUES = 2, 20
# So many names of tests that failed stand at the end.
NAMES = 50
# Seconds between two lines while nothing ends.
PATIENCE = 30
# A suite that takes so many seconds hangs. Each test has a deadline of its own that is shorter.
HANGS = 1200
# Most suites wait half of their time, for a clock or for a process.
SIDE_BY_SIDE = 3

# Roughly the seconds of each suite on two cores: they give the order of a first run and its estimate. Later runs use their own.
ROUGHLY = {
    "EndToEndTests": 110, "SluiceStorageTests": 90, "SluiceObjectsTests": 40, "SluiceInspectionTests": 40, "SluiceSandboxTests": 40, "SluiceUploadsTests": 15, "SluiceServerTests": 2,
    "FuzzTests": 5, "SluicePolicyTests": 3, "SluiceModelTests": 2, "SluicePipelineTests": 1, "SluiceDropFolderTests": 1,
    "clients.test_cluster": 120, "clients.test_document": 45, "clients.test_stopping": 35, "clients.test_page": 35, "clients.test_resumable": 20,
    "clients.test_proxies": 15, "clients.test_curl": 6, "clients.test_python_clients": 4, "clients.test_service_units": 1,
}
UNKNOWN = 20

ISSUE = re.compile(r"^✘ Test (.+?) recorded an issue(.*)$")
FAILED = re.compile(r"^✘ Test (?!run with)(.+?) (?:with \d+ test cases? )?failed after ")
RUN = re.compile(r"^[✔✘] Test run with (\d+) tests? ")
STEP = re.compile(r"^\[(\d+)/(\d+)\]")


def say(text):
    print(text, flush=True)


def build():
    """Everything in one configuration: the programs, which the tests and the clients start, and the tests."""
    started = told = time.monotonic()
    log_path = PROJECT / ".build/build-tests.log"
    say("Building the program and its tests …")
    with open(log_path, "w", encoding="utf-8") as log:
        process = subprocess.Popen(["swift", "build", "--build-tests"], cwd=PROJECT, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True, errors="replace")
        for line in process.stdout:
            log.write(line)
            now = time.monotonic()
            if (step := STEP.match(line)) and now - told >= PATIENCE:
                told = now
                done, all_steps = int(step[1]), max(1, int(step[2]))
                say(f"  building: {done} of {all_steps} steps, {now - started:.0f} s")
    if process.wait() != 0:
        errors = dict.fromkeys(line for line in log_path.read_text(encoding="utf-8").splitlines() if "error:" in line)
        for line in list(errors)[:20]:
            say(line[:300])
        say(f"The build failed; the whole output is in {log_path.relative_to(PROJECT)}.")
        sys.exit(2)
    say(f"Built in {time.monotonic() - started:.0f} s.")


class Suite:
    """One process that runs tests: how it is started, and what has come of it."""

    def __init__(self, name, words, folder):
        self.name, self.words, self.folder = name, words, folder
        self.log = LOGS / f"{name}.log"
        self.started = self.seconds = None
        self.tests = self.told = 0
        self.failed = {}  # by test: how many issues it has
        self.cause = None  # why the suite itself failed
        self.crash = ""  # its last words

    def run(self, tell):
        self.started = time.monotonic()
        environment = dict(os.environ, SLUICE=str(PROJECT / ".build/debug/sluice"), NO_COLOR="1")
        with open(self.log, "w", encoding="utf-8") as log:
            process = subprocess.Popen(self.words, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
            hung = threading.Timer(HANGS, process.kill)
            hung.start()
            for line in process.stdout:
                log.write(line)
                self.read(line.rstrip("\n"), tell)
            status = process.wait()
            hung.cancel()
        self.seconds = time.monotonic() - self.started
        if not self.tests:
            self.cause = f"ended with {status} before its last test {self.crash}".rstrip()
        elif status != 0 and not self.failed:
            self.cause = f"ended with {status}"

    def issue(self, test, text, tell):
        self.failed[test] = self.failed.get(test, 0) + 1
        if self.failed[test] <= OF_ONE:
            tell(f"FAILED {self.name}: {test}: {text}"[:300])


class SwiftSuite(Suite):
    def __init__(self, target):
        super().__init__(target, [str(PROGRAM), "--testing-library", "swift-testing", "--filter", rf"^{target}\."], PROJECT)

    def read(self, line, tell):
        if found := RUN.match(line):
            self.tests = int(found[1])
        elif found := ISSUE.match(line):
            # The arguments of a test can be long: its name and the end of the line say where and what.
            where = re.search(r" at (\S+\.swift:\d+):\d+: (.*)$", found[2])
            self.issue(found[1], f"{where[1]} {where[2]}" if where else found[2].strip(), tell)
        elif found := FAILED.match(line):
            self.failed.setdefault(found[1], 0)
        elif "Fatal error:" in line:
            self.crash = line[line.index("Fatal error:"):]


class ClientSuite(Suite):
    """A module of Python's unittest."""
    BROKEN = re.compile(r"^(?:FAIL|ERROR): (\S+)")

    def __init__(self, module):
        super().__init__(f"clients.{module}", [str(CLIENTS), "-W", "ignore::ResourceWarning", "-m", "unittest", "-v", module],
                         PROJECT / "Tests/ClientTests")

    def read(self, line, tell):
        if found := re.match(r"^Ran (\d+) test", line):
            self.tests = int(found[1])
        elif found := self.BROKEN.match(line):
            self.issue(found[1], "see its log", tell)
        # A test that was left out has proven nothing.
        elif found := re.match(r"^(?:OK|FAILED).*(?:skipped|unexpected successes)=", line):
            self.issue("left out", line, tell)


class Run:
    """All suites, some at a time, and what is said of them."""

    def __init__(self, suites):
        self.times_path = LOGS / "seconds.json"
        self.times = dict(ROUGHLY)
        try:
            self.times.update(json.loads(self.times_path.read_text()))
        except (OSError, ValueError):
            pass
        self.waiting = sorted(suites, key=self.expected, reverse=True)
        self.suites, self.running, self.ended, self.told = suites, [], [], 0
        self.lock = threading.Lock()
        self.news = time.monotonic()

    def expected(self, suite):
        return self.times.get(suite.name, UNKNOWN)

    def tell(self, text):
        with self.lock:
            self.told += 1
            if self.told <= ISSUES:
                say(text)

    def left(self):
        """Seconds, from what is known of each suite, stretched by how long those that ended took."""
        now = time.monotonic()
        known = sum(self.expected(suite) for suite in self.ended)
        stretch = max(0.5, sum(suite.seconds for suite in self.ended) / known) if known else 1
        begun = [max(1, self.expected(suite) * stretch - (now - suite.started)) for suite in self.running]
        rest = sum(self.expected(suite) for suite in self.waiting) * stretch
        return max([(sum(begun) + rest) / SIDE_BY_SIDE, *begun])

    def work(self):
        while True:
            with self.lock:
                if not self.waiting:
                    return
                suite = self.waiting.pop(0)
                suite.started = time.monotonic()
                self.running.append(suite)
            try:
                suite.run(self.tell)
            except Exception as failure:  # a suite that cannot be started is one that failed
                suite.seconds, suite.cause = time.monotonic() - suite.started, str(failure)
            with self.lock:
                self.running.remove(suite)
                self.ended.append(suite)
                self.news = time.monotonic()
                failed = len(suite.failed) + (suite.cause is not None)
                say(f"[{len(self.ended):2} of {len(self.suites)} suites, {self.spent():3.0f} s, about {self.left() if self.running else 0:3.0f} s left] "
                    f"{suite.name}: {suite.tests} tests, {failed} failed, {suite.seconds:.0f} s")

    def spent(self):
        return time.monotonic() - self.began

    def all(self):
        self.began = time.monotonic()
        say(f"Running {len(self.suites)} suites …")
        workers = [threading.Thread(target=self.work) for _ in range(SIDE_BY_SIDE)]
        for worker in workers:
            worker.start()
        for worker in workers:
            while worker.is_alive():
                worker.join(1)
                with self.lock:
                    if self.running and time.monotonic() - self.news >= PATIENCE:
                        self.news = time.monotonic()
                        say(f"  {self.spent():3.0f} s, about {self.left():3.0f} s left: {', '.join(suite.name for suite in self.running)}")
        self.times_path.write_text(json.dumps({**self.times, **{suite.name: round(suite.seconds) for suite in self.ended}}))

    def close(self):
        """What failed, by name, and the closing line."""
        names = [(f"{suite.name}: {test}", count) for suite in self.ended for test, count in suite.failed.items()]
        names += [(f"{suite.name} {suite.cause}; see {suite.log.relative_to(PROJECT)}", 0) for suite in self.ended if suite.cause]
        for name, count in sorted(names)[:NAMES]:
            say(f"failed: {name}"[:200] + (f" ({count} issues)" if count > OF_ONE else ""))
        if len(names) > NAMES:
            say(f"and {len(names) - NAMES} more.")
        whole = PROJECT / ".build/test.log"
        with open(whole, "w", encoding="utf-8") as log:
            for suite in sorted(self.ended, key=lambda suite: suite.name):
                log.write(f"==== {suite.name}\n{suite.log.read_text(encoding='utf-8') if suite.log.exists() else ''}")
        passed = sum(max(0, suite.tests - len(suite.failed)) for suite in self.ended)
        say(f"The whole output is in {whole.relative_to(PROJECT)}.")
        say(f"{passed} passed, {len(names)} failed")
        return 1 if names or passed == 0 else 0


def run_suites():
    LOGS.mkdir(parents=True, exist_ok=True)
    suites = [SwiftSuite(folder.name) for folder in sorted((PROJECT / "Tests").iterdir())
              if folder.name.endswith("Tests") and any(folder.rglob("*.swift"))]
    suites += [ClientSuite(path.stem) for path in sorted((PROJECT / "Tests/ClientTests").glob("test_*.py"))]
    run = Run(suites)
    run.all()
    return run.close()


if __name__ == "__main__":
    if sys.argv[1:] not in (["build"], ["run"]):
        sys.exit(__doc__)
    sys.exit(build() if sys.argv[1] == "build" else run_suites())
