"""Three nodes with one truth (PostgreSQL, an object store, nginx in front), and what goes wrong with them: nodes are killed, the database is restarted, the
lines to database and object store are cut, delayed, silent or end in the middle of a message, a spool is full. Clients send, go on and send again
meanwhile. Afterwards everything that was acknowledged has to be there once, with its bytes, and the events have to be numbered without gaps.

modes: storm      all of it, for --seconds
       calls      a node is killed at every call that sends something to the database or the object store
       failover   the database's machine is lost, and its standby takes over"""

import argparse
import base64
import collections
import hashlib
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

PROJECT = pathlib.Path(__file__).resolve().parent.parent
sys.path += [str(PROJECT / "Samples/cluster"), str(PROJECT / "Tests/ClientTests")]

import cluster  # noqa: E402
from cutting_proxy import CuttingProxy  # noqa: E402
from faults_endpoint import check, conclude, failures  # noqa: E402

OFFSET_STREAM = "application/offset+octet-stream"
BROKEN = (OSError, http.client.HTTPException)
counts = collections.Counter()


class Line:
    """What lies between one node and a server: a proxy that can be harmed."""

    def __init__(self, port):
        self.proxy = CuttingProxy("127.0.0.1", port)

    def harm(self, dice):
        kind = dice.choice(["cut", "delay", "silent", "truncate"])
        counts["line " + kind] += 1
        if kind == "cut":
            self.proxy.cut()
        elif kind == "delay":
            self.proxy.delay = 0.3
        elif kind == "silent":
            self.proxy.is_silent = True
        else:
            with self.proxy._lock:
                self.proxy.cut_after = self.proxy.sent + dice.randrange(1, 20_000)


class Cluster:
    """The servers, three nodes with lines of their own to them, and nginx."""

    def __init__(self, folder, sluice, rclone, nodes=3, lines=True):
        postgres = cluster.Postgres(folder + "/postgres")
        objects = cluster.Objects(folder + "/objects", rclone)
        postgres.start()
        objects.start()
        self._begin(folder, sluice, postgres, objects, None, nodes, lines)

    @classmethod
    def of(cls, folder, sluice, postgres, objects, store):
        """Nodes on servers that are there already; without lines."""
        made = cls.__new__(cls)
        made._begin(folder, sluice, postgres, objects, store, 3, False)
        return made

    def _begin(self, folder, sluice, postgres, objects, store, nodes, lines):
        self.folder, self.sluice, self.postgres, self.objects, self.store = pathlib.Path(folder), sluice, postgres, objects, store
        self.environment = {**postgres.environment(), "AWS_SHARED_CREDENTIALS_FILE": str(objects.credentials)}
        self.lines, self.nodes = [], []
        for number in range(nodes):
            rows, bytes_ = (Line(self.postgres.port), Line(self.objects.port)) if lines else (None, None)
            self.lines.append((rows, bytes_))
            self.nodes.append(self.node(f"node{number + 1}", rows, bytes_))
        for node in self.nodes:
            node.start()
        for node in self.nodes:
            node.wait_ready()
        self.nginx = cluster.Nginx(self.folder / "nginx", self.nodes)
        self.nginx.start()
        self.token = self.command("token", "create", "--role", "admin").stdout.strip().splitlines()[-1]

    def node(self, name, rows=None, bytes_=None):
        return cluster.Node(self.folder / "nodes", name, self.sluice, self.store or self.postgres.url(rows and rows.proxy.port),
                            self.objects.url(bytes_ and bytes_.proxy.port), self.environment)

    def command(self, *words):
        done = self.node("command").command(*words)
        if done.returncode not in (0, 1):
            raise SystemExit(f"sluice {' '.join(words)}: {done.stderr}")
        return done

    def heal(self):
        for rows, bytes_ in self.lines:
            for line in (rows, bytes_):
                if line:
                    line.proxy.heal()

    def stop(self):
        for service in [self.nginx, *self.nodes, self.objects]:
            service.stop()
        self.postgres.stop(signal.SIGINT)
        for rows, bytes_ in self.lines:
            for line in (rows, bytes_):
                if line:
                    line.proxy.close()

    def readers(self):
        return [node.port for node in self.nodes]


def request(port, token, method, path, body=None, headers=(), timeout=30):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body, {"Authorization": "Bearer " + token, **dict(headers)})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def material(dice, size):
    """A log that nobody has sent before."""
    line = b"2026-11-0%d 10:11:12.%03d INFO worker[%d]: job %032x done\n"
    text = b"".join(line % (dice.randrange(1, 9), dice.randrange(1000), dice.randrange(99), dice.getrandbits(128)) for _ in range(max(size // 80, 1)))
    return text


class Client(threading.Thread):
    """Sends attachments to its own ticket until it is told to end, and notes what was acknowledged."""

    def __init__(self, campaign, number):
        super().__init__(daemon=True)
        self.campaign, self.number, self.ticket = campaign, number, f"C-{number}"
        self.dice = random.Random(campaign.seed * 1000 + number)
        #: name → (digest, attachment)
        self.acknowledged = {}
        self.failure = None

    def run(self):
        serial = 0
        try:
            while not self.campaign.is_over:
                serial += 1
                name = f"{serial}.txt"
                content = material(self.dice, self.dice.choice([200, 4_000, 4_000, 60_000, 900_000]))
                kind = self.dice.choice(["raw", "raw", "raw", "twice", "tus", "read"])
                if kind == "raw":
                    self.acknowledge(name, content, self.until_answered(lambda port: self.put(port, name, content, f"k-{self.number}-{serial}")))
                elif kind == "twice":
                    self.twice(name, content, f"k-{self.number}-{serial}")
                elif kind == "tus":
                    self.resumable(name, content)
                elif self.acknowledged:
                    self.read(*self.dice.choice(list(self.acknowledged.items())))
        except Exception as error:  # noqa: BLE001 - what a client did not expect is a failure of the campaign, whatever it is
            self.failure = error
            check(False, f"client {self.number} goes on: {type(error).__name__}: {error}")

    def port(self):
        return self.dice.choice([self.campaign.cluster.nginx.port, *self.campaign.cluster.readers()])

    def until_answered(self, send, patience=240, final=(404, 409, 410, 423)):
        """A decision, however often it has to be asked for.

        final: what is told to the caller besides decisions."""
        end = time.monotonic() + patience
        while True:
            try:
                status, headers, body = send(self.port())
                if status in (200, 201, 204, 422):
                    return status, headers, body
                check(status in (404, 409, 410, 423, 429, 502, 503, 504, 507), f"an honest sender is answered {status}: {body[:300]}")
                counts[f"answer {status}"] += 1
                if status in final:
                    return status, headers, body
            except BROKEN as error:
                counts["broken " + type(error).__name__] += 1
            if time.monotonic() > end:
                raise TimeoutError("no decision")
            time.sleep(self.dice.uniform(0.05, 0.4))

    def put(self, port, name, content, key):
        return request(port, self.campaign.token, "PUT", f"/api/v1/tickets/{self.ticket}/attachments/{name}", content, {"Idempotency-Key": key})

    def acknowledge(self, name, content, answer):
        status, _, body = answer
        told = json.loads(body)
        check(status in (200, 201) and told["outcome"] in ("accepted", "duplicate"), f"{name} is accepted: {status} {body[:300]}")
        digest = hashlib.sha256(content).hexdigest()
        check(told.get("sha256") == digest, f"{name} has its digest: {told.get('sha256')}")
        self.acknowledged[name] = (digest, told["attachment"])
        counts["acknowledged"] += 1

    def twice(self, name, content, key):
        """The same request on two nodes at once."""
        answers, dice = [], random.Random(self.dice.getrandbits(32))
        ports = dice.sample(self.campaign.cluster.readers(), 2)

        def one(first):
            tries = iter([first])
            answers.append(self.until_answered(lambda port: self.put(next(tries, port), name, content, key)))

        pair = [threading.Thread(target=one, args=(port,)) for port in ports]
        for thread in pair:
            thread.start()
        for thread in pair:
            thread.join()
        check(len(answers) == 2, f"{name}: both senders are answered")
        told = [json.loads(body) for status, _, body in answers if status in (200, 201)]
        check(len({one["attachment"] for one in told}) == 1, f"{name} sent to two nodes is one attachment: {told}")
        self.acknowledge(name, content, answers[0])
        counts["same key on two nodes"] += 1

    def resumable(self, name, content):
        token, metadata = self.campaign.token, f"filename {base64.b64encode(name.encode()).decode()},ticket {base64.b64encode(self.ticket.encode()).decode()}"
        tus = {"Tus-Resumable": "1.0.0"}
        _, headers, _ = self.until_answered(lambda port: request(
            port, token, "POST", "/api/v1/uploads", b"", {**tus, "Upload-Length": str(len(content)), "Upload-Metadata": metadata}))
        place = headers["Location"]
        told = 0
        while True:
            status, headers, body = self.until_answered(lambda port: request(port, token, "HEAD", place, None, tus))
            check(status in (200, 204), f"an open upload is known: {status}")
            if status not in (200, 204):
                return
            if headers.get("Sluice-Outcome"):
                check(headers["Sluice-Outcome"] in ("accepted", "duplicate"), f"{name}: {headers['Sluice-Outcome']}")
                self.acknowledged[name] = (hashlib.sha256(content).hexdigest(), headers["Sluice-Attachment"])
                counts["acknowledged"] += 1
                counts["resumable"] += 1
                return
            offset = int(headers["Upload-Offset"])
            check(offset >= told, f"{name}: acknowledged {told} bytes, and now only {offset} are there")
            told = offset
            piece = content[offset:offset + self.dice.randrange(1, max(2, len(content)))]
            try:
                status, headers, _ = request(self.port(), token, "PATCH", place, piece, {**tus, "Upload-Offset": str(offset), "Content-Type": OFFSET_STREAM})
                if status == 204:
                    told = int(headers["Upload-Offset"])
                else:
                    counts[f"answer {status}"] += 1
            except BROKEN as error:
                counts["broken " + type(error).__name__] += 1
                time.sleep(0.1)
            if self.campaign.is_given_up:
                return

    def read(self, name, known):
        digest, attachment = known
        try:
            status, _, body = request(self.port(), self.campaign.token, "GET", f"/api/v1/tickets/{self.ticket}/attachments/{attachment}/content")
        except BROKEN:
            return
        check(status in (200, 429, 502, 503, 504), f"an acknowledged attachment is read: {status} {body[:200]}")
        if status == 200:
            check(hashlib.sha256(body).hexdigest() == digest, f"{name} has the bytes that were sent")
            counts["read"] += 1


class Follower(threading.Thread):
    """Reads the events as they are committed: whatever it sees begins right behind what it has seen."""

    def __init__(self, campaign):
        super().__init__(daemon=True)
        self.campaign, self.last = campaign, 0

    def run(self):
        while not self.campaign.is_over:
            self.look()
            time.sleep(0.05)

    def look(self):
        try:
            numbers = self.campaign.cluster.postgres.sql(f"SELECT number FROM event WHERE number > {self.last} ORDER BY number").split()
        except (RuntimeError, OSError):
            return
        numbers = [int(number) for number in numbers]
        check(numbers == list(range(self.last + 1, self.last + 1 + len(numbers))), f"events follow {self.last} without a gap: {numbers[:10]}")
        if numbers:
            self.last = numbers[-1]
            counts["looks at events"] += 1


class Campaign:
    def __init__(self, words, cluster_, clients=8):
        self.cluster, self.token, self.seed = cluster_, cluster_.token, words.seed
        self.is_over = self.is_given_up = False
        self.clients = [Client(self, number) for number in range(clients)]
        self.follower = Follower(self)

    def begin(self):
        for thread in [*self.clients, self.follower]:
            thread.start()

    def end(self):
        """Everything is whole again: clients finish what they have begun."""
        self.is_over = True
        for client in self.clients:
            client.join(300)
            check(not client.is_alive(), f"client {client.number} comes to its end")
        self.is_given_up = True
        self.follower.join(30)
        self.follower.look()

    def prove(self, sends_twice=False):
        """What was acknowledged is there once, on every node, with its bytes.

        sends_twice: some bytes were sent under two names, on purpose."""
        sql = self.cluster.postgres.sql
        for client in self.clients:
            for node in self.cluster.nodes:
                listed = self.listed(node.port, client.ticket)
                for name, (digest, attachment) in client.acknowledged.items():
                    check(listed.get(attachment) == (name, digest), f"{node.name} has {client.ticket}/{name}: {listed.get(attachment)}")
        names = ", declared_name" if sends_twice else ""
        check(sql(f"SELECT count(*) FROM (SELECT 1 FROM attachment GROUP BY ticket, digest{names} HAVING count(*) > 1) AS twice") == "0", "nothing is there twice")
        gaps = sql("SELECT count(*) - coalesce(max(number), 0) FROM event")
        check(gaps == "0", f"events are numbered without gaps: {gaps}")
        check(sql("SELECT count(*) FROM attachment") == sql("SELECT count(*) FROM event WHERE kind = 'attachment.accepted'"), "each attachment has its event")
        verified = self.cluster.node("verify").command("verify", "--format", "json")
        problems = [json.loads(line) for line in verified.stdout.splitlines() if line.startswith("{")]
        for problem in problems:
            counts["left over: " + problem["problem"]] += 1
            check(problem["harmless"], f"the store is sound: {problem}")
        check(verified.returncode in (0, 1), f"verify: {verified.returncode} {verified.stderr}")

    def listed(self, port, ticket):
        found, after = {}, ""
        while True:
            status, _, body = request(port, self.token, "GET", f"/api/v1/tickets/{ticket}/attachments?limit=200{after}", timeout=60)
            if status == 404:
                return found
            check(status == 200, f"a list is answered: {status} {body[:200]}")
            if status != 200:
                return found
            told = json.loads(body)
            for one in told["attachments"]:
                found[one["attachment"]] = (one["name"], one["sha256"])
            if not told.get("next"):
                return found
            after = "&after=" + told["next"]


def storm(words, folder):
    dice = random.Random(words.seed)
    machines = Cluster(folder, words.sluice, words.rclone)
    campaign = Campaign(words, machines)
    campaign.begin()
    began = time.monotonic()
    slowest = 0.0
    try:
        while time.monotonic() - began < words.seconds:
            harm = dice.choice(["node", "node", "line", "line", "line", "database", "spool"])
            index = dice.randrange(len(machines.nodes))
            node = machines.nodes[index]
            if harm == "node":
                counts["nodes killed"] += 1
                node.kill()
                time.sleep(dice.uniform(0, 1))
                node.start()
                node.wait_ready()
            elif harm == "line":
                dice.choice(machines.lines[index]).harm(dice)
                time.sleep(dice.uniform(0.2, 4))
                machines.heal()
            elif harm == "database":
                how = dice.choice([signal.SIGINT, signal.SIGQUIT, signal.SIGKILL])
                counts[f"database {signal.Signals(how).name}"] += 1
                machines.postgres.stop(how)
                time.sleep(dice.uniform(0, 2))
                machines.postgres.start()
                slowest = max(slowest, until_ready(machines))
            else:
                fill_spool(node, dice)
            time.sleep(dice.uniform(0.1, 1.5))
    finally:
        machines.heal()
        for node in machines.nodes:
            if not node.is_running:
                check(False, f"{node.name} has ended by itself: {node.process.returncode}")
                node.start()
        for node in machines.nodes:
            node.wait_ready()
        campaign.end()
    campaign.prove()
    machines.stop()
    check(counts["acknowledged"] > words.seconds, f"only {counts['acknowledged']} attachments were acknowledged")
    check(slowest <= 5, f"nodes were ready {slowest:.1f} s after the database")
    tell()
    print(f"{sum(len(client.acknowledged) for client in campaign.clients)} acknowledged, each there once; {campaign.follower.last} events without a gap; "
          f"ready again at most {slowest:.1f} s after the database.", flush=True)


def until_ready(machines):
    began = time.monotonic()
    while time.monotonic() - began < 60:
        if all(node.status() == 200 for node in machines.nodes):
            return time.monotonic() - began
        time.sleep(0.05)
    return 60.0


def fill_spool(node, dice):
    """The disk under one spool is full for a moment: a file system of 24 MB over the folder, where this user may mount one."""
    if os.geteuid() != 0:
        counts["no right to fill a spool"] += 1
        return
    spool = pathlib.Path(node.place[-1])
    node.kill()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", spool], capture_output=True).returncode == 0
    node.start()
    node.wait_ready()
    if not mounted:
        counts["no right to fill a spool"] += 1
        return
    counts["spool full"] += 1
    filler = spool / "filler"
    try:
        with open(filler, "wb") as file:
            while True:
                file.write(bytes(1 << 20))
    except OSError:
        pass
    time.sleep(dice.uniform(0.5, 2))
    filler.unlink(missing_ok=True)
    time.sleep(dice.uniform(0.2, 1))
    node.kill()
    # Inspectors of the killed node end a moment later.
    cluster.wait_until(lambda: subprocess.run(["umount", spool], capture_output=True).returncode == 0, f"{spool} stays in use")
    node.start()
    node.wait_ready()


class HarmedNode(cluster.Node):
    """A node that is killed at its N-th call that sends something to the database or the object store."""
    at, shim, ports = 0, None, ()

    def start(self):
        harm = {"LD_PRELOAD": str(self.shim), "SLUICE_KILL_PORTS": ",".join(map(str, self.ports)), "SLUICE_KILL_AT": str(self.at)}
        self.spawn(["env", *(f"{name}={value}" for name, value in harm.items()), self.sluice, "serve", "--listen", f"127.0.0.1:{self.port}",
                    "--per-peer", "0", *self.place, *self.more], env=self.environment)


def steps(client, ticket):
    """One attachment by each way, and what a reviewer does: name → what to ask for. Each may be asked for again."""
    dice, token = client.dice, client.campaign.token
    log, macro = material(dice, 4000), b"<html><body><script>alert(1)</script></body></html>\n" + material(dice, 100)
    tus = {"Tus-Resumable": "1.0.0"}
    base = f"/api/v1/tickets/{ticket}/attachments"

    def put(port):
        return request(port, token, "PUT", f"{base}/raw.txt", log, {"Idempotency-Key": ticket + "-raw"})

    def again(port):
        """The same bytes under another name: a row more, no blob more."""
        return request(port, token, "PUT", f"{base}/copy.txt", log, {"Idempotency-Key": ticket + "-copy"})

    def form(port):
        mark = "mark" + ticket
        body = b"".join(b"--" + mark.encode() + b'\r\nContent-Disposition: form-data; name="file"; filename="' + name + b'"\r\n\r\n' + content + b"\r\n"
                        for name, content in ((b"one.txt", material(random.Random(ticket), 500)), (b"two.txt", macro)))
        return request(port, token, "POST", base, body + b"--" + mark.encode() + b"--\r\n",
                       {"Content-Type": "multipart/form-data; boundary=" + mark, "Idempotency-Key": ticket + "-form"})

    def upload(port):
        metadata = f"filename {base64.b64encode(b'tus.txt').decode()},ticket {base64.b64encode(ticket.encode()).decode()}"
        content = material(random.Random(ticket + "tus"), 6000)
        status, headers, body = request(port, token, "POST", "/api/v1/uploads", b"", {
            **tus, "Upload-Length": str(len(content)), "Upload-Metadata": metadata, "Idempotency-Key": ticket + "-tus"})
        if status != 201:
            return status, headers, body
        place = headers["Location"]
        while True:
            status, headers, body = request(port, token, "HEAD", place, None, tus)
            if status != 200 or "Sluice-Outcome" in headers:
                return status, headers, body
            offset = int(headers["Upload-Offset"])
            status, headers, body = request(port, token, "PATCH", place, content[offset:offset + 2500], {
                **tus, "Upload-Offset": str(offset), "Content-Type": OFFSET_STREAM})
            if status != 204:
                return status, headers, body

    def review(port):
        status, headers, body = request(port, token, "GET", f"/api/v1/review?ticket={ticket}")
        if status != 200:
            return status, headers, body
        for waiting in json.loads(body)["attachments"]:
            status, headers, body = request(port, token, "POST", f"/api/v1/review/{waiting['attachment']}/delete", b'{"note":"no"}',
                                            {"Content-Type": "application/json"})
        return status, headers, body

    return {"raw": put, "copy": again, "form": form, "tus": upload, "delete": review}


def calls(words, folder):
    machines = Cluster(folder, words.sluice, words.rclone, nodes=1, lines=False)
    campaign = Campaign(words, machines, clients=1)
    client, well = campaign.clients[0], machines.nodes[0]
    shim = f"{folder}/kill_at_send.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", shim, PROJECT / "Scripts/kill_at_send.c", "-ldl"], check=True)
    # Threads run differently each time, so the number of calls does as well: it ends when none was reached several times in a row.
    number, survivals = words.first, 0
    while survivals < 3:
        harmed = HarmedNode(folder + "/nodes", "harmed", words.sluice, machines.postgres.url(), machines.objects.url(), machines.environment)
        harmed.at, harmed.shim, harmed.ports = number, shim, (machines.postgres.port, machines.objects.port)
        harmed.start()
        ticket = f"K-{number}"
        wanted = steps(client, ticket)
        told = {}
        while harmed.is_running and harmed.status("/healthz") is None:
            time.sleep(0.02)
        for name, ask in wanted.items():
            try:
                status, _, body = ask(harmed.port)
                if status in (200, 201, 204, 422):
                    told[name] = (status, body)
            except BROKEN:
                break
        survived = len(told) == len(wanted)
        if not survived:
            # It is about to end.
            cluster.wait_until(lambda: not harmed.is_running, f"killed at {number}: it goes on with {list(told)}")
        survivals = survivals + 1 if survived else 0
        harmed.stop()
        counts["survived" if survived else "killed"] += 1
        # Another node goes on at once with whatever the sender asks for again.
        for name, ask in wanted.items():
            status, _, body = client.until_answered(lambda _: ask(well.port), final=(404, 410))
            check(status in (200, 201, 204, 422), f"killed at {number}: {name} is answered {status} by another node: {body[:200]}")
        listed = collections.Counter(name for name, _ in campaign.listed(well.port, ticket).values())
        check(listed == {"raw.txt": 1, "copy.txt": 1, "one.txt": 1, "tus.txt": 1}, f"killed at {number}: the ticket has {dict(listed)}")
        number += words.stride
    campaign.prove(sends_twice=True)
    machines.stop()
    tell()
    print(f"The last call was before {number}.", flush=True)


def failover(words, folder):
    """The database is lost with its machine. Its standby has every commit that was acknowledged (synchronous_standby_names)."""
    first = cluster.Postgres(folder + "/postgres")
    first.start()
    second = cluster.Postgres.standby_of(first, folder + "/standby")
    second.start()
    first.sql("ALTER SYSTEM SET synchronous_standby_names = '*'", database="postgres")
    first.sql("SELECT pg_reload_conf()", database="postgres")
    cluster.wait_until(lambda: first.sql("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'", database="postgres") == "1",
                       "the standby does not follow")
    objects = cluster.Objects(folder + "/objects", words.rclone)
    objects.start()
    store = f"postgres://sluice@127.0.0.1:{first.port},127.0.0.1:{second.port}/sluice"
    machines = Cluster.of(folder, words.sluice, first, objects, store)
    campaign = Campaign(words, machines)
    campaign.begin()
    time.sleep(words.seconds / 2)
    before = counts["acknowledged"]
    first.kill()
    machines.postgres = second
    second.promote()
    second.sql("ALTER SYSTEM SET synchronous_standby_names = ''", database="postgres")
    second.sql("SELECT pg_reload_conf()", database="postgres")
    ready = until_ready(machines)
    time.sleep(words.seconds / 2)
    campaign.end()
    campaign.prove()
    check(before > 0 and counts["acknowledged"] > before, f"{before} were acknowledged before and {counts['acknowledged'] - before} after")
    check(ready <= 5, f"nodes were ready {ready:.1f} s after the standby")
    machines.stop()
    tell()
    print(f"{before} acknowledged before, {counts['acknowledged'] - before} after; ready {ready:.1f} s after the standby was promoted.", flush=True)


def tell():
    for what, count in sorted(counts.items()):
        print(f"  {count:6}  {what}")


MODES = {"storm": storm, "calls": calls, "failover": failover}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=sorted(MODES), nargs="?", default="storm")
    parser.add_argument("--sluice", required=True)
    parser.add_argument("--rclone", required=True)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--first", type=int, default=1, help="calls: begin with this one")
    parser.add_argument("--stride", type=int, default=1, help="calls: only every so many-th")
    parser.add_argument("--keep", help="work in this folder, and leave it")
    words = parser.parse_args()
    print(f"seed {words.seed}", flush=True)
    folder = words.keep or tempfile.mkdtemp(prefix="sluice-cluster-")
    os.makedirs(folder, exist_ok=True)
    # PostgreSQL's user passes through it.
    os.chmod(folder, 0o755)
    try:
        MODES[words.mode](words, folder)
    finally:
        if not words.keep:
            shutil.rmtree(folder, ignore_errors=True)
    conclude()


if __name__ == "__main__":
    main()
