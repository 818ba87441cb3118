"""The proxies of Samples/proxies in front of the program, on its Unix socket: TLS, HTTP/2, early refusals, resumable uploads."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

import requests
import tusclient.client

import material
from running import PATIENCE, PROJECT, Server, wait_for

PROXIES = PROJECT / "Samples/proxies"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def adapted(text, changes):
    """What a site changes of a sample, each of which has to be there."""
    for before, after in changes.items():
        if before not in text:
            raise AssertionError(f"the sample has no more {before}")
        text = text.replace(before, after)
    return text


class Proxy:
    """Tests that hold behind any proxy; each class below starts its own."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="sluice-proxy-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        # Started as root, nginx's workers are somebody else.
        cls.folder.chmod(0o755)
        cls.certificate = cls.folder / "certificate.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost", "-keyout", str(cls.folder / "key.pem"), "-out", str(cls.certificate)],
                       check=True, capture_output=True, timeout=PATIENCE)
        (cls.folder / "key.pem").chmod(0o644)
        cls.socket = cls.folder / "http.sock"
        cls.server = Server(listen=f"unix:{cls.socket}")
        cls.addClassCleanup(cls.server.close)
        cls.socket.chmod(0o666)
        cls.port = free_port()
        cls.url = f"https://localhost:{cls.port}"
        cls.proxy = cls.start()
        cls.addClassCleanup(cls.stop)
        wait_for(cls.answers, f"{cls.__name__} to answer")

    @classmethod
    def stop(cls):
        cls.proxy.send_signal(signal.SIGTERM)
        try:
            cls.proxy.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            cls.proxy.kill()
            cls.proxy.wait()

    @classmethod
    def answers(cls):
        if cls.proxy.poll() is not None:
            raise AssertionError(f"{cls.__name__} ended at its start: {(cls.folder / 'log').read_text()}")
        try:
            return requests.get(cls.url + "/healthz", verify=str(cls.certificate), timeout=5).status_code == 200
        except requests.exceptions.ConnectionError:
            return False

    def curl(self, *words):
        ran = subprocess.run(
            ["curl", "-sS", "--cacert", str(self.certificate), "--max-time", str(PATIENCE), "-o", str(self.folder / "answer"), "-w", "%{http_code} %{http_version}",
             "-H", "Authorization: Bearer " + self.server.token(), *map(str, words)], capture_output=True, text=True, timeout=PATIENCE + 5)
        return ran.stdout.split(), (self.folder / "answer").read_text()

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def test_a_form_passes_over_http_2(self):
        path = self.file("app.txt", material.log(200_000))
        (status, version), body = self.curl("--http2", "-F", f"file=@{path}", "-H", f"Origin: {self.url}", self.url + "/api/v1/tickets/T-1/attachments")
        self.assertEqual((status, version), ("201", "2"), body)

    def test_an_upload_over_the_limit_is_refused_by_sluice_and_not_by_the_proxy(self):
        path = self.file("large.txt", material.log(material.LIMIT + 1))
        (status, _), body = self.curl("-T", path, self.url + "/api/v1/tickets/T-2/attachments/")
        self.assertEqual(status, "413", body)
        self.assertIn("submission.too-large", body)

    def test_a_write_from_another_site_is_refused(self):
        path = self.file("app.txt", material.log(100))
        (status, _), body = self.curl("-T", path, "-H", "Origin: https://elsewhere.example", self.url + "/api/v1/tickets/T-3/attachments/")
        self.assertEqual(status, "403", body)

    def test_a_resumable_upload_is_sent_to_where_the_proxy_is(self):
        client = tusclient.client.TusClient(self.url + "/api/v1/uploads", headers=self.server.bearer())
        path = self.file("resumable.txt", material.log(900_000, seed=9))
        uploader = client.uploader(str(path), chunk_size=200_000, metadata={"filename": "resumable.txt", "ticket": "T-4"}, verify_tls_cert=str(self.certificate))
        uploader.upload()
        self.assertTrue(uploader.url.startswith(self.url + "/api/v1/uploads/"), uploader.url)
        told = requests.get(uploader.url, headers=self.server.bearer(), verify=str(self.certificate), timeout=PATIENCE).json()
        self.assertEqual((told["attachment"]["outcome"], told["attachment"]["sha256"]), ("accepted", material.digest(path.read_bytes())))

    def test_figures_stay_inside(self):
        answer = requests.get(self.url + "/metrics", verify=str(self.certificate), timeout=PATIENCE)
        self.assertEqual(answer.status_code, 404)

    def test_the_page_passes_with_its_security_policy(self):
        answer = requests.get(self.url + "/", verify=str(self.certificate), timeout=PATIENCE)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])
        self.assertIn("max-age", answer.headers["Strict-Transport-Security"])


class Nginx(Proxy, unittest.TestCase):
    @classmethod
    def start(cls):
        sample = adapted((PROXIES / "nginx.conf").read_text(), {
            "listen 443 ssl http2": f"listen 127.0.0.1:{cls.port} ssl http2", "support.example.org": "localhost", "/run/sluice/http.sock": str(cls.socket),
            "/etc/ssl/sluice/fullchain.pem": str(cls.certificate), "/etc/ssl/sluice/privkey.pem": str(cls.folder / "key.pem")})
        places = "".join(f"{kind}_temp_path {cls.folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        # One process: as root its master would need rights over the test's folder.
        (cls.folder / "nginx.conf").write_text(
            f"daemon off; master_process off; pid {cls.folder}/pid; error_log {cls.folder}/log;\nevents {{}}\nhttp {{\naccess_log off;\n{places}{sample}\n}}\n")
        (cls.folder / "log").touch()
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        with (cls.folder / "log").open("a") as log:
            return subprocess.Popen([program, "-p", str(cls.folder), "-c", str(cls.folder / "nginx.conf")], stdout=subprocess.DEVNULL, stderr=log)


class Caddy(Proxy, unittest.TestCase):
    @classmethod
    def start(cls):
        sample = adapted((PROXIES / "Caddyfile").read_text(), {
            "support.example.org {": f"https://localhost:{cls.port} {{\n\ttls {cls.certificate} {cls.folder / 'key.pem'}", "/run/sluice/http.sock": str(cls.socket)})
        (cls.folder / "Caddyfile").write_text("{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n" + sample)
        home = {**os.environ, "HOME": str(cls.folder), "XDG_DATA_HOME": str(cls.folder), "XDG_CONFIG_HOME": str(cls.folder)}
        with (cls.folder / "log").open("w") as log:
            return subprocess.Popen(["caddy", "run", "--config", str(cls.folder / "Caddyfile"), "--adapter", "caddyfile"], env=home, cwd=cls.folder,
                                    stdout=subprocess.DEVNULL, stderr=log)


if __name__ == "__main__":
    unittest.main()
