"""Full-text search: the index as files that a page opened from a disk can load.

`terms` and `words` say what can be found; `parts` are made where posts are made, a few hundred at a time;
`volumes` put parts together and are what a search loads; `texts` are what it shows.
"""

from archiver.search.letters import list_tables, plan_letters
from archiver.search.names import Spellings, count_names, count_tags, plan_names
from archiver.search.parts import LEAST, MOST, Part, PartName, cut_runs, make_part
from archiver.search.texts import TextsView, plan_texts, write_texts
from archiver.search.volumes import Shelved, Volume, cut_volumes, write_data, write_volume
from archiver.search.words import join_body, join_piece

__all__ = [
    "LEAST",
    "MOST",
    "Part",
    "PartName",
    "Shelved",
    "Spellings",
    "TextsView",
    "Volume",
    "count_names",
    "count_tags",
    "cut_runs",
    "cut_volumes",
    "join_body",
    "join_piece",
    "list_tables",
    "make_part",
    "plan_letters",
    "plan_names",
    "plan_texts",
    "write_data",
    "write_texts",
    "write_volume",
]
