"""Where a reader was asked for consent: what waits in a template is opened, and a wall becomes a card."""

from __future__ import annotations

from msgspec.structs import replace
from selectolax.lexbor import LexborNode

from archiver.embeds.addresses import read_address
from archiver.embeds.lifting import ROOMS, Lifting, read_lines
from archiver.embeds.passages import read_passages, squeeze
from archiver.embeds.players import PLAYERS
from archiver.embeds.posts import POSTS
from archiver.embeds.providers import Provider, find_provider
from archiver.embeds.walls import find_wall, may_hold_wall
from archiver.model import Embed

# Blocks that are looked at together.
_LONGEST_WALL = 8
_LINES = frozenset(
    {"p", "strong", "b", "h1", "h2", "h3", "h4", "h5", "h6", "button", "a", "span", "li", "div"}
)
_TEMPLATES = "template.lb_consent--awaiting, template[shadowrootmode], template[shadowroot]"
_EMBEDS = ", ".join(form.selector for form in (*POSTS, *PLAYERS))


def open_templates(lifting: Lifting) -> None:
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


def lift_walls(lifting: Lifting) -> None:
    """Where a reader was asked for consent, something stood that was not captured."""
    for node in lifting.find('[data-component^="click-to-view:"]'):
        name = squeeze(node.attributes.get("data-component") or "").partition(":")[2]
        lifting.lift(node, _make_lost(find_provider(name), node))
    # Most hold no wall: all words are asked once, and not each block with those that follow it.
    if not may_hold_wall(lifting.body.text() or ""):
        return
    for parent in [lifting.body, *lifting.find(", ".join(sorted(ROOMS)))]:
        if lifting.holds(parent):
            _lift_walls_of(parent, lifting)


def _lift_walls_of(parent: LexborNode, lifting: Lifting) -> None:
    blocks = [
        (child, read_lines(child))
        for child in parent.iter(include_text=True)
        if child.tag not in ("-comment", "br", "hr") and (child.text() or "").strip()
    ]
    if not may_hold_wall("\n".join(text for node, text in blocks if node.tag in _LINES)):
        return
    place = 0
    while place < len(blocks):
        near = blocks[place : place + _LONGEST_WALL]
        texts = [text if node.tag in _LINES else "" for node, text in near]
        wall = find_wall(texts)
        place += wall.blocks if wall else 1
        if wall is None:
            continue
        nodes = [node for node, _ in near[: wall.blocks]]
        first, last = texts[0].split("\n"), texts[wall.blocks - 1].split("\n")
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
