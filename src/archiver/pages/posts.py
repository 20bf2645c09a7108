"""An entry as the pages of its coverage show it."""

from __future__ import annotations

from datetime import UTC, datetime, time
from functools import lru_cache

from msgspec.structs import replace

from archiver.digests import make_digest
from archiver.embeds import find_provider
from archiver.languages import find_direction
from archiver.load import Text
from archiver.markdown.slots import join_words
from archiver.model import Body, Byline, Coverage, Embed, Entry, Media, Stamp
from archiver.pages.edition import Brief, Edition, Trace, digest_line
from archiver.pages.images import choose_image
from archiver.pages.views import (
    Anchor,
    BylineView,
    CorrectionView,
    Headline,
    PostView,
    StampView,
    WithdrawalView,
)
from archiver.seals import read_time
from archiver.times import find_zone, write_html_time, write_stamp
from archiver.urls import (
    entry_path,
    list_path,
    quote_path,
    relative_link,
    spell_slug,
    timeline_path,
)
from archiver.words import Words

HEADLINE_LENGTH = 90


def make_post(entry: Entry, coverage: Coverage, words: Words, edited: str = "") -> PostView:
    """An entry as a value that templates read; made once and shown on several pages. `edited` says when
    it was sealed, where it is another now."""
    here = timeline_path(coverage.slug)
    path = entry_path(coverage.slug, entry.slug)
    changed = find_last_change(entry, coverage.timezone)
    language = entry.language or coverage.language
    return PostView(
        slug=entry.slug,
        href=relative_link(here, path),
        path=path,
        headline=write_headline(entry, words),
        title=entry.title,
        date=make_post_date(entry.date, words),
        machine_date=write_stamp(entry.date),
        machine_updated=write_moment(changed, coverage.timezone),
        machine_changed=write_stamp(changed) if changed is not entry.date else "",
        updated=make_stamp(entry.updated, words) if entry.updated else None,
        byline=tuple(make_byline(byline, here) for byline in entry.byline),
        key=entry.key,
        pinned=entry.pinned,
        breaking=entry.breaking,
        summary=entry.summary,
        tags=tuple(make_tag(tag, here) for tag in entry.tags),
        language=language,
        direction=find_direction(language),
        foreign=language != coverage.language,
        body=entry.body,
        corrections=tuple(
            CorrectionView(make_stamp(correction.date, words), correction.note)
            for correction in entry.corrections
        ),
        withdrawn=WithdrawalView(
            make_stamp(entry.withdrawn.date, words), entry.withdrawn.by, entry.withdrawn.reason
        )
        if entry.withdrawn
        else None,
        origin_url=entry.source.url if entry.source and not entry.withdrawn else "",
        draft=words["draft"] if entry.draft else "",
        edited=make_stamp(read_seal_time(edited, coverage.timezone), words) if edited else None,
    )


def make_stamp(stamp: Stamp, words: Words) -> StampView:
    """A date as shown."""
    moment = stamp.moment
    # Python takes moments for equal that are shown differently: of two zones, and the two of one
    # wall clock when summer time ends.
    return _show_stamp(stamp, words, moment and (moment.tzinfo, moment.fold))


# Every list that names a post shows its date.
@lru_cache(maxsize=20_000)
def _show_stamp(stamp: Stamp, words: Words, clock: object) -> StampView:
    moment = stamp.moment
    return StampView(
        iso=write_html_time(stamp),
        clock=words.clock(moment) if moment else "",
        zone=words.zone(moment) if moment else "",
        full=words.stamp(stamp, seconds=True),
    )


def make_post_date(stamp: Stamp, words: Words) -> StampView:
    """When a post was published, which says so where only the day is known."""
    shown = make_stamp(stamp, words)
    if stamp.moment is None:
        return replace(shown, full=words.say("day_only", day=shown.full))
    return shown


@lru_cache(maxsize=2_000)
def make_byline(byline: Byline, here: str) -> BylineView:
    """A byline with the link to its page, as seen from a page of the site."""
    page = list_path("contributors", spell_slug(byline.name))
    return BylineView(byline.name, byline.role, byline.place, relative_link(here, page))


@lru_cache(maxsize=2_000)
def make_tag(tag: str, here: str) -> Anchor:
    """A tag with the link to its page, as seen from a page of the site."""
    return Anchor(relative_link(here, list_path("tags", spell_slug(tag))), tag)


def make_headline(edition: Edition, entry: Entry) -> Headline:
    """A post in a list of its own coverage."""
    coverage, words = edition.coverage, edition.words
    language = entry.language or coverage.language
    return Headline(
        f"{quote_path(entry.slug)}.html",
        edition.briefs[entry.slug].headline,
        make_post_date(entry.date, words),
        entry.key,
        language if language != coverage.language else "",
        find_direction(language),
        words["draft"] if entry.draft else "",
    )


def make_brief(text: Text, digest: bytes, headline: str, size: int, edited: str = "") -> Brief:
    """What other pages need of a text, made of a file with this digest."""
    body = text.entry.body
    embeds, media = count_lost(body)
    asked = [part.encode() for answered in text.asked for part in answered]
    return Brief(
        key=make_digest(digest, text.entry.path.encode(), edited.encode(), *asked),
        line=digest_line(text.entry, headline, (embeds, media)),
        headline=headline,
        embeds=embeds,
        media=media,
        size=size,
        fragments=body.fragments,
        links=body.links,
        problems=text.problems,
        asked=text.asked,
        edited=edited,
        image=choose_image(body),
        traces=list_traces(body),
    )


def write_headline(entry: Entry, words: Words) -> str:
    """The title; else the first words; else what stands there instead of words."""
    if entry.withdrawn:
        return words["withdrawn_post"]
    if entry.title:
        return entry.title
    if entry.body.text:
        return shorten(entry.body.text.partition("\n")[0], HEADLINE_LENGTH)
    for slot in entry.body.slots:
        if isinstance(slot, Embed):
            said = slot.title or slot.text or slot.transcript
            if said:
                return shorten(said, HEADLINE_LENGTH)
            provider = find_provider(slot.provider).name or words["embed_elsewhere"]
            embed = words.say(f"embed_{slot.genre.value}", provider=provider)
            return embed if slot.was_captured else words.say("embed_lost", embed=embed)
        if isinstance(slot, Media):
            return shorten(slot.caption or slot.alt or words["picture"], HEADLINE_LENGTH)
    return words["post_without_words"]


def shorten(text: str, length: int) -> str:
    """The first words of a text, at most `length` characters, cut between words."""
    # Of a long text only the beginning counts; where it is mostly white space, all is read.
    line = join_words(text[: 2 * length].replace("\n", " "))
    if len(line) <= length:
        line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    whole = cut.rsplit(" ", 1)[0] if " " in cut[length // 2 :] else cut
    return whole.rstrip(" ,;:.\u2013\u2014-") + "\u2026"


def write_moment(stamp: Stamp, zone: str) -> str:
    """A stamp for formats that demand a time of day: a bare day is its first moment there."""
    moment = stamp.moment or datetime.combine(stamp.day, time(), tzinfo=find_zone(zone))
    return write_stamp(Stamp(stamp.day, moment))


def read_seal_time(text: str, zone: str) -> Stamp:
    """When something was sealed, as it is shown in a zone."""
    moment = read_time(text).astimezone(find_zone(zone))
    return Stamp(moment.date(), moment)


def find_last_change(entry: Entry, zone: str) -> Stamp:
    """When a post was last changed by anybody: published, updated, corrected or withdrawn."""
    last = entry.updated or entry.date
    if not entry.corrections and not entry.withdrawn:
        return last
    stamps = [last, *(correction.date for correction in entry.corrections)]
    stamps += [entry.withdrawn.date] if entry.withdrawn else []
    return max(stamps, key=lambda stamp: _find_moment(stamp, zone))


def _find_moment(stamp: Stamp, zone: str) -> datetime:
    moment = stamp.moment or datetime.combine(stamp.day, time(), tzinfo=find_zone(zone))
    return moment.astimezone(UTC)


def count_lost(body: Body) -> tuple[int, int]:
    """How many embeds and media of a text were not kept."""
    if not body.slots:
        return (0, 0)
    embeds = [slot for slot in body.slots if isinstance(slot, Embed)]
    media = [slot for slot in body.slots if isinstance(slot, Media)]
    media += [medium for embed in embeds for medium in embed.media]
    return (
        sum(not embed.was_captured for embed in embeds),
        sum(not medium.href for medium in media),
    )


def list_traces(body: Body) -> tuple[Trace, ...]:
    """Every embed and medium of a text."""
    traces: list[Trace] = []
    for slot in body.slots:
        media: tuple[Media, ...] = (slot,) if isinstance(slot, Media) else slot.media
        if isinstance(slot, Embed):
            genre, provider = slot.genre.value, slot.provider
            traces.append(Trace(genre, provider, slot.url, "", slot.was_captured))
        traces += [
            Trace(one.kind.value, None, one.address, one.href, bool(one.href)) for one in media
        ]
    return tuple(traces)


def count_gaps(edition: Edition) -> dict[str, int]:
    """What is missing in a coverage, by kind: embeds and media that were not kept, and times."""
    entries = edition.coverage.entries
    briefs = [edition.briefs[entry.slug] for entry in entries]
    return {
        "embeds": sum(brief.embeds for brief in briefs),
        "media": sum(brief.media for brief in briefs),
        "times": sum(entry.date.moment is None for entry in entries),
    }
