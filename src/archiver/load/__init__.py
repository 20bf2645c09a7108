"""Sources to Entries, Entries to Coverages, front matter to Site: every problem is gathered first.

A coverage is read in two steps, so that neither the second nor its memory is needed for every post
of a coverage at once: the front matter of all posts gives their order (`headings`, `coverage`), and
then a post's text can be made ready by itself (`bodies`).
"""

from archiver.load.bodies import (
    Asked,
    Text,
    find_revisions,
    is_answered_alike,
    list_media_asked,
    list_pages_asked,
    render_text,
    spell_page,
)
from archiver.load.checks import check_links, list_fragments
from archiver.load.coverage import Gathered, Overview, gather_coverage, read_overview
from archiver.load.headings import Heading, read_heading
from archiver.load.links import INTRODUCTION, FindElsewhere, report_fragment
from archiver.load.manuscripts import Manuscripts, Remembered
from archiver.load.permalinks import find_alias_path, judge_alias, read_slug
from archiver.load.revisions import Kept
from archiver.load.seals import (
    Histories,
    Seals,
    check_sealed,
    find_edited,
    find_gone,
    list_sealable,
    list_secret,
    load_seals,
)
from archiver.load.site import load_site, place_field
from archiver.load.withdrawn import withdraw_media
from archiver.load.zones import move_body, move_entry, move_stamp

__all__ = [
    "INTRODUCTION",
    "Asked",
    "FindElsewhere",
    "Gathered",
    "Heading",
    "Histories",
    "Kept",
    "Manuscripts",
    "Overview",
    "Remembered",
    "Seals",
    "Text",
    "check_links",
    "check_sealed",
    "find_alias_path",
    "find_edited",
    "find_gone",
    "find_revisions",
    "gather_coverage",
    "is_answered_alike",
    "judge_alias",
    "list_fragments",
    "list_media_asked",
    "list_pages_asked",
    "list_sealable",
    "list_secret",
    "load_seals",
    "load_site",
    "move_body",
    "move_entry",
    "move_stamp",
    "place_field",
    "read_heading",
    "read_overview",
    "read_slug",
    "render_text",
    "report_fragment",
    "spell_page",
    "withdraw_media",
]
