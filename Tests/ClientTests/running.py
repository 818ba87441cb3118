"""The program under test, run as a service is: `sluice serve` on a free port, with a store and tokens of its own."""

import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import time
import unittest

PROJECT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("SLUICE", str(PROJECT / ".build/debug/sluice"))
SAMPLES = PROJECT / "Samples"
#: Generous: the machine may be busy with other tests.
PATIENCE = 60


def sluice(*words):
    """Runs the program to its end; gives its standard output."""
    ran = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=PATIENCE)
    if ran.returncode != 0:
        raise AssertionError(f"sluice {words[0]} ended with {ran.returncode}: {ran.stdout}{ran.stderr}")
    return ran.stdout


def wait_for(condition, what, patience=PATIENCE):
    """Until the condition gives something true; gives that."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {patience} s in vain for {what}")


class Server:
    """One `sluice serve`."""

    def __init__(self, *options, listen="127.0.0.1:0"):
        self.folder = tempfile.TemporaryDirectory(prefix="sluice-clients-")
        self.store = pathlib.Path(self.folder.name) / "store"
        self.options = options
        self.listen = listen
        self.log = []
        self.said = []
        self.tokens = {}
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--store", str(self.store), "--listen", self.listen, "--per-peer", "0", *self.options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.said = []
        for stream, kept in ((self.process.stdout, self.log), (self.process.stderr, self.said)):
            threading.Thread(target=self._read, args=(stream, kept), daemon=True).start()

        def address():
            if self.process.poll() is not None:
                raise AssertionError("the server ended at its start: " + " ".join(self.said))
            return next((found[1] for line in list(self.said) if (found := re.search(r"listening on (?:http://)?(\S+?)\.?$", line))), None)

        self.address = wait_for(address, "the server to listen")
        if ":" in self.address and not self.address.startswith("unix:"):
            self.host, _, port = self.address.rpartition(":")
            self.port = int(port)
            self.url = f"http://{self.address}"
            # Started again, it listens where its clients look for it.
            self.listen = self.address

    @staticmethod
    def _read(stream, kept):
        for line in stream:
            kept.append(line.rstrip("\n"))

    def token(self, role="submitter", *options):
        key = (role, *options)
        if key not in self.tokens:
            output = sluice("token", "create", "--store", self.store, "--role", role, *options)
            self.tokens[key] = output.strip().splitlines()[-1]
        return self.tokens[key]

    def bearer(self, role="submitter", *options):
        return {"Authorization": "Bearer " + self.token(role, *options)}

    def path(self, rest):
        return self.url + "/api/v1" + rest

    def stop(self):
        """In good order. What was stored has to be whole."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("the server did not end within a minute of SIGTERM") from None
        if status != 0:
            raise AssertionError(f"the server ended with {status}: {' '.join(self.said)}")

    def close(self):
        try:
            self.stop()
            if self.store.exists():
                sluice("verify", "--store", self.store)
        finally:
            for stream in (self.process.stdout, self.process.stderr):
                stream.close()
            self.folder.cleanup()


class ServerCase(unittest.TestCase):
    """Tests that share one server; each has a ticket of its own."""

    options = ()
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.server = Server(*cls.options)
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        name = re.sub(r"[^A-Za-z0-9]", "-", self.id().rsplit(".", 1)[-1])
        self.ticket = ("T-" + name)[:64]

    def attachments(self, ticket=None):
        import requests

        answer = requests.get(self.server.path(f"/tickets/{ticket or self.ticket}/attachments"),
                              headers=self.server.bearer("reviewer"), timeout=PATIENCE)
        self.assertEqual(answer.status_code, 200, answer.text)
        return answer.json()

    def outcome(self, path, *options):
        """What the command line says of a file: the two doors agree."""
        ran = subprocess.run([PROGRAM, "check", str(path), "--format", "json"], capture_output=True, text=True, timeout=PATIENCE)
        return json.loads(ran.stdout)["outcome"]
