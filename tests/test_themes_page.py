"""The page for theme makers (docs/themes.md) tells what there is, all of it, and its examples work."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from types import NoneType, UnionType
from typing import Any

import jinja2
import pytest
from jinja2 import nodes
from msgspec import Struct

from archiver.audit import audit_output
from archiver.build import check_site
from archiver.diagnostics import Report
from archiver.model import Body
from archiver.templates import Templates
from archiver.words import Words
from book import Book

ROOT = Path(__file__).parents[1]
THEME = ROOT / "themes/default"
PAGE = (ROOT / "docs/themes.md").read_text(encoding="utf-8")
SITE = "=== content/site.md\n---\ntitle: The archive\ntimezone: UTC\ntheme: {}\n---\n"
# A site with a page of every kind, and something for every part.
EVERYTHING = """=== content/flood/coverage.md
---
title: The flood
notice: Kept as it was.
contributors: [Ann Lee]
---
=== content/flood/rain.md
---
date: 2017-03-23T20:25:00Z
title: Rain
byline:
  - name: Ann Lee
    role: Reporter
    place: Whitby
  - Bob Roe
tags: [weather]
key: true
aliases: [drizzle]
corrections:
  - date: 2017-03-24
    note: It was snow.
---
It rains.

![A bridge](media/bridge.png)

```embed
provider: twitter
text: Wet.
```
=== content/flood/media/bridge.png
=== content/flood/sun.md
---
date: 2017-03-24T08:00:00Z
---
It shines.
"""
KINDS = {"text": str, "number": int | float, "yes or no": bool, "date": date, "moment": datetime}


def read_section(title: str, page: str = PAGE) -> str:
    """What stands under a heading, up to the next one that is as high."""
    found = re.search(rf"^(#+) {re.escape(title)}\n", page, re.M)
    assert found, f"docs/themes.md has no heading `{title}`"
    rest = page[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", re.sub(r"(?ms)^```.*?^```", _blank, rest), re.M)
    return rest[: end.start()] if end else rest


def _blank(found: re.Match[str]) -> str:
    """A fenced block without its lines that look like headings, as long as it was."""
    return re.sub("[^\n]", " ", found[0])


def read_rows(section: str) -> list[list[str]]:
    """The cells of the tables in a section, without their heads."""
    lines = [line for line in section.splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    heads = {number - 1 for number, row in enumerate(rows) if set(row[0]) == {"-"}}
    return [row for number, row in enumerate(rows) if number not in heads and set(row[0]) != {"-"}]


def unquote(cell: str) -> str:
    """The code in a cell."""
    return cell.strip("`").replace(r"\|", "|")


def list_codes(cell: str) -> list[str]:
    """Every piece of code in a text."""
    return re.findall(r"`([^`]+)`", cell)


def compare(told: Iterable[object], found: Iterable[object], where: str) -> None:
    """The page must tell what there is, and nothing else; else say what it lacks, and what is gone."""
    told, found = set(told), set(found)
    lacking, gone = sorted(map(str, found - told)), sorted(map(str, told - found))
    assert told == found, f"docs/themes.md, under {where}: add rows for {lacking}, take out {gone}"


# What templates are given


class Given(Struct):
    """What each template was rendered with, by its name, and what `page` was; and all values."""

    names: dict[str, set[str]] = {}
    views: dict[str, str] = {}
    values: list[object] = []


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Given:
    """A build of all kinds of pages, of which each template notes what it is given."""
    found = Given()
    render = jinja2.Template.render

    def note(template: jinja2.Template, **values: Any) -> str:
        found.names.setdefault(template.name or "", set()).update(values)
        found.values += values.values()
        if "page" in values:
            found.views[template.name or ""] = type(values["page"]).__name__
        return render(template, **values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jinja2.Template, "render", note)
        Book(tmp_path_factory.mktemp("given"), SITE.format("default") + EVERYTHING).build(jobs=1)
    return found


def list_views(given: Given) -> dict[str, type[Struct]]:
    """Every type that a template may come by, by its name, from what templates were given."""
    found: dict[str, type[Struct]] = {}
    todo = [type(value) for value in given.values if isinstance(value, Struct)]
    while todo:
        view = todo.pop()
        if found.setdefault(view.__name__, view) is not view:
            raise AssertionError(f"two types are called {view.__name__}: {view}, {found}")
        # What is in a body is for `show`.
        for kind in list_members(view).values() if view is not Body else ():
            todo += [one for one in list_types(kind) if one not in found.values()]
    return found


def list_members(view: type[Struct]) -> dict[str, Any]:
    """The fields and properties of a view with their types."""
    hints = typing.get_type_hints(view)
    found = {name: hints[name] for name in view.__struct_fields__}
    for name, value in inspect.getmembers(view, lambda one: isinstance(one, property)):
        found[name] = typing.get_type_hints(value.fget)["return"]
    return found


def list_types(kind: Any) -> Iterator[type[Struct]]:
    """The views within a type."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        yield kind
    for part in typing.get_args(kind):
        yield from list_types(part)


def spell_type(kind: Any, known: Mapping[str, type], several: bool = False) -> str:
    """A type as the page calls it: `list of texts`, `[StampView](#stampview) or none`."""
    parts = typing.get_args(kind)
    origin = typing.get_origin(kind)
    if origin in (UnionType, typing.Union):
        return " or ".join(
            "none" if part is NoneType else spell_type(part, known, several) for part in parts
        )
    if origin is tuple or (origin and issubclass(origin, Iterator)):
        return f"list{'s' * several} of {spell_type(parts[0], known, True)}"
    if origin and issubclass(origin, Mapping):
        return f"by {spell_type(parts[0], known)}: {spell_type(parts[1], known)}"
    if issubclass(kind, Struct):
        name = kind.__name__
        return f"[{name}](#{name.lower()})" if name in known else f"`{name}`"
    for word, types in KINDS.items():
        if kind is types or (kind is not bool and issubclass(kind, types)):
            return word if types is bool else word + "s" * several
    raise AssertionError(f"the page has no word for {kind}")


def test_the_views_on_the_page_are_those_that_templates_are_given(given: Given) -> None:
    views = list_views(given)
    told = re.findall(r"^#### (\w+)$", read_section("Views"), re.M)
    assert len(told) == len(set(told))
    missing, gone = views.keys() - set(told), set(told) - views.keys()
    assert not gone, f"docs/themes.md tells of {sorted(gone)}: no template is given these any more"
    assert not missing, "docs/themes.md, under `Views`, needs:\n\n" + "\n".join(
        f"#### {name}\n\n(what it is)\n\n| field | type | what it is |\n|---|---|---|\n"
        + "\n".join(write_row(name, field, views) for field in list_members(views[name]))
        for name in sorted(missing)
    )


def write_row(view: str, field: str, views: Mapping[str, type[Struct]]) -> str:
    """The row of a field, but for what it is."""
    return f"| `{field}` | {spell_type(list_members(views[view])[field], views)} | … |"


def test_every_field_of_every_view_is_on_the_page_and_no_other(given: Given) -> None:
    views = list_views(given)
    faults = []
    for name in re.findall(r"^#### (\w+)$", read_section("Views"), re.M):
        told = {unquote(row[0]): row for row in read_rows(read_section(name))}
        for field in list_members(views[name]):
            row = write_row(name, field, views)
            if field not in told:
                faults.append(f"add to `{name}`:    {row}")
            elif told[field][1] != row.split(" | ")[1]:
                faults.append(f"the type in `{name}` is another now:    {row}")
            elif len(told[field]) != 3 or len(told[field][2]) < 3:
                faults.append(f"say what `{field}` of `{name}` is")
        gone = told.keys() - list_members(views[name]).keys()
        faults += [f"take out of `{name}`:    {field}" for field in sorted(gone)]
    assert not faults, "docs/themes.md, under `Views`:\n" + "\n".join(faults)


def test_every_template_is_on_the_page_with_what_it_is_given(given: Given) -> None:
    told = {}
    everything = {unquote(row[0]) for row in read_rows(read_section("Templates"))}
    shared = {name for name in everything if not name.endswith(".html")}
    for row in read_rows(read_section("Templates")):
        if unquote(row[0]).endswith(".html"):
            told[unquote(row[0])] = shared
    told |= {unquote(row[0]): set(list_codes(row[2])) for row in read_rows(read_section("Parts"))}
    # The frame is given what the template is given that begins with it.
    found = given.names | {"base.html": given.names["lost.html"]}
    compare(told, found, "`Templates` or `Parts` (or give this test a site that has such a page)")
    for name, names in found.items():
        compare(told[name], names, f"`Templates` or `Parts`, what `{name}` is given")


def test_each_template_is_told_with_its_view(given: Given) -> None:
    rows = [row for row in read_rows(read_section("Templates")) if len(row) == 3]
    told = {unquote(row[0]): row[2] for row in rows if "base.html" not in row[0]}
    assert told == {name: f"[{view}](#{view.lower()})" for name, view in given.views.items()}, (
        "docs/themes.md, under `Templates`"
    )


def test_each_file_of_the_default_theme_is_on_the_page() -> None:
    files = {path.relative_to(THEME).as_posix() for path in THEME.rglob("*.html")}
    rows = [*read_rows(read_section("Templates")), *read_rows(read_section("Parts"))]
    told = {unquote(row[0]) for row in rows if ".html" in row[0]}
    told |= {unquote(row[1]) for row in read_rows(read_section("Macros"))}
    compare(told, files, "`Templates`, `Parts` or `Macros`")
    assets = {path.name for path in (THEME / "assets").iterdir()}
    rows = read_rows(read_section("Scripts"))
    compare({unquote(row[0]) for row in rows} - list_data(), assets, "`Scripts`")


def list_data() -> set[str]:
    """The attributes in the tables about scripts."""
    rows = read_rows(read_section("Scripts"))
    return {name for row in rows if (name := unquote(row[0])).startswith("data-")}


def test_every_macro_that_templates_import_is_on_the_page_as_it_is_called() -> None:
    environment = Templates((THEME,))
    found = set()
    for path in sorted((THEME / "parts").glob("*.html")):
        tree = environment.parse(path.read_text(encoding="utf-8"))
        for macro in tree.find_all(nodes.Macro):
            needed = len(macro.args) - len(macro.defaults)
            arguments = [one.name for one in macro.args[:needed]]
            for one, value in zip(macro.args[needed:], macro.defaults, strict=True):
                arguments.append(f"{one.name}={spell_default(value)}")
            found.add((f"{macro.name}({', '.join(arguments)})", f"parts/{path.name}"))
    rows = read_rows(read_section("Macros"))
    own = {"parts/media.html", "parts/embed.html"}  # which are rendered, and keep theirs
    told = {(unquote(row[0]), unquote(row[1])) for row in rows}
    compare(told, {(call, path) for call, path in found if path not in own}, "`Macros`")


def spell_default(value: nodes.Expr) -> str:
    """What stands for an argument that is not given."""
    if isinstance(value, nodes.Const):
        return f'"{value.value}"' if isinstance(value.value, str) else str(value.value)
    assert isinstance(value, nodes.Tuple)
    return "()"


def test_all_that_a_template_can_call_is_on_the_page() -> None:
    section = read_section("What a template can call")
    told = {unquote(row[0]) for row in read_rows(section)}
    methods = inspect.getmembers(Words, inspect.isfunction)
    found = {name: inspect.signature(call) for name, call in methods if name[0] != "_"}
    assert {call.split("(")[0] for call in told} == {
        *("show", "once", 'words["key"]'),
        *(f"words.{name}" for name in found),
    }
    for name, signature in found.items():
        if name not in ("say", "count", "forms"):
            plain = signature.replace(
                parameters=[
                    one.replace(annotation=one.empty)
                    for one in signature.parameters.values()
                    if one.name != "self"
                ],
                return_annotation=signature.empty,
            )
            assert f"words.{name}{plain}" in told
    attributes = vars(Words("en", {})).keys()
    assert {f"words.{name}" for name in attributes if name[0] != "_"} <= set(list_codes(section))


def test_the_hooks_of_styles_and_scripts_are_on_the_page() -> None:
    style = (THEME / "assets/style.css").read_text(encoding="utf-8")
    told = {unquote(row[0]) for row in read_rows(read_section("Style"))}
    compare(told, re.findall(r"(?<![\w-])(--[\w-]+):", style), "`Style`")
    sources = [*THEME.rglob("*.html"), *THEME.glob("assets/*.js"), *THEME.glob("assets/*.css")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(sources))
    section = read_section("Scripts")
    named = {code for code in list_codes(section) if re.fullmatch(r"data-[a-z-]+", code)}
    compare(named, re.findall(r"\bdata-[a-z]+(?:-[a-z]+)*", text), "`Scripts`")
    for row in read_rows(section):
        if row[0].endswith(".js`"):
            script = (THEME / "assets" / unquote(row[0])).read_text(encoding="utf-8")
            for code in list_codes(row[1]):
                assert set(re.findall(r"[a-z-]+", code)) <= set(re.findall(r"[a-z-]+", script)), row


def test_the_blocks_of_the_frame_are_on_the_page() -> None:
    tree = Templates((THEME,)).parse((THEME / "base.html").read_text(encoding="utf-8"))
    row = next(row for row in read_rows(read_section("Templates")) if "base.html" in row[0])
    assert {block.name for block in tree.find_all(nodes.Block)} <= set(list_codes(row[1]))


# What a template may not do

REFUSED = read_rows(read_section("What a template may not do"))


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: unquote(row[1])[:40])
def test_what_a_template_may_not_do_is_told_as_the_page_says(
    book: Callable[[str], Book], row: list[str]
) -> None:
    path, wrong, code, message = unquote(row[0]), unquote(row[1]), unquote(row[2]), row[3]
    text = wrong
    if path.endswith(".html"):
        text = f'{{% extends "default/{path}" %}}{{% block main %}}{wrong}{{% endblock %}}'
    built = book(f"{SITE.format('mine')}=== themes/mine/{path}\n{text}\n").build()
    report = Report()
    audit_output(built.output, report)
    assert [(one.code, one.message) for one in report.problems] == [(code, message)]


# The examples


class Example(Struct):
    """A theme on the page: its name, and its files as `book` writes them."""

    theme: str
    files: str


def read_example(title: str) -> Example:
    """The theme of an example."""
    section = read_section(title)
    found = re.findall(r"^`themes/(\w+)/([^`]+)`:\n\n```\w+\n(.*?)^```$", section, re.M | re.S)
    assert found
    assert len(found) == section.count("```") // 2
    files = "".join(f"=== themes/{theme}/{path}\n{text}" for theme, path, text in found)
    return Example(found[0][0], files)


def build_example(book: Callable[[str], Book], title: str) -> Book:
    """A site of all kinds of pages with the theme of an example, checked and audited."""
    example = read_example(title)
    built = book(SITE.format(example.theme) + EVERYTHING + example.files).build()
    assert built.result.problems == ()
    report = Report()
    assert audit_output(built.output, report) > 10
    assert report.problems == ()
    assert check_site(built.root).problems == ()
    return built


def test_a_style_sheet_is_laid_over_the_default_one(book: Callable[[str], Book]) -> None:
    built = build_example(book, "Other colours and fonts")
    for path, root in {"index.html": "", "flood/rain.html": "../"}.items():
        sheets = [one.attributes["href"] for one in built.page(path).css("link[rel=stylesheet]")]
        assert sheets == [f"{root}assets/style.css", f"{root}assets/own.css"]
    plain = (THEME / "assets/style.css").read_text(encoding="utf-8")
    assert built.read("assets/style.css") == plain
    own = set(re.findall(r"(--\w+):", built.read("assets/own.css")))
    assert own
    assert all(f"{name}: " in plain for name in own)


def test_one_macro_is_replaced_and_the_rest_of_its_file_stays(book: Callable[[str], Book]) -> None:
    built = build_example(book, "Bylines of your own")
    assert built.texts("flood/rain.html", ".byline") == ["Ann Lee (Whitby), Bob Roe"]
    assert built.texts("flood/index.html", ".byline") == ["Ann Lee", "Ann Lee (Whitby), Bob Roe"]
    assert built.texts("flood/newest.html", ".post .byline") == ["Ann Lee (Whitby), Bob Roe"]
    assert built.texts("flood/index.html", ".post .labels .key") == ["Key event"]
    assert built.texts("flood/index.html", ".post .tags a") == ["weather"]


def test_a_theme_of_a_few_lines_makes_a_readable_site(book: Callable[[str], Book]) -> None:
    built = build_example(book, "A theme of a few lines")
    for path in built.output.rglob("*.html"):
        page = built.page(path.relative_to(built.output).as_posix())
        assert len(page.css("main")) == len(page.css("h1")) == 1
        assert not page.css("header.masthead")
    page = built.page("flood/rain.html")
    assert [one.tag for one in page.css("article > *")][:1] == ["h1"]
    assert built.texts("flood/rain.html", "article > :last-child") == [
        "March 23, 2017, 8:25 PM UTC"
    ]
    assert "It was snow." in built.texts("flood/rain.html", "article")[0]
    assert built.texts("flood/rain.html", "article img")
    assert page.css_first("link[rel=canonical]") is None
    assert "--paper" not in built.read("assets/style.css")
    assert len(read_example("A theme of a few lines").files.splitlines()) < 70


# What a theme of one's own can rely on


def test_a_macro_that_another_one_calls_is_replaced_there_too(book: Callable[[str], Book]) -> None:
    built = book(
        f"{SITE.format('mine')}{EVERYTHING}=== themes/mine/parts/post.html\n"
        '{% from "default/parts/post.html" import labels as plain %}\n'
        "{% macro labels(post, words) %}<b>{{ plain(post, words) }}</b>{% endmacro %}\n"
        "{% macro tag_list(tags, words) %}<i>{{ tags[0].label }}</i>{% endmacro %}\n"
        "{% macro text(post, words, show, top) %}<u>{{ post.slug }}</u>{% endmacro %}\n"
    ).build()
    for path in ("flood/index.html", "flood/rain.html"):
        assert built.texts(path, "b .labels .key") == ["Key event"]
        assert built.texts(path, "i") == ["weather"]
        assert built.texts(path, "u") == ["rain"]
    # A post of which there is nothing to tell is its body, with no macro in between.
    assert "<u>rain</u>" in built.json("flood/feed.json")["items"][1]["content_html"]


def test_an_article_is_replaced_on_every_timeline(book: Callable[[str], Book]) -> None:
    built = book(
        f"{SITE.format('mine')}{EVERYTHING}=== themes/mine/parts/post.html\n"
        '{% macro article(post, words, show, earlier=()) %}<p id="{{ post.slug }}">'
        "{{ post.headline }}</p>{% endmacro %}\n"
    ).build()
    assert built.texts("flood/index.html", ".day > p") == ["Rain", "It shines."]
    assert built.texts("flood/newest.html", ".day > p") == ["It shines.", "Rain"]


def test_a_block_of_a_template_is_replaced_and_the_others_stay(book: Callable[[str], Book]) -> None:
    built = book(
        f"{SITE.format('mine')}{EVERYTHING}=== themes/mine/base.html\n"
        '{% extends "default/base.html" %}{% block colophon %}<p class="own">Ours</p>{% endblock %}'
        '\n=== themes/mine/entry.html\n{% extends "default/entry.html" %}'
        '{% block main %}{{ super() }}<p class="more">More</p>{% endblock %}\n'
    ).build()
    assert built.texts("flood/rain.html", "main > .more, .colophon .own") == ["More", "Ours"]
    assert built.page("flood/rain.html").css_first("meta[name=citation_title]")
    assert built.texts("404.html", ".own") == ["Ours"]


def test_the_default_themes_own_files_may_be_named_as_such_in_it(
    book: Callable[[str], Book],
) -> None:
    environment = Templates((THEME,))
    one, other = (environment.get_template(name) for name in ("lost.html", "default/lost.html"))
    assert one.filename == other.filename
    with pytest.raises(jinja2.TemplateNotFound):
        environment.get_template("default/default/lost.html")
