"""What may be a permalink, and whose it is: names of folders, slugs and aliases."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Iterable, Mapping

from archiver.diagnostics import Place, Report
from archiver.files import Folder
from archiver.matter import Matter, Pair, read_matter
from archiver.model import Entry, Source
from archiver.urls import digest_permalink, entry_path, fold_path, is_reserved, judge_slug


def read_slug(source: Source, report: Report, *, drafts: bool = False) -> str | None:
    """The slug of one entry by itself, for links from other coverages; None where it is not published."""
    matter = read_matter(source, report)
    if matter is None:
        return name_slug(source.path)  # its own coverage tells what is wrong with it
    draft = matter.fields.get("draft")
    if draft is not None and draft.value.data == "true" and not drafts:
        return None
    return find_slug(matter)


def find_slug(matter: Matter) -> str:
    """The slug of an entry: as it says, else its file's name."""
    pair: Pair | None = matter.fields.get("slug")
    if pair is not None and isinstance(pair.value.data, str) and pair.value.data:
        return str(pair.value.data)
    return name_slug(matter.source.path)


def name_slug(path: str) -> str:
    """The slug that a file's name is."""
    return unicodedata.normalize("NFC", posixpath.basename(path).removesuffix(".md"))


def check_folder_name(folder: Folder, report: Report) -> None:
    """The name of a coverage's folder is part of all its permalinks."""
    fault = judge_slug(folder.slug)
    if fault:
        report.error(
            "unsafe-slug",
            f"the folder's name cannot be a permalink: {fault}",
            Place(folder.path),
            "rename the folder",
        )
    elif is_reserved(folder.slug):
        report.error(
            "reserved-slug",
            f"`{folder.slug}` is the name of one of archiver's own pages",
            Place(folder.path),
            "rename the folder",
        )


def check_slug(slug: str, matter: Matter, report: Report) -> None:
    """A slug must be a name that any server and disk can hold, and none of archiver's own."""
    place = matter.place_key("slug")
    where = "`slug`" if "slug" in matter.fields else "the file's name"
    fault = judge_slug(slug)
    if fault:
        report.error(
            "unsafe-slug",
            f"{where} cannot be a permalink: {fault}",
            place,
            "rename the file, or give it a `slug`"
            if "slug" not in matter.fields
            else "choose another",
        )
    elif is_reserved(slug):
        report.error(
            "reserved-slug",
            f"{where} is the name of one of archiver's own pages: `{slug}`",
            place,
            "rename the file" if "slug" not in matter.fields else "choose another",
        )


def check_permalinks(
    entries: Iterable[Entry], matters: Mapping[str, Matter], report: Report
) -> None:
    """Two files may not claim one permalink, by name, slug or alias, nor differ in case only."""
    claimed: dict[str, str] = {}
    by_path = sorted(entries, key=lambda entry: entry.path)
    for entry in by_path:
        path = entry_path(entry.coverage, entry.slug)
        other = claimed.setdefault(fold_path(path), entry.path)
        if other != entry.path:
            report.error(
                "same-permalink",
                f"the permalink {path} is already that of {other}",
                matters[entry.path].place_key("slug"),
                "rename one of the two files, or give one a `slug`",
            )
    # An alias gives way to a post, so these come last, and the message stands at the alias.
    for entry in by_path:
        for alias in entry.aliases:
            _claim_alias(entry, alias, place_alias(alias, matters[entry.path]), claimed, report)
    _check_former(by_path, matters, report)


def _check_former(entries: Iterable[Entry], matters: Mapping[str, Matter], report: Report) -> None:
    """A permalink that a tombstone stands for without telling it may not be one again."""
    gone = {was: one.path for one in entries if one.withdrawn for was in one.withdrawn.was}
    if not gone:
        return
    for entry in entries:
        matter = matters[entry.path]
        named = [(entry_path(entry.coverage, entry.slug), matter.place_key("slug"))]
        named += [
            (find_alias_path(entry, alias), place_alias(alias, matter)) for alias in entry.aliases
        ]
        for path, place in named:
            withdrawn = gone.get(digest_permalink(path))
            if withdrawn:
                report.error(
                    "permalink-withdrawn",
                    f"the permalink {path} is gone, says the `was` of {withdrawn}",
                    place,
                    "choose a name that tells nothing, or leave out that `was`",
                )


def _claim_alias(
    entry: Entry, alias: str, place: Place, claimed: dict[str, str], report: Report
) -> None:
    path = find_alias_path(entry, alias)
    fault = judge_alias(path)
    if fault:
        report.error(
            "unsafe-slug",
            f"the alias `{alias}` cannot be a permalink: {fault}",
            place,
            "choose another",
        )
    elif fold_path(path) in claimed:
        other = claimed[fold_path(path)]
        owner = "the post's own" if other == entry.path else f"that of {other}"
        report.error(
            "same-permalink",
            f"the permalink {path} of the alias `{alias}` is already {owner}",
            place,
            "remove the alias",
        )
    else:
        claimed[fold_path(path)] = entry.path


def place_alias(alias: str, matter: Matter) -> Place:
    """Where an alias stands in its file."""
    pair = matter.fields.get("aliases")
    for item in pair.value.data if pair else ():
        if isinstance(item.data, str) and alias in " ".join(item.data.split()):
            return matter.place_value(item)
    return matter.place_key("aliases")


def find_alias_path(entry: Entry, alias: str) -> str:
    """The path in build/ of an alias: `coverage/name`, or a name within the entry's own coverage."""
    return f"{alias}.html" if "/" in alias else entry_path(entry.coverage, alias)


def judge_alias(path: str) -> str:
    """Why a path cannot be an alias, or nothing."""
    parts = path.removesuffix(".html").split("/")
    if len(parts) != 2:
        return "it should be `name` or `coverage/name`"
    faults = [judge_slug(part) for part in parts]
    if is_reserved(parts[0]) or is_reserved(parts[1]):
        faults.append("it is the name of one of archiver's own pages")
    return next((fault for fault in faults if fault), "")
