"""An entry as the pages of its coverage show it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from msgspec.structs import replace

from archiver.embeds import find_provider
from archiver.languages import find_direction
from archiver.model import Byline, Coverage, Embed, Entry, Media, Mention, Stamp
from archiver.pages.views import (
    Anchor,
    BylineView,
    CorrectionView,
    Headline,
    PostView,
    StampView,
    WithdrawalView,
)
from archiver.times import find_zone, write_stamp
from archiver.urls import entry_path, list_path, relative_link, spell_slug, timeline_path
from archiver.words import Words

HEADLINE_LENGTH = 90


def make_post(entry: Entry, coverage: Coverage, words: Words) -> PostView:
    """An entry as a value that templates read; made once and shown on several pages."""
    here = timeline_path(coverage.slug)
    path = entry_path(coverage.slug, entry.slug)
    language = entry.language or coverage.language
    return PostView(
        slug=entry.slug,
        href=relative_link(here, path),
        path=path,
        headline=write_headline(entry, words),
        title=entry.title,
        date=make_post_date(entry.date, words),
        machine_date=write_stamp(entry.date),
        machine_updated=write_moment(entry.updated or entry.date, coverage.timezone),
        updated=make_stamp(entry.updated, words) if entry.updated else None,
        byline=tuple(make_byline(byline, here) for byline in entry.byline),
        key=entry.key,
        pinned=entry.pinned,
        breaking=entry.breaking,
        summary=entry.summary,
        tags=tuple(
            Anchor(relative_link(here, list_path("tags", spell_slug(tag))), tag)
            for tag in entry.tags
        ),
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
    )


def make_stamp(stamp: Stamp, words: Words) -> StampView:
    """A date as shown."""
    moment = stamp.moment
    return StampView(
        iso=write_stamp(stamp),
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


def make_byline(byline: Byline, here: str) -> BylineView:
    """A byline with the link to its page, as seen from a page of the site."""
    page = list_path("contributors", spell_slug(byline.name))
    return BylineView(byline.name, byline.role, byline.place, relative_link(here, page))


def make_headline(post: PostView) -> Headline:
    """A post in a list of its own coverage."""
    language = post.language if post.foreign else ""
    return Headline(
        post.href, post.headline, post.date, post.key, language, post.direction, post.draft
    )


def make_mention(entry: Entry, coverage: Coverage, headline: str) -> Mention:
    """What the site's own pages need of an entry."""
    return Mention(
        coverage=coverage.slug,
        slug=entry.slug,
        headline=headline,
        date=entry.date,
        names=tuple(byline.name for byline in entry.byline),
        tags=entry.tags,
        key=entry.key,
        language=entry.language or coverage.language,
        draft=entry.draft,
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


def count_gaps(entry: Entry) -> Mapping[str, int]:
    """What is missing in an entry, by kind: embeds and media that were not kept, and its time."""
    slots = entry.body.slots
    lost_media = [slot for slot in slots if isinstance(slot, Media) and not slot.href]
    for slot in slots:
        if isinstance(slot, Embed):
            lost_media += [medium for medium in slot.media if not medium.href]
    return {
        "embeds": sum(isinstance(slot, Embed) and not slot.was_captured for slot in slots),
        "media": len(lost_media),
        "times": int(entry.date.moment is None),
    }
