"""The page in a real browser: entering, dropping, progress, refusal, resumption, review; and whether everybody can use it."""

import pathlib
import tempfile
import unittest

import axe_core_python
import requests
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support import expected_conditions
from selenium.webdriver.support.ui import WebDriverWait

import material
from browser import Browser
from cutting_proxy import CuttingProxy
from running import PATIENCE, SAMPLES, ServerCase, sluice

ROWS = "#sending > li"


class Page(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory(prefix="sluice-page-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.browser.complaints()

    def tearDown(self):
        self.assertEqual(self.browser.complaints(), [])

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def enter(self, role="submitter", base=None, place=None):
        # The tab may hold the token of the test before, and a link with another one asks first.
        self.browser.run("try { sessionStorage.clear(); } catch { /* no page yet */ }")
        self.browser.open(f"{base or self.server.url}/#/{place or 'tickets/' + self.ticket}?token={self.server.token(role)}")
        self.browser.one("main h1")
        if place is None:
            self.browser.one(".zone")

    def rows(self):
        """Name, state and badge of every file in the list."""
        return self.browser.run("""return [...document.querySelectorAll(arguments[0])].map((row) => [
            row.querySelector(".name").textContent, row.dataset.state, row.querySelector(".badge")?.textContent ?? ""])""", ROWS)

    def wait_until_over(self):
        self.browser.wait(lambda: (rows := self.rows()) and all(state in ("over", "unfit") for _, state, _ in rows), "all files to be over")
        return {name: badge for name, _, badge in self.rows()}

    def test_entering_asks_for_a_token_and_tells_what_is_wrong_with_it(self):
        browser = self.browser
        browser.open(self.server.url + "/")
        token = browser.one("input[name=token]")
        self.assertEqual(browser.driver.switch_to.active_element, token)
        token.send_keys("slc_nobody_nothing" + Keys.ENTER)
        browser.wait(lambda: "not valid" in browser.one("[role=alert]").text, "a word about the token")
        token.clear()
        token.send_keys(self.server.token() + Keys.TAB + self.ticket + Keys.ENTER)
        browser.wait(lambda: browser.all("h1")[0].text == f"Ticket {self.ticket}", "the ticket")
        self.assertNotIn("slc_", browser.driver.current_url)
        # It is this tab's, and outlives a reload.
        browser.driver.refresh()
        browser.one(".zone")
        browser.wait(lambda: browser.all("nav button"), "a way to leave")
        browser.click("nav button")
        browser.one("input[name=token]")
        self.assertEqual(browser.run("return sessionStorage.length"), 0)

    def test_a_link_with_another_token_asks_before_it_is_used(self):
        browser = self.browser
        self.enter()
        held = browser.run("return sessionStorage.getItem('sluice.token')")
        given = self.server.token("reviewer")
        for answer, expected in (("dismiss", held), ("accept", given)):
            browser.run("location.hash = arguments[0]", f"#/tickets/{self.ticket}?token={given}")
            alert = WebDriverWait(browser.driver, PATIENCE).until(expected_conditions.alert_is_present())
            self.assertIn("another access token", alert.text)
            getattr(alert, answer)()
            browser.wait(lambda: browser.run("return sessionStorage.getItem('sluice.token')") == expected, "the token")
            self.assertNotIn("slc_", browser.driver.current_url)
        # The one in use asks nothing.
        browser.run("location.hash = arguments[0]", f"#/tickets/{self.ticket}?token={given}")
        browser.one(".zone")

    def test_dropped_files_each_tell_their_verdict_with_reason_and_remedy(self):
        browser = self.browser
        self.enter()
        browser.drop(SAMPLES / "accepted/portal--log-file.txt", SAMPLES / "quarantined/salaries--zip.encrypted.zip",
                     SAMPLES / "rejected/photo--type.mismatch.png", SAMPLES / "rejected/setup--submission.extension-not-allowed.exe")
        browser.wait(lambda: len(browser.all(ROWS)) == 4, "four files in the list")
        browser.one(".together textarea").send_keys("since the update")
        browser.click("#send")
        self.assertEqual(self.wait_until_over(), {
            "portal--log-file.txt": "✓ Accepted", "salaries--zip.encrypted.zip": "! Set apart", "photo--type.mismatch.png": "✕ Refused",
            "setup--submission.extension-not-allowed.exe": "✕ Cannot be sent"})
        refused = browser.all(ROWS)[2].text
        self.assertIn("the content is a JPEG picture", refused)
        self.assertIn("What to do:", refused)
        browser.wait(lambda: len(browser.all("#attachments > li")) == 2, "two attachments on the ticket")
        self.assertIn("since the update", browser.one("#attachments").text)
        self.assertIn("1 file was refused", browser.one("#rejections summary").text)
        self.assertIn("1 accepted, 1 set apart, 1 refused", browser.wait(lambda: browser.one(".summary").text, "the sum"))

    def test_progress_moves_while_a_file_is_sent(self):
        line = CuttingProxy(self.server.host, self.server.port)
        self.addCleanup(line.close)
        self.enter(base=line.url)
        content = material.log(3_000_000, seed=5)
        self.browser.choose(self.file("slow.txt", content))
        line.pace = 1_000_000
        self.browser.click("#send")
        seen = []

        def over():
            value, state = self.browser.run("const row = document.querySelector(arguments[0]); return [row.querySelector('progress').value, row.dataset.state]", ROWS)
            if state == "sending" and value not in seen:
                seen.append(value)
            return state == "over"

        self.browser.wait(over, "the file to arrive")
        self.assertGreaterEqual(len(seen), 5, seen)
        self.assertEqual(seen, sorted(seen))
        self.assertEqual(self.wait_until_over(), {"slow.txt": "✓ Accepted"})
        self.assertEqual(self.attachments()["attachments"][0]["sha256"], material.digest(content))

    def test_a_cut_line_is_told_and_sending_goes_on_where_it_was(self):
        line = CuttingProxy(self.server.host, self.server.port)
        self.addCleanup(line.close)
        self.enter(base=line.url)
        content = material.log(6_000_000, seed=6)
        self.browser.choose(self.file("cut.txt", content))
        line.pace = 6_000_000
        line.cut_after = line.sent + 3_500_000
        self.browser.click("#send")
        told = self.browser.wait(lambda: line.is_cut and (text := self.browser.one(ROWS + " .state").text) and "lost" in text and text, "a word about the line")
        self.assertIn("What has arrived is safe", told)
        before = line.sent
        line.heal()
        self.browser.click(ROWS + " .state button")
        self.assertEqual(self.wait_until_over(), {"cut.txt": "✓ Accepted"})
        self.assertEqual(self.attachments()["attachments"][0]["sha256"], material.digest(content))
        self.assertLess(line.sent - before, 5_000_000, "what had arrived was sent again")

    def test_choosing_the_file_again_after_a_reload_goes_on_where_it_was(self):
        line = CuttingProxy(self.server.host, self.server.port)
        self.addCleanup(line.close)
        self.enter(base=line.url)
        content = material.log(6_000_000, seed=8)
        path = self.file("reload.txt", content)
        self.browser.choose(path)
        line.pace = 4_000_000
        sent = line.sent
        self.browser.click("#send")
        self.browser.wait(lambda: line.sent > sent + 3_500_000, "half of the file to be sent")
        line.cut()
        self.browser.wait(lambda: self.rows()[0][1] == "waiting", "the page to notice")
        line.heal()
        self.browser.driver.get("about:blank")
        self.enter(base=line.url)
        self.browser.choose(path)
        self.assertIn("A part of this file has arrived earlier", self.browser.one(ROWS).text)
        before = line.sent
        self.browser.click("#send")
        self.assertEqual(self.wait_until_over(), {"reload.txt": "✓ Accepted"})
        self.assertEqual(self.attachments()["attachments"][0]["sha256"], material.digest(content))
        self.assertLess(line.sent - before, 5_000_000, "what had arrived was sent again")

    def test_names_are_shown_as_text_whatever_they_hold(self):
        names = ["<img src=x onerror=document.title='owned'>.txt", "gnp\u202etxt.txt", "a&lt;b&amp;.txt"]
        self.enter()
        self.browser.choose(*[self.file(name, material.log(700, seed=index)) for index, name in enumerate(names)])
        self.browser.click("#send")
        shown = list(self.wait_until_over())
        self.assertEqual(shown, [names[0], "gnp\\u{202e}txt.txt", names[2]])
        self.browser.wait(lambda: len(self.browser.all("#attachments > li")) == 3, "three attachments")
        self.assertEqual(self.browser.run("return document.querySelectorAll('main img').length"), 0)
        self.assertNotIn("owned", self.browser.driver.title)
        self.assertNotIn("\u202e", self.browser.text())

    def test_an_archive_shows_its_tree_and_a_category_can_be_corrected(self):
        browser = self.browser
        content = material.archive({"var/log/app.log": material.log(4000), "var/log/<b>x.log": material.log(900, seed=2), "README": b"hello there\n" * 9})
        requests.put(self.server.path(f"/tickets/{self.ticket}/attachments/bundle.zip"), data=content, headers=self.server.bearer(), timeout=PATIENCE)
        self.enter()
        card = browser.one("#attachments .glance")
        browser.click("#attachments .glance summary")
        for word in ("Commonest errors", "ERROR #: request # took # ms", "warnings", "2026-03-01 00:00:01 to 00:"):
            self.assertIn(word, card.text)
        browser.run("[...document.querySelectorAll('#attachments summary')].find((one) => one.textContent.startsWith('Look inside')).click()")
        browser.wait(lambda: "README" in browser.one(".tree").text, "the archive's listing")
        for name in ("var", "log"):
            browser.wait(lambda: browser.run("""const fold = [...document.querySelectorAll(".tree summary")].find((one) => one.querySelector(".name").textContent === arguments[0]);
                fold?.click(); return Boolean(fold)""", name), f"the folder {name}")
        browser.wait(lambda: "<b>x.log" in browser.one(".tree").text, "the inner folder")
        browser.click(".about summary")
        browser.run("document.querySelector('.about select').value = 'Configuration'")
        browser.click(".about form button")
        browser.wait(lambda: "Corrected to Configuration" in browser.one(".about").text, "the correction")
        self.assertEqual(self.attachments()["attachments"][0]["correction"]["category"], "Configuration")

    def test_the_keyboard_is_enough(self):
        browser = self.browser
        self.enter()
        browser.choose(SAMPLES / "accepted/portal--log-file.txt")
        key = lambda pressed: browser.driver.switch_to.active_element.send_keys(pressed)
        self.assertEqual(browser.run("return document.activeElement.id"), "send")
        key(Keys.ENTER)
        self.assertEqual(self.wait_until_over(), {"portal--log-file.txt": "✓ Accepted"})
        browser.wait(lambda: len(browser.all("#attachments > li")) == 1, "the attachment on the ticket")
        self.assertIn("Accepted", browser.run("return document.getElementById('announcements').textContent"))
        for _ in range(40):
            if browser.run("return document.activeElement.textContent") == "Details and category":
                break
            key(Keys.TAB)
            # What has the focus shows it.
            self.assertTrue(browser.run("const at = document.activeElement; return at === document.body || getComputedStyle(at).outlineStyle !== 'none'"))
        key(Keys.ENTER)
        self.assertTrue(browser.run("return document.activeElement.parentElement.open"))

    def test_a_reviewer_releases_one_and_deletes_another(self):
        browser = self.browser
        # Their own bytes: a release holds for the same ones everywhere.
        for name in ("wanted.txt", "phishing.txt"):
            told = requests.put(self.server.path(f"/tickets/{self.ticket}/attachments/{name}"), data=material.markup(name), headers=self.server.bearer(), timeout=PATIENCE)
            self.assertEqual(told.json()["outcome"], "quarantined")
        self.enter("reviewer", place="review")

        def card(name):
            return browser.wait(lambda: next((one for one in browser.all("#review > li") if self.ticket in one.text and name in one.text), None), f"{name} to wait")

        def press(within, label):
            browser.wait(lambda: browser.run("""const found = [...arguments[0].querySelectorAll("button")].find((one) => one.textContent === arguments[1] && !one.hidden);
                found?.click(); return Boolean(found)""", within, label), f"a button {label}")

        first = card("wanted")
        press(first, "Release to the ticket")
        browser.wait(lambda: "Say why" in first.text, "to be asked for a note")
        browser.driver.execute_script("arguments[0].querySelector('textarea').value = 'we asked for it'", first)
        press(first, "Release to the ticket")
        browser.wait(lambda: not any(self.ticket in one.text and "wanted" in one.text for one in browser.all("#review > li")), "it to leave the queue")
        second = card("phishing")
        browser.driver.execute_script("arguments[0].querySelector('textarea').value = 'it asks for passwords'", second)
        press(second, "Delete")
        press(second, "Yes, delete it")
        browser.wait(lambda: not any(self.ticket in one.text for one in browser.all("#review > li")), "the other to leave the queue")
        self.assertEqual([(one["path"], one["verdict"]) for one in self.attachments()["attachments"]], [("wanted.txt", "accepted")])

    def test_a_ticket_of_450_attachments_is_shown_whole(self):
        browser = self.browser
        for index in range(450):
            self.file(f"{index}.txt", material.log(300, seed=index))
        sluice("import", self.folder, "--ticket", self.ticket, "--store", self.server.store)
        for width in (1100, 390):
            with self.subTest(width=width):
                browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
                self.addCleanup(browser.driver.execute_cdp_cmd, "Emulation.clearDeviceMetricsOverride", {})
                self.enter("reviewer")
                cards = lambda: browser.run("return document.querySelectorAll('#attachments > li').length")
                browser.wait(lambda: cards() == 100, "the newest attachments")
                self.assertEqual(browser.one("#attachments + .more span").text, "100 of 450 are shown.")
                for expected in (200, 300, 400, 450):
                    browser.click("#attachments + .more button")
                    self.assertEqual(cards(), expected)
                    # The keyboard goes on at the first of the new cards.
                    place = browser.run("return [...document.querySelectorAll('#attachments > li')].indexOf(document.activeElement)")
                    self.assertEqual(place, (expected - 1) // 100 * 100)
                self.assertEqual(browser.all("#attachments + .more button"), [])
                names = browser.run("return [...document.querySelectorAll('#attachments .title')].map((one) => one.textContent)")
                self.assertEqual(len({name.rsplit("/", 1)[-1] for name in names}), 450)
                self.assertLessEqual(browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth"), 0)

    def test_it_can_be_used_by_everybody_in_light_and_dark(self):
        axe = (pathlib.Path(axe_core_python.__file__).parent / "axe.min.js").read_text()
        browser = self.browser
        for scheme in ("light", "dark"):
            browser.prefer(scheme)
            self.addCleanup(browser.prefer, "light")
            places = {"the entrance": lambda: (browser.open(self.server.url + "/"), browser.run("sessionStorage.clear()"), browser.open(self.server.url + "/"), browser.one("form")),
                      "a ticket": self.full_ticket, "the queue": lambda: (self.enter("reviewer", place="review"), browser.one(".decision"))}
            for place, go in places.items():
                with self.subTest(place=place, scheme=scheme):
                    go()
                    browser.run(axe)
                    found = browser.driver.execute_async_script("axe.run().then(arguments[0])")
                    told = [(one["id"], one["help"], [node["html"] for node in one["nodes"]][:3]) for one in found["violations"]]
                    self.assertEqual(told, [])
                    self.assertGreater(len(found["passes"]), 10)

    def full_ticket(self):
        self.enter("reviewer")
        self.browser.choose(SAMPLES / "accepted/diagnostics--log-file.zip", SAMPLES / "quarantined/salaries--zip.encrypted.zip", SAMPLES / "rejected/photo--type.mismatch.png",
                            SAMPLES / "rejected/setup--submission.extension-not-allowed.exe")
        self.browser.click("#send")
        self.wait_until_over()
        self.browser.choose(SAMPLES / "accepted/portal--log-file.txt")
        self.browser.wait(lambda: len(self.browser.all("#attachments > li")) >= 2, "the ticket's list")
        self.browser.run("for (const fold of document.querySelectorAll('details')) fold.open = true")
        self.browser.wait(lambda: self.browser.all(".tree li"), "a tree")


if __name__ == "__main__":
    unittest.main()
