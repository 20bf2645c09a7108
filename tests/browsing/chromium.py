"""A headless Chromium, and its windows, which remember every request and every console message."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Request,
    sync_playwright,
)

_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
_PATIENCE = 10_000


class Window:
    """A page in a profile of its own; `requests` and `messages` are all since it was opened."""

    def __init__(self, page: Page) -> None:
        self.requests: list[str] = []
        self.messages: list[str] = []
        self.page = page
        self._watch()

    def renew(self) -> None:
        """Close the page, with whatever it was about to do, and open an empty one."""
        gone, self.page = self.page, self.page.context.new_page()
        self._watch()
        gone.close()

    def open(self, url: str) -> None:
        """Go to a page and wait until it and all it needs are there."""
        self.page.goto(url)

    def await_url(self, end: str) -> None:
        """Wait until the page has an address that ends so, as it has a moment after what led there."""
        self.page.wait_for_url(lambda url: url.endswith(end))

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        return self.page.evaluate(expression)

    def _watch(self) -> None:
        self.page.on("request", self._note_request)
        self.page.on("console", self._note_message)
        self.page.on("pageerror", self._note_error)

    def _note_request(self, request: Request) -> None:
        self.requests.append(request.url)

    def _note_message(self, message: ConsoleMessage) -> None:
        self.messages.append(f"{message.type}: {message.text}")

    def _note_error(self, error: Error) -> None:
        self.messages.append(f"error: {error.message}")


class Chromium:
    """A Chromium, without any window yet."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    @contextmanager
    def open_window(self, width: int = 1280, height: int = 800, **options: Any) -> Iterator[Window]:
        """A window; the options are those of a Playwright context."""
        size = {"width": width, "height": height}
        context = self._browser.new_context(viewport=size, **options)  # type: ignore[arg-type]
        context.set_default_timeout(_PATIENCE)
        try:
            yield Window(context.new_page())
        finally:
            context.close()


@contextmanager
def start_chromium(program: Path, proxy: int | None = None) -> Iterator[Chromium]:
    """A Chromium that sends whatever is not on this machine to one local port."""
    arguments = [*_QUIET, *([f"--proxy-server=127.0.0.1:{proxy}"] if proxy else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        try:
            yield Chromium(browser)
        finally:
            browser.close()
