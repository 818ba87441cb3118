"""Starts PostgreSQL, an object store, nodes of Sluice and nginx on loopback, and stops them by their process ids. Used by `run` beside this file, and by
the fault campaign of the same name. Standard library only."""

import os
import pathlib
import pwd
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
#: A child gets this signal when its parent dies: nothing is left running.
PDEATHSIG = ["setpriv", "--pdeathsig", "TERM"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    raise SystemExit(f"{what} within {seconds} s.")


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


class Service:
    """One program that runs beside this one."""

    def __init__(self, folder, name):
        self.folder, self.name, self.process = pathlib.Path(folder), name, None
        self.folder.mkdir(parents=True, exist_ok=True)

    def spawn(self, words, **more):
        with open(self.folder / f"{self.name}.log", "ab") as log:
            self.process = subprocess.Popen(PDEATHSIG + [str(word) for word in words], stdout=log, stderr=log, start_new_session=True, **more)

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        if self.is_running:
            self.process.kill()
            self.process.wait(60)

    def stop(self, how=signal.SIGTERM, patience=60):
        if not self.is_running:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()


class Postgres(Service):
    """A server of its own, with a password and TCP on loopback. PostgreSQL refuses to run as root: then it runs as `postgres`."""

    BIN = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), default=pathlib.Path("/usr/bin"))

    def __init__(self, folder, port=None, settings=()):
        super().__init__(folder, "postgres")
        self.data, self.port, self.settings = self.folder / "data", port or free_port(), settings
        self.passfile = self.folder / "pgpass"
        self.user = []
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            self.user = ["--reuid", str(account.pw_uid), "--regid", str(account.pw_gid), "--clear-groups"]
            self.owner = (account.pw_uid, account.pw_gid)
        if not self.data.exists():
            self._make()

    def _make(self):
        password = secrets.token_urlsafe(24)
        self.passfile.touch(0o600)
        self.passfile.write_text(f"*:*:*:sluice:{password}\n")
        pwfile = self.folder / "pwfile"
        pwfile.touch(0o600)
        pwfile.write_text(password + "\n")
        self.data.mkdir(mode=0o700)
        if self.user:
            for path in (self.data, pwfile):
                os.chown(path, *self.owner)
        self._run("initdb", "-D", self.data, "-U", "sluice", "-A", "scram-sha-256", f"--pwfile={pwfile}", "-E", "UTF8", "--locale=C")
        pwfile.unlink()

    @classmethod
    def standby_of(cls, first, folder):
        """A second server that follows the first one's log."""
        made = cls.__new__(cls)
        Service.__init__(made, folder, "standby")
        made.data, made.port, made.settings, made.passfile, made.user = made.folder / "data", free_port(), (), first.passfile, first.user
        made.data.mkdir(mode=0o700)
        # The server's own user reads the password of the first one from the file that -R writes into the settings.
        passfile = made.folder / "pgpass"
        passfile.touch(0o600)
        passfile.write_text(first.passfile.read_text())
        words = [cls.BIN / "pg_basebackup", "-h", "127.0.0.1", "-p", str(first.port), "-U", "sluice", "-D", made.data, "-R", "-X", "stream", "-c", "fast"]
        done = subprocess.run(list(map(str, words)), env={**os.environ, "PGPASSFILE": str(passfile)}, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"pg_basebackup: {done.stderr.strip()}")
        if made.user:
            for path in [passfile, made.data, *made.data.rglob("*")]:
                os.chown(path, *first.owner)
        return made

    def promote(self):
        self._run("pg_ctl", "promote", "-w", "-D", self.data)

    def _run(self, program, *words):
        done = subprocess.run(["setpriv", *self.user, "--", self.BIN / program, *map(str, words)], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{program}: {done.stderr.strip() or done.stdout.strip()}")

    def start(self):
        words = ["setpriv", *self.user, "--pdeathsig", "INT", "--", self.BIN / "postgres", "-D", self.data, "-c", f"port={self.port}",
                 "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
        for setting in self.settings:
            words += ["-c", setting]
        # The inner setpriv ends the server with this program also where the outer one's signal is lost by the change of user.
        self.spawn(words)
        wait_until(self._is_ready, "PostgreSQL does not answer")
        if self.sql("SELECT pg_is_in_recovery()", database="postgres") == "t":
            return
        if self.sql("SELECT 1 FROM pg_database WHERE datname = 'sluice'", database="postgres") != "1":
            self.sql("CREATE DATABASE sluice", database="postgres")

    def _is_ready(self):
        if not self.is_running:
            raise SystemExit(f"PostgreSQL does not start; see {self.folder}/postgres.log.")
        return subprocess.run([self.BIN / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]).returncode == 0

    def environment(self):
        return {**os.environ, "PGPASSFILE": str(self.passfile)}

    def sql(self, text, database="sluice"):
        done = subprocess.run([self.BIN / "psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "sluice", "-d", database, "-AtX", "-v", "ON_ERROR_STOP=1",
                               "-c", text], env=self.environment(), capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip())
        return done.stdout.strip()

    def url(self, port=None):
        return f"postgres://sluice@127.0.0.1:{port or self.port}/sluice"


class Objects(Service):
    """An S3-compatible object store over a folder: rclone."""

    def __init__(self, folder, rclone, port=None):
        super().__init__(folder, "objects")
        self.rclone, self.port, self.data = rclone, port or free_port(), self.folder / "objects"
        (self.data / "sluice").mkdir(parents=True, exist_ok=True)
        keys = self.folder / "credentials"
        if not keys.exists():
            keys.touch(0o600)
            keys.write_text(f"[default]\naws_access_key_id = {secrets.token_hex(8)}\naws_secret_access_key = {secrets.token_hex(20)}\n")
        self.credentials = keys
        self.key, self.secret = (line.split(" = ")[1] for line in keys.read_text().splitlines()[1:])

    def start(self):
        # The key goes through the environment: a command line is seen by everybody on the machine.
        self.spawn([self.rclone, "serve", "s3", "--addr", f"127.0.0.1:{self.port}", "--config", "/dev/null", "--log-level", "NOTICE", self.data],
                   env={**os.environ, "RCLONE_AUTH_KEY": f'"{self.key},{self.secret}"'})
        wait_until(lambda: answers(self.port), "The object store does not answer")

    def url(self, port=None):
        return f"s3://sluice/store?endpoint=http://127.0.0.1:{port or self.port}&region=us-east-1"


class Node(Service):
    """One `sluice serve`."""

    def __init__(self, folder, name, sluice, store, blobs, environment, port=None, more=()):
        super().__init__(folder, name)
        self.sluice, self.more, self.port = sluice, list(more), port or free_port()
        self.place = ["--store", store, "--blobs", blobs, "--spool", str(self.folder / f"{name}-spool")]
        self.environment = environment

    def command(self, *words):
        """Another command on the same store."""
        return subprocess.run([self.sluice, *words, *self.place], env=self.environment, capture_output=True, text=True)

    def start(self):
        self.spawn([self.sluice, "serve", "--listen", f"127.0.0.1:{self.port}", "--per-peer", "0", *self.place, *self.more], env=self.environment)

    def status(self, path="/readyz"):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    def wait_ready(self):
        def ready():
            if not self.is_running:
                raise SystemExit(f"{self.name} does not start; see {self.folder}/{self.name}.log.")
            return self.status() == 200
        wait_until(ready, f"{self.name} is not ready")


class Nginx(Service):
    def __init__(self, folder, nodes, port=None):
        super().__init__(folder, "nginx")
        self.port = port or free_port()
        servers = "\n".join(f"        server 127.0.0.1:{node.port} max_fails=1 fail_timeout=2s;" for node in nodes)
        text = (HERE / "nginx.conf").read_text()
        for mark, value in (("@FOLDER@", str(self.folder)), ("@SERVERS@", servers), ("@PORT@", str(self.port))):
            text = text.replace(mark, value)
        self.conf = self.folder / "nginx.conf"
        self.conf.write_text(text)

    def start(self):
        self.spawn(["nginx", "-c", self.conf, "-e", self.folder / "nginx.log"])
        wait_until(lambda: answers(self.port), "nginx does not answer")


def main(folder, sluice, rclone):
    # nginx's workers may run as another user: everybody may pass through the folder, and each part guards its own.
    folder = pathlib.Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    services, ended = [], threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        postgres = Postgres(folder / "postgres")
        objects = Objects(folder / "objects", rclone)
        services += [postgres, objects]
        for service in services:
            service.start()
        environment = {**postgres.environment(), "AWS_SHARED_CREDENTIALS_FILE": str(objects.credentials)}
        nodes = [Node(folder / "nodes", f"node{number}", sluice, postgres.url(), objects.url(), environment) for number in (1, 2, 3)]
        # All at once: they agree on who makes the tables.
        for node in nodes:
            services.append(node)
            node.start()
        for node in nodes:
            node.wait_ready()
        nginx = Nginx(folder / "nginx", nodes, port=None)
        services.append(nginx)
        nginx.start()
        token = nodes[0].command("token", "create", "--role", "admin").stdout.strip().splitlines()[-1]
        print(f"rows     {postgres.url()}  (PGPASSFILE={postgres.passfile})")
        print(f"bytes    {objects.url()}  (AWS_SHARED_CREDENTIALS_FILE={objects.credentials})")
        for node in nodes:
            print(f"{node.name}    http://127.0.0.1:{node.port}")
        print(f"all      http://127.0.0.1:{nginx.port}/#/?token={token}")
        print("^C ends everything.", flush=True)
        ended.wait()
    finally:
        for service in reversed(services):
            # A fast shutdown: PostgreSQL ends open transactions and does not wait for its clients.
            service.stop(signal.SIGINT if isinstance(service, Postgres) else signal.SIGTERM)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: Samples/cluster/run [FOLDER]")
    main(*sys.argv[1:])
