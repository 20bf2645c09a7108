"""A small WebDriver BiDi client: a Firefox of its own, headless, with a profile that keeps it silent."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

_PATIENCE = 60.0

# Without these a Firefox talks to its makers and relaxes the rules for pages on a disk.
_PREFERENCES: Mapping[str, bool | int | str] = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.aboutwelcome.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.region.network.url": "",
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.search.update": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage": "about:blank",
    "browser.startup.page": 0,
    "captivedetect.canonicalURL": "",
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.push.connection.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "extensions.update.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "security.fileuri.strict_origin_policy": True,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "toolkit.telemetry.server": "",
    "ui.systemUsesDarkTheme": 0,
}
_ENVIRONMENT = {"MOZ_CRASHREPORTER_DISABLE": "1", "MOZ_REMOTE_SETTINGS_DEVTOOLS": "1"}


class BidiError(Exception):
    """Firefox refused a command or did not start."""


class Firefox:
    """One window of a Firefox, and every request, console message and watched event since it was opened."""

    def __init__(self, connection: ClientConnection) -> None:
        self.requests: list[str] = []
        self.messages: list[str] = []
        self.events: list[str] = []
        self._connection = connection
        self._number = 0
        self.command("session.new", capabilities={})
        self.command("session.subscribe", events=["network.beforeRequestSent", "log.entryAdded"])
        # The window that Firefox starts with never gets the keyboard's focus; a tab of ours does.
        self._window = self.command("browsingContext.create", type="tab")["context"]

    def command(self, method: str, **parameters: Any) -> Any:
        """Send a command and wait for its result; events that come meanwhile are recorded."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        self._connection.send(json.dumps(message))
        while True:
            answer = json.loads(self._connection.recv(timeout=_PATIENCE))
            if answer.get("type") == "event":
                self._record(answer["method"], answer["params"])
            elif answer.get("id") == self._number:
                if answer["type"] == "error":
                    raise BidiError(f"{method}: {answer['error']}: {answer['message']}")
                return answer["result"]

    def open(self, url: str) -> None:
        """Go to a page and wait until it and all it needs are there."""
        self.command("browsingContext.navigate", context=self._window, url=url, wait="complete")
        # Firefox says so too soon where the page that is left has changed its own address meanwhile.
        self._await("document.readyState", "complete")

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page, by way of JSON."""
        answer = self.command(
            "script.evaluate",
            expression=f"JSON.stringify({expression})",
            target={"context": self._window},
            awaitPromise=False,
        )
        if answer["type"] == "exception":
            raise BidiError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def watch(self, events: Sequence[str], script: str) -> None:
        """Record these events too, and run a script before anything of each page that is opened."""
        self.command("session.subscribe", events=list(events))
        self.command("script.addPreloadScript", functionDeclaration=f"() => {{ {script} }}")

    def press(self, key: str) -> None:
        """Press and release a key."""
        actions = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self.command(
            "input.performActions",
            context=self._window,
            actions=[{"type": "key", "id": "keyboard", "actions": actions}],
        )

    def renew(self) -> None:
        """Open an empty page in another tab, which has the keyboard, wherever Tab has led before."""
        gone = self._window
        self._window = self.command("browsingContext.create", type="tab")["context"]
        self.command("browsingContext.close", context=gone)

    def resize(self, width: int, height: int) -> None:
        """Give the page another width and height, in CSS pixels."""
        size = {"width": width, "height": height}
        self.command("browsingContext.setViewport", context=self._window, viewport=size)

    def await_url(self, url: str) -> None:
        """Wait until a page that leads on has led there."""
        self._await("location.href", url)

    def forget(self) -> None:
        """Begin new records of requests, messages and events."""
        self.requests.clear()
        self.messages.clear()
        self.events.clear()

    def _await(self, expression: str, value: str) -> None:
        deadline = time.monotonic() + _PATIENCE
        while (seen := self.evaluate(expression)) != value:
            if time.monotonic() > deadline:
                raise BidiError(f"{expression} is still {seen}, not {value}")
            time.sleep(0.02)

    def _record(self, event: str, parameters: Any) -> None:
        if event == "network.beforeRequestSent":
            self.requests.append(parameters["request"]["url"])
        elif event == "log.entryAdded":
            self.messages.append(f"{parameters['level']}: {parameters['text']}")
        else:
            self.events.append(f"{event}: {parameters.get('url', '')}")


@contextmanager
def start_firefox(program: Path, folder: Path, proxy: int) -> Iterator[Firefox]:
    """A Firefox with a fresh profile in `folder`, whose every connection goes to one local port."""
    profile = folder / "profile"
    profile.mkdir(parents=True)
    preferences = {
        **_PREFERENCES,
        "network.proxy.type": 1,
        "network.proxy.http": "127.0.0.1",
        "network.proxy.http_port": proxy,
        "network.proxy.ssl": "127.0.0.1",
        "network.proxy.ssl_port": proxy,
        "network.proxy.no_proxies_on": "",
    }
    lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in preferences.items()]
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")
    log = folder / "firefox.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                program,
                "--headless",
                "--no-remote",
                "--remote-debugging-port=0",
                "--profile",
                profile,
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, **_ENVIRONMENT, "HOME": str(folder)},
            start_new_session=True,
        )
    try:
        port = _await_port(profile / "WebDriverBiDiServer.json", process, log)
        address = f"ws://127.0.0.1:{port}/session"
        with connect(address, max_size=None, proxy=None, compression=None) as connection:
            yield Firefox(connection)
    finally:
        _end(process)


def _await_port(file: Path, process: subprocess.Popen[bytes], log: Path) -> int:
    """The port that Firefox writes into its profile once it listens."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            return int(json.loads(file.read_text(encoding="utf-8"))["ws_port"])
        except (OSError, ValueError, KeyError):
            time.sleep(0.05)
    said = log.read_text(encoding="utf-8", errors="replace")
    raise BidiError(f"Firefox did not open its remote port:\n{said[-2000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a browser and the processes that it started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(timeout=10)
        except ProcessLookupError:
            process.wait()
            return
        except subprocess.TimeoutExpired:
            continue
