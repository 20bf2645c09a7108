"""The text of a post made ready, with what was asked of the rest of its coverage for it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator

from msgspec import Struct
from msgspec.structs import replace

from archiver.diagnostics import Place, Problem, Report
from archiver.load.coverage import Gathered
from archiver.load.manuscripts import Manuscripts
from archiver.load.revisions import read_revisions, spell_revisions
from archiver.markdown import Context, render_body
from archiver.model import Entry, Facts, Revision

# A question and its answer, both as text. What is asked is which page a content file has, whether there
# is a medium, one that can be shown, what is known of it, and which earlier texts there are; nothing else
# beside its own file shapes a post.
Asked = tuple[str, str]
_PAGE, _MEDIUM, _LOST, _REVISIONS = "page ", "medium ", "lost ", "revisions "
_FACTS = "facts "


class Text(Struct, frozen=True):
    """An entry with its body; the problems found in that; and what was asked for it."""

    entry: Entry
    problems: tuple[Problem, ...] = ()
    asked: tuple[Asked, ...] = ()


def render_text(
    entry: Entry,
    digest: bytes,
    manuscripts: Manuscripts,
    gathered: Gathered,
    *,
    alone: bool = False,
) -> Text:
    """The text of a post, which a tombstone has none of; its file should still have the digest it had.

    Its earlier texts are read with it, unless it is wanted `alone`.
    """
    if entry.withdrawn is not None:
        return Text(entry)
    report = Report()
    matter = manuscripts.find_text(entry.path, report)
    if matter is not None and matter.source.digest != digest:
        report.error(
            "changed-meanwhile",
            "the file was changed while it was read",
            Place(entry.path),
            "do the same again",
        )
    if matter is None or report.has_errors:
        return Text(entry, report.problems)
    asked: dict[str, str] = {}
    context = Context(
        matter,
        report,
        gathered.zone,
        gathered.folder.path,
        matter.body_line,
        entry.slug,
        _Noted(_MEDIUM, gathered.media, asked),
        _note_pages(gathered.find_page, asked),
        broken=_Noted(_LOST, gathered.lost, asked),
        find_facts=_note_facts(gathered, asked),
        read_words=lambda name: manuscripts.read_words(f"{gathered.folder.path}/{name}"),
    )
    body = render_body(matter.body, context)
    if not body.html.strip() and not entry.draft:
        report.warn(
            "empty-body",
            "the post has no text",
            matter.place(matter.body_line - 1, 1, 3),
            "is it a draft? `draft: true` keeps it back",
        )
    kept = gathered.revisions.get(entry.path)
    revisions: tuple[Revision, ...] = ()
    if kept and not alone:
        asked[_REVISIONS + entry.path] = spell_revisions(kept)
        revisions = read_revisions(kept, gathered.zone, gathered.folder.path, manuscripts, report)
    entry = replace(entry, body=body, revisions=revisions)
    return Text(entry, report.problems, tuple(asked.items()))


def find_revisions(
    entry: Entry, manuscripts: Manuscripts, gathered: Gathered
) -> tuple[Revision, ...]:
    """The earlier texts of a post whose problems are told already."""
    kept = () if entry.withdrawn else gathered.revisions.get(entry.path, ())
    return read_revisions(kept, gathered.zone, gathered.folder.path, manuscripts, Report())


def is_answered_alike(entry: Entry, asked: tuple[Asked, ...], gathered: Gathered) -> bool:
    """Whether all that was asked for a post has the same answer now."""
    if entry.path in gathered.revisions and not entry.withdrawn:
        # Nothing was asked where there were none.
        question = _REVISIONS + entry.path
        if (question, _answer(question, gathered)) not in asked:
            return False
    return all(_answer(question, gathered) == answer for question, answer in asked)


def list_pages_asked(asked: tuple[Asked, ...]) -> Iterator[str]:
    """The content files whose pages were asked for."""
    return (question[len(_PAGE) :] for question, _ in asked if question.startswith(_PAGE))


def list_media_asked(asked: tuple[Asked, ...]) -> Iterator[str]:
    """The media, as paths below the coverage's folder, that a text shows or links to."""
    return (
        question[len(_MEDIUM) :]
        for question, answer in asked
        if answer and question.startswith(_MEDIUM)
    )


def _answer(question: str, gathered: Gathered) -> str:
    kind, name = question[: question.index(" ") + 1], question[question.index(" ") + 1 :]
    if kind == _PAGE:
        return spell_page(gathered.find_page(name))
    if kind == _REVISIONS:
        return spell_revisions(gathered.revisions.get(name, ()))
    if kind == _FACTS:
        return _spell_facts(gathered.find_facts(name))
    return _spell_flag(name in (gathered.media if kind == _MEDIUM else gathered.lost))


class _Noted(Container[str]):
    """A set that notes what it is asked for."""

    def __init__(self, kind: str, names: frozenset[str], asked: dict[str, str]) -> None:
        self._kind, self._names, self._asked = kind, names, asked

    def __contains__(self, name: object) -> bool:
        found = name in self._names
        self._asked[f"{self._kind}{name}"] = _spell_flag(found)
        return found


def _note_pages(
    find_page: Callable[[str], tuple[str, str] | None], asked: dict[str, str]
) -> Callable[[str], tuple[str, str] | None]:
    def find_and_note(target: str) -> tuple[str, str] | None:
        found = find_page(target)
        asked[_PAGE + target] = spell_page(found)
        return found

    return find_and_note


def _note_facts(gathered: Gathered, asked: dict[str, str]) -> Callable[[str], Facts]:
    def find_and_note(name: str) -> Facts:
        facts = gathered.find_facts(name)
        asked[_FACTS + name] = _spell_facts(facts)
        return facts

    return find_and_note


def spell_page(found: tuple[str, str] | None) -> str:
    """A page that was found, or that there is none, as an answer is kept."""
    return " ".join(found) if found else ""


def _spell_facts(facts: Facts) -> str:
    copies = ",".join(map(str, facts.copies))
    return f"{facts.width} {facts.height} {copies} {facts.digest.hex()}"


def _spell_flag(flag: bool) -> str:
    return "yes" if flag else ""
