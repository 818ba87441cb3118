"""The API's document against the running program: schemathesis makes requests of it, good and bad, and holds every answer to what it says."""

import base64
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import requests

import material
from running import PATIENCE, PROJECT, SAMPLES, ServerCase, sluice

#: Examples an operation; the suite's is small, a long run sets more.
EXAMPLES = os.environ.get("SCHEMATHESIS_EXAMPLES", "12")
#: A reviewer reaches what an admin does but for the tokens.
ROLES = ("submitter", "reviewer", "admin") if "SCHEMATHESIS_EXAMPLES" in os.environ else ("submitter", "admin")


class Document(ServerCase):
    def test_the_document_that_is_served_is_the_one_in_the_source(self):
        served = requests.get(self.server.url + "/api/v1/openapi.json", timeout=PATIENCE)
        self.assertEqual(served.headers["Content-Type"], "application/json")
        self.assertEqual(served.json(), json.loads((PROJECT / "Sources/SluiceUploads/Pages/openapi.json").read_text()))

    def test_every_file_of_the_page_is_served_as_it_stands_in_the_source(self):
        types = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
        files = [path for path in (PROJECT / "Sources/SluiceUploads/Pages/Web").iterdir() if path.name != "index.html"]
        self.assertGreater(len(files), 10)
        for path in files:
            with self.subTest(path.name):
                place = self.server.url + "/assets/" + path.name
                answer = requests.get(place, timeout=PATIENCE)
                self.assertEqual((answer.status_code, answer.headers["Content-Type"], answer.content), (200, types[path.suffix], path.read_bytes()))
                self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])
                again = requests.get(place, headers={"If-None-Match": answer.headers["ETag"]}, timeout=PATIENCE)
                self.assertEqual((again.status_code, again.content), (304, b""))
        for name in ("index.html", "openapi.json", "..%2findex.html", "none.js"):
            self.assertEqual(requests.get(self.server.url + "/assets/" + name, timeout=PATIENCE).status_code, 404, name)

    def test_lists_are_told_page_by_page_as_the_document_says(self):
        document = json.loads((PROJECT / "Sources/SluiceUploads/Pages/openapi.json").read_text())
        limit = document["components"]["parameters"]["Limit"]
        self.assertEqual((limit["schema"]["minimum"], limit["schema"]["maximum"], limit["schema"]["default"]), (1, 200, 200))
        for path, expected in (("/tickets/{ticket}/attachments", {"limit", "after", "rejectionsAfter"}), ("/review", {"limit", "after"})):
            told = document["paths"]["/api/v1" + path]["get"]["parameters"]
            self.assertEqual({limit["name"] if "$ref" in one else one["name"] for one in told}, expected)
        with tempfile.TemporaryDirectory(prefix="sluice-pages-") as folder:
            for index in range(450):
                (pathlib.Path(folder) / f"{index}.txt").write_bytes(material.log(300, seed=index))
            sluice("import", folder, "--ticket", self.ticket, "--store", self.server.store)

        def page(**query):
            answer = requests.get(self.server.path(f"/tickets/{self.ticket}/attachments"), params=query, headers=self.server.bearer("reviewer"), timeout=PATIENCE)
            return answer.status_code, answer.json()

        for query, sizes in (({}, [200, 200, 50]), ({"limit": 150}, [150, 150, 150])):
            seen = []
            for size in sizes:
                status, told = page(**query)
                self.assertEqual((status, len(told["attachments"])), (200, size))
                seen += [one["attachment"] for one in told["attachments"]]
                query = {**query, "after": told.get("next")}
            self.assertNotIn("next", told)
            self.assertEqual((len(set(seen)), seen), (450, sorted(seen)))
        for wrong in ("0", "201", "many"):
            status, told = page(limit=wrong)
            self.assertEqual((status, told["code"]), (400, "request.limit"))

    def test_every_answer_is_as_the_document_says(self):
        folder = pathlib.Path(self.server.folder.name)
        configuration = folder / "schemathesis.toml"
        dictionaries = "".join(f"\n[dictionaries.{name}]\nvalues = {json.dumps(values)}\n" for name, values in self.material().items())
        configuration.write_text((pathlib.Path(__file__).parent / "schemathesis.toml").read_text() + dictionaries)
        ran = subprocess.run(
            [str(pathlib.Path(sys.executable).parent / "schemathesis"), "--config-file", str(configuration), "run", self.server.url + "/api/v1/openapi.json",
             "--header", "Authorization: Bearer " + self.server.token("admin"), "--max-examples", EXAMPLES, "--seed", "17", "--continue-on-failure",
             "--no-color", "--generation-database", "none", "--request-timeout", "30"],
            capture_output=True, text=True, timeout=900, cwd=folder)
        self.assertEqual(ran.returncode, 0, ran.stdout[-20000:] + ran.stderr[-2000:])
        summary = re.search(r"(\d+) generated", ran.stdout)
        self.assertGreater(int(summary[1]), 300, ran.stdout[-3000:])

    def test_the_default_checks_pass_for_each_role(self):
        # Without anything told about this API. The check that is left out takes every request that the schema allows for one that has to be
        # accepted; what content is worth no schema can say.
        for role in ROLES:
            with self.subTest(role):
                ran = subprocess.run(
                    [str(pathlib.Path(sys.executable).parent / "schemathesis"), "run", self.server.url + "/api/v1/openapi.json",
                     "--header", "Authorization: Bearer " + self.server.token(role, "--submitter", "of the defaults"), "--checks", "all",
                     "--exclude-checks", "positive_data_acceptance", "--max-examples", str(int(EXAMPLES) // 4), "--seed", "23", "--continue-on-failure",
                     "--no-color", "--generation-database", "none", "--request-timeout", "30"],
                    capture_output=True, text=True, timeout=900, cwd=self.server.folder.name)
                self.assertEqual(ran.returncode, 0, ran.stdout[-20000:] + ran.stderr[-2000:])
                self.assertGreater(int(re.search(r"(\d+) generated", ran.stdout)[1]), 500, ran.stdout[-3000:])

    def material(self):
        """Something of every kind for the generated requests to meet; gives the dictionaries of their ids."""
        sent = {}
        for path in sorted([*(SAMPLES / "accepted").iterdir(), *(SAMPLES / "quarantined").iterdir()]):
            answer = requests.put(self.server.path(f"/tickets/T-1/attachments/{path.name}"), data=path.read_bytes(), headers=self.server.bearer(), timeout=PATIENCE)
            self.assertIn(answer.status_code, (201, 422), answer.text)
            told = answer.json()
            sent.setdefault(told["outcome"], []).append(told["attachment"])
        claims = [",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in fields.items()) for fields in (
            {"filename": "a.txt", "ticket": "T-1"}, {"filename": "b.zip", "ticket": "T-2", "category": "Log File", "comment": "c"}, {"filename": "c.exe", "ticket": "T-1"})]
        begun = []
        for _ in range(4):
            answer = requests.post(self.server.path("/uploads"), timeout=PATIENCE, headers={
                **self.server.bearer("admin"), "Tus-Resumable": "1.0.0", "Upload-Length": "40", "Upload-Metadata": claims[0]})
            self.assertEqual(answer.status_code, 201, answer.text)
            begun.append(answer.headers["Location"].rsplit("/", 1)[-1])
        tokens = requests.get(self.server.path("/tokens"), headers=self.server.bearer("admin"), timeout=PATIENCE).json()["tokens"]
        own = self.server.token("admin").split("_")[1]
        return {"tickets": ["T-1", "T-2"], "attachments": sent["accepted"] + sent["quarantined"], "quarantined": sent["quarantined"], "indexes": [0, 1, 2],
                "uploads": begun, "versions": ["1.0.0"], "metadata": claims, "assets": ["main.js", "style.css", "icon.svg"], "names": ["app.txt", "dialog.png", "logs.zip", "tool.exe"],
                # Without the one that this run itself shows.
                "tokens": [one["id"] for one in tokens if one["id"] != own] or ["none"]}


if __name__ == "__main__":
    unittest.main()
