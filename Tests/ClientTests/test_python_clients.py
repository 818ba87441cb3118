"""Python's requests and aiohttp."""

import asyncio
import unittest

import aiohttp
import requests

import material
from running import PATIENCE, SAMPLES, ServerCase

#: Every one is data: shown, stored, compared, and never a path, a header or markup.
NAMES = [
    "plain.txt",
    "with blanks and (signs) #1 & co; 100%.txt",
    "Übersicht für 東京.txt",
    'quotes "and\'.txt',
    "<img src=x onerror=alert(1)>.txt",
    "'; drop table attachment; --.txt",
    "%2e%2e%2f$(id)`id`.txt",
]


class Requests(ServerCase):
    def setUp(self):
        super().setUp()
        self.client = requests.Session()
        self.client.headers.update(self.server.bearer())
        self.addCleanup(self.client.close)
        self.place = self.server.path(f"/tickets/{self.ticket}/attachments")

    def test_names_come_back_as_they_were_sent(self):
        for index, name in enumerate(NAMES):
            content = material.log(500, seed=index)
            answer = self.client.put(f"{self.place}/{requests.utils.quote(name, safe='')}", data=content, timeout=PATIENCE)
            self.assertEqual(answer.status_code, 201, answer.text)
            self.assertEqual(answer.json()["path"], name)
        self.assertEqual([one["path"] for one in self.attachments()["attachments"]], NAMES)

    def test_names_in_a_form_come_back_as_they_were_sent(self):
        files = [("file", (name, material.log(500, seed=100 + index))) for index, name in enumerate(NAMES)]
        answer = self.client.post(self.place, files=files, timeout=PATIENCE)
        self.assertEqual(answer.status_code, 201, answer.text)
        # The form's own escape of quotes and line ends is the browsers': %22 stays what it is.
        told = [one["path"].replace("%22", '"') for one in answer.json()["attachments"]]
        self.assertEqual(told, NAMES)

    def test_a_generator_is_sent_in_chunks_on_one_connection(self):
        for number in range(3):
            content = material.log(300_000, seed=number)
            pieces = (content[at:at + 7001] for at in range(0, len(content), 7001))
            answer = self.client.put(f"{self.place}/part{number}.txt", data=pieces, timeout=PATIENCE)
            self.assertEqual((answer.status_code, answer.json()["sha256"]), (201, material.digest(content)))

    def test_every_download_is_an_attachment_in_a_sandbox(self):
        name = "<b>page.txt"
        sent = self.client.put(f"{self.place}/{requests.utils.quote(name, safe='')}", data=material.log(400), timeout=PATIENCE).json()
        answer = self.client.get(f"{self.place}/{sent['attachment']}/content", timeout=PATIENCE)
        headers = answer.headers
        self.assertTrue(headers["Content-Disposition"].startswith("attachment; "), headers)
        self.assertIn("filename*=UTF-8''%3Cb%3Epage", headers["Content-Disposition"])
        self.assertEqual(headers["Content-Security-Policy"], "sandbox; default-src 'none'")
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(headers["Cross-Origin-Resource-Policy"], "same-origin")
        self.assertEqual(headers["ETag"], f'"sha256-{sent["sha256"]}"')
        self.assertEqual(answer.content, material.log(400))

    def test_the_same_key_gives_the_same_answer_once_and_other_bytes_a_conflict(self):
        key = {"Idempotency-Key": "key-" + self.ticket}
        first = self.client.put(f"{self.place}/a.txt", data=material.log(900, seed=1), headers=key, timeout=PATIENCE)
        again = self.client.put(f"{self.place}/a.txt", data=material.log(900, seed=1), headers=key, timeout=PATIENCE)
        other = self.client.put(f"{self.place}/a.txt", data=material.log(900, seed=2), headers=key, timeout=PATIENCE)
        self.assertEqual((first.status_code, again.status_code), (201, 201), again.text)
        self.assertEqual(first.json()["attachment"], again.json()["attachment"])
        self.assertEqual(other.status_code, 409, other.text)
        self.assertEqual(len(self.attachments()["attachments"]), 1)

    def test_findings_manifest_and_category_of_an_archive(self):
        content = material.archive({"var/log/app.log": material.log(4000), "etc/app.conf": b"port = 80\nhost = example\n" * 20})
        sent = self.client.put(f"{self.place}/bundle.zip", data=content, timeout=PATIENCE).json()
        one = f"{self.place}/{sent['attachment']}"
        entries = self.client.get(one + "/manifest", timeout=PATIENCE).json()["entries"]
        self.assertEqual([(entry["index"], entry["name"], entry["size"]) for entry in entries], [(0, "var/log/app.log", 4000), (1, "etc/app.conf", 500)])
        self.assertEqual(self.client.get(one + "/findings", timeout=PATIENCE).json()["findings"], sent["findings"])
        told = self.client.put(one + "/category", json={"category": "Configuration"}, timeout=PATIENCE)
        self.assertEqual((told.status_code, told.json()["correction"]["category"]), (200, "Configuration"), told.text)
        self.assertEqual(self.client.get(one, timeout=PATIENCE).json()["correction"]["category"], "Configuration")

    def test_what_is_set_apart_is_for_reviewers_and_a_release_holds_for_the_same_bytes(self):
        content = (SAMPLES / "quarantined/salaries--zip.encrypted.zip").read_bytes()
        sent = self.client.put(f"{self.place}/salaries.zip", data=content, timeout=PATIENCE).json()
        self.assertEqual(sent["outcome"], "quarantined")
        read = f"{self.place}/{sent['attachment']}/content"
        self.assertEqual(self.client.get(read, timeout=PATIENCE).status_code, 403)
        reviewer = self.server.bearer("reviewer")
        self.assertEqual(requests.get(read, headers=reviewer, timeout=PATIENCE).content, content)
        deed = self.server.path(f"/review/{sent['attachment']}/release")
        self.assertEqual(self.client.post(deed, json={"note": "known"}, timeout=PATIENCE).status_code, 403)
        released = requests.post(deed, json={"note": "the customer told the password"}, headers=reviewer, timeout=PATIENCE)
        self.assertEqual((released.status_code, released.json()["verdict"]), (200, "accepted"), released.text)
        self.assertEqual(self.client.get(read, timeout=PATIENCE).content, content)
        again = self.client.put(f"{self.place}/same-under-another-name.zip", data=content, timeout=PATIENCE)
        self.assertEqual((again.status_code, again.json()["outcome"]), (201, "accepted"), again.text)

    def test_a_token_of_one_ticket_reaches_no_other(self):
        bound = self.server.bearer("submitter", "--ticket", self.ticket)
        self.assertEqual(requests.put(f"{self.place}/a.txt", data=material.log(300), headers=bound, timeout=PATIENCE).status_code, 201)
        other = self.server.path("/tickets/T-other/attachments")
        self.assertEqual(requests.put(f"{other}/a.txt", data=material.log(300), headers=bound, timeout=PATIENCE).status_code, 403)
        self.assertEqual(requests.get(other, headers=bound, timeout=PATIENCE).status_code, 403)

    def test_limits_are_told_before_a_byte_is_sent(self):
        told = self.client.get(self.server.path(f"/limits?ticket={self.ticket}"), timeout=PATIENCE).json()
        self.assertEqual((told["sizeLimit"], told["caller"]["role"]), (material.LIMIT, "submitter"))
        self.assertIn("txt", told["extensions"])
        self.assertNotIn("exe", told["extensions"])


class Aiohttp(ServerCase):
    def test_forms_side_by_side_are_all_stored(self):
        async def send(client, number):
            form = aiohttp.FormData()
            for part in range(2):
                form.add_field("file", material.log(4096, seed=number * 2 + part), filename=f"log-{number}-{part}.txt", content_type="text/plain")
            form.add_field("comment", f"number {number}")
            async with client.post(self.server.path(f"/tickets/{self.ticket}/attachments"), data=form) as answer:
                return answer.status

        async def all_of_them():
            timeout = aiohttp.ClientTimeout(total=PATIENCE)
            async with aiohttp.ClientSession(headers=self.server.bearer(), timeout=timeout) as client:
                return await asyncio.gather(*(send(client, number) for number in range(24)))

        self.assertEqual(asyncio.run(all_of_them()), [201] * 24)
        kept = self.attachments()["attachments"]
        self.assertEqual(sorted(one["path"] for one in kept), sorted(f"log-{number}-{part}.txt" for number in range(24) for part in range(2)))

    def test_a_stream_that_ends_too_early_leaves_nothing(self):
        async def broken():
            yield material.log(100_000)
            raise RuntimeError("the client gives up")

        async def send():
            async with aiohttp.ClientSession(headers=self.server.bearer()) as client:
                try:
                    async with client.put(self.server.path(f"/tickets/{self.ticket}/attachments/half.txt"), data=broken()) as answer:
                        return answer.status
                except (RuntimeError, aiohttp.ClientError):
                    return None

        self.assertNotIn(asyncio.run(send()), (200, 201))
        told = self.attachments()
        self.assertEqual((told["attachments"], told["rejections"]), ([], []))


if __name__ == "__main__":
    unittest.main()
