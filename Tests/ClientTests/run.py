"""Runs the client tests, three modules side by side (one of them mostly waits), the longest first. Words given are names of modules; without any, all run."""

import concurrent.futures
import pathlib
import re
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
LONGEST_FIRST = ["test_cluster", "test_document", "test_page", "test_stopping", "test_resumable", "test_python_clients", "test_curl", "test_proxies", "test_service_units"]


def run(module):
    started = time.monotonic()
    # Each test has its own deadlines; this one is for what hangs all the same.
    ran = subprocess.run([sys.executable, "-W", "ignore::ResourceWarning", "-m", "unittest", "-v", module], cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=1200)
    told = ran.stdout
    count = int(found[1]) if (found := re.search(r"^Ran (\d+) test", told, re.M)) else 0
    failed = sum(int(number) for number in re.findall(r"(?:failures|errors|unexpected successes|skipped)=(\d+)", told.rsplit("Ran ", 1)[-1]))
    # A module that did not come to run counts as one that failed.
    if ran.returncode != 0 or count == 0:
        failed = max(failed, 1)
    return module, count, failed, time.monotonic() - started, told


def main():
    present = sorted(path.stem for path in HERE.glob("test_*.py"))
    modules = sys.argv[1:] or sorted(present, key=lambda name: LONGEST_FIRST.index(name) if name in LONGEST_FIRST else -1)
    passed = failures = 0
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        for module, count, failed, seconds, told in pool.map(run, modules):
            passed += max(0, count - failed)
            failures += failed
            print(f"{module}: {count} tests, {failed} failed, {seconds:.0f} s", flush=True)
            if failed:
                print(told, flush=True)
    print(f"{passed} passed, {failures} failed")
    return 1 if failures or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
