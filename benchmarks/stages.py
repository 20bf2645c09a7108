"""What a post costs step by step: the functions of each step are timed while a site is built.

A function's time is its own: what another step takes within it is counted there, but for what makes the
record permanent, where all counts. Each call is timed,
which takes some time itself; the steps' shares are truer than their sum.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import pkgutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

# Each step with its functions, `module:function` or `module:Class.method`. Those that are no longer
# there are passed over, but a step without any is a mistake here.
STAGES: dict[str, tuple[str, ...]] = {
    "read": ("files:walk_content", "files:read_source", "media:judge_media"),
    "front matter": ("matter:read_matter", "fields:read_fields"),
    "Markdown": ("markdown:render_body", "markdown:render_line"),
    "pasted HTML": ("markdown.markup:lift_markup",),
    "sanitising": ("sanitize:sanitize_html", "sanitize:judge_shape"),
    "views": (
        "pages.posts:make_post",
        "pages.outlines:make_outline",
        "pages.edition:Sheet.make_page",
    ),
    "planning": (
        "pages.posts:make_brief",
        "pages:plan_chunks",
        "pages:plan_coverage",
        "pages:plan_site",
    ),
    "templates": ("theme:Theme.render",),
    "feeds": ("feeds:write_atom", "feeds:write_json_feed"),
    "data": (
        "dataset:write_head",
        "dataset:write_entry",
        "dataset:write_end",
        "build.data:StagedData.add",
        "build.data:StagedData.finish",
    ),
    "revisions": (
        "build.reading:keep_revisions",
        "load.revisions:group_revisions",
        "load.revisions:read_revisions",
        "load.bodies:find_revisions",
        "pages.revisions:make_revisions",
        "pages.revisions:make_earlier",
    ),
    "provenance": (
        "pages.provenance:plan_provenance",
        "pages.provenance:_make_view",
        "pages.posts:list_traces",
        "pages.sitemap_views:plan_sitemaps",
        "sitemaps:write_sitemap",
        "sitemaps:write_sitemap_index",
    ),
    "fixity": (
        "staging:sum_bytes",
        "staging:write_sums",
        "load.seals:load_seals",
        "load.seals:find_edited",
        "load.seals:check_sealed",
        "load.seals:list_secret",
    ),
    "index of words": (
        "search.parts:make_part",
        "search.texts:_make_row",
        "search.texts:write_texts",
        "search.volumes:write_volume",
        "search.names:plan_names",
    ),
    "keeping": (
        "build.kept:pack",
        "pages.outlines:pack_posts",
        "ledger:Ledger.write",
        "ledger:Ledger.commit",
        "build.books:Books.close",
    ),
    "writing": (
        "staging:Staging.write",
        "staging:Staging.copy",
        "staging:plan_commit",
        "staging:commit",
    ),
}
REST = "the rest"
# What makes the record permanent: together at most this much of a build.
RECORD = ("data", "revisions", "provenance", "fixity")
RECORD_TARGET = 0.15
ROUNDS = 3


class Share(NamedTuple):
    """What a step costs of a post, in microseconds."""

    stage: str
    cost: float


class Clock:
    """Seconds for each step; a step within another stops the other's clock."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._open: list[str] = [REST]
        self._since = time.perf_counter()

    def begin(self, stage: str) -> None:
        """A step begins; what the record takes of other steps is its own."""
        self._note()
        self._open.append(self._open[-1] if self._open[-1] in RECORD else stage)

    def end(self) -> None:
        """The step that began last ends."""
        self._note()
        self._open.pop()

    def start_anew(self) -> None:
        """Nothing has been spent."""
        self._note()
        self.spent.clear()

    def _note(self) -> None:
        now = time.perf_counter()
        stage = self._open[-1]
        self.spent[stage] = self.spent.get(stage, 0) + now - self._since
        self._since = now

    def watch(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, timed; of a generator each of its steps."""
        if inspect.isgeneratorfunction(function):

            @wraps(function)
            def generate(*arguments: Any, **options: Any) -> Iterator[Any]:
                items = function(*arguments, **options)
                while True:
                    self.begin(stage)
                    try:
                        item = next(items)
                    except StopIteration:
                        return
                    finally:
                        self.end()
                    yield item

            return generate

        @wraps(function)
        def call(*arguments: Any, **options: Any) -> Any:
            self.begin(stage)
            try:
                return function(*arguments, **options)
            finally:
                self.end()

        return call


def watch_stages(clock: Clock) -> None:
    """Put timed functions in the place of those of each step, wherever they are called by name."""
    modules = list(_import_all())
    for stage, names in STAGES.items():
        found = [name for name in names if _watch(name, stage, clock, modules)]
        assert found, f"no function of the step {stage} is there any more: see STAGES"


def _import_all() -> Iterator[ModuleType]:
    import archiver

    for module in pkgutil.walk_packages(archiver.__path__, "archiver."):
        if not module.name.startswith(("archiver.__main__", "archiver.importers")):
            yield importlib.import_module(module.name)


def _watch(name: str, stage: str, clock: Clock, modules: list[ModuleType]) -> bool:
    home, _, path = name.partition(":")
    owner: Any = next((one for one in modules if one.__name__ == f"archiver.{home}"), None)
    *classes, function = path.split(".")
    for part in classes:
        owner = getattr(owner, part, None)
    original = getattr(owner, function, None)
    if original is None:
        return False
    watched = clock.watch(stage, original)
    if classes:
        setattr(owner, function, watched)
        return True
    for module in modules:
        for attribute, value in list(vars(module).items()):
            if value is original:
                setattr(module, attribute, watched)
            elif isinstance(value, dict) and original in [*_list_values(value)]:
                value.update({key: watched for key, one in value.items() if one is original})
    return True


def _list_values(table: dict[Any, Any]) -> Iterator[Any]:
    return (value for value in table.values() if callable(value))


def measure_stages(source: Path) -> list[Share]:
    """What each step costs of a post of an archive, in a process of its own; medians of some builds."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).resolve()), str(source)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    rounds: list[dict[str, float]] = json.loads(done.stdout)
    posts = sum(path.name != "coverage.md" for path in (source / "content").glob("*/*.md"))
    return [
        Share(stage, statistics.median(spent.get(stage, 0) for spent in rounds) / posts * 1e6)
        for stage in (*STAGES, REST)
    ]


def main() -> None:
    """Build an archive some times in this process, and print what each step took, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="an archive's folder")
    options = parser.parse_args()
    from archiver.build import build_site

    clock = Clock()
    watch_stages(clock)
    rounds = []
    with tempfile.TemporaryDirectory(prefix="archiver-stages-") as name:
        for number in range(ROUNDS + 1):
            output = Path(name) / f"{number}" / "build"
            output.parent.mkdir()
            clock.start_anew()
            assert not build_site(options.source, output, jobs=1).failed
            clock.begin(REST)
            clock.end()
            rounds.append(dict(clock.spent))
    # The first build fills the page cache.
    print(json.dumps(rounds[1:]))


if __name__ == "__main__":
    main()
