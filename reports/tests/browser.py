"""A headless Chromium, driven through a pipe with the DevTools protocol.

Needs the package chromium and no other: the browser reads requests from file
descriptor 3 and writes answers and events to 4, each a JSON text that ends with
a zero byte.
"""
import base64
import json
import os
import shutil
import subprocess
import tempfile

NAMES = ("chromium", "chromium-browser", "google-chrome")
ANSWER_SECONDS = 60


def program():
    """Return the path of a browser, or None."""
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    return None


class Browser:
    """One browser with one page.  Use it in a `with` statement."""

    def __enter__(self):
        self.profile = tempfile.TemporaryDirectory(
            ignore_cleanup_errors=True)
        requests, self.out = os.pipe()
        self.answers, answers = os.pipe()

        def child():
            os.dup2(requests, 13)
            os.dup2(answers, 14)
            os.dup2(13, 3)
            os.dup2(14, 4)
        self.process = subprocess.Popen(
            [program(), "--headless", "--no-sandbox", "--disable-gpu",
             "--disable-quic", "--no-first-run", "--disable-sync",
             "--disable-background-networking",
             "--disable-component-update", "--disable-dev-shm-usage",
             "--disable-extensions", "--hide-scrollbars",
             "--remote-debugging-pipe",
             "--user-data-dir=" + self.profile.name, "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, close_fds=False, preexec_fn=child)
        os.close(requests)
        os.close(answers)
        self.rest = b""
        self.number = 0
        self.events = []
        self.session = None
        targets = self.call("Target.getTargets")["targetInfos"]
        page = [t for t in targets if t["type"] == "page"][0]
        self.session = self.call("Target.attachToTarget",
                                 targetId=page["targetId"],
                                 flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        return self

    def __exit__(self, *_):
        try:
            self.session = None
            self.call("Browser.close")
        except (OSError, EOFError):
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.out)
        os.close(self.answers)
        self.profile.cleanup()

    def _read(self):
        while b"\0" not in self.rest:
            piece = os.read(self.answers, 1 << 20)
            if not piece:
                raise EOFError("the browser ended")
            self.rest += piece
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **params):
        """Send a request, and return its result."""
        self.number += 1
        request = {"id": self.number, "method": method, "params": params}
        if self.session:
            request["sessionId"] = self.session
        data = json.dumps(request).encode() + b"\0"
        while data:
            data = data[os.write(self.out, data):]
        while True:
            message = self._read()
            if message.get("id") != self.number:
                self.events.append(message)
                continue
            if "error" in message:
                raise RuntimeError(method + ": " + str(message["error"]))
            return message["result"]

    def show(self, page, width=1200, dark=False, media="", height=900):
        """Open a file at a width, in light or dark, and wait for it."""
        self.call("Emulation.setDeviceMetricsOverride", width=width,
                  height=height, deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", media=media, features=[
            {"name": "prefers-color-scheme",
             "value": "dark" if dark else "light"}])
        url, _, fragment = page.partition("#")
        url = "file://" + os.path.abspath(url)
        self.events = []
        # Only a fragment that changes: the page is not loaded again.
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate",
                  url=url + ("#" + fragment if fragment else ""))
        self.ask("new Promise(done => document.readyState == 'complete' ? "
                 "done() : addEventListener('load', done))")

    def ask(self, script):
        """Return the value of a script, or of its promise."""
        done = self.call("Runtime.evaluate", expression=script,
                         returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in done:
            raise RuntimeError(str(done["exceptionDetails"]))
        return done["result"].get("value")

    def complaints(self):
        """Return what the console says, and requests that failed."""
        found = []
        for event in self.events:
            params = event.get("params", {})
            if event.get("method") == "Log.entryAdded":
                found.append(params["entry"]["text"])
            elif event.get("method") == "Runtime.consoleAPICalled":
                found.append(str(params["args"]))
            elif event.get("method") == "Runtime.exceptionThrown":
                found.append(str(params["exceptionDetails"]))
            elif event.get("method") == "Network.loadingFailed":
                found.append(str(params["errorText"]))
        return found

    def requested(self):
        """Return the addresses that the page requested."""
        return [e["params"]["request"]["url"] for e in self.events
                if e.get("method") == "Network.requestWillBeSent"]

    def picture(self, path, whole=True, top=0, height=0, width=0):
        """Write a screenshot as PNG: whole, or `height` pixels from `top`."""
        params = {"format": "png", "captureBeyondViewport": bool(whole)}
        if height:
            params["clip"] = {"x": 0, "y": top, "width": width,
                              "height": height, "scale": 1}
        data = self.call("Page.captureScreenshot", **params)["data"]
        with open(path, "wb") as f:
            f.write(base64.b64decode(data))

    def paper(self, path, width_in=8.27, height_in=11.69):
        """Print the page to PDF as its style sheet says; default: A4."""
        data = self.call("Page.printToPDF", paperWidth=width_in,
                         paperHeight=height_in, printBackground=False,
                         preferCSSPageSize=False,
                         marginTop=0.4, marginBottom=0.4)["data"]
        with open(path, "wb") as f:
            f.write(base64.b64decode(data))
