"""What stands before the posts in a book or a document: a coverage's key points, and where it comes from."""

from __future__ import annotations

from msgspec import Struct

from archiver.build.elsewhere import Elsewhere
from archiver.diagnostics import Report
from archiver.exports.publication import Publication
from archiver.files import Folder
from archiver.load import Manuscripts, read_overview
from archiver.load.links import make_finder
from archiver.markdown import Context, render_line
from archiver.model import Body, Byline, Coverage, Withdrawal
from archiver.urls import timeline_path
from archiver.words import Words


class Points(Struct, frozen=True):
    """Lines whose links are seen from the coverage's own folder."""

    key_points: tuple[Body, ...] = ()
    notice: Body | None = None


def render_points(publication: Publication, coverage: Coverage) -> Points:
    """The lines of a coverage's own file, made ready as for its pages."""
    root, site = publication.root, publication.site
    folder = Folder(coverage.slug, coverage.path.rpartition("/")[0], (), ())
    report = Report()
    overview = read_overview(root, folder, site, Manuscripts(root).read, report)
    if overview.matter is None:
        return Points()
    find_elsewhere = Elsewhere(root, site.base_url, None)
    context = Context(
        overview.matter,
        report,
        overview.zone,
        folder.path,
        1,
        "_points",
        frozenset(coverage.media),
        make_finder(folder.path, timeline_path(coverage.slug), {}, find_elsewhere),
        detached=True,
    )
    return Points(
        tuple(render_line(point.markdown, context) for point in coverage.key_points),
        render_line(coverage.notice.markdown, context) if coverage.notice else None,
    )


class Fact(Struct, frozen=True):
    """Something that is told of a coverage, and where that leads, if it leads anywhere."""

    name: str
    text: str
    href: str = ""


def list_facts(coverage: Coverage, words: Words) -> list[Fact]:
    """Who reported, where it was published, under what terms it is, and what is missing."""
    facts = []
    if coverage.contributors:
        names = "; ".join(spell_byline(one) for one in coverage.contributors)
        facts.append(Fact(words["contributors"], names))
    source, rights = coverage.source, coverage.rights
    if source and (source.publisher or source.url):
        facts.append(Fact(words["source"], source.publisher or source.url, source.url))
    if rights and (rights.licence or rights.holder):
        terms = ", ".join(part for part in (rights.licence, rights.holder) if part)
        facts.append(Fact(words["rights"], terms))
    if source and source.missing:
        facts.append(Fact(words["missing"], "; ".join(source.missing)))
    return facts


def spell_byline(byline: Byline) -> str:
    """A name, with role and place where they are known."""
    details = ", ".join(part for part in (byline.role, byline.place) if part)
    return f"{byline.name} ({details})" if details else byline.name


def tell_withdrawal(withdrawn: Withdrawal, words: Words) -> list[str]:
    """What stands in the place of a withdrawn post."""
    told = [words.say("withdrawn_on", date=words.stamp(withdrawn.date))]
    if withdrawn.by:
        told.append(words.say("withdrawn_by", by=withdrawn.by))
    if withdrawn.reason:
        told.append(words.say("withdrawn_reason", reason=withdrawn.reason))
    return told
