"""Several nodes with one truth, and what goes wrong with them: the short forms of Scripts/faults-cluster."""

import subprocess
import sys
import unittest

from running import PROGRAM, PROJECT


class Cluster(unittest.TestCase):
    def campaign(self, *words):
        ran = subprocess.run([sys.executable, "-B", PROJECT / "Scripts/faults_cluster.py", *words, "--sluice", PROGRAM,
                              "--rclone", PROJECT / ".build/clients/bin/rclone"], capture_output=True, text=True, timeout=900)
        self.assertEqual(ran.returncode, 0, ran.stdout[-6000:] + ran.stderr[-3000:])
        self.assertIn("0 failures.", ran.stdout)
        return ran.stdout

    def test_nodes_lines_servers_and_spools_fail(self):
        self.assertIn("each there once", self.campaign("storm", "--seconds", "20"))

    def test_a_node_is_killed_while_it_sends_to_database_and_object_store(self):
        self.assertIn("killed", self.campaign("calls", "--stride", "19"))

    def test_the_standby_takes_over(self):
        self.assertIn("after the standby was promoted", self.campaign("failover", "--seconds", "6"))


if __name__ == "__main__":
    unittest.main()
