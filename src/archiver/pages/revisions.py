"""The earlier texts of a post, each with what became of it."""

from __future__ import annotations

import html as entities
from collections.abc import Iterator, Sequence
from itertools import pairwise

from archiver.comparison import Span, compare_texts
from archiver.markdown.slots import fill_slots, read_text_of
from archiver.model import Body, Embed, Media, Revision
from archiver.pages.posts import make_stamp
from archiver.pages.views import EarlierView, PostView, RevisionView
from archiver.times import write_stamp
from archiver.words import Words


def make_revisions(
    revisions: Sequence[Revision], post: PostView, words: Words
) -> tuple[RevisionView, ...]:
    """The earlier texts, the earliest first, each compared with the one that came after it."""
    texts = [read_words(one.title, one.body) for one in revisions]
    texts.append(read_words(post.title, post.body))
    return tuple(
        _compare(revision, before, after, words)
        for revision, (before, after) in zip(revisions, pairwise(texts), strict=True)
    )


def make_earlier(revisions: Sequence[Revision]) -> tuple[EarlierView, ...]:
    """The earlier texts of which it is known how long they stood, the earliest first."""
    return tuple(
        EarlierView(
            write_stamp(one.captured), one.title, tuple(read_words("", one.body).split("\n"))
        )
        for one in revisions
        if one.captured
    )


def read_words(title: str, body: Body) -> str:
    """A post as it is read: title, text, and what its pictures and embeds say, a line for each block."""
    text = read_text_of(fill_slots(body, _read_slot)) if body.slots else body.text
    return "\n".join(part for part in (title, text) if part)


def _read_slot(slot: Media | Embed, inline: bool) -> str:
    if isinstance(slot, Media):
        said = [slot.caption or slot.alt, slot.credit]
    else:
        said = [slot.author, slot.title, slot.text, slot.transcript]
    lines = "\n".join(filter(None, said)).split("\n")
    return "<br>".join(entities.escape(line) for line in ("", *lines, ""))


def _compare(revision: Revision, before: str, after: str, words: Words) -> RevisionView:
    stamp = make_stamp(revision.captured, words) if revision.captured else None
    label = words.say("text_until", date=stamp.full) if stamp else words["text_before"]
    iso = stamp.iso if stamp else ""
    if before == after:
        return RevisionView(label, iso, ())
    spans = compare_texts(before, after)
    if spans is None:
        return RevisionView(label, iso, (), tuple(before.split("\n")), tuple(after.split("\n")))
    return RevisionView(label, iso, tuple(_cut_lines(spans)))


def _cut_lines(spans: tuple[Span, ...]) -> Iterator[tuple[Span, ...]]:
    """Spans by lines: one that was removed or added is a line of its own all the same."""
    line: list[Span] = []
    for span in spans:
        first, *rest = span.text.split("\n")
        if first:
            line.append(Span(span.kind, first))
        for part in rest:
            if line:
                yield tuple(line)
            line = [Span(span.kind, part)] if part else []
    if line:
        yield tuple(line)
