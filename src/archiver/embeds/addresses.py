"""What the address of a post, a player or a frame says: whose thing it is, which, and where it may be seen.

A row of `PATTERNS` is one form of address. The first that fits counts.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from html import unescape
from urllib.parse import quote, unquote, urlsplit

from msgspec import Struct

from archiver.embeds.providers import find_host, find_provider
from archiver.model import Genre

_PARAMETER = r"(?=[^?]*\?(?:.*&)?{}=(?P<{}>[^&#]+))"


def _given(name: str, group: str = "") -> str:
    return _PARAMETER.format(name, group or name)


class Pattern(Struct, frozen=True):
    """One form of address: the provider, what of `host/path?query` is matched, and the address of
    the page that people go to, from the groups of the match (empty: the address as it is).
    """

    provider: str
    match: str
    page: str = ""
    genre: Genre | None = None


class Address(Struct, frozen=True):
    """What an address says. `handle` begins with `@`; `number` is the thing's own at its provider."""

    provider: str
    url: str
    genre: Genre
    handle: str = ""
    number: str = ""


_YOUTUBE = r"(?:www\.|m\.|music\.)?youtube(?:-nocookie)?\.com"
_FACEBOOK = r"(?:\w+[.-])*facebook\.com"

PATTERNS = (
    Pattern("twitter", r"(?:www\.|mobile\.|m\.)?twitter\.com/(?:i/web|i)/status/(?P<number>\d+)", "https://twitter.com/i/status/{number}"),
    Pattern("twitter", r"(?:www\.|mobile\.|m\.)?twitter\.com/(?:#!/)?(?P<handle>\w+)/status(?:es)?/(?P<number>\d+)", "https://twitter.com/{handle}/status/{number}"),
    Pattern("twitter", r"platform\.(?:twitter|x)\.com/embed/(?:Tweet|index)\.html" + _given("id", "number"), "https://twitter.com/i/status/{number}"),
    Pattern("x", r"(?:www\.|mobile\.)?x\.com/(?:i/web|i)/status/(?P<number>\d+)", "https://x.com/i/status/{number}"),
    Pattern("x", r"(?:www\.|mobile\.)?x\.com/(?P<handle>\w+)/status(?:es)?/(?P<number>\d+)", "https://x.com/{handle}/status/{number}"),
    Pattern("instagram", r"(?:www\.)?(?:instagram\.com|instagr\.am)/(?:[\w.]+/)?p/(?P<number>[\w-]+)", "https://www.instagram.com/p/{number}/"),
    Pattern("instagram", r"(?:www\.)?instagram\.com/(?:[\w.]+/)?(?:reels?|tv)/(?P<number>[\w-]+)", "https://www.instagram.com/reel/{number}/", Genre.VIDEO),
    Pattern("facebook", _FACEBOOK + r"/(?:v\d+\.\d+/)?plugins/video(?:\.php)?" + _given("href"), "{href}", Genre.VIDEO),
    Pattern("facebook", _FACEBOOK + r"/(?:v\d+\.\d+/)?plugins/\w+(?:\.php)?" + _given("href"), "{href}"),
    Pattern("facebook", _FACEBOOK + r"/(?:[^/?]+/videos/|video\.php|watch/?\?|reel/)", genre=Genre.VIDEO),
    Pattern("facebook", r"fb\.watch/", genre=Genre.VIDEO),
    Pattern("tiktok", r"(?:www\.|m\.)?tiktok\.com/@(?P<handle>[\w.]+)/(?:video|photo)/(?P<number>\d+)", "https://www.tiktok.com/@{handle}/video/{number}"),
    Pattern("tiktok", r"(?:www\.)?tiktok\.com/(?:embed/v\d|embed|player/v\d)/(?P<number>\d+)", "https://www.tiktok.com/embed/v2/{number}"),
    Pattern("threads", r"(?:www\.)?threads\.(?P<top>net|com)/@(?P<handle>[\w.]+)/post/(?P<number>[\w-]+)", "https://www.threads.{top}/@{handle}/post/{number}"),
    Pattern("threads", r"(?:www\.)?threads\.(?P<top>net|com)/t/(?P<number>[\w-]+)", "https://www.threads.{top}/t/{number}"),
    Pattern("bluesky", r"bsky\.app/profile/(?P<handle>[\w-]+(?:\.[\w-]+)+)/post/(?P<number>\w+)", "https://bsky.app/profile/{handle}/post/{number}"),
    Pattern("bluesky", r"bsky\.app/profile/(?P<did>did:[\w:.-]+)/post/(?P<number>\w+)", "https://bsky.app/profile/{did}/post/{number}"),
    Pattern("bluesky", r"embed\.bsky\.app/embed/(?:at://)?(?P<did>did:[\w:.-]+)/app\.bsky\.feed\.post/(?P<number>\w+)", "https://bsky.app/profile/{did}/post/{number}"),
    Pattern("youtube", _YOUTUBE + r"/(?:embed|v)/videoseries\?(?:.*&)?list=(?P<list>[\w-]+)", "https://www.youtube.com/playlist?list={list}"),
    Pattern("youtube", _YOUTUBE + r"/embed/live_stream" + _given("channel"), "https://www.youtube.com/channel/{channel}/live"),
    Pattern("youtube", _YOUTUBE + r"/(?:embed|v|e)/(?P<number>[\w-]+)" + _given("start"), "https://www.youtube.com/watch?v={number}&t={start}s"),
    Pattern("youtube", _YOUTUBE + r"/(?:embed|v|e|shorts|live)/(?P<number>[\w-]+)", "https://www.youtube.com/watch?v={number}"),
    Pattern("youtube", _YOUTUBE + r"/watch" + _given("v", "number") + _given("t"), "https://www.youtube.com/watch?v={number}&t={t}"),
    Pattern("youtube", _YOUTUBE + r"/watch" + _given("v", "number"), "https://www.youtube.com/watch?v={number}"),
    Pattern("youtube", r"youtu\.be/(?P<number>[\w-]+)" + _given("t"), "https://www.youtube.com/watch?v={number}&t={t}"),
    Pattern("youtube", r"youtu\.be/(?P<number>[\w-]+)", "https://www.youtube.com/watch?v={number}"),
    Pattern("vimeo", r"player\.vimeo\.com/video/(?P<number>\d+)" + _given("h"), "https://vimeo.com/{number}/{h}"),
    Pattern("vimeo", r"(?:player\.|www\.)?vimeo\.com/(?:video/|channels/\w+/|event/)?(?P<number>\d+)$", "https://vimeo.com/{number}"),
    Pattern("vimeo", r"player\.vimeo\.com/video/(?P<number>\d+)", "https://vimeo.com/{number}"),
    Pattern("dailymotion", r"(?:www\.)?dailymotion\.com/(?:embed/|swf/)?video/(?P<number>\w+)", "https://www.dailymotion.com/video/{number}"),
    Pattern("dailymotion", r"geo\.dailymotion\.com/player[\w/.-]*" + _given("video", "number"), "https://www.dailymotion.com/video/{number}"),
    Pattern("dailymotion", r"dai\.ly/(?P<number>\w+)", "https://www.dailymotion.com/video/{number}"),
    Pattern("twitch", r"player\.twitch\.tv/" + _given("video", "number"), "https://www.twitch.tv/videos/{number}"),
    Pattern("twitch", r"player\.twitch\.tv/" + _given("channel"), "https://www.twitch.tv/{channel}"),
    Pattern("twitch", r"clips\.twitch\.tv/embed" + _given("clip"), "https://clips.twitch.tv/{clip}"),
    Pattern("streamable", r"streamable\.com/(?:[eos]/)?(?P<number>\w+)", "https://streamable.com/{number}"),
    Pattern("spotify", r"open\.spotify\.com/(?:embed(?:-podcast)?/)?(?:intl-\w+/)?(?P<what>track|album|artist|playlist|episode|show)/(?P<number>\w+)", "https://open.spotify.com/{what}/{number}"),
    Pattern("spotify", r"embed\.spotify\.com/\?(?:.*&)?uri=spotify(?::|%3A)(?P<what>\w+)(?::|%3A)(?P<number>\w+)", "https://open.spotify.com/{what}/{number}"),
    Pattern("soundcloud", r"w\.soundcloud\.com/player/?" + _given("url"), "{url}"),
    Pattern("apple-podcasts", r"embed\.podcasts\.apple\.com/(?P<path>[^?]+)" + _given("i"), "https://podcasts.apple.com/{path}?i={i}"),
    Pattern("apple-podcasts", r"embed\.podcasts\.apple\.com/(?P<path>[^?]+)", "https://podcasts.apple.com/{path}"),
    Pattern("giphy", r"(?:www\.|media\.)?giphy\.com/(?:embed|gifs|media)/(?:[\w-]*-)?(?P<number>\w+)", "https://giphy.com/gifs/{number}"),
    Pattern("flourish", r"(?:flo\.uri\.sh|(?:public\.|app\.)?flourish\.studio)/(?P<what>visualisation|story)/(?P<number>\d+)", "https://public.flourish.studio/{what}/{number}/"),
    Pattern("datawrapper", r"datawrapper\.dwcdn\.(?:net|de)/(?P<number>\w+)", "https://datawrapper.dwcdn.net/{number}/"),
    Pattern("infogram", r"(?:e\.)?infogram\.com/(?P<number>[\w-]+)", "https://infogram.com/{number}"),
    Pattern("google-maps", r"(?:www\.|maps\.)?google\.(?:com?\.)?\w+/(?:maps\b|\?.*output=embed)", genre=Genre.MAP),
    Pattern("google-maps", r"maps\.google\.(?:com?\.)?\w+/", genre=Genre.MAP),
    Pattern("openstreetmap", r"www\.openstreetmap\.org/", genre=Genre.MAP),
    Pattern("google-docs", r"docs\.google\.com/spreadsheets/", genre=Genre.CHART),
    Pattern("reddit", r"(?:www\.|old\.|embed\.|sh\.)?reddit(?:media)?\.com/(?P<path>r/\w+/comments/(?P<number>\w+)(?:/[^?#]*)?)", "https://www.reddit.com/{path}"),
    Pattern("telegram", r"t\.me/(?:s/)?(?P<handle>\w+)/(?P<number>\d+)", "https://t.me/{handle}/{number}"),
    Pattern("mastodon", r"(?P<host>[\w.-]+\.\w+)/@(?P<user>\w+(?:@[\w.-]+)?)/(?P<number>\d{6,})(?:/embed)?/?$", "https://{host}/@{user}/{number}"),
    Pattern("mastodon", r"(?P<host>[\w.-]+\.\w+)/users/(?P<user>\w+)/statuses/(?P<number>\d+)(?:/embed)?/?$", "https://{host}/@{user}/{number}"),
)  # fmt: skip

# Longer ones (characters) are nothing that any pattern knows.
_LONGEST = 8000
# C0 controls and the space.
_IGNORED = "".join(map(chr, range(0x21)))
# What no address is written with: an address within an address may hold any character encoded.
_UNWRITTEN = re.compile(
    r'[\s<>"\\^`{|}\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff'
    r"\U0001fffe\U0001ffff]"
)
# An address in which there is nothing to take out or to write otherwise, as nearly all are.
_PLAIN = re.compile(r"https?://[a-z0-9.-]+(?:[/?#][\w./?#=:@%~,;!*+-]*)?", re.ASCII)
# What only tells who sent a reader; the thing is the same without it.
_TRACKING = re.compile(r"(?:ref_src|ref_url|utm_\w+|fbclid|igshid?|igsh|refer|si|feature)(?:=|$)")

# WordPress shows a part of a page of its own in a frame, under the page's address.
_FRAMED = re.compile(r"(?<=/)embed/?#\?secret=[\w#?=]*$")


def read_web_address(written: str) -> str:
    """An address on the web, as an attribute holds it, made absolute; empty where it is none.

    Attributes may lack the scheme (`//host/…`). Two forms of address that lead to one thing should
    read alike, so what browsers ignore is taken out (WHATWG URL).
    """
    if _PLAIN.fullmatch(written):
        return written
    cleaned = re.sub("[\t\n\r]|[\ufdd0-\ufdef]\\d*", "", unescape(written)).strip(_IGNORED)
    if cleaned.startswith("//"):
        cleaned = "https:" + cleaned
    if not re.match(r"https?://[^/?#\s]", cleaned, re.IGNORECASE):
        return ""
    cleaned = _UNWRITTEN.sub(lambda one: quote(one[0], safe=""), cleaned)
    try:
        urlsplit(cleaned)
    except ValueError:
        return ""
    return cleaned


@cache
def _compile_patterns() -> tuple[tuple[Pattern, re.Pattern[str]], ...]:
    """The patterns, when the first address is read: compiling them takes longer than an archive without
    embeds should wait."""
    return tuple((pattern, re.compile(pattern.match, re.IGNORECASE)) for pattern in PATTERNS)


# Within one embed the same address is asked for several times.
@lru_cache(maxsize=16)
def read_address(written: str) -> Address | None:
    """What an address says, by the first pattern that fits, else by its host; None where it is none."""
    url = read_web_address(written)
    if not url:
        return None
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    seen = f"{host}{parts.path}" + (f"?{parts.query}" if parts.query else "")
    for pattern, compiled in _compile_patterns() if len(seen) < _LONGEST else ():
        match = compiled.match(seen)
        if match:
            return _read_match(pattern, match, url)
    provider = find_host(host)
    return Address(provider.slug, strip_tracking(url), provider.genre)


def _read_match(pattern: Pattern, match: re.Match[str], url: str) -> Address:
    groups = {name: value or "" for name, value in match.groupdict().items()}
    page = strip_tracking(url)
    if pattern.page.startswith("{"):
        page = read_web_address(unquote(pattern.page.format(**groups))) or page
    elif pattern.page:
        page = pattern.page.format(**groups)
    handle = groups.get("handle", "")
    if pattern.provider == "mastodon":
        user = groups["user"]
        handle = user if "@" in user else f"{user}@{groups['host']}"
    return Address(
        pattern.provider,
        strip_tracking(page),
        pattern.genre or find_provider(pattern.provider).genre,
        f"@{handle}" if handle else "",
        groups.get("number", ""),
    )


def strip_tracking(url: str) -> str:
    """An address without the parameters that only tell who sent a reader, or that it is for a frame."""
    url = _FRAMED.sub("", url)
    head, mark, query = url.partition("?")
    if not mark:
        return url
    query, hash_mark, fragment = query.partition("#")
    kept = "&".join(part for part in query.split("&") if part and not _TRACKING.match(part))
    return head + (f"?{kept}" if kept else "") + hash_mark + fragment
