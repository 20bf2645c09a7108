"""The seals of an archive, and what they say of its posts."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence

from msgspec import Struct

from archiver.diagnostics import Place, Report
from archiver.load.permalinks import find_alias_path
from archiver.model import Entry
from archiver.seals import (
    NAME,
    STAMPS,
    History,
    Seal,
    SealError,
    find_edit,
    order_seals,
    read_seal,
    trace_permalinks,
)
from archiver.urls import digest_permalink, entry_path

ReadBytes = Callable[[str], bytes | None]
Histories = Mapping[str, History]
_MEND = "bring the file back as it was made: `git log -- content/seal` may have it"
# A coverage that is gone is told once, however many posts it had.
_MANY = 10


class Seals(Struct, frozen=True):
    """The seals of an archive, each after its parents; the History of every permalink by coverage; the
    paths of the files of seals by digest; and all files that are published, of stamps too."""

    ordered: tuple[Seal, ...] = ()
    histories: Mapping[str, Histories] = {}
    paths: Mapping[str, str] = {}
    files: tuple[str, ...] = ()

    def list_published(self, seals: Iterable[Seal]) -> tuple[str, ...]:
        """The files of those of its seals that are not withheld, and of their stamps."""
        hidden = tuple(self.paths[seal.digest] for seal in seals if seal.withheld)
        return tuple(path for path in self.files if not path.startswith(hidden))

    def place(self, permalink: str) -> Place:
        """Where a permalink was sealed last."""
        seal = next(seal for seal in reversed(self.ordered) if permalink in seal.permalinks)
        line, column = seal.find_line(permalink)
        excerpt = f"{seal.permalinks[permalink]}  {permalink}"
        return Place(self.paths[seal.digest], line, column, excerpt, len(permalink))


def load_seals(paths: Sequence[str], read: ReadBytes, report: Report) -> Seals:
    """The seals among the files of content/seal/; whatever is wrong with one of them is an error."""
    found: dict[str, Seal] = {}
    files: dict[str, str] = {}
    published: list[str] = []
    for path in paths:
        name = path.rpartition("/")[2]
        stamp = next((ending for ending in STAMPS if name.endswith(ending)), "")
        if not NAME.fullmatch(name.removesuffix(stamp)):
            report.warn(
                "stray-file",
                "the file is not published: it is neither a seal nor a signature or stamp of one",
                Place(path),
                "move it out of content/; only `archiver seal` writes seals",
            )
            continue
        data = read(path)
        if data is None:
            continue
        published.append(path)
        if stamp:
            _judge_stamp(path, stamp, data, frozenset(paths), report)
            continue
        seal = _read_seal(path, name, data, report)
        if seal:
            found[seal.digest], files[seal.digest] = seal, path
    ordered = order_seals(found.values())
    for seal in ordered:
        _check_parents(seal, found, files, report)
    histories: dict[str, dict[str, History]] = {}
    for permalink, history in trace_permalinks(ordered).items():
        histories.setdefault(permalink.partition("/")[0], {})[permalink] = history
    return Seals(ordered, histories, files, tuple(published))


def list_sealable(entries: Iterable[Entry], digests: Mapping[str, bytes]) -> dict[str, str]:
    """{permalink: digest of its source in hexadecimal} of posts, by all permalinks that they have;
    `digests` are those of their files by path."""
    return {
        path: digests[entry.path].hex() for entry in entries for path in _list_permalinks(entry)
    }


def find_edited(
    entries: Iterable[Entry], digests: Mapping[str, bytes], sealed: Histories
) -> dict[str, str]:
    """{slug: time of the seal} of the posts of a coverage that are not as they were last sealed."""
    edited = {}
    for entry in entries if sealed else ():
        history = [line for path in _list_permalinks(entry) for line in sealed.get(path, ())]
        # A tombstone says by itself that the text is gone.
        if history and entry.withdrawn is None:
            time = find_edit(digests[entry.path].hex(), history)
            if time:
                edited[entry.slug] = time
    return edited


def find_gone(
    entries: Iterable[Entry], digests: Mapping[str, bytes], sealed: Histories
) -> tuple[str, ...]:
    """The sealed permalinks of a coverage to which none of its posts leads."""
    there = list_sealable(entries, digests) if sealed else {}
    return tuple(permalink for permalink in sealed if permalink not in there)


def list_secret(entries: Iterable[Entry]) -> tuple[str, ...]:
    """What stands for the permalinks that may not be told any more (see `urls.digest_permalink`)."""
    return tuple(digest for entry in entries if entry.withdrawn for digest in entry.withdrawn.was)


def check_sealed(
    seals: Seals,
    gone: Iterable[str],
    coverages: Iterable[str],
    aliases: Iterable[Iterable[str]],
    secret: Container[str],
    report: Report,
) -> None:
    """Every permalink that was ever sealed must still lead somewhere.

    `gone` are those that have no page in their own coverage; in a coverage that is none of those there
    are, no permalink has. An alias in another coverage may lead on; or a tombstone stands for what may
    not be told, which is among the `secret` digests of permalinks.
    """
    lost = list(gone)
    closed = sorted(seals.histories.keys() - frozenset(coverages))
    if not lost and not closed:
        return
    led = frozenset(path for paths in aliases for path in paths)
    for permalink in lost:
        if permalink not in led and digest_permalink(permalink) not in secret:
            _tell_gone(seals, permalink, report)
    for coverage in closed:
        missing = [
            path
            for path in seals.histories[coverage]
            if path not in led and digest_permalink(path) not in secret
        ]
        if len(missing) > _MANY:
            _tell_closed(seals, coverage, missing, report)
        else:
            for permalink in missing:
                _tell_gone(seals, permalink, report)


def _list_permalinks(entry: Entry) -> tuple[str, ...]:
    own = entry_path(entry.coverage, entry.slug)
    return (own, *(find_alias_path(entry, alias) for alias in entry.aliases))


def _tell_closed(seals: Seals, coverage: str, missing: Sequence[str], report: Report) -> None:
    report.error(
        "sealed-coverage-gone",
        f"the coverage `{coverage}` is gone, with {len(missing)} permalinks that were sealed, "
        f"such as {missing[0]}",
        seals.place(missing[0]),
        "bring its folder back, or give each post in its new place an alias such as "
        f"`{missing[0].removesuffix('.html')}`",
    )


def _tell_gone(seals: Seals, permalink: str, report: Report) -> None:
    report.error(
        "sealed-permalink-gone",
        f"the permalink {permalink} was sealed, and nothing is there any more",
        seals.place(permalink),
        "bring the post back; or give the one that took its place the alias "
        f"`{permalink.removesuffix('.html')}`; or leave a tombstone (`withdrawn`) in its file",
    )


def _read_seal(path: str, name: str, data: bytes, report: Report) -> Seal | None:
    try:
        seal = read_seal(data)
    except SealError as error:
        excerpt = data.decode(errors="replace").split("\n")[error.line - 1] if error.line else ""
        place = Place(path, error.line, 1 if error.line else 0, excerpt, max(1, len(excerpt)))
        hint = (
            "let git leave it alone: `content/seal/* -text` in .gitattributes"
            if b"\r" in data
            else _MEND
        )
        report.error("bad-seal", f"the file is no seal: {error}", place, hint)
        return None
    if name != seal.name:
        report.error(
            "changed-seal",
            f"the seal is not the one that its name tells: it would be {seal.name}",
            Place(path),
            _MEND,
        )
        return None
    return seal


def _check_parents(
    seal: Seal, found: Mapping[str, Seal], files: Mapping[str, str], report: Report
) -> None:
    for number, parent in enumerate(seal.parents, 4):
        if parent not in found:
            line = f"parent {parent}"
            report.error(
                "missing-seal",
                f"the seal before it, {parent[:16]}, is not there",
                Place(files[seal.digest], number, 8, line, len(parent)),
                _MEND,
            )


def _judge_stamp(
    path: str, ending: str, data: bytes, paths: frozenset[str], report: Report
) -> None:
    if path.removesuffix(ending) not in paths:
        report.error(
            "missing-seal", "the seal that this was made for is not there", Place(path), _MEND
        )
    if not data.startswith(STAMPS[ending]):
        report.error(
            "bad-stamp",
            f"the file does not begin as a `{ending}` does",
            Place(path),
            "make it again, or remove it; the seal itself is not touched by it",
        )
