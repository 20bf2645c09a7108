"""Templates of the default theme are plain Python; those of a site's own are Jinja's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jinja2 import TemplateSyntaxError, UndefinedError

from archiver.installed import find_default_theme
from archiver.templates import Templates, list_templates

DEFAULT = find_default_theme()


def compile_file(path: Path, folders: tuple[Path, ...]) -> str:
    """The Python of a template."""
    environment: Any = Templates(folders)
    text = path.read_text(encoding="utf-8")
    source: str = environment.compile(text, path.name, str(path), raw=True)
    return source


@pytest.mark.parametrize("name", list_templates(DEFAULT))
def test_a_template_of_the_default_theme_asks_nothing(name: str) -> None:
    source = compile_file(DEFAULT / name, (DEFAULT,))
    for asked in ("environment.getattr(", "environment.getitem(", "context.call("):
        assert asked not in source


def test_a_template_of_a_site_s_own_asks_as_jinja_does(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        "{{ given.name }}{{ given['name'] }}{{ given.missing is defined }}{{ given.get('name') }}",
        encoding="utf-8",
    )
    page = Templates((tmp_path, DEFAULT)).get_template("page.html")
    assert page.render(given={"name": "<a>"}) == "&lt;a&gt;&lt;a&gt;False&lt;a&gt;"
    with pytest.raises(UndefinedError):
        Templates((tmp_path, DEFAULT)).from_string("{{ given.missing }}").render(given={})


def test_a_macro_is_handed_all_that_a_template_hands_it(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        "{% macro box(name, mark='!') %}[{{ name }}{{ mark }}{{ caller() }}]{% endmacro %}"
        "{% macro line(name, mark='!') %}({{ name }}{{ mark }}){% endmacro %}"
        "{% call box('a', mark=given.marks[1]) %}b{% endcall %}"
        "{{ line('c') }}{{ line(*['d'], **{'mark': '?'}) }}",
        encoding="utf-8",
    )
    page = Templates((tmp_path,)).get_template("page.html")
    assert page.render(given=Given()) == "[a2b](c!)(d?)"


def test_a_mistake_in_grammar_is_still_told(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("{{ given. }}", encoding="utf-8")
    with pytest.raises(TemplateSyntaxError):
        Templates((tmp_path,)).get_template("page.html")


class Given:
    """A value with an attribute."""

    marks = ("1", "2")
