"""tus clients from PyPI: tuspy and aiotus, over a line that breaks, and over a restart of the server."""

import asyncio
import base64
import io
import unittest

import aiotus
import requests
import tusclient.client
import tusclient.exceptions

import material
from cutting_proxy import CuttingProxy
from running import PATIENCE, ServerCase


class Resumable(ServerCase):
    def setUp(self):
        super().setUp()
        self.line = CuttingProxy(self.server.host, self.server.port)
        self.addCleanup(self.line.close)
        self.place = self.line.url + "/api/v1/uploads"
        self.content = material.log(3_000_000, seed=len(self.ticket))

    def claims(self, name="app.txt", **further):
        return {"filename": name, "ticket": self.ticket, "category": "Log File", "comment": "ünïcode", **further}

    def stored(self):
        return [(one["path"], one["sha256"], one["comment"], one["outcome"]) for one in self.attachments()["attachments"]]

    def expect_stored(self, name="app.txt"):
        self.assertEqual(self.stored(), [(name, material.digest(self.content), "ünïcode", "accepted")])

    def tuspy(self, **options):
        client = tusclient.client.TusClient(self.place, headers=self.server.bearer())
        return client.uploader(file_stream=io.BytesIO(self.content), metadata=self.claims(), **{"chunk_size": 400_000, **options})

    def test_tuspy_sends_in_chunks_with_checksums(self):
        self.tuspy(upload_checksum=True).upload()
        self.expect_stored()

    def test_tuspy_goes_on_after_the_line_was_cut(self):
        uploader = self.tuspy()
        self.line.cut_after = 1_300_000
        with self.assertRaises((tusclient.exceptions.TusCommunicationError, requests.exceptions.ConnectionError)):
            uploader.upload()
        self.line.heal()
        before = self.line.sent
        again = self.tuspy(url=uploader.url)
        self.assertGreater(again.get_offset(), 700_000)
        again.upload()
        self.expect_stored()
        self.assertLess(self.line.sent - before, 2_400_000, "what had arrived was sent again")

    def test_tuspy_goes_on_after_the_server_was_started_anew(self):
        uploader = self.tuspy()
        uploader.upload_chunk()
        uploader.upload_chunk()
        self.server.stop()
        self.server.start()
        again = self.tuspy(url=uploader.url)
        self.assertEqual(again.get_offset(), 800_000)
        again.upload()
        self.expect_stored()

    def test_aiotus_retries_over_a_line_that_breaks(self):
        async def send():
            metadata = {key: value.encode() for key, value in self.claims().items()}
            config = aiotus.RetryConfiguration(max_retry_period_seconds=0.2)
            return await aiotus.upload(self.place, io.BytesIO(self.content), metadata, headers=self.server.bearer(), chunksize=300_000, config=config)

        self.line.cut_after = 1_000_000

        async def mended():
            sending = asyncio.create_task(send())
            while not self.line.is_cut:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            self.line.heal()
            return await asyncio.wait_for(sending, PATIENCE)

        location = asyncio.run(mended())
        self.assertIsNotNone(location, "aiotus gave up")
        self.assertEqual(self.line.cuts, 1)
        self.expect_stored()

    def test_the_server_tells_what_it_speaks(self):
        answer = requests.options(self.place, timeout=PATIENCE)
        self.assertEqual((answer.status_code, answer.headers["Tus-Version"]), (204, "1.0.0"))
        for extension in ("creation", "creation-with-upload", "expiration", "checksum", "termination"):
            self.assertIn(extension, answer.headers["Tus-Extension"].split(","))

    def test_a_refused_type_and_size_are_told_before_a_byte(self):
        for metadata, length, expected in (({"filename": "tool.exe"}, 10, 415), ({"filename": "big.txt"}, material.LIMIT + 1, 413)):
            with self.subTest(metadata):
                fields = {**self.claims(), **metadata}
                text = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in fields.items())
                answer = requests.post(self.place, headers={**self.server.bearer(), "Tus-Resumable": "1.0.0", "Upload-Length": str(length),
                                                            "Upload-Metadata": text}, timeout=PATIENCE)
                self.assertEqual(answer.status_code, expected, answer.text)

    def test_the_verdict_is_told_in_headers_and_in_full(self):
        uploader = self.tuspy()
        uploader.upload()
        told = requests.get(uploader.url, headers=self.server.bearer(), timeout=PATIENCE).json()
        self.assertEqual((told["offset"], told["length"]), (3_000_000, 3_000_000))
        self.assertEqual((told["attachment"]["outcome"], told["attachment"]["ticket"]), ("accepted", self.ticket))
        headers = requests.head(uploader.url, headers={**self.server.bearer(), "Tus-Resumable": "1.0.0"}, timeout=PATIENCE).headers
        self.assertEqual((headers["Sluice-Outcome"], headers["Sluice-Attachment"]), ("accepted", told["attachment"]["attachment"]))


if __name__ == "__main__":
    unittest.main()
