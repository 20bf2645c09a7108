"""Plain paragraphs to HTML without a parser: words, with emphasis and links of the plainest kind.

That is what nearly every post of a live page consists of, and a parser makes some hundred tokens of it. All
that could mean more than it seems is left to the parser. What comes out is the same, letter for letter, and
what the sanitiser leaves as it is; a test holds that.
"""

from __future__ import annotations

import re
from operator import itemgetter

from archiver.markdown.parser import EMPHASIS, NORMAL_ADDRESS
from archiver.markdown.slots import join_words

# Beside letters and numbers: with these a line may begin that is no list, no heading and no HTML. What an
# asterisk or a bracket begins is seen later.
_BEGINNINGS = frozenset("“‘\"'(*[…@£$€")
_NUMBERED = re.compile(r"\d+[.)]")
# Fenced blocks, pictures, quotes, lists, headings, raw HTML: none of them looks at what stands above.
_OTHER = re.compile(r"\n\n(?=```|!\[|[>#*+-] |<)")
_ENTITY = re.compile("&(?! )")
_LINK = re.compile(rf"\[(?! )([^\n\\`~*_\[\]!^<&]+)(?<! )\]\(({NORMAL_ADDRESS.pattern})\)")


def take_plain(text: str) -> tuple[str, str, int]:
    """What `write_plain` makes of the paragraphs that a text begins with, and where the rest of it begins."""
    found = _OTHER.search(text)
    begun = write_plain(text[: found.start()] if found else text)
    if begun is None:
        return "", "", 0
    return *begun, found.end() if found else len(text)


def write_plain(text: str) -> tuple[str, str] | None:
    """The HTML of a Markdown text and what a reader sees of it, a line for each of its lines; None where a
    parser is needed."""
    text = text.strip("\n")
    if not _is_begun_plainly(text) or "<" in text or "`" in text or "\\" in text:
        return None
    has_link = "[" in text or "]" in text
    if has_link and ("![" in text or "^[" in text):
        return None
    if "_" in text or "~" in text:
        rest = _LINK.sub("", text)
        if "_" in rest or "~" in rest:
            return None
    html = text
    if "&" in text or ">" in text:
        if _ENTITY.search(text):
            return None
        html = text.replace("&", "&amp;").replace(">", "&gt;")
    if "*" in text:
        html, text = EMPHASIS.sub(_write_emphasis, html), EMPHASIS.sub(itemgetter(2), text)
    if has_link:
        html, text = _LINK.sub(_write_link, html), _LINK.sub(itemgetter(1), text)
    if "*" in html or "[" in html or "]" in html:
        return None
    if "  " in text:
        text = "\n".join(map(join_words, text.split("\n")))
    html = html.replace("\n\n", "</p>\n<p>")
    return f"<p>{html}</p>\n", text.replace("\n\n", "\n")


def _is_begun_plainly(text: str) -> bool:
    """Whether all lines of a text begin as those of paragraphs do, and all it holds can be seen."""
    for line in text.split("\n"):
        if not line:
            continue
        first = line[0]
        is_number = first.isdecimal() and not _NUMBERED.match(line)
        if not (first.isalpha() or is_number or first in _BEGINNINGS) or line[-1] == " ":
            return False
    return "\n\n\n" not in text and text.replace("\n", "").isprintable() and text != ""


def _write_emphasis(found: re.Match[str]) -> str:
    tag = "strong" if found[1] else "em"
    return f"<{tag}>{found[2]}</{tag}>"


def _write_link(found: re.Match[str]) -> str:
    return f'<a href="{found[2]}">{found[1]}</a>'
