"""Kills the upload endpoint at its durable calls and at random moments, and lets those calls fail, while attachments come by every door; then counts
what was acknowledged. strace does the harm. Standard library only.

Per call it is killed, or the call fails with EIO or ENOSPC, at its N-th time, for every N (or every --stride-th) until it is not called so often.
Afterwards each acknowledged attachment has to be there once with its bytes, the store has to be sound, and the same sent again has to be taken."""
import argparse
import hashlib
import http.client
import json
import os
import random
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time

from faults_endpoint import Server, check, conclude, form, log_lines

# What makes something durable or visible, with how many of its times are left out in the short form. `write` also counts the log and wake-ups.
CALLS = {"syncfs": 1, "fsync": 3, "fdatasync": 4, "linkat": 4, "mkdirat": 5, "pwrite64": 40, "write": 25, "unlinkat": 1, "renameat": 1,
         "unlink": 1, "ftruncate": 1}
# No `write`: it wakes threads up, and such a wake-up never fails for a disk's sake. The bytes of attachments go through pwrite64.
FAILING = ["syncfs", "fsync", "fdatasync", "linkat", "pwrite64"]
BROKEN = (OSError, http.client.HTTPException)


class HarmedServer(Server):
    """One endpoint that strace harms."""
    harm = None

    def command(self, words):
        if not self.harm:
            return words
        call = self.harm.split(":")[0]
        # -D: the endpoint is our child, and strace stands beside it.
        return ["strace", "-D", "-f", "-qq", "-o", os.path.join(self.folder, "trace"), "-e", "trace=" + call, "-e", "inject=" + self.harm, *words]

    def was_harmed(self):
        """Asked once it has ended. An inspector may have been met instead, even before the endpoint was there."""
        if self.status == -signal.SIGKILL:
            return True
        # strace ends a moment later.
        time.sleep(0.05)
        with open(os.path.join(self.folder, "trace"), encoding="utf-8", errors="replace") as trace:
            return any("INJECTED" in line or "killed by SIGKILL" in line for line in trace)

    def verify(self, after_kill=False):
        """A kill between a blob's name and its row, or between a decision and the end of its upload, leaves bytes that no row speaks of: nothing is
        lost, and they are taken over or removed."""
        run = subprocess.run([self.sluice, "verify", "--store", self.store], capture_output=True, text=True)
        wrong = [line for line in run.stdout.splitlines() if re.match(r"[a-z][a-z-]*  ", line)]
        harmless = after_kill and wrong and all(line.startswith(("unreferenced  ", "partial-leftover  ")) for line in wrong)
        check(run.returncode == 0 or harmless, "the store is sound: " + run.stdout + run.stderr)

    def is_alive(self):
        return self.process is not None and self.process.poll() is None


class Sender:
    """The same attachments by every door, each of its own content."""

    def __init__(self, token, numbers):
        self.token = token
        self.contents = {name: log_lines(numbers, size) for name, size in
                         [("small.txt", 4000), ("large.txt", 300_000), ("keyed.txt", 5000), ("resumed.txt", 200_000),
                          *[(f"form-{index}.txt", 3000) for index in range(12)]]}
        self.acknowledged = {}
        self.statuses = []

    def note(self, status, names):
        self.statuses.append(status)
        if status in (200, 201, 204):
            for name in names:
                self.acknowledged[name] = hashlib.sha256(self.contents[name]).hexdigest()

    def send(self, server):
        """All once. Ends when the endpoint does."""
        try:
            path = "/api/v1/tickets/T-1/attachments"
            for name, headers in [("small.txt", {}), ("large.txt", {}), ("keyed.txt", {"Idempotency_Key": "crash-1"})]:
                self.note(server.ask("PUT", f"{path}/{name}", self.contents[name], self.token, **headers)[0], [name])
            names = [name for name in self.contents if name.startswith("form")]
            body = b"".join(form("b", name, self.contents[name])[:-len("--b--\r\n")] for name in names) + b"--b--\r\n"
            status, _, text = server.ask("POST", path, body, self.token, Content_Type="multipart/form-data; boundary=b")
            # One that failed does not take the others' word back.
            taken = names
            if status == 503 and b'"attachments"' in text:
                taken = [one["path"] for one in json.loads(text)["attachments"] if one["outcome"] in ("accepted", "duplicate")]
                self.note(201, taken)
                taken = []
            self.note(status, taken)
            self.resume(server)
            # A refusal is a row as well.
            self.statuses.append(server.ask("PUT", f"{path}/run.exe", b"MZ", self.token)[0])
            return True
        except BROKEN:
            return False

    def resume(self, server):
        content, middle = self.contents["resumed.txt"], 90_000
        status, headers, _ = server.begin(self.token, len(content), name="resumed.txt", ticket="T-1")
        self.statuses.append(status)
        if status != 201:
            return
        place = headers["location"]
        status = server.patch(place, self.token, 0, content[:middle])[0]
        self.statuses.append(status)
        if status == 204:
            status, headers, _ = server.patch(place, self.token, middle, content[middle:])
            self.note(status, ["resumed.txt"] if headers.get("sluice-outcome") in ("accepted", "duplicate") else [])

    def examine(self, server, what, everything):
        listed = json.loads(server.ask("GET", "/api/v1/tickets/T-1/attachments", token=self.token)[2])["attachments"]
        found = {}
        for one in listed:
            found.setdefault(one["path"], []).append(one)
        for name, rows in found.items():
            check(len(rows) == 1, f"{what}: {name} is there {len(rows)} times")
        for name, digest in self.acknowledged.items():
            check([one["sha256"] for one in found.get(name, [])] == [digest], f"{what}: {name} was acknowledged and is not there as it was sent")
        if everything:
            check(set(found) == set(self.contents), f"{what}: after sending again there are {sorted(found)}")
            for name, rows in found.items():
                # strace meets the inspectors as well: what one of them died over could not be checked, and is set apart.
                if rows[0]["outcome"] == "quarantined":
                    codes = [finding["code"] for finding in rows[0]["findings"]]
                    check("inspection.failed" in codes, f"{what}: {name} is set apart for {codes}")
                    continue
                body = server.ask("GET", f"/api/v1/tickets/T-1/attachments/{rows[0]['attachment']}/content", token=self.token)[2]
                check(body == self.contents[name], f"{what}: {name} has other bytes")


def send_again(server, sender, seed, harm):
    """The same as before, now taken as a whole."""
    for _ in range(40):
        # strace counts a call's times for each thread, so that the harm may come again on each of the server's threads.
        again = Sender(sender.token, random.Random(seed))
        if again.send(server) and max(status for status in again.statuses if status != 415) < 300:
            break
    else:
        check(False, f"{harm}: again, {again.statuses}")
    again.acknowledged.update(sender.acknowledged)
    again.examine(server, harm, True)


def one(sluice, folder, harm, seed):
    """One endpoint, harmed once. Returns whether it was."""
    server = HarmedServer(sluice, os.path.join(folder, harm.replace(":", "-").replace("=", "")))
    os.makedirs(server.folder)
    try:
        sender = Sender(server.token("submitter", "--submitter", "ann"), random.Random(seed))
        server.harm = harm
        kills = "SIGKILL" in harm
        started = server.starts()
        if started:
            finished = sender.send(server)
            if not kills:
                check(finished, f"{harm}: the endpoint goes on")
                check(set(sender.statuses) <= {200, 201, 204, 415, 422, 503, 507}, f"{harm}: {sender.statuses}")
                if "ENOSPC" not in harm:
                    check(507 not in sender.statuses, f"{harm}: {sender.statuses}")
                # What failed once is taken at the next try, by the same program.
                if server.is_alive():
                    send_again(server, sender, seed, harm)
            if server.is_alive():
                server.process.send_signal(signal.SIGTERM)
        server.release()
        harmed, status = server.was_harmed(), server.status
        server.harm = None
        server.verify(after_kill=kills)
        if harmed and kills:
            server.start()
            sender.examine(server, harm, False)
            send_again(server, sender, seed, harm)
            server.stop()
            server.verify(after_kill=True)
        check(kills or status == (0 if started else 3), f"{harm}: the endpoint ends in good order, not with {status}")
        return harmed, sender.statuses
    finally:
        if server.process and server.is_alive():
            server.kill()
        shutil.rmtree(server.folder, ignore_errors=True)


def every_call(sluice, folder, stride, seed, calls):
    began = time.monotonic()
    for kind in ["signal=SIGKILL", "error=EIO", "error=ENOSPC"]:
        counts, told = {}, {}
        for call, step in CALLS.items():
            if calls and call not in calls:
                continue
            if kind != "signal=SIGKILL" and call not in FAILING:
                continue
            number = 1
            while True:
                harmed, statuses = one(sluice, folder, f"{call}:{kind}:when={number}", seed)
                if not harmed:
                    break
                counts[call] = counts.get(call, 0) + 1
                for status in statuses:
                    told[status] = told.get(status, 0) + 1
                number += step if stride == 0 else stride
        print(f"{kind}: {sum(counts.values())} runs {counts}, answers {dict(sorted(told.items()))}, {time.monotonic() - began:.0f} s", flush=True)


def sample(sluice, folder, count, numbers):
    """Some of `every_call`, drawn anew with each seed."""
    began, told = time.monotonic(), {}
    for _ in range(count):
        kind = numbers.choice(["signal=SIGKILL", "error=EIO", "error=ENOSPC"])
        call = numbers.choice(list(CALLS) if "SIGKILL" in kind else FAILING)
        harm = f"{call}:{kind}:when={numbers.randrange(1, 6)}"
        harmed, _ = one(sluice, folder, harm, numbers.randrange(1 << 30))
        told[harm] = "harmed" if harmed else "not met"
    print(f"sample: {told}, {time.monotonic() - began:.0f} s", flush=True)


def under_load(sluice, folder, kills, numbers):
    """Eight clients that send again until they are answered, and an endpoint that is killed all the time."""
    server = HarmedServer(sluice, os.path.join(folder, "load"))
    os.makedirs(server.folder)
    token = server.token("submitter", "--submitter", "ann")
    server.start()
    over, acknowledged, tries = threading.Event(), [{} for _ in range(8)], [0]

    def client(index):
        own, number = random.Random(numbers_of[index]), 0
        path = f"/api/v1/tickets/T-{index}/attachments"
        while not over.is_set():
            number += 1
            name, content = f"load-{number}.txt", log_lines(own, own.choice([300, 4000, 4000, 200_000]))
            way, place = own.randrange(4), None
            while True:
                tries[0] += 1
                try:
                    if way == 0:
                        status = server.ask("PUT", f"{path}/{name}", content, token)[0]
                    elif way == 1:
                        status = server.ask("POST", path, form("b", name, content), token, Content_Type="multipart/form-data; boundary=b")[0]
                    elif way == 2:
                        status = server.ask("PUT", f"{path}/{name}", content, token, Idempotency_Key=f"{index}-{number}")[0]
                    else:
                        if place is None:
                            status, headers, _ = server.begin(token, len(content), name=name, ticket=f"T-{index}")
                            place = headers.get("location") if status == 201 else None
                        status = 0
                        if place:
                            offset = server.offset(place, token)
                            if offset == -404:
                                place = None
                            elif offset >= 0:
                                step = content[offset:offset + max(1, len(content) // 2 + 1)]
                                status, headers, _ = server.patch(place, token, offset, step)
                                if status == 204 and "sluice-outcome" not in headers:
                                    status = 0
                    if status in (200, 201, 204):
                        acknowledged[index][name] = hashlib.sha256(content).hexdigest()
                        break
                    check(status in (0, 409, 423, 503), f"under load a client is answered {status}")
                except BROKEN:
                    pass
                time.sleep(0.02)

    numbers_of = [numbers.randrange(1 << 40) for _ in range(8)]
    clients = [threading.Thread(target=client, args=(index,)) for index in range(8)]
    began = time.monotonic()
    for one_client in clients:
        one_client.start()
    for _ in range(kills):
        time.sleep(numbers.uniform(0.02, 0.5))
        server.kill()
        server.start()
    over.set()
    for one_client in clients:
        one_client.join()
    total = 0
    for index, expected in enumerate(acknowledged):
        listed = json.loads(server.ask("GET", f"/api/v1/tickets/T-{index}/attachments", token=token)[2])["attachments"]
        found = {}
        for row in listed:
            check(row["path"] not in found, f"T-{index}: {row['path']} is there twice")
            found[row["path"]] = row["sha256"]
        check(found == expected, f"T-{index}: {len(expected)} acknowledged, {len(found)} there")
        total += len(expected)
    server.stop()
    server.verify(after_kill=True)
    shutil.rmtree(server.folder, ignore_errors=True)
    print(f"under load: {kills} kills, {total} acknowledged, {tries[0]} tries, {time.monotonic() - began:.0f} s", flush=True)


def full_disk(sluice, folder):
    """A store on a disk of 20 MB that fills up: nothing partial is acknowledged, and with space it goes on within five seconds."""
    place = os.path.join(folder, "disk")
    os.makedirs(place)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m,mode=700", "tmpfs", place], capture_output=True, text=True)
    if mounted.returncode:
        print("full disk: not run, since a small disk cannot be mounted here: " + mounted.stderr.strip(), flush=True)
        return
    server = HarmedServer(sluice, place)
    try:
        token = server.token("submitter", "--submitter", "ann")
        server.start()
        numbers, statuses, kept = random.Random(7), [], {}
        for number in range(60):
            content = log_lines(numbers, 700_000)
            status = server.ask("PUT", f"/api/v1/tickets/T-1/attachments/fill-{number}.txt", content, token)[0]
            statuses.append(status)
            if status == 201:
                kept[f"fill-{number}.txt"] = hashlib.sha256(content).hexdigest()
        check(set(statuses) <= {201, 507, 503} and 507 in statuses, f"a full disk is answered {sorted(set(statuses))}")
        listed = json.loads(server.ask("GET", "/api/v1/tickets/T-1/attachments", token=token)[2])["attachments"]
        check({one["path"]: one["sha256"] for one in listed} == kept, "what a full disk took is what it acknowledged")
        subprocess.run(["mount", "-o", "remount,size=60m", place], check=True)
        began = time.monotonic()
        while server.ask("PUT", "/api/v1/tickets/T-1/attachments/after.txt", content, token)[0] not in (200, 201):
            if time.monotonic() - began > 5:
                check(False, "with space it goes on within five seconds")
                break
            time.sleep(0.1)
        print(f"full disk: {len(kept)} kept, {len(statuses) - len(kept)} refused, again after {time.monotonic() - began:.1f} s", flush=True)
        server.stop()
        server.verify()
    finally:
        if server.process and server.is_alive():
            server.kill()
        server.release()
        subprocess.run(["umount", "-l", place], check=False)


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--sluice", required=True, help=argparse.SUPPRESS)
    words.add_argument("--kills", type=int, default=500, help="under load (%(default)s)")
    words.add_argument("--stride", type=int, default=1, help="every so many-th time of a call; 0 for a few of each sort (%(default)s)")
    words.add_argument("--sample", type=int, help="only so many harmed calls, drawn by the seed")
    words.add_argument("--call", choices=list(CALLS), action="append", help="only this one; by default all")
    words.add_argument("--only", choices=["calls", "load", "disk"], action="append")
    words.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    given = words.parse_args()
    print("seed", given.seed, flush=True)
    folder = tempfile.mkdtemp(prefix="sluice-crash-")
    sluice, only = os.path.abspath(given.sluice), given.only or ["calls", "load", "disk"]
    try:
        if "load" in only:
            under_load(sluice, folder, given.kills, random.Random(given.seed))
        if "disk" in only:
            full_disk(sluice, folder)
        if "calls" in only and given.sample is not None:
            sample(sluice, folder, given.sample, random.Random(given.seed))
        elif "calls" in only:
            every_call(sluice, folder, given.stride, given.seed, given.call)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    conclude()


if __name__ == "__main__":
    main()
