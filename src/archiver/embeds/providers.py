"""Whose embeds there are: a row a provider, with its name, what it shows, its hosts and its profiles."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import quote

from msgspec import Struct

from archiver.model import Genre


class Provider(Struct, frozen=True):
    """A platform whose things are embedded.

    `hosts` are those its own pages and scripts come from, with all hosts below them; `profile` is
    the address of an account, with `{}` where the name without its `@` belongs.
    """

    slug: str
    name: str
    genre: Genre
    hosts: tuple[str, ...] = ()
    profile: str = ""


_POST, _VIDEO, _SOUND, _CHART = Genre.POST, Genre.VIDEO, Genre.SOUND, Genre.CHART

PROVIDERS = (
    Provider(
        "twitter", "Twitter", _POST, ("twitter.com", "t.co", "twimg.com"), "https://twitter.com/{}"
    ),
    Provider("x", "X", _POST, ("x.com",), "https://x.com/{}"),
    Provider(
        "instagram",
        "Instagram",
        _POST,
        ("instagram.com", "instagr.am", "cdninstagram.com"),
        "https://www.instagram.com/{}/",
    ),
    Provider("facebook", "Facebook", _POST, ("facebook.com", "facebook.net", "fb.com", "fb.watch")),
    Provider(
        "tiktok", "TikTok", _VIDEO, ("tiktok.com", "ttwstatic.com"), "https://www.tiktok.com/@{}"
    ),
    Provider(
        "threads", "Threads", _POST, ("threads.net", "threads.com"), "https://www.threads.net/@{}"
    ),
    Provider(
        "bluesky", "Bluesky", _POST, ("bsky.app", "bsky.social"), "https://bsky.app/profile/{}"
    ),
    Provider("mastodon", "Mastodon", _POST),
    Provider(
        "reddit",
        "Reddit",
        _POST,
        ("reddit.com", "redditmedia.com"),
        "https://www.reddit.com/user/{}",
    ),
    Provider("linkedin", "LinkedIn", _POST, ("linkedin.com",)),
    Provider("telegram", "Telegram", _POST, ("t.me", "telegram.org"), "https://t.me/{}"),
    Provider("vk", "VK", _POST, ("vk.com", "vkvideo.ru")),
    Provider("tumblr", "Tumblr", _POST, ("tumblr.com",)),
    Provider("pinterest", "Pinterest", Genre.PICTURE, ("pinterest.com", "pinimg.com")),
    Provider("imgur", "Imgur", Genre.PICTURE, ("imgur.com",)),
    Provider("flickr", "Flickr", Genre.PICTURE, ("flickr.com", "staticflickr.com", "flic.kr")),
    Provider("giphy", "Giphy", Genre.PICTURE, ("giphy.com", "gph.is")),
    Provider("tenor", "Tenor", Genre.PICTURE, ("tenor.com",)),
    Provider(
        "youtube",
        "YouTube",
        _VIDEO,
        ("youtube.com", "youtube-nocookie.com", "youtu.be", "ytimg.com"),
    ),
    Provider("vimeo", "Vimeo", _VIDEO, ("vimeo.com", "vimeocdn.com")),
    Provider("dailymotion", "Dailymotion", _VIDEO, ("dailymotion.com", "dai.ly")),
    Provider("twitch", "Twitch", _VIDEO, ("twitch.tv",)),
    Provider("streamable", "Streamable", _VIDEO, ("streamable.com",)),
    Provider("rumble", "Rumble", _VIDEO, ("rumble.com",)),
    Provider("vine", "Vine", _VIDEO, ("vine.co",)),
    Provider("periscope", "Periscope", _VIDEO, ("periscope.tv", "pscp.tv")),
    Provider("brightcove", "Brightcove", _VIDEO, ("brightcove.net", "brightcove.com")),
    Provider("jw-player", "JW Player", _VIDEO, ("jwplayer.com", "jwplatform.com")),
    Provider("spotify", "Spotify", _SOUND, ("spotify.com",)),
    Provider("soundcloud", "SoundCloud", _SOUND, ("soundcloud.com",)),
    Provider("apple-podcasts", "Apple Podcasts", _SOUND, ("podcasts.apple.com",)),
    Provider("audioboom", "Audioboom", _SOUND, ("audioboom.com",)),
    Provider("acast", "Acast", _SOUND, ("acast.com",)),
    Provider("mixcloud", "Mixcloud", _SOUND, ("mixcloud.com",)),
    Provider("datawrapper", "Datawrapper", _CHART, ("datawrapper.de", "dwcdn.net")),
    Provider("flourish", "Flourish", _CHART, ("flourish.studio", "flo.uri.sh")),
    Provider("infogram", "Infogram", _CHART, ("infogram.com", "infogr.am")),
    Provider("tableau", "Tableau", _CHART, ("tableau.com", "tableausoftware.com")),
    Provider("openstreetmap", "OpenStreetMap", Genre.MAP, ("openstreetmap.org",)),
    Provider("google-docs", "Google Docs", Genre.DOCUMENT, ("docs.google.com", "drive.google.com")),
    Provider("google-maps", "Google Maps", Genre.MAP, ("maps.google.com", "maps.app.goo.gl")),
    Provider("documentcloud", "DocumentCloud", Genre.DOCUMENT, ("documentcloud.org",)),
    Provider("scribd", "Scribd", Genre.DOCUMENT, ("scribd.com",)),
)

# No host of a provider has more parts.
_MOST_LABELS = max(host.count(".") + 1 for provider in PROVIDERS for host in provider.hosts)
_BY_SLUG = {provider.slug: provider for provider in PROVIDERS}
_BY_HOST = {host: provider for provider in PROVIDERS for host in provider.hosts}
_HOSTS = re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, sorted(_BY_HOST))) + r")(?![\w.-])")


@cache
def find_provider(written: str) -> Provider:
    """The provider that an embed block names: by its slug, its name, or its host.

    One that is not known shows posts, so far as anybody can tell; one that is named by its host
    alone shows a page.
    """
    folded = re.sub(r"[\s_]+", "-", written.strip().casefold())
    known = _BY_SLUG.get(folded) or _BY_HOST.get(folded)
    if known:
        return known
    if "." in folded:
        return Provider(written, written, Genre.PAGE)
    return Provider(written, written[:1].upper() + written[1:], Genre.POST)


@cache
def find_host(host: str) -> Provider:
    """The provider behind a host name; one that is not known is called by that name."""
    name = host.casefold().rstrip(".")
    below = ".".join(name.split(".")[-_MOST_LABELS:])
    while below:
        if below in _BY_HOST:
            return _BY_HOST[below]
        below = below.partition(".")[2]
    return Provider(name, name.removeprefix("www."), Genre.PAGE)


def mentions_provider(text: str) -> bool:
    """Whether a host of any provider stands in a text, a script's say."""
    return _HOSTS.search(text) is not None


def spell_profile(provider: Provider, handle: str) -> str:
    """The address of an account's page, from its handle with `@`; empty where there is none."""
    name = handle.lstrip("@")
    user, _, host = name.partition("@")
    if host and re.fullmatch(r"[\w.-]+\.\w+", host):
        return f"https://{host}/@{quote(user)}"
    return provider.profile.format(quote(name)) if provider.profile and name else ""
