"""The units of Samples/systemd: right for systemd, and as closed as they say."""

import pathlib
import re
import subprocess
import tempfile
import unittest

from running import PATIENCE, PROGRAM, PROJECT


class Units(unittest.TestCase):
    def units(self):
        return sorted((PROJECT / "Samples/systemd").glob("*.service"))

    def test_systemd_has_nothing_to_say_against_them(self):
        self.assertTrue(self.units())
        for unit in self.units():
            with self.subTest(unit.name), tempfile.TemporaryDirectory() as folder:
                text = unit.read_text()
                self.assertIn("ExecStart=/usr/local/bin/sluice ", text)
                # The program is not installed where it is tested.
                copy = pathlib.Path(folder) / unit.name
                copy.write_text(text.replace("/usr/local/bin/sluice", PROGRAM))
                ran = subprocess.run(["systemd-analyze", "verify", "--man=no", str(copy)], capture_output=True, text=True, timeout=PATIENCE)
                own = [line for line in ran.stderr.splitlines() if unit.name in line]
                self.assertEqual((ran.returncode, own), (0, []), ran.stderr)

    def test_they_are_closed(self):
        for unit in self.units():
            with self.subTest(unit.name):
                ran = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)], capture_output=True, text=True, timeout=PATIENCE)
                level = re.search(r"Overall exposure level for \S+: ([0-9.]+)", ran.stdout)
                self.assertIsNotNone(level, ran.stdout + ran.stderr)
                self.assertLessEqual(float(level[1]), 1.5)


if __name__ == "__main__":
    unittest.main()
