"""The end in good order, and the end without it: what is under way may finish, what is not finished goes on where it was."""

import http.client
import signal
import threading
import time
import unittest

import requests

import material
from running import PATIENCE, Server, wait_for

TUS = {"Tus-Resumable": "1.0.0"}


class Stopping(unittest.TestCase):
    """Each test ends its server, so each has its own."""

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)
        self.bearer = self.server.bearer()
        self.content = material.log(900_000, seed=4)

    def begin(self):
        """A resumable upload; gives its address."""
        import base64

        claims = {"filename": "app.txt", "ticket": "T-1"}
        answer = requests.post(self.server.path("/uploads"), timeout=PATIENCE, headers={
            **self.bearer, **TUS, "Upload-Length": str(len(self.content)),
            "Upload-Metadata": ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in claims.items())})
        self.assertEqual(answer.status_code, 201, answer.text)
        return answer.headers["Location"]

    def offset(self, place):
        answer = requests.head(place, headers={**self.bearer, **TUS}, timeout=PATIENCE)
        self.assertEqual(answer.status_code, 200)
        return int(answer.headers["Upload-Offset"])

    def half_sent(self, method, path, headers):
        """A request of which the first half of the body has been sent; gives its connection."""
        connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=PATIENCE)
        connection.putrequest(method, path)
        for name, value in {**self.bearer, **headers, "Content-Length": str(len(self.content))}.items():
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(self.content[:450_000])
        self.addCleanup(connection.close)
        return connection

    def finish(self, place):
        at = self.offset(place)
        answer = requests.patch(place, data=self.content[at:], timeout=PATIENCE,
                                headers={**self.bearer, **TUS, "Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream"})
        self.assertEqual((answer.status_code, answer.headers.get("Sluice-Outcome")), (204, "accepted"), answer.text)
        told = requests.get(self.server.path("/tickets/T-1/attachments"), headers=self.bearer, timeout=PATIENCE).json()["attachments"]
        self.assertEqual([one["sha256"] for one in told], [material.digest(self.content)])

    def test_an_upload_under_way_is_finished_after_the_call_to_end(self):
        connection = self.half_sent("PUT", "/api/v1/tickets/T-1/attachments/app.txt", {})
        time.sleep(0.3)
        self.server.process.send_signal(signal.SIGTERM)
        time.sleep(1)
        self.assertIsNone(self.server.process.poll(), "it ended although an upload was under way")
        connection.send(self.content[450_000:])
        answer = connection.getresponse()
        self.assertEqual((answer.status, answer.getheader("Connection", "").lower()), (201, "close"), answer.read())
        self.assertEqual(self.server.process.wait(timeout=PATIENCE), 0)

    def test_who_sends_no_further_is_waited_for_thirty_seconds_and_keeps_the_offset(self):
        place = self.begin()
        started = time.monotonic()
        connection = self.half_sent("PATCH", place.removeprefix(self.server.url), {**TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"})
        # Slow, but not silent: only the end of the patience ends it.
        drips = threading.Event()
        self.addCleanup(drips.set)

        def drip():
            at = 450_000
            while not drips.wait(0.5) and at < 800_000:
                try:
                    connection.send(self.content[at : at + 2000])
                except OSError:
                    return
                at += 2000

        threading.Thread(target=drip, daemon=True).start()
        time.sleep(0.3)
        self.server.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.server.process.wait(timeout=4 * PATIENCE), 0)
        self.assertGreater(time.monotonic() - started, 25)
        drips.set()
        self.server.start()
        self.assertGreaterEqual(self.offset(place), 450_000)
        self.finish(place)

    def test_killed_at_once_it_goes_on_where_an_upload_stood(self):
        place = self.begin()
        answer = requests.patch(place, data=self.content[:300_000], timeout=PATIENCE,
                                headers={**self.bearer, **TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"})
        self.assertEqual((answer.status_code, answer.headers["Upload-Offset"]), (204, "300000"))
        self.half_sent("PUT", "/api/v1/tickets/T-1/attachments/lost.txt", {})
        self.server.process.kill()
        self.server.process.wait()
        self.server.start()
        self.assertEqual(self.offset(place), 300_000)
        self.finish(place)

    def test_ending_it_takes_no_new_connection(self):
        self.half_sent("PUT", "/api/v1/tickets/T-1/attachments/app.txt", {})
        time.sleep(0.3)
        self.server.process.send_signal(signal.SIGTERM)

        def refused():
            try:
                requests.get(self.server.url + "/readyz", timeout=5)
            except requests.exceptions.ConnectionError:
                return True
            return False

        wait_for(refused, "a new connection to be refused", patience=20)
        self.assertIsNone(self.server.process.poll())
        self.server.process.kill()
        self.server.process.wait()
        self.server.start()


if __name__ == "__main__":
    unittest.main()
