"""Many at once at the upload endpoint: how much memory uploads in flight take, and how long honest senders wait beside slow ones. Standard library only.

Memory is the proportional set size (/proc/PID/smaps_rollup) of the endpoint and all of its processes, taken every 20 ms while uploads stand open at
half of their body and while all of them end at once. Pages of the spool's files belong to the kernel's cache and are not counted.

Slow connections come from many addresses of the loopback network, as the endpoint takes 64 of one: a third sends its header byte by byte, a third its
body, a third asks for a large attachment and hardly reads. Who is ended comes back."""
import argparse
import json
import os
import random
import selectors
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from faults_endpoint import Server, answer_of, check, conclude, log_lines


class WatchedServer(Server):
    per_peer = "0"

    def command(self, words):
        return words[:-1] + [self.per_peer] if words[-2] == "--per-peer" else words

    def processes(self):
        parents = {}
        for name in os.listdir("/proc"):
            if name.isdigit():
                try:
                    with open(f"/proc/{name}/stat") as file:
                        parents[int(name)] = int(file.read().rsplit(")", 1)[1].split()[1])
                except OSError:
                    pass
        mine, more = set(), {self.process.pid}
        while more:
            mine |= more
            more = {one for one, parent in parents.items() if parent in mine} - mine
        return mine

    def memory(self):
        """Bytes, and of how many processes."""
        total, counted = 0, 0
        for one in self.processes():
            try:
                with open(f"/proc/{one}/smaps_rollup") as file:
                    total += sum(int(line.split()[1]) for line in file if line.startswith("Pss:")) << 10
                counted += 1
            except OSError:
                pass
        return total, counted


class MemoryWatch:
    def __init__(self, server):
        self.server, self.most, self.processes, self.samples = server, 0, 0, 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while not self.over.wait(0.02):
            total, count = self.server.memory()
            self.samples += 1
            if total > self.most:
                self.most, self.processes = total, count

    def end(self):
        self.over.set()
        self.thread.join()


def memory(sluice, folder, count, size):
    """`count` uploads that stand open together, then end together."""
    server = WatchedServer(sluice, os.path.join(folder, "memory"))
    os.makedirs(server.folder)
    token = server.token("submitter", "--submitter", "ann")
    server.start()
    numbers = random.Random(11)
    body = log_lines(numbers, size)
    # What is made once, for whichever request is the first, is no cost of an upload.
    for index in range(8):
        check(server.ask("PUT", f"/api/v1/tickets/T-warm/attachments/warm-{index}.txt", body[:100_000 + index], token)[0] in (200, 201), "warmed up")
    before = server.memory()[0]
    watch = MemoryWatch(server)
    clients = []
    for index in range(count):
        own = b"2026-01-02 03:04:05 INFO upload %09d began\n" % index
        content = own + body[len(own):]
        client = socket.create_connection(("127.0.0.1", server.port), timeout=120)
        client.sendall((f"PUT /api/v1/tickets/T-{index % 20}/attachments/open-{index}.txt HTTP/1.1\r\nHost: h\r\n"
                        f"Authorization: Bearer {token}\r\nContent-Length: {size}\r\n\r\n").encode() + content[:size // 2])
        clients.append(client)
    time.sleep(1)
    standing = server.memory()[0]
    parts = threading.Barrier(16)
    statuses = []

    def end(mine):
        parts.wait()
        for client in mine:
            client.sendall(body[size // 2:])
        statuses.extend(answer_of(client) for client in mine)

    threads = [threading.Thread(target=end, args=(clients[index::16],)) for index in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    watch.end()
    check(statuses.count(201) == count, f"of {count} uploads {statuses.count(201)} were accepted")
    for client in clients:
        client.close()
    growth = (standing - before) / count
    print(f"memory: {before / 1e6:.1f} MB before, {standing / 1e6:.1f} MB with {count} uploads open ({growth / 1024:.0f} KiB each), "
          f"at most {watch.most / 1e6:.1f} MB ({watch.processes} processes, {watch.samples} samples)", flush=True)
    check(growth <= 1 << 20, f"an open upload takes {growth:.0f} bytes")
    check(watch.most < 300e6, f"at most {watch.most} bytes are taken")
    server.stop()
    server.verify()
    shutil.rmtree(server.folder, ignore_errors=True)


class SlowCrowd:
    """Connections that hardly move, driven by one thread."""

    def __init__(self, server, token, large, count):
        self.server, self.token, self.large, self.count = server, token, large, count
        self.open, self.ended, self.refused = 0, 0, 0
        self.over = threading.Event()
        self.ready = threading.Event()
        self.selector = selectors.DefaultSelector()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def connect(self, index):
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        # 50 connections an address.
        client.bind((f"127.0.{2 + index // 12500}.{1 + index // 50 % 250}", 0))
        client.setblocking(False)
        client.connect_ex(("127.0.0.1", self.server.port))
        kind = index % 3
        if kind == 0:
            words = b"GET /healthz HTTP/1.1\r\nHost: h\r\nX-Slow: "
        elif kind == 1:
            words = (f"PUT /api/v1/tickets/T-slow/attachments/slow-{index}.txt HTTP/1.1\r\nHost: h\r\n"
                     f"Authorization: Bearer {self.token}\r\nContent-Length: 1000000\r\n\r\n").encode()
        else:
            words = (f"GET {self.large} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {self.token}\r\n\r\n").encode()
        return client, kind, words

    def run(self):
        slots = {}
        turn = 0
        while not self.over.is_set():
            began = time.monotonic()
            for index in range(self.count):
                state = slots.get(index)
                if state is None:
                    client, kind, words = self.connect(index)
                    slots[index] = [client, kind, words]
                    continue
                client, kind, words = state
                # Each is looked at every few seconds.
                if words is None and (index + turn) % 20:
                    continue
                try:
                    if words is not None:
                        client.send(words)
                        state[2] = None
                    elif kind == 2:
                        if not client.recv(64):
                            raise ConnectionError
                    else:
                        client.send(b"x")
                        try:
                            if not client.recv(4096):
                                raise ConnectionError
                        except BlockingIOError:
                            pass
                except BlockingIOError:
                    pass
                except OSError:
                    client.close()
                    del slots[index]
                    self.ended += 1
            self.open = len(slots)
            turn += 1
            if turn > 4:
                self.ready.set()
            self.over.wait(max(0.0, 0.25 - (time.monotonic() - began)))
        for client, _, _ in slots.values():
            client.close()

    def end(self):
        self.over.set()
        self.thread.join()


HONEST = """
import http.client, sys, time
port, token, who, seconds = int(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4])
connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=("127.0.0.1", 0))
number, until = 0, time.monotonic() + seconds
while time.monotonic() < until:
    number += 1
    body = b"2026-01-02 03:04:05 INFO honest %s %09d\\n" % (who.encode(), number) * 90
    began = time.perf_counter()
    connection.request("PUT", f"/api/v1/tickets/T-{who}/attachments/{number}.txt", body, {"Authorization": "Bearer " + token})
    answer = connection.getresponse()
    answer.read()
    print(answer.status, f"{(time.perf_counter() - began) * 1000:.3f}")
    time.sleep(0.02)
"""


def honest(server, token, clients, seconds, label):
    """Milliseconds of each upload; each client sends one after the other, with a short pause as a person's program has."""
    runs = [subprocess.Popen([sys.executable, "-c", HONEST, str(server.port), token, f"{label}-{index}", str(seconds)], stdout=subprocess.PIPE, text=True)
            for index in range(clients)]
    times, statuses = [], {}
    for run in runs:
        for line in run.communicate()[0].splitlines():
            status, taken = line.split()
            statuses[status] = statuses.get(status, 0) + 1
            times.append(float(taken))
    check(set(statuses) == {"201"} and times, f"honest clients are answered {statuses}")
    return sorted(times)


def p99(times):
    return times[int(len(times) * 0.99)]


def slow(sluice, folder, count, seconds, rounds, most):
    server = WatchedServer(sluice, os.path.join(folder, "slow"))
    server.per_peer = "64"
    os.makedirs(server.folder)
    token = server.token("submitter", "--submitter", "ann")
    server.start()
    large = log_lines(random.Random(3), 5_000_000)
    answer = server.ask("PUT", "/api/v1/tickets/T-slow/attachments/large.txt", large, token)
    check(answer[0] == 201, "the large attachment is taken")
    place = f"/api/v1/tickets/T-slow/attachments/{json.loads(answer[2])['attachment']}/content"
    honest(server, token, 8, min(2, seconds), "warm")
    ratios = []
    for number in range(rounds):
        alone = honest(server, token, 8, seconds, f"alone-{number}")
        crowd = SlowCrowd(server, token, place, count)
        crowd.ready.wait(60)
        beside = honest(server, token, 8, seconds, f"beside-{number}")
        state = (crowd.open, crowd.ended)
        crowd.end()
        time.sleep(1)
        ratios.append(p99(beside) / p99(alone))
        print(f"slow: p50 {statistics.median(alone):.1f} ms and p99 {p99(alone):.1f} ms alone ({len(alone)}), p50 {statistics.median(beside):.1f} ms and "
              f"p99 {p99(beside):.1f} ms beside {state[0]} slow connections ({len(beside)}), of which {state[1]} were ended and came back", flush=True)
    ratio = statistics.median(ratios)
    print(f"slow: p99 is {ratio:.2f} times as long (bar: at most {most})", flush=True)
    check(ratio <= most, f"p99 is {ratio:.2f} times as long")
    server.stop()
    server.verify()
    shutil.rmtree(server.folder, ignore_errors=True)


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--sluice", required=True, help=argparse.SUPPRESS)
    words.add_argument("--uploads", type=int, default=200, help="in flight (%(default)s)")
    words.add_argument("--size", type=int, default=9_000_000, help="of each, in bytes (%(default)s)")
    words.add_argument("--connections", type=int, default=2000, help="that are slow (%(default)s)")
    words.add_argument("--seconds", type=float, default=15, help="of each look at honest clients (%(default)s)")
    words.add_argument("--rounds", type=int, default=3, help="(%(default)s)")
    words.add_argument("--most", type=float, default=2.0, help="the most that honest clients' p99 may grow to (%(default)s times)")
    words.add_argument("--only", choices=["memory", "slow"], action="append")
    given = words.parse_args()
    folder = tempfile.mkdtemp(prefix="sluice-crowd-")
    sluice, only = os.path.abspath(given.sluice), given.only or ["memory", "slow"]
    try:
        if "memory" in only:
            memory(sluice, folder, given.uploads, given.size)
        if "slow" in only:
            slow(sluice, folder, given.connections, given.seconds, given.rounds, given.most)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    conclude()


if __name__ == "__main__":
    main()
