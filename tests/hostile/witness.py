"""A browser's window that sees whatever a page does beyond being read, and what in it could do more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, Protocol

import msgspec
from playwright.sync_api import Dialog, Error

from browsing.bidi import BidiError, Firefox
from browsing.chromium import Window
from browsing.network import BlackHole

FIRED = "FIRED:"

# Runs before anything of a page, whatever its policy says. The console is told, since what a page
# keeps is gone when it is left.
ALARM = f"""(() => {{
  const tell = (name) => (...words) => {{
    console.log("{FIRED} " + name + " " + words.join(" "));
    return null;
  }};
  for (const name of ["alert", "confirm", "prompt", "print", "open"]) {{
    Object.defineProperty(window, name, {{ value: tell(name), writable: false, configurable: false }});
  }}
  navigator.sendBeacon = tell("sendBeacon");
}})()"""

# An expression: touches everything in a page, then tells what there is in it that should not be.
INSPECTION = r"""(() => {
  const faults = [];
  const tell = (what, element) => faults.push(what + ": " + element.outerHTML.slice(0, 160));
  const HARMFUL = new Set(`applet base bgsound button dialog embed fencedframe form frame
    frameset iframe input isindex keygen link marquee meta noembed noframes noscript object param
    plaintext portal script select slot style svg math template textarea title xmp`.split(/\s+/));
  // What the theme itself puts round the words, and its scripts beside them.
  const OURS = `.controls :is(button, input, select), .masthead button.scheme, a.permalink + button.copy,
    .find > input, #_search :is(button, input, select), main > noscript,
    body > dialog.keys, body > dialog.keys :is(button, input), body > dialog.full, dialog.full > button,
    .density > svg, .density > svg :is(a, title, path), .plot > svg, .plot > svg :is(title, desc, path),
    .card > svg.spark, .card > svg.spark > path`;
  const SCRIPTS = /^(?:\d+\/build\/)?(?:assets\/[\w-]+|search\/(?:letters|terms\/\w+\/index))\.js$/;
  const isOurs = (element) => element.matches(OURS) && !element.closest(".words, .introduction, .notice");
  const LOADING = ["src", "srcset", "poster", "data", "background", "action", "formaction", "manifest",
    "imagesrcset", "xlink:href", "codebase", "classid", "longdesc", "lowsrc", "dynsrc"];
  const BANNED = ["style", "srcdoc", "ping", "attributionsrc", "formaction", "autofocus", "popover",
    "popovertarget", "commandfor", "accesskey", "contenteditable", "is", "slot", "shadowrootmode",
    "http-equiv", "usemap", "name", "form", "target", "background", "srcset", "nonce", "part"];
  const here = new URL(document.baseURI);
  // An address that no browser can read leads nowhere.
  const resolve = (address) => URL.parse?.(address, here)?.href ?? (URL.canParse(address, here) ?
    new URL(address, here).href : "nowhere:");
  const main = document.querySelector("main");
  if (!main) {
    return { faults: ["there is no page"], posts: [], letters: 0, title: "", headline: "" };
  }

  // What somebody who reads would touch, and what would happen by itself.
  for (const details of document.querySelectorAll("details")) details.open = true;
  const stop = (event) => { if (event.target.closest?.("a")) event.preventDefault(); };
  document.addEventListener("click", stop, true);
  // The buttons that copy an address are all alike, and each takes a while.
  const copies = [...document.querySelectorAll("a.permalink + button.copy")].slice(3);
  for (const element of document.querySelectorAll("*")) {
    for (const { name } of element.attributes) {
      if (/^on/i.test(name)) element.dispatchEvent(new Event(name.slice(2).toLowerCase()));
    }
    if (element.matches("a, summary, label, button, input, [tabindex]") && !copies.includes(element)) {
      element.focus?.({ preventScroll: true });
      element.click?.();
    }
  }
  document.removeEventListener("click", stop, true);

  for (const element of document.querySelectorAll("*")) {
    const inHead = element.parentNode === document.head;
    const inert = element.localName === "script" && element.type === "application/ld+json" && inHead;
    const frame = inHead && ["meta", "link", "title"].includes(element.localName)
      || inHead && element.matches("script[src][defer]") && element.src.startsWith("BASE")
      && SCRIPTS.test(element.src.slice("BASE".length));
    if (isOurs(element)) continue;
    if (element.namespaceURI !== "http://www.w3.org/1999/xhtml") tell("a foreign element", element);
    else if (HARMFUL.has(element.localName) && !inert && !frame) tell("a harmful element", element);
    if (element.localName.includes("-")) tell("an unknown element", element);
    if (element.shadowRoot) tell("a shadow tree", element);
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) tell("a handler", element);
      if (!frame && BANNED.includes(name)) tell("an attribute that may not be", element);
      if (LOADING.includes(name)) {
        if (!resolve(value).startsWith("BASE")) tell("loads from elsewhere", element);
      }
      if (name === "href" && element.localName !== "link") {
        const known = ["https:", "http:", "mailto:", "tel:", "nowhere:", here.protocol];
        if (!known.some((scheme) => resolve(value).startsWith(scheme))) tell("leads astray", element);
      }
    }
    if (!element.closest(".words, .introduction, .notice") || element.matches(".notice")) continue;
    const { position } = getComputedStyle(element);
    if (["fixed", "absolute", "sticky"].includes(position)) tell("covers the page", element);
  }
  for (const link of document.head.querySelectorAll("link")) {
    if (link.rel !== "canonical" && !link.href.startsWith("BASE")) tell("loads from elsewhere", link);
  }
  for (const meta of document.head.querySelectorAll("meta[http-equiv]")) {
    if (meta.httpEquiv !== "Content-Security-Policy") tell("a directive", meta);
  }
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  const twice = ids.filter((id, position) => ids.indexOf(id) !== position);
  if (twice.length) faults.push("ids stand twice: " + twice.slice(0, 5));
  for (const furniture of ["#_main", "main", ".masthead", "footer.colophon", ".skip", "h1", "head > title"]) {
    const count = document.querySelectorAll(furniture).length;
    if (count !== 1) faults.push(`${furniture} stands ${count} times`);
  }
  for (const [child, parent] of [["main", "body"], [".masthead", "body"], ["footer.colophon", "body"]]) {
    if (document.querySelector(child)?.parentNode.localName !== parent) faults.push(child + " has moved");
  }
  const seen = (element) => !!element && element.getClientRects().length > 0;
  if (!seen(document.querySelector(".masthead a.name"))) faults.push("the masthead is not seen");
  if (!seen(document.querySelector("footer.colophon"))) faults.push("the colophon is not seen");
  const posts = [...document.querySelectorAll(".post")].map((post) => {
    const whole = post.localName === "article" && post.parentNode.matches("section.day")
      && [...post.children].map((part) => part.localName).join() === "header,div,footer"
      && seen(post.querySelector(":scope > header .when")) && seen(post.querySelector(":scope > .words"))
      && seen(post.querySelector(":scope > footer .permalink"));
    if (!whole) tell("a post is not whole", post);
    return post.id;
  });
  return { faults, posts, letters: main.innerText.trim().length, title: document.title,
    headline: document.querySelector("h1")?.textContent.trim() ?? "" };
})()"""

# An expression for what is no page of ours, and for pages with so much in them that touching takes long.
GLANCE = """({
  faults: [],
  posts: [...document.querySelectorAll("section.day > article.post")]
    .filter((post) => post.querySelector(":scope > footer .permalink")).map((post) => post.id),
  letters: (document.querySelector("main") ?? document.documentElement).textContent.trim().length,
  title: "",
  headline: "",
})"""


class Sight(msgspec.Struct, frozen=True):
    """What was found in a page once it was open and touched."""

    faults: tuple[str, ...]
    posts: tuple[str, ...]
    letters: int
    title: str
    headline: str


class AstrayError(Exception):
    """A page did not stay open while it was looked at."""


class Witness(Protocol):
    """A window that remembers."""

    requests: list[str]
    messages: list[str]
    happenings: list[str]

    def open(self, url: str) -> None: ...

    def evaluate(self, expression: str) -> Any: ...

    def leave(self) -> None: ...


class ChromiumWitness:
    """A window of Chromium."""

    def __init__(self, window: Window) -> None:
        self.requests, self.messages = window.requests, window.messages
        self.happenings: list[str] = []
        self._window = window
        self._watch()

    def open(self, url: str) -> None:
        """Go to a page."""
        try:
            self._window.open(url)
        except Error as error:
            raise AstrayError(error.message) from error

    def evaluate(self, expression: str) -> Any:
        """The value of an expression."""
        try:
            return self._window.evaluate(expression)
        except Error as error:
            raise AstrayError(error.message) from error

    def leave(self) -> None:
        """Close a page that would not stay open, so that what it had set going is not the next page's."""
        self._window.renew()
        self._watch()

    def _watch(self) -> None:
        page = self._window.page
        page.add_init_script(ALARM)
        page.on("dialog", self._dismiss)
        page.on("popup", lambda popup: self.happenings.append("popup"))
        page.on("download", lambda download: self.happenings.append("download"))
        page.on("frameattached", lambda frame: self.happenings.append("frame"))

    def _dismiss(self, dialog: Dialog) -> None:
        self.happenings.append("dialog")
        dialog.dismiss()


class FirefoxWitness:
    """The window of Firefox, from now on."""

    EVENTS = (
        "browsingContext.userPromptOpened",
        "browsingContext.contextCreated",
        "browsingContext.downloadWillBegin",
    )

    def __init__(self, firefox: Firefox) -> None:
        self.requests, self.messages = firefox.requests, firefox.messages
        self.happenings = firefox.events
        self._firefox = firefox
        firefox.watch(self.EVENTS, ALARM)
        firefox.resize(1280, 800)
        firefox.forget()

    def open(self, url: str) -> None:
        """Go to a page."""
        try:
            self._firefox.open(url)
        except BidiError as error:
            raise AstrayError(str(error)) from error

    def evaluate(self, expression: str) -> Any:
        """The value of an expression."""
        try:
            return self._firefox.evaluate(expression)
        except BidiError as error:
            raise AstrayError(str(error)) from error

    def leave(self) -> None:
        """Wait for what a page had set going to be over, so that it is not the next page's."""
        for _ in range(2):
            with suppress(AstrayError):
                self.open("about:blank")


class Findings(msgspec.Struct):
    """What pages did and held, by page; all empty where nothing hostile has happened."""

    faults: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    fired: list[str] = msgspec.field(default_factory=list)
    requests: list[str] = msgspec.field(default_factory=list)
    calls: list[str] = msgspec.field(default_factory=list)
    happenings: list[str] = msgspec.field(default_factory=list)
    messages: list[str] = msgspec.field(default_factory=list)
    astray: list[str] = msgspec.field(default_factory=list)
    sights: dict[str, Sight] = msgspec.field(default_factory=dict)

    @property
    def hostile(self) -> dict[str, Any]:
        """Whatever there is, for an assertion that tells all."""
        return {
            name: found
            for name in msgspec.structs.asdict(self)
            if name != "sights" and (found := getattr(self, name))
        }


def visit(
    witness: Witness, hole: BlackHole, base: str, paths: Iterable[str], touch: bool = True
) -> Findings:
    """Open pages below an address one after the other and tell what was found.

    All that is in a page is touched, unless it is no page of ours or very long.
    """
    findings = Findings()
    calls = len(hole.calls)
    inspection = INSPECTION.replace("BASE", base)
    for path in paths:
        first, said = len(witness.requests), len(witness.messages)
        happened = len(witness.happenings)
        try:
            witness.open(base + path)
            sight = msgspec.convert(witness.evaluate(inspection if touch else GLANCE), Sight)
            findings.sights[path] = sight
            if sight.faults:
                findings.faults[path] = sight.faults
            here = witness.evaluate("location.href")
            if not here.startswith(base + path):
                findings.astray.append(f"{path}: now at {here}")
        except AstrayError as error:
            findings.astray.append(f"{path}: {error}")
            witness.leave()
        asked = [url for url in witness.requests[first:] if not url.startswith((base, *_OWN))]
        findings.requests += [f"{path}: {url}" for url in asked]
        for message in witness.messages[said:]:
            if "Data available from the console" in message:
                continue  # how Firefox shows JSON
            found = findings.fired if FIRED in message else findings.messages
            found.append(f"{path}: {message}")
        findings.happenings += [f"{path}: {one}" for one in witness.happenings[happened:]]
    findings.calls += hole.calls[calls:]
    return findings


# What stays on this machine; a browser asks itself for how it shows XML and JSON.
_OWN = ("file:", "data:", "chrome:", "resource:")
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


def list_blank(findings: Findings) -> Sequence[str]:
    """The pages in which there is nothing to read."""
    return [path for path, sight in findings.sights.items() if sight.letters < 20]
