"""Sends to the upload endpoint what goes wrong in practice, and counts: resumable uploads that are cut off, requests that are sent again under the same
idempotency key, quotas, reviews. The program is killed and started again meanwhile. Standard library only."""
import argparse
import base64
import hashlib
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

OFFSET_STREAM = "application/offset+octet-stream"
MARKUP = b"<html><body><script>alert(1)</script></body></html>\n"
failures = []


def check(condition, what):
    if not condition:
        failures.append(what)
        if len(failures) <= 30:
            print("FAILED:", what[:400], flush=True)


def conclude():
    """Tells how many checks failed, and ends."""
    print(f"{len(failures)} failures.", flush=True)
    sys.exit(1 if failures else 0)


class Server:
    """One endpoint on a store of its own."""

    def __init__(self, sluice, folder, policy=None):
        self.sluice, self.folder, self.policy = sluice, folder, policy
        self.store = os.path.join(folder, "store")
        self.port, self.process, self.first, self.status = 0, None, "", None

    def token(self, role, *more):
        run = subprocess.run([self.sluice, "token", "create", "--role", role, "--store", self.store, *more],
                             capture_output=True, text=True, check=True)
        return run.stdout.strip().splitlines()[-1]

    def command(self, words):
        return words

    def starts(self):
        """Whether it comes so far as to listen."""
        words = [self.sluice, "serve", "--store", self.store, "--listen", f"127.0.0.1:{self.port}", "--per-peer", "0"]
        if self.policy:
            words += ["--policy", self.policy]
        self.release()
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self.process = subprocess.Popen(self.command(words), stdout=log, stderr=subprocess.PIPE, text=True)
        self.first = self.process.stderr.readline()
        if "listening" not in self.first:
            return False
        self.port = int(self.first.strip().rstrip(".").rsplit(":", 1)[1])
        return True

    def start(self):
        if not self.starts():
            sys.exit("The endpoint does not start: " + self.first + self.process.stderr.read())

    def release(self):
        """Of a process that has ended, or is to."""
        if self.process:
            self.status = self.process.wait(60)
            self.process.stderr.close()
            self.process = None

    def kill(self):
        self.process.kill()
        self.release()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.release()
        check(self.status == 0, f"the endpoint ends in good order, not with {self.status}")

    def verify(self):
        run = subprocess.run([self.sluice, "verify", "--store", self.store], capture_output=True, text=True)
        check(run.returncode == 0, "the store is sound: " + run.stdout + run.stderr)

    def ask(self, method, path, body=None, token=None, **headers):
        fields = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        if token:
            fields["Authorization"] = "Bearer " + token
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, fields)
            response = connection.getresponse()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        finally:
            connection.close()

    def begin(self, token, length, name="app.txt", ticket="T-1", body=None, **headers):
        pairs = {"filename": name, "ticket": ticket}
        metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())
        if body is not None:
            headers["Content_Type"] = OFFSET_STREAM
        return self.ask("POST", "/api/v1/uploads", body, token, Tus_Resumable="1.0.0", Upload_Length=length,
                        Upload_Metadata=metadata, **headers)

    def patch(self, place, token, offset, body, **headers):
        headers = {"Tus_Resumable": "1.0.0", "Content_Type": OFFSET_STREAM, **headers}
        return self.ask("PATCH", place, body, token, Upload_Offset=offset, **headers)

    def offset(self, place, token):
        status, headers, _ = self.ask("HEAD", place, token=token, Tus_Resumable="1.0.0")
        return int(headers["upload-offset"]) if status == 200 else -status

    def open_patch(self, place, token, offset, length):
        """A PATCH whose head is sent and whose body is the caller's."""
        client = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        client.sendall((f"PATCH {place} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\nTus-Resumable: 1.0.0\r\n"
                        f"Content-Type: {OFFSET_STREAM}\r\nUpload-Offset: {offset}\r\nContent-Length: {length}\r\n\r\n").encode())
        return client


def log_lines(numbers, size):
    out = bytearray()
    while len(out) < size:
        out += b"2026-01-02 03:04:05 INFO request %d done\n" % numbers.randrange(1 << 40)
    return bytes(out[:size - 1]) + b"\n"


def answer_of(client):
    data = b""
    try:
        while b"\r\n\r\n" not in data:
            piece = client.recv(65536)
            if not piece:
                break
            data += piece
    except OSError:
        pass
    return int(data.split(b" ")[1]) if data.startswith(b"HTTP/1.1 ") else 0


def conformance(server, token, other):
    """tus 1.0.0, as Threats, H6 has it."""
    numbers = random.Random(6)
    data = log_lines(numbers, 5000)
    status, headers, _ = server.ask("OPTIONS", "/api/v1/uploads")
    check(status == 204 and headers.get("tus-version") == "1.0.0", "OPTIONS tells the version")
    check(set(headers.get("tus-extension", "").split(",")) ==
          {"creation", "creation-with-upload", "expiration", "checksum", "termination"}, "OPTIONS tells the extensions")
    status, headers, _ = server.begin(token, len(data))
    check(status == 201 and "upload-expires" in headers, "an upload begins")
    place = headers["location"]
    for version in ["0.2.2", "1.0.1", ""]:
        status, headers, _ = server.patch(place, token, 0, data, Tus_Resumable=version)
        check(status == 412 and headers.get("tus-version") == "1.0.0", f"version {version!r} is 412")
    check(server.patch(place, token, 0, data[:2000])[0] == 204, "the first bytes are taken")
    for wrong in [0, 1999, 2001, 5000, 9_007_199_254_740_991]:
        check(server.patch(place, token, wrong, data[2000:])[0] == 409, f"offset {wrong} is 409")
    for wrong in ["-1", "x", "2000x", "", "99999999999999999999"]:
        check(server.patch(place, token, wrong, b"x")[0] == 400, f"offset {wrong!r} is 400")
    check(server.patch(place, token, 2000, data[2000:], Content_Type="text/plain")[0] == 415, "another content type is 415")
    check(server.patch(place, token, 2000, data[2000:] + b"more")[0] == 413, "more than was announced is 413")
    mistaken = "sha256 " + base64.b64encode(hashlib.sha256(b"else").digest()).decode()
    check(server.patch(place, token, 2000, data[2000:], Upload_Checksum=mistaken)[0] == 460, "a wrong checksum is 460")
    for odd in ["md5 AAAA", "sha1", "sha1 !!", "sha1 AAAA", "sha256 " + base64.b64encode(b"1" * 20).decode()]:
        check(server.patch(place, token, 2000, data[2000:], Upload_Checksum=odd)[0] == 400, f"checksum {odd!r} is 400")
    check(server.offset(place, token) == 2000, "nothing of all that was kept")
    check(server.patch(place, other, 2000, data[2000:])[0] == 404, "another token does not reach it")
    check(server.offset(place, other) == -404, "another token does not see it")
    right = "sha1 " + base64.b64encode(hashlib.sha1(data[2000:3000]).digest()).decode()
    check(server.patch(place, token, 2000, data[2000:3000], Upload_Checksum=right)[0] == 204, "a right checksum is taken")
    status, headers, _ = server.patch(place, token, 3000, data[3000:])
    check(status == 204 and headers.get("sluice-outcome") == "accepted", "the last byte is answered with the outcome")
    again = server.patch(place, token, len(data), b"")
    check(again[0] == 204 and again[1].get("sluice-attachment") == headers.get("sluice-attachment"),
          "asked again it is the same")
    state = json.loads(server.ask("GET", place, token=token)[2])
    check(state["attachment"]["sha256"] == hashlib.sha256(data).hexdigest(), "what arrived is what was sent")
    check(server.ask("DELETE", place, token=token, Tus_Resumable="1.0.0")[0] == 204, "an upload is ended")
    check(server.offset(place, token) == -410, "what was ended is 410")
    check(server.begin(token, len(data), name="a.exe")[0] == 415, "a name that is not allowed is refused at the beginning")
    check(server.begin(token, 15_728_641)[0] == 413, "a length over the limit is refused at the beginning")
    status, headers, _ = server.begin(token, 0, name="empty.txt")
    check(status == 201 and headers.get("sluice-outcome") == "accepted", "an empty one is decided at once")
    status, headers, _ = server.begin(token, 1000, name="half.txt", body=data[:400])
    check(status == 201 and headers["upload-offset"] == "400", "a creation brings bytes")
    check(server.patch(headers["location"], token, 400, data[400:1000], X_HTTP_Method_Override="PATCH")[0] == 204,
          "and it goes on")
    status, headers, _ = server.begin(token, 1000, name="over.txt")
    place = headers["location"]
    status, _, _ = server.ask("POST", place, data[:1000], token, Tus_Resumable="1.0.0", Content_Type=OFFSET_STREAM,
                              Upload_Offset=0, X_HTTP_Method_Override="PATCH")
    check(status == 204, "PATCH by X-HTTP-Method-Override")
    interleaving(server, token, numbers)


def interleaving(server, token, numbers):
    data = log_lines(numbers, 300_000)
    place = server.begin(token, len(data), name="two.txt")[1]["location"]
    first = server.open_patch(place, token, 0, len(data))
    first.sendall(data[:100_000])
    wait_until(lambda: server.offset(place, token) == 100_000, "the first bytes arrive")
    first.sendall(data[100_000:100_001])
    wait_until(lambda: server.offset(place, token) == 100_001, "one more")
    check(server.patch(place, token, 100_001, data[100_001:])[0] == 423, "a second PATCH meanwhile is 423")
    # A connection that died silently: the sender comes back, and is let in once the old request has been silent for a moment.
    time.sleep(2.2)
    second = server.open_patch(place, token, 100_001, len(data) - 100_001)
    second.sendall(data[100_001:150_000])
    wait_until(lambda: server.offset(place, token) == 150_000, "the second one goes on")
    first.sendall(b"#" * 1000)
    check(answer_of(first) == 409, "the first one writes nothing any more")
    first.close()
    second.sendall(data[150_000:])
    check(answer_of(second) == 204, "the second one ends it")
    second.close()
    state = json.loads(server.ask("GET", place, token=token)[2])
    check(state["attachment"]["sha256"] == hashlib.sha256(data).hexdigest(), "two PATCHes did not interleave")


def wait_until(condition, what, seconds=20):
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            check(False, what)
            return
        time.sleep(0.02)


def cuts(server, token, count, numbers):
    """Uploads cut off at random places, resumed until they are whole; now and then the program is killed."""
    done = uploads = kills = 0
    began = time.monotonic()
    while done < count:
        data = log_lines(numbers, numbers.randrange(1, 400_000))
        place = server.begin(token, len(data), name=f"cut-{uploads}.txt", ticket="T-cuts")[1]["location"]
        uploads += 1
        # Up to where any request has sent: one whose connection is gone may be worked on when a later one has begun already.
        upto = 0
        for _ in range(numbers.randrange(1, 12)):
            # Once the old request is over, an empty PATCH is taken: then the next cut is one.
            offset = settle(server, place, token, upto)
            if offset < 0:
                break
            client = server.open_patch(place, token, offset, len(data) - offset)
            end = numbers.randrange(offset, len(data))
            upto = max(upto, end)
            client.sendall(data[offset:end])
            if numbers.randrange(2):
                time.sleep(numbers.random() / 100)
            if numbers.randrange(3) == 0:
                # Without a farewell.
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            client.close()
            done += 1
            if numbers.randrange(50) == 0:
                server.kill()
                server.start()
                kills += 1
        settle(server, place, token, upto)
        for _ in range(200):
            offset = server.offset(place, token)
            status, headers, _ = server.patch(place, token, offset, data[offset:])
            if status == 204:
                break
            check(status in (409, 423), f"resuming is answered {status}")
            time.sleep(0.05)
        check(status == 204 and headers.get("sluice-outcome") == "accepted", "a cut upload ends accepted")
        state = json.loads(server.ask("GET", place, token=token)[2])
        check(state.get("attachment", {}).get("sha256") == hashlib.sha256(data).hexdigest(), "with the same digest")
    print(f"resumed: {uploads} uploads, {done} cuts, {kills} kills, {time.monotonic() - began:.1f} s", flush=True)


def settle(server, place, token, upto):
    """Waits until no request holds the upload any more; where it stands then."""
    for _ in range(500):
        offset = server.offset(place, token)
        check(0 <= offset <= upto, f"the offset {offset} is among the {upto} bytes that were sent")
        status = server.patch(place, token, offset, b"")[0]
        if status == 204:
            return offset
        check(status in (409, 423), f"an empty PATCH is answered {status}")
        time.sleep(0.02)
    check(False, "an upload whose connection is gone can go on")
    return -1


def form(boundary, name, content):
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode() + content + f"\r\n--{boundary}--\r\n".encode()


def keys(server, token, count, numbers):
    """Each key is sent one to five times, some of them at once, some without waiting for the answer."""
    began, sent, conflicts = time.monotonic(), [0], [0]
    orders = [(number, numbers.randrange(1, 6), numbers.randrange(1 << 60)) for number in range(count)]
    turn, lock = iter(orders), threading.Lock()

    def send(number, content, boundary, reads=True):
        with lock:
            sent[0] += 1
        body = form(boundary, f"key-{number}.txt", content)
        headers = {"Content_Type": "multipart/form-data; boundary=" + boundary, "Idempotency_Key": f"key-{number}"}
        path = f"/api/v1/tickets/T-keys-{number % 50}/attachments"
        if reads:
            status, _, answer = server.ask("POST", path, body, token, **headers)
            return status, answer
        client = socket.create_connection(("127.0.0.1", server.port), timeout=60)
        fields = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        client.sendall((f"POST {path} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\n{fields}"
                        f"Content-Length: {len(body)}\r\n\r\n").encode() + body)
        client.close()
        return None

    def work():
        while True:
            with lock:
                order = next(turn, None)
            if order is None:
                return
            number, sends, seed = order
            own = random.Random(seed)
            content = b"2026-01-02 03:04:05 INFO request %d of %d done\n" % (seed, number)
            answers, boundary = [], lambda: "b%016x" % own.getrandbits(64)
            left = sends
            while left:
                way = own.randrange(3)
                if way == 0 and left > 1:
                    threads, got = [], []
                    for _ in range(2):
                        mine = boundary()
                        threads.append(threading.Thread(target=lambda b=mine: got.append(send(number, content, b))))
                    for thread in threads:
                        thread.start()
                    for thread in threads:
                        thread.join()
                    check(len(got) == 2, "both of two at once are answered")
                    answers += got
                    left -= 2
                elif way == 1 and left > 1:
                    send(number, content, boundary(), reads=False)
                    left -= 1
                else:
                    answers.append(send(number, content, boundary()))
                    left -= 1
            check(len(set(answers)) == 1 and answers[0][0] == 201, f"key {number}: one answer, not {set(answers)}")
            if number % 10 == 0:
                status, _ = send(number, content + b"other bytes\n", boundary())
                check(status == 409, f"key {number} with other bytes is {status}")
                with lock:
                    conflicts[0] += 1

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    rows = 0
    for number in range(min(50, count)):
        answer = server.ask("GET", f"/api/v1/tickets/T-keys-{number}/attachments", token=token)[2]
        rows += len(json.loads(answer)["attachments"])
    check(rows == count, f"{count} keys are {rows} rows")
    print(f"keys: {count} keys, {sent[0]} sends, {conflicts[0]} with other bytes, {rows} rows, "
          f"{time.monotonic() - began:.1f} s", flush=True)


def quotas(sluice, folder):
    """Threats, H7: one user fills the disk."""
    policy = os.path.join(folder, "small.json5")
    with open(policy, "w") as file:
        file.write("{ base: 'portal', quotas: { ticketSize: 10000, ticketAttachments: 3, submitterSizePerDay: 25000,"
                   " submitterAttachmentsPerDay: 7, openUploads: 2, unfinishedSize: 4000, uploadHours: 0 } }")
    server = Server(sluice, os.path.join(folder, "quotas"), policy)
    os.makedirs(server.folder)
    ann, bob = server.token("submitter", "--submitter", "ann"), server.token("submitter", "--submitter", "bob")
    numbers = random.Random(7)
    server.start()

    def put(size, ticket, token=ann, name=None):
        name = name or f"{numbers.getrandbits(60)}.txt"
        status, headers, body = server.ask("PUT", f"/api/v1/tickets/{ticket}/attachments/{name}",
                                           log_lines(numbers, size), token)
        return status, json.loads(body).get("code"), headers, json.loads(body).get("evidence", {}).get("left")

    def left(ticket, token=ann):
        limits = json.loads(server.ask("GET", "/api/v1/limits?ticket=" + ticket, token=token)[2])
        return limits["ticketBytesLeft"], limits["submitterBytesLeftToday"]

    check(left("T-1") == (10_000, 25_000), "what is left is told before a byte")
    check(put(6000, "T-1")[0] == 201, "what fits is taken")
    check(left("T-1") == (4000, 19_000), "and counted at once")
    status, code, _, rest = put(4001, "T-1")
    check((status, code, rest) == (413, "quota.ticket-size", "4000"), "a full ticket is 413 and tells what is left")
    status, _, body = server.ask("POST", "/api/v1/tickets/T-1/attachments", form("b", "f.txt", log_lines(numbers, 9000)), ann,
                                 Content_Type="multipart/form-data; boundary=b")
    check(status == 413 and json.loads(body)["code"] == "quota.ticket-size", "by form as well")
    check(server.begin(ann, 4001)[0] == 413, "and resumable")
    check(put(4000, "T-1")[0] == 201, "the last byte fits")
    check([put(10, "T-2", bob)[0] for _ in range(4)] == [201, 201, 201, 413], "attachments of a ticket are counted")
    check(put(9000, "T-3")[0] == 201, "another ticket has room")
    status, code, headers, rest = put(6001, "T-4")
    check((status, code, rest) == (429, "quota.day-size", "6000"), f"the day's bytes are used up: {status} {code} {rest}")
    check(0 < int(headers.get("retry-after", 0)) <= 86_400, "and it is told until when")
    check([put(10, f"T-5{n}")[0] for n in range(5)] == [201, 201, 201, 201, 429], "attachments of a day are counted")
    check(put(10, "T-6", bob)[0] == 201, "another submitter goes on")
    # No time to finish: they are over at once, and their bytes go with the next cleaning.
    status, headers, _ = server.begin(bob, 100, ticket="T-7")
    check(status == 201 and server.offset(headers["location"], bob) == -410, "an upload that is not finished in time is 410")
    check(server.patch(headers["location"], bob, 0, b"x")[0] == 410, "also for bytes")
    status, _, body = server.begin(bob, 4000, ticket="T-8")
    check(status == 429 and json.loads(body)["code"] == "quota.unfinished-size", "unfinished bytes are counted")
    check(server.begin(bob, 100, ticket="T-8")[0] == 201, "a small one fits")
    status, _, body = server.begin(bob, 1, ticket="T-9")
    check(status == 429 and json.loads(body)["code"] == "quota.open-uploads", "unfinished uploads are counted")
    server.stop()
    server.start()
    wait_until(lambda: not os.listdir(os.path.join(server.store, "partials")), "expired bytes are removed")
    check(server.begin(bob, 100, ticket="T-8")[0] == 201, "and make room")
    together(server)
    server.stop()
    server.verify()


def together(server):
    """Many that begin at once cannot all take the same last bytes."""
    token = server.token("submitter", "--submitter", "eve")
    answers = []

    def one(number):
        content = b"2026-01-02 03:04:05 INFO line %d\n" % number + log_lines(random.Random(number), 3000)
        answers.append(server.ask("PUT", f"/api/v1/tickets/T-together/attachments/{number}.txt", content, token)[0])

    threads = [threading.Thread(target=one, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check(answers.count(201) == 3 and set(answers) <= {201, 413}, f"three of twelve fit: {sorted(answers)}")


def reviews(server, token, reviewer, bound):
    def put(ticket, name, content):
        return json.loads(server.ask("PUT", f"/api/v1/tickets/{ticket}/attachments/{name}", content, token)[2])

    def decide(attachment, word, who, note="looked at it"):
        return server.ask("POST", f"/api/v1/review/{attachment}/{word}", json.dumps({"note": note}), who,
                          Content_Type="application/json")

    kept = put("T-review", "page.txt", MARKUP)
    check(kept["outcome"] == "quarantined", "markup is set apart")
    content = f"/api/v1/tickets/T-review/attachments/{kept['attachment']}/content"
    check(server.ask("GET", content, token=token)[0] == 403, "and not given out")
    check(server.ask("GET", "/api/v1/review", token=token)[0] == 403, "submitters do not review")
    waiting = json.loads(server.ask("GET", "/api/v1/review", token=reviewer)[2])["attachments"]
    check([one["attachment"] for one in waiting] == [kept["attachment"]], "it waits for a person")
    check(json.loads(server.ask("GET", "/api/v1/review", token=bound)[2])["attachments"] == [],
          "a bound reviewer sees the own ticket only")
    check(decide(kept["attachment"], "release", bound)[0] == 404, "and decides there only")
    check(decide(kept["attachment"], "release", reviewer, "")[0] == 400, "a note is needed")
    status, _, body = decide(kept["attachment"], "release", reviewer)
    check(status == 200 and json.loads(body)["outcome"] == "accepted", "it is released")
    check(server.ask("GET", content, token=token)[2] == MARKUP, "and given out")
    check(decide(kept["attachment"], "release", reviewer)[0] == 409, "once")
    check(put("T-other", "another.txt", MARKUP)["outcome"] == "quarantined", "a release is for its ticket")
    again = put("T-review", "another.txt", MARKUP)
    check(again["outcome"] == "accepted" and "review.released" in [one["code"] for one in again["findings"]],
          "the same bytes do not trip the same finding")
    differs = put("T-other", "differs.txt", MARKUP + b"<p>\n")
    check(differs["outcome"] == "quarantined", "other bytes do")
    check(decide(differs["attachment"], "delete", reviewer)[0] == 204, "deleted")
    check(decide(differs["attachment"], "delete", reviewer)[0] == 404, "it is gone")
    listing = json.loads(server.ask("GET", "/api/v1/tickets/T-other/attachments", token=token)[2])
    check([one["name"] for one in listing["rejections"]] == ["differs.txt"], "and its decision stays")


def tokens(server, admin):
    order = {"role": "submitter", "ticket": "T-1", "submitter": "zoe"}
    status, _, body = server.ask("POST", "/api/v1/tokens", json.dumps(order), admin, Content_Type="application/json")
    made = json.loads(body)
    check(status == 201 and made["submitter"] == "zoe", "an admin makes a token")
    check(server.ask("GET", "/api/v1/limits", token=made["token"])[0] == 200, "it opens")
    check(server.ask("GET", "/api/v1/tickets/T-2/attachments", token=made["token"])[0] == 403, "its own ticket only")
    check(server.ask("GET", "/api/v1/tokens", token=made["token"])[0] == 403, "and no tokens")
    listed = server.ask("GET", "/api/v1/tokens", token=admin)[2]
    check(made["token"].split("_")[2].encode() not in listed, "no secret is told again")
    check(server.ask("DELETE", "/api/v1/tokens/" + made["id"], token=admin)[0] == 204, "revoked")
    check(server.ask("GET", "/api/v1/limits", token=made["token"])[0] == 401, "it opens nothing at once")
    check(server.ask("DELETE", "/api/v1/tokens/none", token=admin)[0] == 404, "what is not there cannot be revoked")
    for wrong in [{"role": "king"}, {}, {"role": "admin", "ticket": "/"}, {"role": "admin", "submitter": "\n"}, []]:
        status = server.ask("POST", "/api/v1/tokens", json.dumps(wrong), admin, Content_Type="application/json")[0]
        check(status == 400, f"{wrong} is {status}")


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--sluice", required=True, help="the program")
    words.add_argument("--cuts", type=int, default=1000)
    words.add_argument("--keys", type=int, default=10_000)
    words.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    given = words.parse_args()
    print("seed", given.seed, flush=True)
    numbers = random.Random(given.seed)
    folder = tempfile.mkdtemp(prefix="sluice-faults-")
    server = Server(os.path.abspath(given.sluice), os.path.join(folder, "main"))
    os.makedirs(server.folder)
    try:
        ann = server.token("submitter", "--submitter", "ann")
        other = server.token("submitter", "--submitter", "ann")
        server.start()
        conformance(server, ann, other)
        reviews(server, ann, server.token("reviewer", "--submitter", "rita"), server.token("reviewer", "--ticket", "T-1"))
        tokens(server, server.token("admin"))
        cuts(server, ann, given.cuts, numbers)
        keys(server, ann, given.keys, numbers)
        server.stop()
        server.verify()
        quotas(server.sluice, folder)
    finally:
        if server.process and server.process.poll() is None:
            server.kill()
        shutil.rmtree(folder, ignore_errors=True)
    conclude()


if __name__ == "__main__":
    main()
