"""curl: forms, raw bodies, chunks, Expect: 100-continue, ranges."""

import json
import pathlib
import subprocess
import tempfile
import unittest

import material
from running import PATIENCE, SAMPLES, ServerCase


class Curl(ServerCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory(prefix="sluice-curl-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def curl(self, *words, token="submitter", stdin=None):
        """Gives the status, the body, and how many bytes of the body were sent."""
        identity = ["-H", "Authorization: Bearer " + self.server.token(token)] if token else []
        body = self.folder / "answer"
        body.write_bytes(b"")
        ran = subprocess.run(
            ["curl", "-sS", "--max-time", str(PATIENCE), "-o", str(body), "-w", "%{http_code} %{size_upload}", *identity, *map(str, words)],
            capture_output=True, input=stdin, timeout=PATIENCE + 5)
        status, sent = ran.stdout.decode().split()
        return int(status), body.read_bytes(), int(sent)

    @property
    def place(self):
        return self.server.path(f"/tickets/{self.ticket}/attachments")

    def test_a_form_with_two_files_is_stored_with_its_comment_and_category(self):
        log = self.file("app.txt", material.log(5000))
        picture = self.file("dialog.png", material.png())
        status, body, _ = self.curl("-F", f"file=@{log}", "-F", f"second=@{picture}", "--form-string", "comment=since 14:10; 502 “bad gateway”",
                                    "--form-string", "category=Other", self.place)
        told = json.loads(body)
        self.assertEqual((status, told["outcome"], told["ticket"]), (201, "accepted", self.ticket), body)
        self.assertEqual([(one["path"], one["outcome"], one["sha256"]) for one in told["attachments"]],
                         [("app.txt", "accepted", material.digest(log.read_bytes())), ("dialog.png", "accepted", material.digest(picture.read_bytes()))])
        kept = self.attachments()["attachments"]
        self.assertEqual([one["comment"] for one in kept], ["since 14:10; 502 “bad gateway”"] * 2)
        self.assertEqual([one["declaredCategory"] for one in kept], ["Other"] * 2)

    def test_each_file_of_a_form_has_its_own_outcome(self):
        paths = [SAMPLES / "accepted/portal--log-file.txt", SAMPLES / "quarantined/salaries--zip.encrypted.zip", SAMPLES / "rejected/photo--type.mismatch.png"]
        status, body, _ = self.curl(*[word for path in paths for word in ("-F", f"file=@{path}")], self.place)
        told = json.loads(body)
        self.assertEqual((status, told["outcome"]), (422, "rejected"), body)
        self.assertEqual([one["outcome"] for one in told["attachments"]], ["accepted", "quarantined", "rejected"])
        for one in told["attachments"][1:]:
            self.assertTrue(all(finding["remedy"] for finding in one["findings"]), one)

    def test_a_raw_body_is_accepted_then_a_duplicate_and_a_false_one_is_refused(self):
        log = self.file("app.txt", material.log(3000))
        self.assertEqual(self.curl("-T", log, self.place + "/")[0], 201)
        status, body, _ = self.curl("-T", log, self.place + "/")
        self.assertEqual((status, json.loads(body)["outcome"]), (200, "duplicate"), body)
        status, body, _ = self.curl("-T", SAMPLES / "rejected/photo--type.mismatch.png", self.place + "/photo.png")
        self.assertEqual((status, json.loads(body)["outcome"]), (422, "rejected"), body)

    def test_what_the_headers_show_is_refused_before_the_body(self):
        cases = [("too-large.txt", material.LIMIT + 1, 413, "submission.too-large"),
                 ("tool.exe", 2_000_000, 415, "submission.extension-not-allowed")]
        for name, size, expected, code in cases:
            with self.subTest(name):
                path = self.file(name, bytes(size))
                status, body, sent = self.curl("-H", "Expect: 100-continue", "--expect100-timeout", "30", "-T", path, self.place + "/")
                self.assertEqual((status, json.loads(body)["code"]), (expected, code), body)
                self.assertEqual(sent, 0, "the body was sent although the headers told enough")

    def test_expect_100_continue_lets_an_honest_body_through(self):
        path = self.file("app.txt", material.log(2_000_000))
        status, body, sent = self.curl("-H", "Expect: 100-continue", "--expect100-timeout", "30", "-T", path, self.place + "/")
        self.assertEqual((status, sent), (201, 2_000_000), body)

    def test_the_limit_is_exact_with_a_length_and_in_chunks(self):
        for size, expected in ((material.LIMIT - 1, 201), (material.LIMIT, 201), (material.LIMIT + 1, 413)):
            path = self.file(f"l{size}.txt", material.log(size, seed=size))
            for form, words in (("length", []), ("chunks", ["-H", "Transfer-Encoding: chunked"])):
                with self.subTest(size=size, form=form):
                    status, body, _ = self.curl(*words, "-H", "Expect:", "-T", path, self.place + f"/{form}-{size}.txt")
                    self.assertEqual(status, expected, body[:300])

    def test_a_body_from_a_pipe_comes_in_chunks(self):
        content = material.log(200_000, seed=7)
        status, body, _ = self.curl("-T", "-", self.place + "/from-a-pipe.txt", stdin=content)
        self.assertEqual((status, json.loads(body)["sha256"]), (201, material.digest(content)), body)

    def test_without_a_valid_token_or_from_another_site_nothing_is_taken(self):
        log = self.file("app.txt", material.log(100))
        self.assertEqual(self.curl("-T", log, self.place + "/", token=None)[0], 401)
        self.assertEqual(self.curl("-T", log, self.place + "/", "-H", "Authorization: Bearer slc_x_y", token=None)[0], 401)
        self.assertEqual(self.curl("-T", log, self.place + "/", "-H", "Origin: https://elsewhere.example")[0], 403)
        self.assertEqual(self.curl("-T", log, self.place + "/", "-H", "Sec-Fetch-Site: cross-site")[0], 403)
        self.assertEqual(self.attachments()["attachments"], [])

    def test_content_comes_back_whole_in_ranges_and_not_at_all_when_unchanged(self):
        content = material.log(10_000, seed=3)
        _, body, _ = self.curl("-T", self.file("app.txt", content), self.place + "/")
        one = f"{self.place}/{json.loads(body)['attachment']}/content"
        self.assertEqual(self.curl(one)[:2], (200, content))
        self.assertEqual(self.curl("-r", "100-299", one)[:2], (206, content[100:300]))
        self.assertEqual(self.curl("-r", "-50", one)[:2], (206, content[-50:]))
        self.assertEqual(self.curl("-r", "10000-", one)[0], 416)
        self.assertEqual(self.curl("-H", f'If-None-Match: "sha256-{material.digest(content)}"', one)[:2], (304, b""))

    def test_check_judges_and_stores_nothing(self):
        path = SAMPLES / "rejected/cut-short--zip.no-end-record.zip"
        status, body, _ = self.curl("-F", f"file=@{path}", self.server.path("/check"))
        self.assertEqual((status, json.loads(body)["attachments"][0]["outcome"]), (200, "rejected"), body)
        status, body, _ = self.curl("--data-binary", f"@{self.file('x', material.log(999))}", "-H", "Content-Type: application/octet-stream",
                                    self.server.path("/check?name=app.txt"))
        self.assertEqual((status, json.loads(body)["attachments"][0]["outcome"]), (200, "accepted"), body)
        self.assertEqual(list((self.server.store / "blobs").rglob("*app*")), [])
        self.assertEqual(self.attachments()["attachments"], [])


if __name__ == "__main__":
    unittest.main()
