"""What an import found, kept and could not keep, for people and for machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from msgspec import Struct

from archiver.importers.accession import Accession
from archiver.importers.capture import Block, Capture, Embedded, Listing, Medium, Quotation
from archiver.importers.loss import Loss


class Refusal(Struct, frozen=True):
    """A source that could not be imported, and why."""

    source: str
    reason: str


class Imported(Struct, frozen=True):
    """What came of one coverage.

    `times` counts posts by the layer that their time came from, `""` where it is not recorded;
    `media_reasons` say why media could not be fetched, by address; `losses` are words that readers saw
    and the content files lack; `withdrawn` posts were left out.
    """

    folder: str
    title: str
    readers: tuple[str, ...]
    sources: tuple[str, ...]
    posts: int
    expected: int
    new: tuple[str, ...]
    changed: tuple[str, ...]
    same: int
    edited: tuple[str, ...]
    times: dict[str, int]
    embeds_kept: int
    embeds_empty: int
    media_kept: int
    media_lost: tuple[str, ...]
    media_reasons: dict[str, str]
    words_seen: int
    words_lost: int
    losses: tuple[Loss, ...]
    doubts: dict[str, str]
    missing: tuple[str, ...]
    withdrawn: int = 0


class ImportReport(Struct, frozen=True):
    """What came of a run."""

    coverages: tuple[Imported, ...]
    refused: tuple[Refusal, ...]

    @property
    def failed(self) -> bool:
        """Whether nothing came of it, or something was refused."""
        return bool(self.refused) or not self.coverages


def describe_import(
    folder: str,
    capture: Capture,
    readers: tuple[str, ...],
    sources: tuple[str, ...],
    accession: Accession,
    media: Collection[str],
    lost: Mapping[str, str],
    seen: int,
    losses: tuple[Loss, ...],
    withdrawn: int,
) -> Imported:
    """The report of one coverage."""
    embeds = [found for post in capture.posts for found in _list_embeds(post.blocks)]
    empty = sum(not one.embed.was_captured for one in embeds)
    times = Counter(
        post.time_source if post.published and post.published.moment else ""
        for post in capture.posts
    )
    return Imported(
        folder=folder,
        title=capture.title,
        readers=readers,
        sources=sources,
        posts=len(capture.posts),
        expected=capture.expected,
        new=accession.new,
        changed=accession.changed,
        same=len(accession.same),
        edited=accession.edited,
        times=dict(sorted(times.items())),
        embeds_kept=len(embeds) - empty,
        embeds_empty=empty,
        media_kept=len(media),
        media_lost=tuple(lost),
        media_reasons={address: reason for address, reason in lost.items() if reason},
        words_seen=seen,
        words_lost=sum(len(loss.words) for loss in losses),
        losses=losses,
        doubts={name: post.doubt for name, post in accession.posts.items() if post.doubt},
        missing=capture.missing,
        withdrawn=withdrawn,
    )


def _list_embeds(blocks: tuple[Block, ...]) -> list[Embedded]:
    found: list[Embedded] = []
    for block in blocks:
        match block:
            case Embedded():
                found.append(block)
            case Listing(items):
                found += [one for item in items for one in _list_embeds(item)]
            case Quotation(inner):
                found += _list_embeds(inner)
            case Medium() | _:
                continue
    return found
