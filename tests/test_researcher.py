"""The page for researchers: its examples run, and name only what is in the data."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from archiver.dataset import SCHEMA_FILE

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/researcher.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
PLAIN = [text for text in EXAMPLES if "pandas" not in text]
(PANDAS,) = (text for text in EXAMPLES if "pandas" in text)
DATA = ROOT / "tests/golden/everything/build/flood/coverage.json"
SCHEMA: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))


def lay_data(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A coverage's data in the current folder."""
    (folder / "coverage.json").write_bytes(DATA.read_bytes())
    monkeypatch.chdir(folder)
    data: dict[str, Any] = json.loads(DATA.read_bytes())
    return data


def test_the_examples_without_pandas_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = lay_data(tmp_path, monkeypatch)
    found: dict[str, Any] = {}
    exec("\n".join(PLAIN), found)
    assert found["posts"] == [one for one in data["entries"] if "withdrawn" not in one]
    assert sum(found["hours"].values()) + found["untimed"] == len(found["posts"])
    assert "2017-10-29T01 2" in capsys.readouterr().out
    # All of its posts with a time are of the autumn after.
    assert found["known"] == []


def test_the_example_with_pandas_names_only_fields_that_there_are() -> None:
    compile(PANDAS, "pandas", "exec")
    entry = SCHEMA["$defs"]["entry"]["properties"]
    named = set(re.findall(r'(?:posts|timed|reporters)\["(\w+)"\]', PANDAS))
    assert named - {"moment"} <= entry.keys()
    assert len(named) > 3
    assert set(re.findall(r'coverage\["(\w+)"\]', PANDAS)) <= SCHEMA["properties"].keys()


def test_the_example_with_pandas_runs_where_there_is_pandas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pandas", reason="NOT RUN: pandas is not installed, and need not be")
    data = lay_data(tmp_path, monkeypatch)
    found: dict[str, Any] = {}
    exec(PANDAS, found)
    assert found["by_hour"].sum() == sum(one["time_recorded"] for one in data["entries"])


def test_the_tables_name_every_field() -> None:
    said = set(re.findall(r"`(\w+)`", PAGE))
    for properties in (SCHEMA["properties"], SCHEMA["$defs"]["entry"]["properties"]):
        derived = {"site", "coverage", "path", "slug", "aliases"}
        assert properties.keys() - said - derived - {"$schema"} == set()
