"""Headless Chromium, driven through chromium-driver."""

import shutil
import time

from selenium import webdriver
from selenium.common.exceptions import JavascriptException, NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from running import PATIENCE


class Browser:
    def __init__(self, *options):
        words = webdriver.ChromeOptions()
        words.binary_location = shutil.which("chromium")
        # No sandbox of its own: the tests also run as root, where it does not start.
        for word in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--window-size=1100,1400", "--lang=en", *options):
            words.add_argument(word)
        words.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        # Both are the system's: selenium is not to look for others.
        self.driver = webdriver.Chrome(options=words, service=Service(shutil.which("chromedriver")))
        self.driver.set_script_timeout(PATIENCE)

    def close(self):
        self.driver.quit()

    def open(self, url):
        # A new address behind the # alone would not load the page.
        self.driver.get("about:blank")
        self.driver.get(url)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.wait(lambda: (self.all(selector) or [None])[0], f"an element {selector}")

    def wait(self, condition, what, patience=PATIENCE):
        end = time.monotonic() + patience
        while time.monotonic() < end:
            try:
                found = condition()
            except (NoSuchElementException, StaleElementReferenceException, JavascriptException):
                found = None
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"waited in vain for {what}; the page says: {self.text()}")

    def text(self):
        return self.driver.find_element(By.TAG_NAME, "body").text

    def run(self, script, *values):
        return self.driver.execute_script(script, *values)

    def click(self, selector):
        self.run("arguments[0].click()", self.one(selector))

    def choose(self, *paths):
        """As through the file chooser."""
        self.one("#files").send_keys("\n".join(map(str, paths)))

    def drop(self, *paths):
        """A real drag from outside over the middle of the page and its drop."""
        data = {"items": [], "files": list(map(str, paths)), "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.driver.execute_cdp_cmd("Input.dispatchDragEvent", {"type": kind, "x": 500, "y": 600, "data": data})

    def prefer(self, scheme):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def complaints(self):
        """What the console holds against the page: refused by the security policy, or thrown."""
        return [line["message"] for line in self.driver.get_log("browser")
                if line["level"] == "SEVERE" and ("Content Security Policy" in line["message"] or "Uncaught" in line["message"]
                                                  or "TrustedHTML" in line["message"] or "Refused" in line["message"])]
