"""Players, frames and charts of others: an element that would load them, and what can be told of it."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.embeds.addresses import Address, read_address
from archiver.embeds.moments import read_stamp
from archiver.embeds.passages import Passage, join_passages, read_passages, squeeze
from archiver.embeds.posts import fill_address
from archiver.embeds.providers import find_provider
from archiver.model import Embed, Genre
from archiver.sanitize import judge_shape


class Player(Struct, frozen=True):
    """One form of player: the provider (empty: its address says it), the elements, and the attributes
    that hold its address, or what belongs at `{}` of one.
    """

    provider: str
    selector: str
    attributes: tuple[tuple[str, str], ...]


# What platforms call each of their frames alike.
_NAMELESS = re.compile(
    r"(?:YouTube|Dailymotion|Vimeo|vimeo)[ -](?:video )?player|Dailymotion Video Player|X Post|"
    r"(?:Twitter|Embedded) (?:Tweet|post|video)|fb:\w+ Facebook Social Plugin|Facebook Post|"
    r"Embedded content|Interactive or visual content|(?:Spotify|SoundCloud|TikTok) Embed",
    re.IGNORECASE,
)
# Of attributes of any name that are looked at.
_MOST_ATTRIBUTES = 20
_YOUTUBE = "https://www.youtube.com/watch?v={}"

PLAYERS = (
    Player(
        "youtube",
        "amp-youtube, lite-youtube, youtube-video, .rll-youtube-player, div.youtube-player[data-id]",
        (
            ("data-videoid", _YOUTUBE),
            ("data-id", _YOUTUBE),
            ("videoid", _YOUTUBE),
            ("data-live-channelid", "https://www.youtube.com/channel/{}/live"),
            ("src", "{}"),
        ),
    ),
    Player(
        "vimeo",
        "amp-vimeo, lite-vimeo",
        (("data-videoid", "https://vimeo.com/{}"), ("videoid", "https://vimeo.com/{}")),
    ),
    Player(
        "dailymotion",
        "amp-dailymotion, script[data-video][src*='dailymotion.com']",
        (
            ("data-videoid", "https://www.dailymotion.com/video/{}"),
            ("data-video", "https://www.dailymotion.com/video/{}"),
        ),
    ),
    Player(
        "soundcloud",
        "amp-soundcloud",
        (
            ("data-trackid", "https://api.soundcloud.com/tracks/{}"),
            ("data-playlistid", "https://api.soundcloud.com/playlists/{}"),
        ),
    ),
    Player("vine", "amp-vine", (("data-vineid", "https://vine.co/v/{}"),)),
    Player("brightcove", "amp-brightcove, video-js[data-video-id]", ()),
    Player("jw-player", "amp-jwplayer", ()),
    Player("pinterest", "amp-pinterest, a[data-pin-do]", (("data-url", "{}"), ("href", "{}"))),
    Player("flourish", ".flourish-embed", (("data-src", "https://public.flourish.studio/{}"),)),
    Player("infogram", ".infogram-embed", (("data-id", "https://infogram.com/{}"),)),
    Player(
        "datawrapper",
        "[id^=datawrapper-vis-], script[data-target^='#datawrapper-vis-']",
        (("id", "https://datawrapper.dwcdn.net/{}/"),),
    ),
    Player("tenor", ".tenor-gif-embed", (("data-postid", "https://tenor.com/view/{}"),)),
    Player("tableau", "object.tableauViz, tableau-viz", (("src", "{}"),)),
    Player("", "amp-embedly-card", (("data-url", "{}"),)),
    Player(
        "",
        "iframe, amp-iframe, frame, object, embed, portal, fencedframe",
        (
            ("src", "{}"),
            ("data-src", "{}"),
            ("data", "{}"),
            ("data-embed-src", "{}"),
            ("data-lazy-src", "{}"),
            ("data-href", "{}"),
            ("data-url", "{}"),
            ("movie", "{}"),
        ),
    ),
)


def read_player(node: LexborNode, form: Player, zone: ZoneInfo) -> Embed:
    """A player as an Embed without substance: its address, its title, and as label the words that it
    holds for browsers that cannot show it. What a frame holds in itself (`srcdoc`) was read: its text.
    """
    found = _find_address(node, form)
    if form.provider:
        provider = find_provider(form.provider)
        if found and found.provider != provider.slug:
            found = replace(found, provider=provider.slug, genre=provider.genre)
    embed = Embed(
        provider=found.provider if found else form.provider,
        genre=found.genre if found else _guess_genre(form),
        url=found.url if found else "",
        handle=found.handle if found else "",
        date=read_stamp(found.provider, found.number, zone) if found else None,
        title=_find_title(node),
    )
    text, links = join_passages(_read_document(node.attributes.get("srcdoc") or ""))
    labels = [line for line in (_read_fallback(node),) if line]
    if _NAMELESS.fullmatch(embed.title):
        labels.append(embed.title)
        embed = replace(embed, title="")
    return replace(embed, text=text, links=links, label="\n".join(labels))


def _find_address(node: LexborNode, form: Player) -> Address | None:
    """By the form's attributes, by those of any name that hold an address, by what stands inside."""
    attributes = form.attributes
    if form.provider == "datawrapper":
        name = node.attributes.get("id") or node.attributes.get("data-target") or ""
        number = name.removeprefix("#").removeprefix("datawrapper-vis-")
        return read_address(f"https://datawrapper.dwcdn.net/{number}/")
    if not form.provider:
        named = sorted(
            name for name in node.attributes if re.fullmatch(r"data-[\w-]*(src|url)", name)
        )
        attributes += tuple((name, "{}") for name in named[:_MOST_ATTRIBUTES])
    found = fill_address(node, attributes)
    for inner in node.css("embed, param[name=movie], param[name=src], param[name=url]"):
        found = found or fill_address(inner, (("src", "{}"), ("value", "{}")))
    return found


def _find_title(node: LexborNode) -> str:
    for name in ("title", "aria-label", "alt", "data-title"):
        title = squeeze(node.attributes.get(name) or "")
        if title:
            return title
    # A chart that is all script: beside it stands its picture for browsers without any.
    beside = node.next
    while node.tag == "script" and beside is not None and not (beside.html or "").strip():
        beside = beside.next
    if node.tag == "script" and beside is not None and beside.tag == "noscript":
        pictures = beside.css("img")
        return squeeze(pictures[0].attributes.get("alt") or "") if len(pictures) == 1 else ""
    return ""


def _guess_genre(form: Player) -> Genre:
    return find_provider(form.provider).genre if form.provider else Genre.PAGE


def _read_fallback(node: LexborNode) -> str:
    """The words inside: of a frame they are text to the parser, whatever markup they hold."""
    is_text = node.tag == "iframe"
    passages = _read_document(node.text() or "") if is_text else read_passages(node)
    return "\n".join(passage.text for passage in passages)


def _read_document(html: str) -> list[Passage]:
    """The paragraphs of a document within the document; of one that nobody could read, its source."""
    if not html.strip():
        return []
    if judge_shape(html):
        return [Passage(squeeze(html))]
    body = LexborHTMLParser(html).body
    return read_passages(body) if body is not None else []
