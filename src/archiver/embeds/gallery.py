"""Pictures, films and sound are lifted out of a tree, with the captions of figures."""

from __future__ import annotations

from msgspec.structs import replace
from selectolax.lexbor import LexborNode

from archiver.embeds.lifting import LIFT, LIFTED, Lifting, is_in, is_unseen, list_wrappers
from archiver.embeds.passages import is_sign, squeeze
from archiver.embeds.pictures import SELECTOR, Shot, read_caption, read_shot
from archiver.model import Embed

_PLAYING = "video, audio, amp-img, amp-anim, amp-video, amp-audio"

_MOST_SHOTS = 8


def lift_figures(lifting: Lifting) -> None:
    """A figure that is one picture and its words becomes one thing; links in a caption keep it apart."""
    for figure in lifting.find("figure"):
        shown = figure.css(SELECTOR)
        # One picture, and what stands in for it without scripts.
        if not 0 < len(shown) <= _MOST_SHOTS:
            continue
        nodes = [node for node in shown if not is_in(node, "noscript", figure)]
        captions = figure.css("figcaption")
        words = "".join((figure.text() or "").split())
        said = "".join("".join((caption.text() or "").split()) for caption in captions[:1])
        if len(nodes) != 1 or figure.css("figcaption a[href], noscript") or words != said:
            continue
        shot = read_shot(nodes[0])
        if shot is not None:
            caption, credit = read_caption(figure)
            lifting.lift(figure, replace(shot, caption=caption, credit=credit))


def spell_logos(lifting: Lifting) -> None:
    """Of the sign of whoever drew a chart, the words."""
    for node in list(lifting.find(".flourish-credit img")):
        node.replace_with(squeeze(node.attributes.get("alt") or ""))


def lift_pictures(lifting: Lifting) -> None:
    for node in reversed(list(lifting.find(_PLAYING))):
        for child in reversed(list(node.iter(include_text=True))):
            if child.tag in ("source", "track"):
                continue
            # What is there for browsers that show no films was seen by nobody. But an element that
            # only a script knows, and that nobody closed, holds the rest of the text.
            if "-" in (node.tag or "") and not _is_stand_in(child):
                node.insert_after(child)
            child.decompose()
    spoken: dict[int, bool] = {}
    for node in lifting.find(SELECTOR):
        shot = read_shot(node)
        if is_in(node, "noscript", lifting.body):
            continue
        if shot is None:
            node.decompose()
        elif is_sign(shot.alt) and "emoji" in (node.attributes.get("class") or "").lower():
            node.replace_with(shot.alt)
        else:
            around = list(list_wrappers(node))[-1:]
            for top in around:
                if top.mem_id not in spoken:
                    spoken[top.mem_id] = bool(LIFTED.sub("", top.text() or "").strip())
            lifting.lift(node, shot, inline=any(spoken[top.mem_id] for top in around))


def lift_hidden_pictures(lifting: Lifting) -> None:
    """A picture for browsers without scripts is the same as one beside it, or else the only one."""
    lifted = {lift.content.address for lift in lifting.lifts if isinstance(lift.content, Shot)}
    for node in list(lifting.find("noscript")):
        for inner in () if _stands_by_lift(node) else node.css(SELECTOR):
            shot = read_shot(inner)
            if shot is not None and shot.address not in lifted and not is_unseen(inner):
                node.insert_before(inner)
                if node.prev is not None:
                    lifting.lift(node.prev, shot)
        _take_out_frames(node, lifting)
        node.decompose()


def _take_out_frames(node: LexborNode, lifting: Lifting) -> None:
    """A frame for browsers without scripts is the same as one that was lifted, or else the only one."""
    within = [int(number) for number in LIFTED.findall(node.text() or "")]
    shown = {
        lift.content.url
        for number, lift in enumerate(lifting.lifts)
        if isinstance(lift.content, Embed) and number not in within
    }
    for number in within:
        content = lifting.lifts[number].content
        if isinstance(content, Embed) and content.url not in shown and not _stands_by_lift(node):
            lifting.wrappers[number] = list(list_wrappers(node))
            node.insert_before(LIFT.format(number))


def _stands_by_lift(node: LexborNode) -> bool:
    """Whether the element before or after a node, blanks apart, is one that was lifted."""
    before, after = node.prev, node.next
    while before is not None and not (before.text() or "").strip():
        before = before.prev
    while after is not None and not (after.text() or "").strip():
        after = after.next
    return any(
        one is not None and LIFTED.fullmatch((one.text() or "").strip()) for one in (before, after)
    )


def _is_stand_in(node: LexborNode) -> bool:
    """Whether an AMP page shows a node only until, or unless, it shows the thing itself."""
    return node.tag == "noscript" or bool({"placeholder", "fallback"} & set(node.attributes or {}))
