"""The audit of losses: the words that a reader saw in a post, against those of its content file."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from msgspec import Struct

from archiver.importers.capture import Post
from archiver.model import Body, Embed, Media

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|pic\.twitter\.com/\S+")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


class Loss(Struct, frozen=True):
    """Words of one post that its file lacks, in the order in which they were seen."""

    file: str
    id: str
    seen: int
    words: tuple[str, ...]


def find_loss(file: str, post: Post, body: Body) -> Loss | None:
    """What a reader saw in a post's element that its rendered text does not say; None where all is there."""
    if not post.seen:
        return None
    names = " ".join(f"{one.name} {one.role} {one.place}" for one in post.byline)
    kept = count_words(f"{post.title} {names} {read_body(body)}")
    lost: list[str] = []
    for word in list_words(post.seen):
        if kept[word]:
            kept[word] -= 1
        else:
            lost.append(word)
    return Loss(file, post.id, len(list_words(post.seen)), tuple(lost)) if lost else None


def read_body(body: Body) -> str:
    """All words of a rendered text, those of its cards and pictures too."""
    said = [body.text]
    for slot in body.slots:
        media = (slot,) if isinstance(slot, Media) else slot.media
        said += [f"{one.alt} {one.caption} {one.credit}" for one in media]
        if isinstance(slot, Embed):
            said += [slot.title, slot.author, slot.handle, slot.text, slot.label, slot.transcript]
            said += [slot.date.day.strftime("%d %B %Y").lstrip("0")] if slot.date else []
            for quoted in (slot.reply_to, slot.quotes):
                said += [quoted.author, quoted.handle, quoted.text] if quoted else []
    return "\n".join(said)


def count_words(text: str) -> Counter[str]:
    """How often each word stands in a text."""
    return Counter(list_words(text))


def list_words(text: str) -> list[str]:
    """The words of a text, folded: addresses and signs are none."""
    folded = unicodedata.normalize("NFKC", _ADDRESS.sub(" ", text)).casefold()
    folded = _UNSEEN.sub("", folded).replace("\u2019", "'").replace("\u2018", "'")
    return _WORD.findall(folded)
