"""Fair turns at the upload endpoint: what one caller's dearest content, or many creations at once, cost the other callers. Standard library only.

  dear      one caller sends forms of 24 MB through many connections, each file of which takes as much processor time as a file can take: zips near the budget of
            expanded bytes, encrypted workbooks. Another caller meanwhile sends 4 KB logs and asks for a list; a monitor asks for /readyz.
  create    many clients begin resumable uploads as fast as they can. A monitor asks for /healthz.

The load comes from processes of their own. Times are those of the whole exchange on a connection that stays open."""
import argparse
import base64
import io
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
import http.client

from faults_endpoint import Server, check, conclude


# MARK: Dear content

def compound_file(streams):
    """An OLE2 file of version 3 with streams of 4 096 bytes or more, named in the order of the directory's tree ([MS-CFB])."""
    sectors, entries, table = b"", [], [0xFFFFFFFD]
    first = 2
    for name, content in streams:
        count = -(-len(content) // 512)
        entries.append((name, first, len(content)))
        sectors += content.ljust(count * 512, b"\0")
        first += count
    table.append(0xFFFFFFFE)
    for _, start, size in entries:
        count = -(-size // 512)
        table += [start + index + 1 for index in range(count - 1)] + [0xFFFFFFFE]
    assert len(table) <= 128
    table += [0xFFFFFFFF] * (128 - len(table))

    def entry(name, kind, right, child, start, size):
        text = name.encode("utf-16-le")
        return (text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text) + 2 if name else 0, kind, 1, 0xFFFFFFFF, right, child)
                + bytes(36) + struct.pack("<IQ", start, size))
    directory = entry("Root Entry", 5, 0xFFFFFFFF, 1, 0xFFFFFFFE, 0)
    for index, (name, start, size) in enumerate(entries):
        directory += entry(name, 2, index + 2 if index + 1 < len(entries) else 0xFFFFFFFF, 0xFFFFFFFF, start, size)
    directory = directory.ljust(512, b"\0")
    header = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
              + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108))
    return header + struct.pack("<128I", *table) + directory + sectors


def encrypted_workbook(number):
    """A workbook under a password that nobody knows, which is tried with Excel's own password and with as many rounds as are counted out."""
    def base(size):
        return base64.b64encode(bytes((number + index) & 255 for index in range(size))).decode()
    common = ('saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" '
              f'hashAlgorithm="SHA512" saltValue="{base(16)}"')
    text = ('<?xml version="1.0" encoding="UTF-8"?><encryption xmlns="http://schemas.microsoft.com/office/2006/encryption" '
            f'xmlns:p="http://schemas.microsoft.com/office/2006/keyEncryptor/password"><keyData {common}/><keyEncryptors><keyEncryptor>'
            f'<p:encryptedKey spinCount="200000" {common} encryptedVerifierHashInput="{base(16)}" encryptedVerifierHashValue="{base(64)}" '
            f'encryptedKeyValue="{base(32)}"/></keyEncryptor></keyEncryptors></encryption>').encode()
    package = struct.pack("<Q", 4096) + bytes((number * 31 + index * 7) & 255 for index in range(4096))
    return compound_file([("EncryptionInfo", (struct.pack("<HHI", 4, 4, 0x40) + text).ljust(4608)), ("EncryptedPackage", package)])


def zip_of(members, method):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in members:
            made.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def large_logs():
    """A zip of 5 MB with 390 MB of logs, whose lines come again within deflate's window: no member is beyond the budget of the ratio."""
    log = b"".join(b"2026-01-02 03:04:05 INFO request %d done\n" % (index * 7919 % 100003) for index in range(600)) * 480
    return zip_of([(f"{index}.log", log) for index in range(390 * (1 << 20) // len(log))], zipfile.ZIP_DEFLATED)


def dear_form(size):
    """A form of 16 files, about `size` bytes of zips full of logs, the rest encrypted workbooks."""
    logs = large_logs()
    files = [(f"logs-{index}.zip", logs) for index in range(min(12, max(1, size // len(logs))))]
    while len(files) < 16:
        number = len(files)
        files.append((f"books-{number}.zip", zip_of([(f"{index}.xlsx", encrypted_workbook(number * 16 + index)) for index in range(8)],
                                                   zipfile.ZIP_STORED)))
    body = b"".join(b'--b\r\nContent-Disposition: form-data; name="file"; filename="' + name.encode() + b'"\r\n\r\n' + content + b"\r\n"
                    for name, content in files)
    return body + b"--b--\r\n"


# MARK: Load

ATTACK = """
import socket, sys, threading, time
port, token, connections, seconds = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
body = open(sys.argv[5], "rb").read()
until = time.monotonic() + seconds
statuses, lock = {}, threading.Lock()

def run(index):
    number = 0
    while time.monotonic() < until:
        number += 1
        try:
            client = socket.create_connection(("127.0.0.1", port), timeout=600)
            client.settimeout(max(1, until + 5 - time.monotonic()))
            client.sendall((f"POST /api/v1/tickets/T-{index}-{number}/attachments HTTP/1.1\\r\\nHost: h\\r\\nAuthorization: Bearer {token}\\r\\n"
                            f"Content-Type: multipart/form-data; boundary=b\\r\\nContent-Length: {len(body)}\\r\\n\\r\\n").encode() + body)
            status = client.recv(65536)[9:12].decode() or "cut"
            client.close()
        except TimeoutError:
            status = "waiting"
        except OSError:
            status = "cut"
        with lock:
            statuses[status] = statuses.get(status, 0) + 1
        if status == "429":
            time.sleep(0.2)

threads = [threading.Thread(target=run, args=(index,), daemon=True) for index in range(connections)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(statuses)
"""

CREATE = """
import http.client, sys, threading, time
port, token, connections, seconds = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
until = time.monotonic() + seconds
statuses, lock = {}, threading.Lock()

def run(index):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    mine = {}
    while time.monotonic() < until:
        connection.request("POST", "/api/v1/uploads", None, {
            "Authorization": "Bearer " + token, "Tus-Resumable": "1.0.0", "Upload-Length": "100", "Content-Length": "0",
            "Upload-Metadata": "filename YS50eHQ=,ticket VC0x"})
        answer = connection.getresponse()
        answer.read()
        mine[answer.status] = mine.get(answer.status, 0) + 1
    with lock:
        for status, count in mine.items():
            statuses[status] = statuses.get(status, 0) + count

threads = [threading.Thread(target=run, args=(index,), daemon=True) for index in range(connections)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(statuses)
"""


def percentile(times, share):
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Observer:
    """Asks the same again and again on one connection, with a pause, and notes milliseconds."""

    def __init__(self, server, label, pause, request, wanted):
        self.server, self.label, self.pause, self.request, self.wanted = server, label, pause, request, wanted
        self.times, self.statuses, self.over = [], {}, threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=120)
        number = 0
        while not self.over.wait(self.pause):
            number += 1
            method, path, body, token = self.request(number)
            began = time.perf_counter()
            try:
                connection.request(method, path, body, {"Authorization": "Bearer " + token} if token else {})
                answer = connection.getresponse()
                answer.read()
                status = answer.status
            except OSError:
                connection.close()
                status = "none"
            self.times.append((time.perf_counter() - began) * 1000)
            self.statuses[status] = self.statuses.get(status, 0) + 1
        connection.close()

    def end(self, most):
        self.over.set()
        self.thread.join()
        check(self.times and set(self.statuses) <= self.wanted, f"{self.label} is answered {self.statuses}")
        p50, p99 = percentile(self.times, 0.5), percentile(self.times, 0.99)
        print(f"  {self.label}: p50 {p50:.1f} ms, p99 {p99:.1f} ms, at most {max(self.times):.1f} ms of {len(self.times)}"
              + (f" (bar: p99 at most {most:.0f} ms)" if most else ""), flush=True)
        if most:
            check(p99 <= most, f"{self.label}: p99 is {p99:.1f} ms, not {most}")


def started(sluice, folder, name, policy=None):
    server = Server(sluice, os.path.join(folder, name), policy)
    os.makedirs(server.folder)
    return server


def honest_line(number):
    return b"2026-01-02 03:04:05 INFO honest request %09d done\n" % number * 82


def dear(sluice, folder, connections, seconds, size, most):
    server = started(sluice, folder, "dear")
    token, other = server.token("submitter", "--submitter", "mallory"), server.token("submitter", "--submitter", "ann")
    server.start()
    form = os.path.join(folder, "form")
    with open(form, "wb") as file:
        file.write(dear_form(size))
    for number in range(20):
        check(server.ask("PUT", f"/api/v1/tickets/T-a/attachments/warm-{number}.txt", honest_line(number), other)[0] == 201, "warmed up")

    def observers():
        return [
            (Observer(server, "4 KB upload", 0.05, lambda number: (
                "PUT", f"/api/v1/tickets/T-b/attachments/{time.monotonic_ns()}.txt", honest_line(time.monotonic_ns() % 1_000_000_000), other), {201}), most),
            (Observer(server, "list", 0.05, lambda _: ("GET", "/api/v1/tickets/T-a/attachments", None, other), {200}), most),
            (Observer(server, "/readyz", 0.05, lambda _: ("GET", "/readyz", None, None), {200}), 100 if most else None),
            (Observer(server, "/healthz", 0.05, lambda _: ("GET", "/healthz", None, None), {200}), None),
        ]
    print(f"dear: alone, then beside {connections} connections that send forms of {os.path.getsize(form) / 1e6:.1f} MB", flush=True)
    alone = observers()
    time.sleep(min(5, seconds))
    for observer, _ in alone:
        observer.end(None)
    attack = subprocess.Popen([sys.executable, "-c", ATTACK, str(server.port), token, str(connections), str(seconds + 2), form],
                              stdout=subprocess.PIPE, text=True)
    time.sleep(2)
    beside = observers()
    time.sleep(seconds)
    for observer, bar in beside:
        observer.end(bar)
    print("  the forms were answered " + attack.communicate()[0].strip(), flush=True)
    # What is still waiting is thrown away: the end is not what is looked at here.
    server.kill()
    shutil.rmtree(server.folder, ignore_errors=True)


def create(sluice, folder, connections, seconds, most):
    policy = os.path.join(folder, "open.json5")
    with open(policy, "w") as file:
        file.write('{ base: "portal", quotas: { openUploads: 10000000, ticketAttachments: 10000000, submitterAttachmentsPerDay: 10000000 } }')
    server = started(sluice, folder, "create", policy)
    token = server.token("submitter", "--submitter", "ann")
    server.start()
    print(f"create: alone, then beside {connections} clients that begin uploads", flush=True)

    def health():
        return Observer(server, "/healthz", 0.01, lambda _: ("GET", "/healthz", None, None), {200})
    alone = health()
    time.sleep(min(5, seconds))
    alone.end(None)
    load = subprocess.Popen([sys.executable, "-c", CREATE, str(server.port), token, str(connections), str(seconds + 2)], stdout=subprocess.PIPE, text=True)
    time.sleep(1)
    beside = health()
    time.sleep(seconds)
    beside.end(most)
    print("  creations were answered " + load.communicate()[0].strip(), flush=True)
    server.kill()
    shutil.rmtree(server.folder, ignore_errors=True)


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--sluice", required=True, help=argparse.SUPPRESS)
    words.add_argument("--connections", type=int, default=64, help="(%(default)s)")
    words.add_argument("--seconds", type=float, default=30, help="of each look (%(default)s)")
    words.add_argument("--size", type=int, default=24_000_000, help="bytes of a form (%(default)s)")
    words.add_argument("--most", type=float, default=2000, help="milliseconds for the p99 of uploads and lists (%(default)s)")
    words.add_argument("--most-health", type=float, default=10, help="milliseconds for the p99 of /healthz (%(default)s)")
    words.add_argument("--only", choices=["dear", "create"], action="append")
    given = words.parse_args()
    folder = tempfile.mkdtemp(prefix="sluice-turns-")
    sluice, only = os.path.abspath(given.sluice), given.only or ["dear", "create"]
    try:
        if "dear" in only:
            dear(sluice, folder, given.connections, given.seconds, given.size, given.most)
        if "create" in only:
            create(sluice, folder, given.connections, given.seconds, given.most_health)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    conclude()


if __name__ == "__main__":
    main()
