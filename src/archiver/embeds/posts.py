"""Posts of other platforms as they are pasted: a quotation with an attribution, for a script to replace.

A row of `POSTS` is one platform's form. What a row does not know of a post's words is kept as its
text, so that nothing is lost where a platform changes its form.
"""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from msgspec import Struct
from selectolax.lexbor import LexborNode

from archiver.embeds.addresses import Address, read_address
from archiver.embeds.moments import read_day, read_stamp
from archiver.embeds.passages import Passage, join_passages, read_passages
from archiver.embeds.phrases import clean
from archiver.embeds.providers import find_provider
from archiver.model import Anchor, Embed, Genre, Stamp
from archiver.times import DateError, read_date


class Post(Struct, frozen=True):
    """One platform's form of a post.

    `attributes` may hold the address, or what belongs at `{}` of one; `attribution` is the end of
    the text, with groups for author, handle and date; `label` is a line that the platform says of
    itself, and may name the handle.
    """

    provider: str
    selector: str
    attributes: tuple[tuple[str, str], ...] = (("cite", "{}"), ("data-href", "{}"))
    attribution: str = ""
    label: str = ""


_DASH = r"(?:[\u2014\u2013]|--)"
_NAME = r"(?:(?!\s[\u2014\u2013]\s).)*?"

POSTS = (
    Post(
        "twitter",
        "amp-twitter, twitter-widget, twitterwidget, iframe[data-tweet-id], blockquote.twitter-tweet, "
        "blockquote.nojs-tweet, blockquote.twitter-video",
        (
            ("data-tweetid", "https://twitter.com/i/status/{}"),
            ("data-tweet-id", "https://twitter.com/i/status/{}"),
            ("cite", "{}"),
        ),
        rf"{_DASH}\s*(?P<author>{_NAME})\s*\(\s*(?P<handle>@\w+)\s*\)\s*(?P<date>.*)",
    ),
    Post(
        "instagram",
        "amp-instagram, blockquote.instagram-media",
        (
            ("data-instgrm-permalink", "{}"),
            ("data-shortcode", "https://www.instagram.com/p/{}/"),
            ("cite", "{}"),
        ),
        r"A (?:post|video|photo|reel) (?:shared|posted) by\s+(?P<author>.*?)\s*"
        r"\((?P<handle>@[\w.]+)\)(?:\s+on\s+(?P<date>.*))?",
        r".*\((?P<handle>@[\w.]+)\).*",
    ),
    Post(
        "facebook",
        "amp-facebook, amp-facebook-comments, .fb-post, .fb-video, .fb-comment-embed, "
        "blockquote.fb-xfbml-parse-ignore",
        attribution=r"Post(?:ed)? by\s+(?P<author>.*?)\s+on\s+(?P<date>.*)",
        label=r"Post by .{1,80}\.",
    ),
    Post(
        "tiktok",
        "amp-tiktok, blockquote.tiktok-embed",
        (
            ("cite", "{}"),
            ("data-src", "{}"),
            ("data-video-id", "https://www.tiktok.com/embed/v2/{}"),
        ),
    ),
    Post(
        "threads",
        "blockquote.text-post-media",
        (("data-text-post-permalink", "{}"), ("cite", "{}")),
        label=r"Post by (?P<handle>@[\w.]+)|View on Threads",
    ),
    Post(
        "bluesky",
        "blockquote.bluesky-embed",
        (("cite", "{}"), ("data-bluesky-uri", "https://embed.bsky.app/embed/{}")),
        rf"{_DASH}\s*(?P<author>{_NAME})\s*\(\s*(?P<handle>@[\w.-]+)\s*\)\s*(?P<date>.*)",
    ),
    Post(
        "mastodon",
        "blockquote.mastodon-embed",
        (("data-embed-url", "{}"), ("cite", "{}")),
        label=r"Post by (?P<handle>@[\w.]+(?:@[\w.-]+)?)|View on Mastodon",
    ),
    Post(
        "reddit",
        "amp-reddit, blockquote.reddit-card, blockquote.reddit-embed-bq",
        (("data-src", "{}"), ("cite", "{}")),
        label=r"by\s+u/(?P<handle>[\w-]+)(?:\s+in\s+\S+)?",
    ),
    Post(
        "imgur",
        "amp-imgur, blockquote.imgur-embed-pub",
        (("data-imgur-id", "https://imgur.com/{}"), ("data-id", "https://imgur.com/{}")),
    ),
    Post("tumblr", ".tumblr-post"),
    Post("telegram", "[data-telegram-post]", (("data-telegram-post", "https://t.me/{}"),)),
)

# An attribution is not looked for further from the end than this (characters).
_LONGEST = 600
# A link to the post itself is a label ("View this post on …") only where it is short.
_LONGEST_LABEL = 10


def read_post(node: LexborNode, form: Post, zone: ZoneInfo) -> Embed:
    """A pasted post as an Embed: all words of the node are in its author, handle, date, text or label."""
    passages, stand_ins = _read_apart(node)
    found = _find_address(node, passages, form)
    provider = find_provider(found.provider if found else form.provider)
    signature, passages = _take_attribution(passages, form)
    labels, passages = _take_labels(passages, form, found, provider.name)
    labels += stand_ins
    stamp, is_shown = _find_date(node, found, signature.get("date", ""), zone)
    line = signature.get("line", "")
    for shown in ("author", "handle", *(["date"] if is_shown else [])):
        line = line.replace(signature.get(shown, ""), "", 1)
    if re.search(r"\w", line):
        said = signature["date"] if line.strip(" \u2014\u2013-()") == signature["date"] else ""
        labels.append(said or signature["line"])
    text, links = join_passages(passages)
    handle = (
        signature.get("handle") or _find_handle(labels, form) or (found.handle if found else "")
    )
    is_video = "video" in (node.attributes.get("class") or "").split("-")
    return Embed(
        provider=provider.slug,
        genre=Genre.VIDEO if is_video else found.genre if found else provider.genre,
        url=found.url if found else "",
        author=signature.get("author", ""),
        handle=handle,
        date=stamp,
        text=text,
        links=tuple(link for link in links if found is None or not _leads_to(link, found)),
        label="\n".join(labels),
    )


def _read_apart(node: LexborNode) -> tuple[list[Passage], list[str]]:
    """What a post says, and what an AMP page says in its place while it loads, or when it is gone."""
    stand_ins = [
        one
        for one in node.css("[placeholder], [fallback], [overflow]")
        if (node.tag or "").startswith("amp-")
        and one.tag != "blockquote"
        and one.css_first("blockquote") is None
    ]
    said = [passage.text for one in stand_ins for passage in read_passages(one)]
    for one in stand_ins:
        one.decompose()
    return read_passages(node), said


def fill_address(node: LexborNode, attributes: tuple[tuple[str, str], ...]) -> Address | None:
    """The address that the first of some attributes gives that holds one."""
    for name, form in attributes:
        value = (node.attributes.get(name) or "").strip()
        found = read_address(form.format(value)) if value else None
        if found:
            return found
    return None


def _find_address(node: LexborNode, passages: list[Passage], form: Post) -> Address | None:
    """The post's own address: of the links that fit the platform, the last; it may say more than an
    attribute does."""
    given = fill_address(node, form.attributes)
    for inner in node.css("[cite]") if given is None else ():
        given = given or fill_address(inner, form.attributes)
    links = [link.url for passage in passages for link in passage.links]
    links = links or [link.attributes.get("href") or "" for link in node.css("a[href]")]
    family = {form.provider, given.provider if given else form.provider}
    family |= {"x", "twitter"} if "twitter" in family else set()
    linked = [found for link in links if (found := read_address(link))]
    posts = [found for found in linked if found.provider in family and found.number]
    if given and (given.handle or given.number not in {post.number for post in posts}):
        return given
    return posts[-1] if posts else given or next((f for f in linked if f.provider in family), None)


def _leads_to(link: Anchor, found: Address) -> bool:
    address = read_address(link.url)
    return address is not None and address.url == found.url


def _take_attribution(passages: list[Passage], form: Post) -> tuple[dict[str, str], list[Passage]]:
    """What the last paragraph that ends with the platform's attribution says, and the others."""
    if not form.attribution:
        return {}, passages
    whole = re.compile(
        rf"(?P<before>)(?P<line>{form.attribution.replace(_NAME, '.*?')})", re.DOTALL
    )
    part = re.compile(rf"(?:(?P<before>.*?)\s)??(?P<line>{form.attribution})", re.DOTALL)
    for place in range(len(passages) - 1, -1, -1):
        head, text = passages[place].text[:-_LONGEST], passages[place].text[-_LONGEST:]
        # A name may hold dashes; where the words of the post stand before it, they may, too.
        match = (whole.fullmatch(text) if place and not head else None) or part.fullmatch(text)
        if match is None:
            continue
        rest = passages[:place] + passages[place + 1 :]
        before = (head + (match["before"] or "")).strip()
        if before:
            links = tuple(link for link in passages[place].links if link.text in before)
            rest.insert(place, Passage(before, links))
        return {name: value or "" for name, value in match.groupdict().items()}, rest
    return {}, passages


def _take_labels(
    passages: list[Passage], form: Post, found: Address | None, name: str
) -> tuple[list[str], list[Passage]]:
    """The lines in which the platform speaks of itself, and the others."""
    labels: list[str] = []
    kept: list[Passage] = []
    for passage in passages:
        text = passage.text
        leads_home = _signs_off(passage, form, found) or (
            found is not None
            and [link.text for link in passage.links] == [text]
            and _leads_to(passage.links[0], found)
            and len(text.split()) <= _LONGEST_LABEL
            and name.casefold() in text.casefold()
        )
        is_label = leads_home or (form.label and re.fullmatch(form.label, clean(text)))
        (labels if is_label else kept).append(text if is_label else passage)  # type: ignore[arg-type]
    return labels, kept


def _signs_off(passage: Passage, form: Post, found: Address | None) -> bool:
    """Whether a paragraph is what Facebook puts under a post, in any language: whose it is, and at its
    end the day, which leads to the post."""
    return (
        form.provider == "facebook"
        and found is not None
        and passage.links != ()
        and passage.text != passage.links[-1].text
        and passage.text.endswith(passage.links[-1].text)
        and re.search(r"\d{4}", passage.links[-1].text) is not None
        and _leads_to(passage.links[-1], found)
    )


def _find_handle(labels: list[str], form: Post) -> str:
    for label in labels:
        match = re.fullmatch(form.label, clean(label)) if form.label else None
        handle = match.groupdict().get("handle") if match else None
        if handle:
            return handle if handle.startswith("@") else f"@{handle}"
    return ""


def _find_date(
    node: LexborNode, found: Address | None, words: str, zone: ZoneInfo
) -> tuple[Stamp | None, bool]:
    """When the post was published, and whether a page that shows that need not show the words.

    What the post's markup says comes first, then what its number holds, then the words' day.
    """
    stamp: Stamp | None = None
    for time in node.css("time[datetime]"):
        try:
            stamp = stamp or read_date(time.attributes.get("datetime") or "", zone)
        except DateError:
            continue
    if stamp is None and found is not None:
        stamp = read_stamp(found.provider, found.number, zone)
    day = read_day(words)
    if stamp is None and day is not None:
        stamp = Stamp(day)
    return stamp, not words or (day is not None and stamp is not None and stamp.day == day)
