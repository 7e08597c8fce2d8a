"""A browser driven by the W3C WebDriver protocol: what a test of pages needs of it, and no more."""

import base64
import http.client
import json
import re
import subprocess


class Browser:
    """Headless Chromium behind a chromedriver of its own; both end with the `with` block."""

    def __init__(self, driver="/usr/bin/chromedriver", chromium="/usr/bin/chromium"):
        self._chromium = chromium
        self._process = subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE,
                                         stderr=subprocess.DEVNULL, text=True)
        self._port = self._read_port()
        self._session = None

    def __enter__(self):
        options = {"binary": self._chromium,
                   "args": ["--headless=new", "--no-sandbox", "--disable-gpu",
                            "--disable-dev-shm-usage", "--force-color-profile=srgb"]}
        capabilities = {"browserName": "chrome", "goog:chromeOptions": options,
                        "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        try:
            answer = self._call("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        except BaseException:
            self.__exit__()
            raise
        self._session = answer["sessionId"]
        self.call("timeouts", {"script": 120_000, "pageLoad": 120_000})
        return self

    def __exit__(self, *_):
        try:
            if self._session:
                self._call("DELETE", f"/session/{self._session}", None)
        finally:
            self._process.terminate()
            self._process.wait()

    def _read_port(self):
        for line in self._process.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                return int(found.group(1))
        raise RuntimeError("chromedriver did not start")

    def _call(self, method, path, body):
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=300)
        text = None if body is None else json.dumps(body)
        connection.request(method, path, text, {"Content-Type": "application/json"})
        value = json.loads(connection.getresponse().read())["value"]
        connection.close()
        if isinstance(value, dict) and "error" in value:
            raise RuntimeError(f"{path}: {value['error']}: {value['message'][:300]}")
        return value

    def call(self, command, body):
        return self._call("POST", f"/session/{self._session}/{command}", body)

    def devtools(self, command, **parameters):
        return self.call("goog/cdp/execute", {"cmd": command, "params": parameters})

    def open(self, url):
        self.call("url", {"url": url})

    def look(self, width, media, scheme):
        """Sets how wide the page is, for screen or print, light or dark."""
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=900,
                      deviceScaleFactor=1, mobile=False)
        self.devtools("Emulation.setEmulatedMedia", media=media,
                      features=[{"name": "prefers-color-scheme", "value": scheme}])

    def run(self, script, *arguments):
        return self.call("execute/sync", {"script": script, "args": list(arguments)})

    def run_async(self, script, *arguments):
        return self.call("execute/async", {"script": script, "args": list(arguments)})

    def press_tab(self):
        for kind in ("rawKeyDown", "keyUp"):
            self.devtools("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab",
                          windowsVirtualKeyCode=9)

    def log(self, kind):
        return self.call("se/log", {"type": kind})

    def requests(self):
        """The addresses asked for since this was asked last."""
        events = [json.loads(entry["message"])["message"] for entry in self.log("performance")]
        return [event["params"]["request"]["url"] for event in events
                if event["method"] == "Network.requestWillBeSent"]

    def screenshot(self, path):
        image = self.devtools("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(image))
