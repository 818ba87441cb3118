"""Does harm to a drop folder and proves that every file is accounted for.

  storm    many files through partial writes, renames, whole folders and deletes, with lost events and kills (10 000 and 10 by default)
  kills    kill -9 at every durable call of one drop, one call after the other
  races    names swapped for links to secrets while they are taken; no byte of a secret may reach the store
  latency  how soon after it has settled a file is in the store while thousands wait
"""
import argparse
import fcntl
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("what", choices=["storm", "kills", "races", "latency"])
parser.add_argument("--sluice", required=True, help="the program")
parser.add_argument("--scratch", default="/tmp/sluice-faults", help="a folder to work in; emptied first")
parser.add_argument("--files", type=int, help="how many files (storm 10000, latency 5000)")
parser.add_argument("--kills", type=int, default=10, help="storm: how often the watcher is killed")
parser.add_argument("--spare-kernel", action="store_true", help="storm: leave the kernel's queue of events as it is")
parser.add_argument("--swaps", type=int, default=1000, help="races: how many swaps")
parser.add_argument("--stride", type=int, default=1, help="kills: try every n-th call")
parser.add_argument("--seed", type=int, default=1)
options = parser.parse_args()
chance = random.Random(options.seed)
scratch = Path(options.scratch)
shutil.rmtree(scratch, ignore_errors=True)
scratch.mkdir(parents=True)
box, store = scratch / "box", scratch / "store"
failures = []


def check(holds, words):
    if not holds:
        failures.append(words)
        print("WRONG:", words, flush=True)


def sluice(*words, box=box, **more):
    command = [options.sluice, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, **more)


def watch(*words, box=box, store=store, prefix=()):
    (scratch / "out").mkdir(exist_ok=True)
    out = open(scratch / "out" / "answers", "a")
    err = open(scratch / "out" / "errors", "a")
    return subprocess.Popen(
        [*prefix, options.sluice, "watch", str(box), "--store", str(store), *words], stdout=out, stderr=err)


def rows(store=store):
    """Declared name and digest of every kept attachment, as a list so that a double shows."""
    if not (store / "sluice.sqlite").exists():
        return []
    base = sqlite3.connect(f"file:{store}/sluice.sqlite?mode=ro", uri=True)
    try:
        return [(t, bytes(n), bytes(d).hex()) for t, n, d in base.execute("SELECT ticket, declared_name, digest FROM attachment")]
    finally:
        base.close()


def sources(folder):
    """The files of an outcome folder without what lies beside them."""
    found = []
    for path in folder.rglob("*"):
        if path.is_dir() and not path.is_symlink():
            continue
        if path.name.endswith((".verdict.json", ".verdict.txt", ".sluice.json")):
            continue
        found.append(path)
    return found


def text(number, size=None):
    """A log of its own content, whose last line says that it is whole."""
    lines = [f"2026-01-02 03:04:05 INFO file {number} line {line}" for line in range(size or chance.randint(1, 40))]
    return ("\n".join(lines) + f"\n2026-01-02 03:04:06 INFO end of file {number}\n").encode()


def drained(seconds=120):
    end = time.time() + seconds
    while time.time() < end:
        left = [p for p in (box / "in").rglob("*") if p.is_file()] + [p for p in (box / ".sluice").rglob("*") if p.is_file()]
        if not left:
            return True
        time.sleep(0.2)
    return False


def prove(expected, box=box, store=store, words=""):
    """Each expected file is once in done/, with a verdict, and once in the store."""
    got = {}
    for path in sources(box / "done"):
        got.setdefault(hashlib.sha256(path.read_bytes()).hexdigest(), []).append(path)
        check((path.parent / (path.name + ".verdict.json")).exists(), f"{words}{path} has no verdict")
    for digest, name in expected.items():
        check(len(got.get(digest, [])) == 1, f"{words}{name} is {len(got.get(digest, []))} times in done/")
    check(set(got) == set(expected), f"{words}{len(set(got) - set(expected))} files in done/ that nobody sent whole")
    kept = rows(store)
    check(sorted(d for _, _, d in kept) == sorted(expected), f"{words}{len(kept)} rows for {len(expected)} files")
    for folder in ["failed", "rejected", "quarantined"]:
        check(not sources(box / folder), f"{words}files in {folder}/")
    for command in (["reconcile", box, "--store", store], ["verify", "--store", store]):
        ran = sluice(*command)
        check(ran.returncode == 0, f"{words}sluice {command[0]}: {ran.stdout[-500:]}{ran.stderr[-300:]}")
    return ran


KERNEL_QUEUE = Path("/proc/sys/fs/inotify/max_queued_events")


def begin_small(number, words):
    """Starts a watcher that loses events: every other one by its own limit, the others by the kernel's, where that may be set.

    The kernel's limit is that of the moment at which inotify is opened, so it is put back as soon as the watcher has done so.
    """
    if number % 2 or options.spare_kernel:
        return watch(*words, "--event-queue", "8"), False
    # One storm at a time, else one would take the other's small number for the usual one.
    held = open(KERNEL_QUEUE)
    fcntl.flock(held, fcntl.LOCK_EX)
    try:
        usual = KERNEL_QUEUE.read_text()
        KERNEL_QUEUE.write_text("8")
    except OSError:
        return watch(*words, "--event-queue", "8"), False
    try:
        watcher = watch(*words)
        end = time.time() + 20
        while time.time() < end and watcher.poll() is None:
            links = []
            for entry in Path(f"/proc/{watcher.pid}/fd").iterdir():
                try:
                    links.append(os.readlink(entry))
                except OSError:
                    pass
            if any("inotify" in link for link in links):
                break
            time.sleep(0.002)
    finally:
        KERNEL_QUEUE.write_text(usual)
        held.close()
    return watcher, True


def storm():
    total = options.files or 10_000
    (box / "in").mkdir(parents=True)
    settle = ["--settle", "500ms", "--rescan", "3s", "--format", "json"]
    started_as = [begin_small(0, settle)]
    watcher = [started_as[0][0]]
    expected, deleted = {}, set()
    lock = threading.Lock()

    def sent(content, name):
        with lock:
            expected[hashlib.sha256(content).hexdigest()] = name

    def partial(numbers):
        for group in range(0, len(numbers), 20):
            open_files = []
            for number in numbers[group:group + 20]:
                content = text(number)
                path = box / "in" / f"T-{number % 7}" / f"partial-{number}.txt"
                path.parent.mkdir(exist_ok=True)
                open_files.append((open(path, "wb", buffering=0), content))
                sent(content, path.name)
            for piece in range(3):
                for file, content in open_files:
                    third = len(content) // 3
                    file.write(content[piece * third:(piece + 1) * third if piece < 2 else None])
                # Sometimes longer than the settle time: the open file has to be seen.
                time.sleep(0.7 if chance.random() < 0.1 else 0.02)
            for file, _ in open_files:
                file.close()

    def renamed(numbers):
        for number in numbers:
            content = text(number)
            folder = box / "in" / f"T-{number % 5}" / "deep" / str(number % 3)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"renamed-{number}.txt.part").write_bytes(content)
            sent(content, f"renamed-{number}.txt")
            (folder / f"renamed-{number}.txt.part").rename(folder / f"renamed-{number}.txt")

    def folders(numbers):
        for group in range(0, len(numbers), 50):
            tree = scratch / "made" / f"F-{group}"
            for number in numbers[group:group + 50]:
                content = text(number)
                path = tree / f"d{number % 4}" / f"folder-{number}.txt"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                sent(content, path.name)
            tree.rename(box / "in" / f"F-{group}")
            time.sleep(0.05)

    def removed(numbers):
        """Begun and taken away midway: never whole, so never to be seen anywhere."""
        for number in numbers:
            path = box / "in" / "T-gone"
            path.mkdir(exist_ok=True)
            with open(path / f"gone-{number}.txt", "wb", buffering=0) as file:
                file.write(text(number)[:40])
                time.sleep(0.002)
                os.unlink(path / f"gone-{number}.txt")

    parts = [list(range(k * total // 4, (k + 1) * total // 4)) for k in range(4)]
    writers = [threading.Thread(target=f, args=(n,)) for f, n in zip([partial, renamed, folders], parts)]
    writers.append(threading.Thread(target=lambda n: (partial(n[::2]), renamed(n[1::2])), args=(parts[3],)))
    writers.append(threading.Thread(target=removed, args=(list(range(total, total + total // 20)),)))
    started = time.time()
    for writer in writers:
        writer.start()
    killed = 0
    while killed < options.kills:
        time.sleep(chance.uniform(0.3, 2.0))
        watcher[0].send_signal(signal.SIGKILL)
        watcher[0].wait()
        killed += 1
        started_as.append(begin_small(killed, settle))
        watcher[0] = started_as[-1][0]
        if not any(w.is_alive() for w in writers) and killed >= options.kills:
            break
    for writer in writers:
        writer.join()
    # Whatever the pace of the machine is, these events come at once: the watcher is stopped meanwhile.
    watcher[0].send_signal(signal.SIGSTOP)
    renamed(list(range(2 * total, 2 * total + 32)))
    watcher[0].send_signal(signal.SIGCONT)
    check(drained(), "in/ is not empty after two minutes")
    watcher[0].send_signal(signal.SIGTERM)
    watcher[0].wait()
    prove(expected)
    told = (scratch / "out" / "errors").read_text(errors="replace")
    kernels, ours = told.count("fs.inotify.max_queued_events"), told.count("--event-queue allows")
    small = sum(1 for _, is_kernels in started_as if is_kernels)
    if small:
        check(kernels > 0, "the kernel's queue has never overflowed")
        words = f"the kernel's queue of 8 events overflowed for {kernels} of {small} watchers"
    else:
        words = "the kernel's queue was left alone" + ("" if options.spare_kernel else ", since it may not be set on this machine")
    if small < len(started_as):
        check(ours > 0, "the program's own limit of events was never met")
        words += f", the program's limit of 8 for {ours} of {len(started_as) - small}"
    print(f"storm: {len(expected)} files, {total // 20} taken away midway, {killed} kills; {words}; "
          f"{time.time() - started:.0f} s: {len(failures)} wrong")


def kills():
    calls = ["openat", "mkdirat", "renameat2", "write", "pwrite64", "fdatasync", "fsync", "syncfs", "linkat", "unlinkat", "unlink",
             "ftruncate", "close"]
    contents = {f"in/T-1/a-{k}.txt": text(k, 3) for k in range(3)}
    expected = {hashlib.sha256(c).hexdigest(): n for n, c in contents.items()}
    tried = {}
    for call in calls:
        number = 1
        while True:
            for folder in (box, store):
                shutil.rmtree(folder, ignore_errors=True)
            for name, content in contents.items():
                (box / name).parent.mkdir(parents=True, exist_ok=True)
                (box / name).write_bytes(content)
            (box / "in" / "T-1" / "a-0.txt.sluice.json").write_text('{"comment":"a comment"}')
            trace = scratch / "trace"
            harm = ["strace", "-f", "-o", trace, "-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={number}"]
            once = ["--once", "--settle", "0ms", "--jobs", "2", "--format", "json"]
            watch(*once, prefix=harm).wait()
            if "SIGKILL" not in trace.read_text(errors="replace"):
                break
            # Nothing of the sent files has vanished, whatever the moment was.
            seen = {hashlib.sha256(p.read_bytes()).hexdigest() for p in box.rglob("a-*.txt") if p.name.count(".") == 1}
            check(set(expected) <= seen, f"{call} {number}: a file has vanished")
            ran = watch(*once)
            ran.wait()
            check(ran.returncode == 0, f"{call} {number}: the second run ended with {ran.returncode}")
            prove(expected, words=f"{call} {number}: ")
            check((box / "done" / "T-1" / "a-0.txt.sluice.json").exists(), f"{call} {number}: the sidecar is not with its file")
            check(not [p for p in box.rglob("*.2.*")], f"{call} {number}: something was numbered")
            tried[call] = tried.get(call, 0) + 1
            number += options.stride
    print(f"kills: {sum(tried.values())} moments ({', '.join(f'{k} {v}' for k, v in tried.items())}): {len(failures)} wrong")
    check(sum(tried.values()) > 10, "hardly anything was tried")


def races():
    """A stranger with rights on in/ swaps files and folders for links to secrets while they are taken."""
    secrets = scratch / "secrets"
    secrets.mkdir()
    marker = b"SECRET-" + os.urandom(8).hex().encode()
    for name in ["a.txt", "b.txt"]:
        (secrets / name).write_bytes(b"2026-01-02 03:04:05 INFO " + marker + b"\n")
    (box / "in" / "T-1").mkdir(parents=True)
    watcher = watch("--settle", "0ms", "--rescan", "1s", "--format", "json")
    folder = box / "in" / "T-1"
    done = 0

    def quietly(action):
        try:
            action()
        except OSError:
            pass

    for number in range(options.swaps):
        kind = number % 5
        name = folder / f"f{number}.txt"
        quietly(lambda: folder.mkdir(exist_ok=True))
        quietly(lambda: name.write_bytes(b"2026-01-02 03:04:05 INFO harmless %d\n" % number))
        time.sleep(chance.uniform(0, 0.004))
        swap = folder / f".swap{number}"
        if kind == 0:  # the file for a symbolic link
            quietly(lambda: (os.symlink(secrets / "a.txt", swap), os.rename(swap, name)))
        elif kind == 1:  # the file for a hard link
            quietly(lambda: (os.link(secrets / "a.txt", swap), os.rename(swap, name)))
        elif kind == 2:  # the folder for a symbolic link to a folder with a file of that name
            quietly(lambda: shutil.copy(secrets / "a.txt", secrets / name.name))
            away = box / "in" / f".away{number}"
            quietly(lambda: (os.rename(folder, away), os.symlink(secrets, folder)))
            time.sleep(chance.uniform(0, 0.003))
            quietly(lambda: (os.unlink(folder), os.rename(away, folder)))
        elif kind == 3:  # a FIFO, which would hang who opens it
            quietly(lambda: (os.mkfifo(swap), os.rename(swap, name)))
        else:  # grows while it is read
            quietly(lambda: open(name, "ab").write(b"2026-01-02 03:04:05 INFO and more\n" * 2000))
        done += 1
        check(watcher.poll() is None, f"the watcher ended after {number} swaps")
    time.sleep(2)
    watcher.send_signal(signal.SIGTERM)
    watcher.wait(timeout=30)
    kept = [p for p in store.rglob("*") if p.is_file()]
    check(not [p for p in kept if marker in p.read_bytes()], "bytes from outside are in the store")
    left = {p.name for p in secrets.iterdir()}
    check({"a.txt", "b.txt"} <= left and len(left) == 2 + sum(1 for n in range(options.swaps) if n % 5 == 2),
          "a file was moved out of a folder outside")
    check(len(rows()) > options.swaps // 5, f"only {len(rows())} of the harmless files were taken")
    ran = sluice("verify", "--store", store)
    check(ran.returncode == 0, ran.stdout + ran.stderr)
    print(f"races: {done} swaps, {len(rows())} harmless files taken: {len(failures)} wrong")


def make_small(folder, count):
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"f{number:05}.txt").write_bytes(text(number, 20))


def latency():
    """Thousands come to rest at one moment; single files come to rest while these wait."""
    count = options.files or 5_000
    made = scratch / "made"
    make_small(made, count)
    (box / "in").mkdir(parents=True)
    settle = 1.0
    watcher = watch("--settle", "1s", "--format", "json")
    time.sleep(1)
    waits = []
    base = None
    made.rename(box / "in" / "T-1")
    started = time.time()
    for number in range(8):
        time.sleep(max(0, started + 0.25 * number - time.time()))
        path = box / "in" / "T-1" / f"probe-{number}.txt"
        path.write_bytes(text(100_000 + number, 5))
        waits.append((path.name, time.time()))
    answers, waiting = {}, 0
    while len(answers) < len(waits) and time.time() < started + 60:
        if base is None and (store / "sluice.sqlite").exists():
            base = sqlite3.connect(f"file:{store}/sluice.sqlite?mode=ro", uri=True)
        if base is not None:
            for (name,) in base.execute("SELECT CAST(declared_name AS TEXT) FROM attachment WHERE declared_name >= CAST('probe' AS BLOB) AND declared_name < CAST('proc' AS BLOB)"):
                answers.setdefault(name, (time.time(), base.execute("SELECT count(*) FROM attachment").fetchone()[0]))
        time.sleep(0.01)
    for name, written in waits:
        seen, already = answers.get(name, (float("inf"), 0))
        wait = seen - written - settle
        print(f"  {name}: in the store {wait:.2f} s after settling, {max(0, count - already)} others still waiting")
        check(wait < 1, f"{name} waited {wait:.2f} s")
    check(drained(), "not drained")
    watcher.send_signal(signal.SIGTERM)
    watcher.wait()
    print(f"latency: {count} others, at most {max(a[0] - w - settle for (n, w), a in zip(waits, [answers[n] for n, _ in waits])):.2f} s (bar 1 s)")


{"storm": storm, "kills": kills, "races": races, "latency": latency}[options.what]()
if failures:
    print(f"{len(failures)} wrong; the folder is left at {scratch}")
    sys.exit(1)
shutil.rmtree(scratch, ignore_errors=True)
