"""Measures what rows in PostgreSQL and bytes in an object store cost, in one run, turn by turn, with wrk sending forms of one 4 KB log each:

  one node on SQLite and folders, on PostgreSQL and folders, on PostgreSQL and an object store; two nodes on PostgreSQL and folders.

The bare loop is what the same bytes and a row of them cost without Sluice: signed PUTs of 4 KB on connections that are kept, and
pgbench inserting one row and committing. A sender that does one after the other gets the rate that is calculated from both. Also told: the size of rows and indexes for each attachment."""

import argparse
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time
import datetime

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "Samples/cluster")]

import cluster  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--sluice", required=True, help=argparse.SUPPRESS)
parser.add_argument("--rclone", required=True, help=argparse.SUPPRESS)
parser.add_argument("--scratch", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--seconds", type=int, default=6)
parser.add_argument("--connections", type=int, default=32)
options = parser.parse_args()
missed = []


def material(size):
    dice, lines, length = random.Random(21), [], 0
    while length < size:
        line = f"2026-11-02T10:11:{dice.randrange(60):02d}.{dice.randrange(1000):03d}Z INFO  [worker-{dice.randrange(64)}] job {dice.getrandbits(64):016x} done\n"
        lines.append(line)
        length += len(line)
    return "".join(lines)[:size].encode()


def load(nodes, token, file):
    """Requests a second of wrk on each node at once, the connections shared out among them."""
    answers = []

    def one(node):
        environment = dict(os.environ, SLUICE_BENCH_KIND="small", SLUICE_BENCH_FILE=str(file), SLUICE_BENCH_PATH="/api/v1/tickets/T1/attachments",
                           SLUICE_BENCH_TOKEN=token, SLUICE_BENCH_RUN=f"{time.monotonic_ns():x}")
        ran = subprocess.run(["wrk", "-t1", f"-c{options.connections // len(nodes)}", f"-d{options.seconds}s", "--timeout", "30s", "-s",
                              str(HERE / "bench-endpoint.lua"), f"http://127.0.0.1:{node.port}"], capture_output=True, text=True, env=environment)
        answers.append(json.loads(ran.stdout.strip().splitlines()[-1]))

    threads = [threading.Thread(target=one, args=(node,)) for node in nodes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for answer in answers:
        if answer["refused"] or answer["errors"]:
            sys.exit(f"refused {answer['refused']} (status {answer['status']}), errors {answer['errors']}; see {options.scratch}")
    return sum(answer["requests"] / answer["seconds"] for answer in answers), statistics.median(answer["p99"] for answer in answers)


class Signed:
    """PUTs with AWS Signature 4, on connections that are kept."""

    def __init__(self, objects):
        self.objects = objects

    def put(self, connection, name, body):
        now = datetime.datetime.now(datetime.timezone.utc)
        stamp, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
        digest, host, path = hashlib.sha256(body).hexdigest(), f"127.0.0.1:{self.objects.port}", f"/sluice/bare/{name}"
        text = f"PUT\n{path}\n\nhost:{host}\nx-amz-content-sha256:{digest}\nx-amz-date:{stamp}\n\nhost;x-amz-content-sha256;x-amz-date\n{digest}"
        scope = f"{day}/us-east-1/s3/aws4_request"
        key = ("AWS4" + self.objects.secret).encode()
        for part in (day, "us-east-1", "s3", "aws4_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        wanted = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(text.encode()).hexdigest()}"
        signature = hmac.new(key, wanted.encode(), hashlib.sha256).hexdigest()
        connection.request("PUT", path, body, {
            "Host": host, "x-amz-content-sha256": digest, "x-amz-date": stamp,
            "Authorization": f"AWS4-HMAC-SHA256 Credential={self.objects.key}/{scope}, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature={signature}"})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            sys.exit(f"A bare PUT is answered {answer.status}.")

    def rate(self, threads):
        counts, until, run = [0] * threads, time.monotonic() + options.seconds, f"{time.monotonic_ns():x}"

        def one(number):
            connection = http.client.HTTPConnection("127.0.0.1", self.objects.port)
            body = bytearray(material(4096))
            while time.monotonic() < until:
                body[:24] = f"{number:08d}{counts[number]:016d}".encode()
                self.put(connection, f"{run}-{number}-{counts[number]}", bytes(body))
                counts[number] += 1

        workers = [threading.Thread(target=one, args=(number,)) for number in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return sum(counts) / options.seconds


def insert_rate(postgres, clients):
    postgres.sql("CREATE TABLE IF NOT EXISTS bare (number bigserial PRIMARY KEY, digest bytea NOT NULL, name text NOT NULL, facts text NOT NULL)", database="postgres")
    script = options.scratch / "bare.sql"
    script.write_text("INSERT INTO bare (digest, name, facts) VALUES (sha256(random()::text::bytea), 'node.txt', repeat('x', 600));\n")
    ran = subprocess.run([postgres.BIN / "pgbench", "-n", "-c", str(clients), "-j", "1", "-T", str(options.seconds), "-M", "prepared", "-f", script, "-h", "127.0.0.1",
                          "-p", str(postgres.port), "-U", "sluice", "postgres"], capture_output=True, text=True, env=postgres.environment(), check=True)
    return float(next(line for line in ran.stdout.splitlines() if line.startswith("tps")).split()[2])


def bar(words, ratio, least):
    print(f"  {words}: {ratio:.2f} (bar: at least {least}) {'met' if ratio >= least else 'MISSED'}", flush=True)
    if ratio < least:
        missed.append(words)


def main():
    scratch = options.scratch = options.scratch / "cluster"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    for folder in [scratch, *scratch.parents]:
        if str(folder).startswith(str(HERE.parent)):
            os.chmod(folder, 0o755)
    file = scratch / "small.txt"
    file.write_bytes(material(4096))
    postgres, objects = cluster.Postgres(scratch / "postgres"), cluster.Objects(scratch / "objects", options.rclone)
    postgres.start()
    objects.start()
    environment = {**postgres.environment(), "AWS_SHARED_CREDENTIALS_FILE": str(objects.credentials)}
    places = {}
    for name in ("folders", "objects", "two"):
        postgres.sql(f"CREATE DATABASE {name}", database="postgres")
        places[name] = postgres.url().removesuffix("/sluice") + "/" + name
    blobs = str(scratch / "blobs")

    def node(name, store, bytes_):
        return cluster.Node(scratch / "nodes", name, options.sluice, store, bytes_, environment)

    kinds = {
        "SQLite and folders": [node("sqlite", str(scratch / "store"), str(scratch / "store"))],
        "PostgreSQL and folders": [node("folders", places["folders"], blobs)],
        "PostgreSQL and objects": [node("objects", places["objects"], objects.url())],
        "two nodes, PostgreSQL and folders": [node("first", places["two"], blobs + "2"), node("second", places["two"], blobs + "2")],
    }
    rates, worst, bare = {kind: [] for kind in kinds}, {kind: [] for kind in kinds}, []
    signed = Signed(objects)
    print(f"load average {os.getloadavg()[0]:.1f} at the beginning", flush=True)
    try:
        for number in range(options.rounds + 1):
            for kind, nodes in kinds.items():
                for one in nodes:
                    one.start()
                    one.wait_ready()
                token = nodes[0].command("token", "create", "--role", "submitter").stdout.strip().splitlines()[-1]
                # As many senders for one node as for two: a sender costs this machine's processors as well.
                rate, p99 = load(nodes * (2 // len(nodes)), token, file)
                for one in nodes:
                    one.stop()
                if number:
                    rates[kind].append(rate)
                    worst[kind].append(p99)
            puts, inserts = signed.rate(8), insert_rate(postgres, 8)
            if number:
                bare.append((puts, inserts, 1 / (1 / puts + 1 / inserts)))
        for kind in kinds:
            print(f"  {kind:34} median {statistics.median(rates[kind]):6.0f} a second ({min(rates[kind]):.0f} to {max(rates[kind]):.0f}), p99 {statistics.median(worst[kind]):.0f} ms")
        print(f"  {'bare PUT, 8 at once':34} median {statistics.median(one[0] for one in bare):6.0f} a second")
        print(f"  {'bare INSERT, 8 at once':34} median {statistics.median(one[1] for one in bare):6.0f} a second")
        print(f"  {'one after the other':34} median {statistics.median(one[2] for one in bare):6.0f} a second (calculated)")

        def ratio(first, second):
            return statistics.median(a / b for a, b in zip(rates[first], rates[second]))

        bar("PostgreSQL and folders, of SQLite and folders", ratio("PostgreSQL and folders", "SQLite and folders"), 0.6)
        bar("two nodes, of one", ratio("two nodes, PostgreSQL and folders", "PostgreSQL and folders"), 1)
        bar("PostgreSQL and objects, of the bare loop", statistics.median(a / b[2] for a, b in zip(rates["PostgreSQL and objects"], bare)), 1 / 1.3)
        size = int(postgres.sql("SELECT pg_database_size('folders')", database="postgres")) - int(postgres.sql("SELECT pg_database_size('template1')", database="postgres"))
        count = int(postgres.sql("SELECT count(*) FROM attachment", database="folders"))
        print(f"  rows and indexes for each 4 KB log: {size / max(count, 1):.0f} bytes ({count:,} attachments)")
        for line in postgres.sql("SELECT relname || ' ' || pg_relation_size(oid) FROM pg_class WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace "
                                 "ORDER BY pg_relation_size(oid) DESC LIMIT 14", database="folders").splitlines():
            name, bytes_ = line.split()
            print(f"    {name:34} {int(bytes_) / max(count, 1):6.0f} bytes each")
    finally:
        for nodes in kinds.values():
            for one in nodes:
                one.stop()
        objects.stop()
        postgres.stop(signal.SIGINT)
    print(f"load average {os.getloadavg()[0]:.1f} at the end")
    shutil.rmtree(scratch, ignore_errors=True)
    print("All bars met." if not missed else "Missed: " + ", ".join(missed))
    sys.exit(1 if missed else 0)


main()
