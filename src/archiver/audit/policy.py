"""The Content-Security-Policy that every page begins with, and whether a page's own is as strict."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from archiver.audit.findings import Finding, show

# What parts/head.html of the default theme allows; a theme may allow less, never more.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
    "media-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'"
)
# What stands in where a policy does not name a directive (CSP 3, section 6.8.3).
# Those without a stand-in allow everything then.
FALLBACKS: Mapping[str, tuple[str, ...]] = {
    "default-src": (),
    "script-src": ("default-src",),
    "script-src-elem": ("script-src", "default-src"),
    "script-src-attr": ("script-src", "default-src"),
    "style-src": ("default-src",),
    "style-src-elem": ("style-src", "default-src"),
    "style-src-attr": ("style-src", "default-src"),
    "img-src": ("default-src",),
    "media-src": ("default-src",),
    "font-src": ("default-src",),
    "connect-src": ("default-src",),
    "object-src": ("default-src",),
    "child-src": ("default-src",),
    "frame-src": ("child-src", "default-src"),
    "worker-src": ("child-src", "script-src", "default-src"),
    "manifest-src": ("default-src",),
    "prefetch-src": ("default-src",),
    "fenced-frame-src": ("frame-src", "child-src", "default-src"),
    "base-uri": (),
    "form-action": (),
}
# Directives that send word of every refusal to somebody.
REPORTING = ("report-uri", "report-to")
_SPACE = re.compile(r"[\t\n\f\r ]+")
_HINT = "begin the page's head as parts/head.html of the default theme does"


def judge_head(head: Sequence[tuple[str, Mapping[str, str]]]) -> Iterator[Finding]:
    """What is wrong with the beginning of a page, given the first elements of its head.

    The policy must come directly after the charset: what stands before it is not under it, and a
    page in another charset may hide its markup.
    """
    names = [name for name, _ in head[:2]]
    if names[:1] != ["meta"] or head[0][1].get("charset", "").strip().lower() != "utf-8":
        yield Finding(
            "no-policy",
            'the page\'s head does not begin with `<meta charset="utf-8">` and a policy',
            hint=_HINT,
        )
        return
    second = head[1][1] if names[1:] == ["meta"] else {}
    if second.get("http-equiv", "").lower() != "content-security-policy":
        yield Finding(
            "no-policy",
            "the page has no Content-Security-Policy directly after its charset",
            hint=_HINT,
        )
        return
    content = second.get("content", "")
    for directive, source in find_looser(content):
        yield Finding(
            "weak-policy",
            f"the page's policy is looser than archiver's: `{directive}` allows {show(source)}",
            attribute="content",
            value=content,
            hint=_HINT,
        )


def find_looser(content: str) -> Iterator[tuple[str, str]]:
    """(directive, source) for all that a policy allows and archiver's does not."""
    if content == POLICY:
        return
    theirs, ours = read_policy(content), read_policy(POLICY)
    for directive in REPORTING:
        if directive in theirs:
            yield directive, " ".join(sorted(theirs[directive]))
    told = set()
    for directive in FALLBACKS:
        deciding, allowed = find_sources(theirs, directive)
        looser = sorted(allowed - find_sources(ours, directive)[1])
        # What default-src allows is told once, and not for each directive that it stands in for.
        if looser and deciding not in told:
            told.add(deciding)
            yield directive, looser[0]


def read_policy(content: str) -> dict[str, frozenset[str]]:
    """{directive: its sources} of a policy; the first of two equal directives counts (CSP 3, 2.2.1)."""
    policy: dict[str, frozenset[str]] = {}
    for part in content.split(";"):
        words = [word for word in _SPACE.split(part) if word]
        if words:
            sources = frozenset(word.lower() for word in words[1:]) - {"'none'"}
            policy.setdefault(words[0].lower(), sources)
    return policy


def find_sources(
    policy: Mapping[str, frozenset[str]], directive: str
) -> tuple[str, frozenset[str]]:
    """The directive that decides in a policy for another one, and what it allows; all, if none does."""
    names = (directive, *FALLBACKS[directive])
    for name in names:
        if name in policy:
            return name, policy[name]
    return names[-1], frozenset({"*"})
