"""The API's document against the running program: schemathesis makes requests of it, good and bad, and holds every answer to what it says."""

import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

import requests

import material
from running import PATIENCE, PROJECT, SAMPLES, ServerCase

#: Examples an operation; the suite's is small, a long run sets more.
EXAMPLES = os.environ.get("SCHEMATHESIS_EXAMPLES", "12")


class Document(ServerCase):
    def test_the_document_that_is_served_is_the_one_in_the_source(self):
        served = requests.get(self.server.url + "/api/v1/openapi.json", timeout=PATIENCE)
        self.assertEqual(served.headers["Content-Type"], "application/json")
        self.assertEqual(served.json(), json.loads((PROJECT / "Sources/SluiceHTTP/Pages/openapi.json").read_text()))

    def test_every_answer_is_as_the_document_says(self):
        # Something of every kind for the generated requests to meet.
        for path in (SAMPLES / "accepted/diagnostics--log-file.zip", SAMPLES / "quarantined/salaries--zip.encrypted.zip"):
            requests.put(self.server.path(f"/tickets/T-1/attachments/{path.name}"), data=path.read_bytes(), headers=self.server.bearer(), timeout=PATIENCE)
        configuration = pathlib.Path(self.server.folder.name) / "schemathesis.toml"
        configuration.write_text((pathlib.Path(__file__).parent / "schemathesis.toml").read_text())
        ran = subprocess.run(
            [str(pathlib.Path(sys.executable).parent / "schemathesis"), "--config-file", str(configuration), "run", self.server.url + "/api/v1/openapi.json",
             "--header", "Authorization: Bearer " + self.server.token("admin"), "--max-examples", EXAMPLES, "--seed", "17", "--workers", "2",
             "--no-color", "--generation-database", "none", "--request-timeout", "30", "--suppress-health-check", "all"],
            capture_output=True, text=True, timeout=900, cwd=self.server.folder.name)
        print(ran.stdout[-600:])
        self.assertEqual(ran.returncode, 0, ran.stdout[-12000:] + ran.stderr[-2000:])
        self.assertNotRegex(ran.stdout, re.compile(r"\d+ failures?\b.*in "))


if __name__ == "__main__":
    unittest.main()
