"""What others' markup in a post would load or run, lifted out of it: embeds, players, pictures, consent walls.

The steps are a plain list; each takes the tree further. What is lifted leaves a mark where it stood,
for a card to be put there; all words it held are in what was lifted, or stay in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.embeds.addresses import read_address
from archiver.embeds.passages import is_sign, read_passages, squeeze
from archiver.embeds.pictures import SELECTOR, Shot, read_caption, read_shot
from archiver.embeds.players import PLAYERS, read_player
from archiver.embeds.posts import POSTS, read_post
from archiver.embeds.providers import Provider, find_provider, mentions_provider
from archiver.embeds.walls import find_wall
from archiver.model import Embed, Genre

# Marks as `sanitize` has them: noncharacters, which no content can hold.
LIFT = "\ufdd6{}\ufdd7"
_LIFT = re.compile("\ufdd6(\\d+)\ufdd7")

# Where a card may stand; anything else around it is closed before it and opened again after it.
_ROOMS = frozenset(
    """body article aside blockquote center dd details div fieldset figcaption figure footer form
    header li main nav section td th""".split()
)
_LINES = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "button", "a", "span", "li", "div"})
_EMPTY = re.compile(r"<(p|a|b|i|u|s|em|strong|span|small|h[1-6])(?: [^<>]*)?>\s*</\1>")
_TEMPLATES = "template.lb_consent--awaiting, template[shadowrootmode], template[shadowroot]"


# Blocks that are looked at together.
_LONGEST_WALL = 8


class Lift(Struct, frozen=True):
    """One thing that was lifted: an embed with the pictures in it, or a picture by itself.

    `node` and its first `words` are for its place to be found; `inline` says that it stood among
    words.
    """

    content: Embed | Shot
    node: LexborNode
    words: str = ""
    shots: tuple[Shot, ...] = ()
    inline: bool = False


class Lifted(Struct, frozen=True):
    """HTML with marks (`LIFT`) that number what was lifted out of it, and the tree that is left."""

    html: str
    lifts: tuple[Lift, ...]
    tree: LexborNode


class _Lifting:
    """One lifting on its way: the tree, and what has been taken out of it so far."""

    def __init__(self, html: str, zone: ZoneInfo) -> None:
        self.tree = LexborHTMLParser(f"<!doctype html><body>{html}")
        assert self.tree.body is not None, "a parsed document has a body"
        self.body = self.tree.body
        self.zone = zone
        self.lifts: list[Lift] = []
        self.wrappers: list[list[LexborNode]] = []

    def lift(self, node: LexborNode, content: Embed | Shot, inline: bool = False) -> None:
        """Take a node out of the tree and put a mark in its place, and those that were in it behind."""
        shots: tuple[Shot, ...] = ()
        if isinstance(content, Embed):
            inner = [read_shot(one) for one in node.css(SELECTOR) if one.mem_id != node.mem_id]
            # What a player shows before it plays says something only where it has words.
            is_post = content.genre is Genre.POST
            shots = tuple(
                one for one in inner if one and (one.alt or is_post) and not is_sign(one.alt)
            )
        words = next((line for line in _read_lines(node).split("\n") if line), "")
        wrappers = [] if inline else list(_list_wrappers(node))
        within = _LIFT.findall(node.html or "")
        for number in map(int, within):
            self.wrappers[number] = wrappers
        mark = LIFT.format(len(self.lifts))
        self.wrappers.append(wrappers)
        self.lifts.append(Lift(content, node, words, shots, inline))
        node.replace_with(mark + "".join(map(LIFT.format, within)))

    def find(self, selector: str) -> Iterator[LexborNode]:
        """The elements that are still in the tree, in its order."""
        for node in self.body.css(selector):
            if self.holds(node):
                yield node

    def holds(self, node: LexborNode) -> bool:
        """Whether a node is still in the tree."""
        above: LexborNode | None = node
        while above is not None and above.mem_id != self.body.mem_id:
            above = above.parent
        return above is not None


def lift_embeds(html: str, zone: ZoneInfo) -> Lifted:
    """Lift all that would load something out of some HTML; dates are given in a zone. Never raises."""
    lifting = _Lifting(html, zone)
    for step in STEPS:
        step(lifting)
    text = lifting.body.inner_html or ""
    order = [int(number) for number in _LIFT.findall(text)]
    places = {number: place for place, number in enumerate(order)}

    def make_room(match: re.Match[str]) -> str:
        around = lifting.wrappers[int(match[1])]
        closing = "".join(f"</{node.tag}>" for node in around)
        opening = "".join(_write_tag(node) for node in reversed(around))
        return f"{closing}{LIFT.format(places[int(match[1])])}{opening}"

    text = _LIFT.sub(make_room, text)
    before = "" if order else text
    while before != text:
        before, text = text, _EMPTY.sub("", text)
    return Lifted(text, tuple(lifting.lifts[number] for number in order), lifting.body)


def _open_templates(lifting: _Lifting) -> None:
    """What waits in a template for a reader's consent, and what a script had put into a shadow tree."""
    for node in list(lifting.find(_TEMPLATES)):
        box = lifting.tree.create_node("div")
        for fragment in node.template_fragments()[:1]:
            for child in fragment.iter(include_text=True):
                box.insert_child(child)
        found = read_address(node.attributes.get("data-provider-url") or "")
        if found and not box.css(_EMBEDS):
            text = "\n".join(passage.text for passage in read_passages(box))
            embed = Embed(found.provider, found.genre, found.url, handle=found.handle, label=text)
            lifting.lift(node, embed)
            continue
        for child in list(box.iter(include_text=True)):
            node.insert_before(child)
        node.decompose()


def _flatten_drawings(lifting: _Lifting) -> None:
    """Of a drawing or a formula, the words."""
    for node in lifting.find("svg, math"):
        words = "\n".join(passage.text for passage in read_passages(node))
        if words:
            node.insert_after(f" {words} ")
        for child in list(node.iter(include_text=True)):
            child.decompose()


def _lift_posts(lifting: _Lifting) -> None:
    for form in POSTS:
        for node in lifting.find(form.selector):
            lifting.lift(node, read_post(node, form, lifting.zone))


def _lift_players(lifting: _Lifting) -> None:
    for form in PLAYERS:
        for node in lifting.find(form.selector):
            if not _is_unseen(node):
                lifting.lift(node, read_player(node, form))


def _lift_walls(lifting: _Lifting) -> None:
    """Where a reader was asked for consent, something stood that was not captured."""
    for node in lifting.find('[data-component^="click-to-view:"]'):
        name = (node.attributes.get("data-component") or "").partition(":")[2]
        lifting.lift(node, _make_lost(find_provider(name), node))
    for parent in [lifting.body, *lifting.find(", ".join(sorted(_ROOMS)))]:
        if lifting.holds(parent):
            _lift_walls_of(parent, lifting)


def _lift_walls_of(parent: LexborNode, lifting: _Lifting) -> None:
    blocks = [
        (child, _read_lines(child))
        for child in parent.iter(include_text=True)
        if child.tag not in ("-comment", "br", "hr") and (child.text() or "").strip()
    ]
    while blocks:
        texts = [text if node.tag in _LINES else "" for node, text in blocks[:_LONGEST_WALL]]
        wall = find_wall(texts)
        if wall is None:
            blocks = blocks[1:]
            continue
        nodes = [node for node, _ in blocks[: wall.blocks]]
        first, last = texts[0].split("\n"), texts[wall.blocks - 1].split("\n")
        blocks = blocks[wall.blocks :]
        rests = first[: wall.before], last[len(last) - wall.after :]
        if any(rest and node.css(":not(br)")[1:] for rest, node in zip(rests, nodes, strict=False)):
            continue  # marked up: the words around the wall could not be parted from it
        embed = _make_lost(find_provider(wall.provider), *nodes)
        for rest, put in zip(rests, (nodes[0].insert_before, nodes[-1].insert_after), strict=True):
            if rest:
                paragraph = lifting.tree.create_node("p")
                paragraph.insert_child("\n".join(rest))
                put(paragraph)
        for node in nodes[1:]:
            node.decompose()
        lifting.lift(nodes[0], replace(embed, author=wall.author))


def _make_lost(provider: Provider, *nodes: LexborNode) -> Embed:
    """An embed of which nothing is left but, with luck, its address: that of a thing of the provider
    among the nodes (a request for consent has links to rules), or of the link that is all there is."""
    links = [link for node in nodes for link in (node, *node.css("a[href]")) if link.tag == "a"]
    for link in links:
        found = read_address(link.attributes.get("href") or "")
        if found and (len(nodes) == 1 or (found.provider == provider.slug and found.number)):
            return Embed(provider.slug, found.genre, found.url, handle=found.handle)
    return Embed(provider.slug, provider.genre)


def _lift_figures(lifting: _Lifting) -> None:
    """A figure that is one picture and its words becomes one thing; links in a caption keep it apart."""
    for figure in lifting.find("figure"):
        nodes = [node for node in figure.css(SELECTOR) if not _is_in(node, "noscript", figure)]
        captions = figure.css("figcaption")
        words = "".join((figure.text() or "").split())
        said = "".join("".join((caption.text() or "").split()) for caption in captions[:1])
        if len(nodes) != 1 or figure.css("figcaption a[href], noscript") or words != said:
            continue
        shot = read_shot(nodes[0])
        if shot is not None:
            caption, credit = read_caption(figure)
            lifting.lift(figure, replace(shot, caption=caption, credit=credit))


def _lift_pictures(lifting: _Lifting) -> None:
    for node in reversed(list(lifting.find(_PLAYING))):
        for child in reversed(list(node.iter(include_text=True))):
            if child.tag in ("source", "track"):
                continue
            # What is there for browsers that show no films was seen by nobody. But an element that
            # only a script knows, and that nobody closed, holds the rest of the text.
            if "-" in (node.tag or "") and not _is_stand_in(child):
                node.insert_after(child)
            child.decompose()
    for node in lifting.find(SELECTOR):
        shot = read_shot(node)
        if _is_in(node, "noscript", lifting.body):
            continue
        if shot is None:
            node.decompose()
        elif is_sign(shot.alt) and "emoji" in (node.attributes.get("class") or ""):
            node.replace_with(shot.alt)
        else:
            around = list(_list_wrappers(node))
            words = around[-1].text() if around else ""
            lifting.lift(node, shot, inline=bool(_LIFT.sub("", words or "").strip()))


def _lift_hidden_pictures(lifting: _Lifting) -> None:
    """A picture for browsers without scripts is the same as one beside it, or else the only one."""
    for node in list(lifting.find("noscript")):
        beside = node.parent
        if beside is not None and not _LIFT.search(beside.text() or ""):
            for inner in node.css(SELECTOR):
                shot = read_shot(inner)
                if shot is not None and (shot.alt or not _is_unseen(inner)):
                    node.insert_before(inner)
                    if node.prev is not None:
                        lifting.lift(node.prev, shot)
        node.decompose()


def _drop_scripts(lifting: _Lifting) -> None:
    """The scripts that would have loaded what is now a card, and what they were to fill."""
    for node in list(lifting.find("script, #fb-root")):
        said = (node.attributes.get("src") or "") + (node.text() or "")
        if node.tag != "script" or mentions_provider(said) or "datawrapper-height" in said:
            node.decompose()


def _list_wrappers(node: LexborNode) -> Iterator[LexborNode]:
    """The elements around a node that no card may stand in, from the inside out."""
    above = node.parent
    while above is not None and above.tag not in _ROOMS:
        yield above
        above = above.parent


def _write_tag(node: LexborNode) -> str:
    attributes = "".join(
        f' {name}="{escape(value or "")}"'
        for name, value in node.attributes.items()
        if name in ("dir", "lang", "href")
    )
    return f"<{node.tag}{attributes}>"


def _read_lines(node: LexborNode) -> str:
    if node.tag == "-text":
        return "\n".join(squeeze(line) for line in (node.text() or "").strip().split("\n"))
    lines = []
    for child in node.iter(include_text=True):
        lines.append("\n" if child.tag == "br" else child.text() or "")
    return "\n".join(squeeze(line) for line in "".join(lines).strip().split("\n"))


def _is_in(node: LexborNode, tag: str, top: LexborNode) -> bool:
    above = node.parent
    while above is not None and above.mem_id != top.mem_id:
        if above.tag == tag:
            return True
        above = above.parent
    return False


def _is_stand_in(node: LexborNode) -> bool:
    """Whether an AMP page shows a node only until, or unless, it shows the thing itself."""
    return node.tag == "noscript" or bool({"placeholder", "fallback"} & set(node.attributes or {}))


def _is_unseen(node: LexborNode) -> bool:
    """Whether a frame or a picture is there only to count its readers."""
    sizes = [(node.attributes.get(name) or "").strip() for name in ("width", "height")]
    return all(re.fullmatch(r"[01](?:px)?", size) for size in sizes)


_PLAYING = "video, audio, amp-img, amp-anim, amp-video, amp-audio"
_EMBEDS = ", ".join(form.selector for form in (*POSTS, *PLAYERS))
STEPS: tuple[Callable[[_Lifting], None], ...] = (
    _open_templates,
    _flatten_drawings,
    _lift_posts,
    _lift_players,
    _lift_walls,
    _lift_figures,
    _lift_pictures,
    _lift_hidden_pictures,
    _drop_scripts,
)
